"""往事: whether a report tells of an emergency of long ago: a verdict, an anniversary, an inquiry, old dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from services.domain.assessment import Reason
from services.domain.casualties.dates import long_past
from services.domain.patterns import any_of, late
from services.domain.severity.occurrence import MAX_TRIES, sentence_around, sentence_span
from services.domain.severity.rules import BygoneRules

_HEAD = 60
"""Characters behind the title in which a report says that it is about a verdict or an anniversary."""
_FRESH = timedelta(days=30)
_FULL = late(r"(?<![0-9])(?:19|20)[0-9]{2}年")
_SHORT = late(r"(?<![年0-9])([0-9]{1,2})月([0-9]{1,2})日")
_DATED = late(r"[0-9]{1,2}月[0-9]{1,2}日|(?<![0-9])(?:19|20)[0-9]{2}年|此次|本次|这次")
_ONCE = late("曾[^，,。；;]*\\Z")
_NEAR = 16
_COMMA = late("[，,]")
_BYGONE = "事件等级:往事,不提等级"


class Bygone:
    """Reads reports by the word lists of `grades.toml`; without lists only dates tell."""

    def __init__(self, rules: BygoneRules) -> None:
        self._heads, self._now = map(any_of, (rules.heads, rules.now))

    def find(self, full: str, told: Mapping[str, tuple[int, int]], on: date | None) -> Reason | None:
        """Why a report with these emergency words, first told at these spans, is about nothing of now; None if it may.

        Where title or lead speak of a verdict, an anniversary or an inquiry's report, only a sentence that says "now"
        of the emergency itself makes it one of now.
        """
        spans = sorted({span for word in told for span in _everywhere(full, word)})
        sentences = list(dict.fromkeys(sentence_around(full, *span) for span in spans))
        if any(self._of_now(full, span, on) for span in spans):
            return None
        head = self._head(full, 0, full.find("\n") + 1 + _HEAD)
        if head is None or any(self._fresh(s, on) for s in sentences):
            return None
        return Reason(_BYGONE, head.group(), *head.span())

    def _of_now(self, full: str, span: tuple[int, int], on: date | None) -> bool:
        """True where the sentence says "now", and says it of the emergency at `span`.

        Beside a verdict or an anniversary in the same sentence, what stands nearest before the emergency governs it:
        今天…开庭，该起火灾… is past, 22日凌晨…起火，据…回忆 is not.
        """
        begins, ends = sentence_span(full, *span)
        sentence = full[begins:ends]
        if self._now.search(sentence) is None or long_past(sentence, on):
            return False
        if self._head(full, begins, ends) is None:
            return True
        *before, own = _COMMA.split(full[begins : span[0]])
        rest = _COMMA.split(full[span[0] : ends], maxsplit=1)[0]
        for clause in (own + rest, *reversed(before)):
            if self._head(clause, 0, len(clause)):
                return False
            if self._now.search(clause):
                return True
        return False

    def _head(self, text: str, start: int, end: int) -> re.Match[str] | None:
        """The first word of the past there. What somebody was once sentenced for (曾因偷税获刑) is only his history."""
        for found in self._heads.finditer(text, start, end):
            if _ONCE.search(text[max(start, found.start() - _NEAR) : found.start()]) is None:
                return found
        return None

    def long_ago(self, full: str, told: Mapping[str, tuple[int, int]], on: date | None) -> Reason | None:
        """Why everything told of is dated long before `on`; None where it is not. This holds for a petition too.

        A sentence without a date goes on with what the one before it tells of, unless it says "now".
        """
        old = False
        for span in sorted(told_at for word in told for told_at in _everywhere(full, word)):
            sentence = sentence_around(full, *span)
            old = long_past(sentence, on) or (old and not _DATED.search(sentence) and not self._now.search(sentence))
            if not old:
                return None
        start, end = min(told.values())
        return Reason(_BYGONE, full[start:end], start, end)

    def _fresh(self, sentence: str, on: date | None) -> bool:
        """True where the sentence dates the emergency within the last weeks and is not the verdict's own."""
        if self._heads.search(sentence) or _FULL.search(sentence):
            return False
        return any(on is None or _lately(m, on) for m in _SHORT.finditer(sentence))


def _everywhere(full: str, word: str) -> Iterator[tuple[int, int]]:
    at = full.find(word)
    for _ in range(MAX_TRIES):
        if at < 0:
            return
        yield at, at + len(word)
        at = full.find(word, at + len(word))


def _lately(match: re.Match[str], on: date) -> bool:
    month, day = map(int, match.groups())
    for year in (on.year, on.year - 1):
        try:
            if timedelta(-1) <= on - date(year, month, day) <= _FRESH:
                return True
        except ValueError:
            continue
    return False
