"""Many terms in one pass over the text: the Aho-Corasick automaton behind the gazetteer and the lexicons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ahocorasick_rs import AhoCorasick, MatchKind


def leftmost_longest(terms: Sequence[str]) -> Callable[[str], list[tuple[int, int, int]]]:
    """A matcher `text -> [(term index, start, end)]` without overlaps, the longest term at the leftmost place first."""
    automaton = AhoCorasick(list(terms), matchkind=MatchKind.LeftmostLongest)
    find: Callable[[str], list[tuple[int, int, int]]] = automaton.find_matches_as_indexes

    def match(text: str) -> list[tuple[int, int, int]]:
        try:
            return find(text)
        except UnicodeEncodeError:
            # A lone surrogate becomes "?", one character for one, so that the offsets hold.
            return find(text.encode("utf-8", "replace").decode("utf-8"))

    return match
