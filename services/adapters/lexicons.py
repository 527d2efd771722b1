"""One automaton over all the words of all the lists and all the names of places: a single pass finds them in a post."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import ahocorasick_rs

from services.domain.signals import WHOLE, Cue, Hit, Signals

_new = tuple.__new__  # a hit is made some fifty times a post: this way takes a third of the constructor's time
Span = tuple[int, int, int]
"""The number of a name, where it starts and where it ends."""


class Lexicons:
    """Finds cues and names. A word of several lists is searched for once.

    The words of the lists `anywhere` are found wherever their characters stand.
    """

    def __init__(self, cues: Sequence[Cue], names: Sequence[str] = (), anywhere: Collection[str] = ()) -> None:
        lists: dict[str, dict[str, float]] = {}
        for cue in cues:
            lists.setdefault(cue.word, {})[cue.list] = cue.weight
        self._names = len(names)
        self._entries = [[(name, word, weight) for name, weight in named.items()] for word, named in lists.items()]
        self._anywhere = [[entry for entry in named if entry[0] in anywhere] for named in self._entries]
        self._wholes = {self._names + at for at, named in enumerate(lists.values()) if WHOLE in named}
        self._longest = max((len(word) for word, named in lists.items() if WHOLE in named), default=0)
        self._find = ahocorasick_rs.AhoCorasick(
            [*names, *lists], implementation=ahocorasick_rs.Implementation.ContiguousNFA
        ).find_matches_as_indexes

    def find(self, text: str, title_end: int, torn: bytes = b"") -> tuple[Signals, list[Span]]:
        """The first occurrence of every cue that is there, overlapping ones too (供热 inside 供热办), and the names.

        A cue of two characters that belong to different words is none where `torn` says so (see `Words`): 供热 in
        提供|热水. Longer ones are hardly ever made by chance: they are rather cut from a longer name (劳动合同|法).
        """
        found = self._find(text, overlapping=True)
        torn = torn or bytes(len(text))
        hits, named = self._sorted(found, torn)
        if WHOLE in hits:
            hits, named = self._sorted(self._outside(found), torn)
        return Signals(hits, title_end), _leftmost_longest(named) if len(named) > 1 else named

    def _outside(self, found: Sequence[Span]) -> list[Span]:
        """Those that are no part of a whole word (电动车 is no 动车)."""
        ends: dict[int, int] = {}
        for index, begins, until in found:
            if index in self._wholes:
                ends[begins] = max(until, ends.get(begins, 0))

        def inside(start: int, end: int) -> bool:
            """Whether a longer whole word holds it; no whole word begins farther back than the longest is long."""
            near = ((begins, ends.get(begins, 0)) for begins in range(start - self._longest, start + 1))
            return any(until >= end and until - begins > end - start for begins, until in near)

        return [span for span in found if not inside(span[1], span[2])]

    def _sorted(self, every: Sequence[Span], torn: bytes) -> tuple[defaultdict[str, list[Hit]], list[Span]]:
        """The hits by list, and the names."""
        hits: defaultdict[str, list[Hit]] = defaultdict(list)
        named: list[Span] = []
        seen: set[int] = set()
        names, entries = self._names, self._entries
        for found in every:
            index, start, end = found
            if index < names:
                named.append(found)
            elif index not in seen:
                here = entries[index - names]
                if torn[start] and end - start == 2:
                    index = ~index
                    if index in seen:
                        continue
                    here = self._anywhere[~index - names]
                seen.add(index)
                for name, word, weight in here:
                    hits[name].append(_new(Hit, (word, start, end, weight)))
        return hits, named


def _leftmost_longest(found: list[Span]) -> list[Span]:
    """Those that are left where none overlaps, the leftmost first, and of these the longest.

    `found` is in the order of the ends: a span that begins no later than the last ones kept takes their place.
    """
    kept: list[Span] = []
    for span in found:
        start, last = span[1], len(kept)
        while last and kept[last - 1][1] >= start:
            last -= 1
        if not last or kept[last - 1][2] <= start:
            kept[last:] = [span]
    return kept
