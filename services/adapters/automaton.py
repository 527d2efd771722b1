"""Many terms in one pass over the text: the Aho-Corasick automaton behind the gazetteer and the lexicons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

Find = Callable[[str], list[tuple[int, int, int]]]
_FEW = 500
"""So many terms are found twice as fast by a table of all steps; of thousands it is too large for the cache.

The library itself takes one to a hundred terms.
"""


def leftmost_longest(terms: Sequence[str]) -> Find:
    """A matcher `text -> [(term index, start, end)]` without overlaps, the longest term at the leftmost place first."""
    return _safe(_built(terms, MatchKind.LeftmostLongest).find_matches_as_indexes)


def overlapping(terms: Sequence[str]) -> Find:
    """A matcher for every occurrence of every term, in the order of their ends."""
    return _safe(partial(_built(terms, MatchKind.Standard).find_matches_as_indexes, overlapping=True))


def _built(terms: Sequence[str], kind: MatchKind) -> AhoCorasick:
    few = Implementation.DFA if len(terms) <= _FEW else None
    return AhoCorasick(list(terms), matchkind=kind, implementation=few)


def _safe(find: Find) -> Find:
    """`find` for any string of Python's."""

    def match(text: str) -> list[tuple[int, int, int]]:
        try:
            return find(text)
        except UnicodeEncodeError:
            # A lone surrogate becomes "?", one character for one, so that the offsets hold.
            return find(text.encode("utf-8", "replace").decode("utf-8"))

    return match
