"""What those tell who were there, in words that no bulletin uses: read where the bulletin's words count nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.domain.casualties.context import Background
from services.domain.casualties.hospital import POISONED
from services.domain.casualties.pairing import Mention
from services.domain.casualties.spoken import endangered, spoken
from services.domain.casualties.statements import Count
from services.domain.denials import claim_denied

Found = list[tuple[int, list[Mention]]]
_HURT = ("injury", "serious", "light", "hospital")
_WHOLE = {"death", "missing", "injury", "evacuated"}
_LIMIT = re.compile("以[上下]")
_CROWD = 300
"""So many are a crowd, not the victims somebody counted."""


class Witness:
    """Reads one text `full` by its `sentences`, which begin at `starts`."""

    def __init__(self, full: str, starts: Sequence[int], sentences: Sequence[str], background: Background) -> None:
        self._full, self._starts, self._sentences, self._background = full, starts, sentences, background

    def added_to(self, found: Found) -> Found:
        """`found` with the outcomes of which it counts nobody."""
        told = {_kind(m) for _, mentions in found for m in mentions}
        if POISONED.search(self._full):
            told.add("injury")  # who is in hospital was not hurt; a metric of its own counts them
        if told >= _WHOLE:
            return found
        taken = [(start + m.start, start + m.end) for start, mentions in found for m in mentions if m.value]
        added = []
        for number, sentence in enumerate(self._sentences):
            start = self._starts[number]
            before, back = (self._sentences[number - 1], start - self._starts[number - 1]) if number else ("", 0)
            new = [
                m
                for m in spoken(sentence, before, back)
                if _kind(m) not in told
                and ((m.value or 0) <= _CROWD or m.field not in ("death", "missing"))
                and not any(a < start + m.end and start + m.start < b for a, b in taken)
                and self._counts(number, m.start, m.end)
            ]
            if new:
                added.append((start, new))
        return sorted([*found, *added], key=lambda item: item[0])

    def endangered(self) -> Count | None:
        """Whoever is counted in a calamity of whom nobody says what became of them."""
        best: Count | None = None
        for number, count in endangered(self._sentences):
            start = self._starts[number]
            if (
                count.value > _CROWD
                or (best and best.value >= count.value)
                or not self._counts(number, count.start, count.end)
            ):
                continue
            best = count._replace(start=start + count.start, end=start + count.end)
        return best

    def _counts(self, number: int, at: int, end: int) -> bool:
        threshold = _LIMIT.search(self._sentences[number], max(at, 0), end) is not None
        start = self._starts[number] + at
        return not self._background.verdict(number, at, threshold) and not claim_denied(self._full, start)


def _kind(mention: Mention) -> str:
    return "injury" if mention.field in _HURT else mention.field
