"""One automaton over all the words of all the lists: a single pass finds every cue of a post."""

from __future__ import annotations

from collections.abc import Sequence

import ahocorasick_rs

from services.domain.signals import Cue, Hit, Signals


class Lexicons:
    """Finds cues. A word of several lists is searched for once."""

    def __init__(self, cues: Sequence[Cue]) -> None:
        lists: dict[str, dict[str, float]] = {}
        for cue in cues:
            lists.setdefault(cue.word, {})[cue.list] = cue.weight
        self._lists = [tuple(by_list.items()) for by_list in lists.values()]
        self._words = list(lists)
        self._automaton = ahocorasick_rs.AhoCorasick(self._words)

    def find(self, text: str, title_end: int) -> Signals:
        """Every occurrence of every cue, overlapping ones too (供热 inside 供热办)."""
        hits: dict[str, list[Hit]] = {}
        for index, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            word = self._words[index]
            for name, weight in self._lists[index]:
                hit = Hit(word, start, end, weight)
                if name in hits:
                    hits[name].append(hit)
                else:
                    hits[name] = [hit]
        return Signals(hits, title_end)
