"""What those tell who were there, in words that no bulletin uses: read where the bulletin's words count nobody."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from services.domain.casualties.context import Background
from services.domain.casualties.hospital import POISONED
from services.domain.casualties.pairing import Mention
from services.domain.casualties.spoken import endangered, heads_of, spoken
from services.domain.casualties.spoken_words import heads_near
from services.domain.casualties.statements import Count
from services.domain.denials import claim_denied
from services.domain.patterns import late

Found = list[tuple[int, list[Mention]]]
_HURT = ("injury", "serious", "light", "hospital")
_WHOLE = {"death", "missing", "injury", "evacuated"}
_LIMIT = late("以[上下]")
_ALSO = late("[也另又再]|还有")
_BESIDE = 4
_CROWD = 300
"""So many are a crowd, not the victims somebody counted."""


class Witness:
    """Reads one text `full` by its `sentences`, which begin at `starts`."""

    def __init__(self, full: str, starts: Sequence[int], sentences: Sequence[str], background: Background) -> None:
        self._full, self._starts, self._sentences, self._background = full, starts, sentences, background
        near = {bisect_right(starts, at) - 1 for at in heads_near(full)}
        self._heads = {number: found for number in sorted(near) if (found := heads_of(sentences[number]))}

    def added_to(self, found: Found) -> Found:
        """`found` with the outcomes of which it counts nobody."""
        found = self._with_others(found)
        told = {_kind(m) for _, mentions in found for m in mentions}
        if POISONED.search(self._full):
            told.add("injury")  # who is in hospital was not hurt; a metric of its own counts them
        if told >= _WHOLE:
            return found
        taken = [(start + m.start, start + m.end) for start, mentions in found for m in mentions if m.value]
        added = []
        for number in sorted({one for at in self._heads for one in (at, at + 1) if one < len(self._sentences)}):
            start, sentence = self._starts[number], self._sentences[number]
            before, back = self._heads.get(number - 1, ()), start - self._starts[max(0, number - 1)]
            new = [
                m
                for m in spoken(sentence, self._heads.get(number, ()), before, back)
                if _kind(m) not in told
                and ((m.value or 0) <= _CROWD or m.field not in ("death", "missing"))
                and not any(a < start + m.end and start + m.start < b for a, b in taken)
                and self._counts(number, m.start, m.end)
            ]
            if new:
                added.append((start, new))
        return sorted([*found, *added], key=lambda item: item[0])

    def _with_others(self, found: Found) -> Found:
        """`found` with the dead whom a sentence adds to those it counts: 8人当场死亡，还有四个也没救活."""
        added = []
        for start, mentions in found:
            number = bisect_right(self._starts, start) - 1
            dead = [m for m in mentions if m.field == "death" and m.value]
            heads = self._heads.get(number, ()) if dead and self._starts[number] == start else ()
            more = [h for h in heads if all(h.end <= m.start or m.end <= h.start for m in mentions)]
            sentence = self._sentences[number]
            others = [
                m
                for m in (spoken(sentence, more) if more else ())
                if m.field == "death"
                and not m.bound
                and m.start >= dead[0].end
                and _ALSO.search(sentence, max(dead[0].end, m.start - _BESIDE), m.end)
                and self._counts(number, m.start, m.end)
            ]
            added.append((start, [*mentions, *others]))
        return added

    def endangered(self) -> Count | None:
        """Whoever is counted in a calamity of whom nobody says what became of them."""
        best: Count | None = None
        for number, count in endangered(self._sentences, self._heads):
            start = self._starts[number]
            if (
                count.value > _CROWD
                or (best and best.value >= count.value)
                or not self._counts(number, count.start, count.end)
            ):
                continue
            best = count._replace(start=start + count.start, end=start + count.end)
        return best

    def counts_at(self, start: int, end: int) -> bool:
        """Whether what stands at this span of the text tells of this event."""
        number = bisect_right(self._starts, start) - 1
        if number < 0 or start - self._starts[number] > len(self._sentences[number]):
            return False
        return self._counts(number, start - self._starts[number], end - self._starts[number])

    def _counts(self, number: int, at: int, end: int) -> bool:
        threshold = _LIMIT.search(self._sentences[number], max(at, 0), end) is not None
        start = self._starts[number] + at
        return not self._background.verdict(number, at, threshold) and not claim_denied(self._full, start)


def _kind(mention: Mention) -> str:
    return "injury" if mention.field in _HURT else mention.field
