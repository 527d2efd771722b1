"""专项引导 (四(四)): periods with their own words – 两会, 经济数据, 重大改革, 重大督查, 重大突发事件."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from services.domain.assessment import Reason
from services.domain.signals import Cue, Signals, cite
from services.domain.zone import SHANGHAI


@dataclass(frozen=True)
class Watch:
    """A watch is on from `first` to `last`, both included: dates, or (month, day) pairs for every year."""

    name: str
    words: tuple[str, ...]
    first: date | tuple[int, int]
    last: date | tuple[int, int]

    @cached_property
    def cues(self) -> str:
        """The list of its words among the signals."""
        return f"watch:{self.name}"

    def on(self, moment: datetime) -> bool:
        """Whether the watch is kept at this moment, by Beijing's calendar. A yearly watch may cross New Year."""
        today = moment.astimezone(SHANGHAI).date()
        if isinstance(self.first, date) and isinstance(self.last, date):
            return self.first <= today <= self.last
        day = (today.month, today.day)
        first, last = _day(self.first), _day(self.last)
        return first <= day <= last if first <= last else day >= first or day <= last


def _day(when: date | tuple[int, int]) -> tuple[int, int]:
    return (when.month, when.day) if isinstance(when, date) else when


def watch_cues(watches: Sequence[Watch]) -> list[Cue]:
    """The words to look for on the watches' behalf."""
    return [Cue(watch.cues, word) for watch in watches for word in watch.words]


def watched(watches: Sequence[Watch], signals: Signals, moment: datetime) -> tuple[tuple[str, ...], list[Reason]]:
    """The names of the watches that this post touches now."""
    names, reasons = [], []
    for watch in watches:
        if watch.cues in signals.hits and watch.on(moment):
            names.append(watch.name)
            reasons.append(cite(f"专项:{watch.name}", signals.first(watch.cues)))
    return tuple(names), reasons
