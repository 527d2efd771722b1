"""The rules an incident starts under. Values come from `config/policy.toml`; an incident keeps a frozen copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from services.domain.vocabulary import DutyKind, EventGrade, Level

STATUTORY_URGENT = (DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE)
STATUTORY_OTHER = (DutyKind.PUBLIC_RESPONSE,)


@dataclass(frozen=True, slots=True)
class Step:
    """A rung under a statutory duty: at this share of its time (0 < share < 1) these levels are told."""

    share: float
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits, as durations in clock hours, and the ladder.

    The pair limits are (event grade I/II, everything else). `missed` and `at_once` name who is told when a statutory
    duty is missed and when a 特别重大 matter opens; `missed_urgent` is told on top for grade I/II.
    """

    first_statement: timedelta
    press_conference: timedelta
    public_response: timedelta
    follow_up: timedelta
    acknowledgement: tuple[timedelta, timedelta]
    acceptance: tuple[timedelta, timedelta]
    acknowledgement_lapses: tuple[timedelta, timedelta]
    steps: tuple[Step, ...]
    missed: tuple[Level, ...]
    missed_urgent: tuple[Level, ...]
    at_once: tuple[Level, ...]
    acceptance_missed: tuple[Level, ...]
    start: str = "first_collected"

    def limit(self, kind: DutyKind, urgent: bool) -> timedelta:
        """How long this duty may take."""
        limit: timedelta | tuple[timedelta, timedelta] = getattr(self, kind)  # each kind has its field here
        return limit if isinstance(limit, timedelta) else limit[0 if urgent else 1]


@dataclass(frozen=True, slots=True)
class DeskRules:
    """What the console and the briefs show (内部规定): nothing of it is frozen into an incident.

    What is due within `soon` stands under 将超时, within `brief_ahead` in a brief. `told_for` is how long a notice that
    nobody reacted to stays in the bar of a rung that has no clock: then the next limit speaks.
    """

    soon: timedelta
    told_for: timedelta
    brief_ahead: timedelta


def is_urgent(grade: EventGrade | None) -> bool:
    """Event grade I or II: the 5 h and 24 h clocks of 四(五) run."""
    return grade in (EventGrade.I, EventGrade.II)


def statutory_duties(grade: EventGrade | None) -> tuple[DutyKind, ...]:
    """四(五): 特别重大、重大 → statement and press conference; 其他政务舆情 → a response."""
    return STATUTORY_URGENT if is_urgent(grade) else STATUTORY_OTHER


EXEMPTED = "exempted"
UNMET = "unmet"
"""How a duty ended that was missed and then asked for no longer: it counts as overdue."""


@dataclass(slots=True)
class Duty:
    """时限 on one incident. `subject` is the department (acceptance) or the level and place on it (acknowledgement).

    A missed duty is still owed: it stays open until it is met, withdrawn or exempted. `rung` counts the steps climbed.
    `excused_up_to` is the rank of the event grade an exemption was signed under: it holds for no graver one.
    """

    kind: DutyKind
    started_at: datetime
    due_at: datetime
    subject: str = ""
    met_at: datetime | None = None
    missed_at: datetime | None = None
    closed_at: datetime | None = None
    closed_as: str = ""
    rung: int = 0
    excused_up_to: int = EventGrade.I.rank

    @property
    def judged(self) -> bool:
        """Whether the office is judged by it: what was withdrawn, exempted or passed on counts nowhere."""
        return self.closed_at is None or self.closed_as == UNMET

    @property
    def open(self) -> bool:
        """Still owed."""
        return self.met_at is None and self.closed_at is None

    @property
    def on_time(self) -> bool:
        """Met, and not later than due."""
        return self.met_at is not None and self.met_at <= self.due_at

    def step_at(self, share: float) -> datetime:
        """The moment at which this share of the duty's time is used up."""
        return self.started_at + _part(self.due_at - self.started_at, share)


@lru_cache(maxsize=256)  # a handful of limits and shares, asked for time and again
def _part(limit: timedelta, share: float) -> timedelta:
    return limit * share
