"""考核: how well the departments kept their time limits within a period (DOMAIN "Assessment").

On-time rate = on time ÷ (met in the period + still open and overdue at its end). A duty nobody has met therefore lowers
the rate from the day it is overdue, in every period until it is met; one that was given up after it was missed (the
department was replaced, the grade changed, or the matter was dismissed) does so up to the period in which it was given
up. Withdrawn and exempted duties count nowhere. Every duty counts once, and each by itself: a matter raised to grade II
after its 48 hours has missed these, and the five hours and the twenty-four that count from the same start.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from services.domain.incident import Assignment, Incident
from services.domain.incident.model import UNMERGED
from services.domain.policy import UNMET, Duty
from services.domain.vocabulary import DutyKind

NOBODY = ""


@dataclass(frozen=True, slots=True)
class Period:
    """[start, end), both aware."""

    start: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Rate:
    """`met` duties were met in the period, `on_time` of them in time.

    `overdue` are those past due and open at its end, and those given up past due within it.
    """

    on_time: int = 0
    met: int = 0
    overdue: int = 0

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nothing was met or overdue."""
        whole = self.met + self.overdue
        return self.on_time / whole if whole else None


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took: `number` of cases, median and P90. Both are None without a case."""

    number: int
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One department in one period. The empty code stands for matters that nobody leads."""

    department: str
    statutory: Rate
    acceptance: Rate
    accepted_after: Spread
    answered_after: Spread
    returned: int


def rate(duties: Iterable[Duty], period: Period) -> Rate:
    """The on-time rate of these duties, as it stood at the end of the period."""
    counted = [duty for duty in duties if duty.judged]
    met = [duty for duty in counted if period.holds(duty.met_at)]
    late = sum(overdue(d, period.end) for d in counted)
    given_up = sum(d.closed_as == UNMET and period.holds(d.closed_at) for d in counted)
    return Rate(sum(d.on_time for d in met), len(met), late + given_up)


def overdue(duty: Duty, at: datetime) -> bool:
    """Past due and not met at that moment. On the stroke of its due time a duty is not overdue yet."""
    unmet = duty.met_at is None or duty.met_at >= at
    open_then = duty.closed_at is None or (duty.closed_as == UNMET and duty.closed_at >= at)
    return open_then and unmet and duty.due_at < at and duty.started_at < at


def spread(durations: Iterable[timedelta]) -> Spread:
    """Median (the mean of the middle two for an even number) and P90 by nearest rank: nine in ten took no longer."""
    known = sorted(durations)
    if not known:
        return Spread(0, None, None)
    half = len(known) // 2
    median = known[half] if len(known) % 2 else (known[half - 1] + known[half]) / 2
    return Spread(len(known), median, known[ceil(0.9 * len(known)) - 1])


def counted(incidents: Iterable[Incident]) -> list[Incident]:
    """Those the office is judged by: back-filled ones ran no clock, merged ones count where they were merged into."""
    return [i for i in incidents if not i.quiet and not i.merged_into]


def answerable(incident: Incident) -> str:
    """The department that leads, or led last; empty where nobody ever did."""
    return incident.lead or next((a.department for a in reversed(incident.assignments) if a.lead), NOBODY)


@dataclass(slots=True)
class _Share:
    """What one department had a part in."""

    statutory: list[Duty] = field(default_factory=list)
    acceptance: list[Duty] = field(default_factory=list)
    answered: list[timedelta] = field(default_factory=list)
    assigned: list[Assignment] = field(default_factory=list)


def standings(incidents: Sequence[Incident], period: Period) -> list[Standing]:
    """Every department with something to count, by code; matters without a lead last."""
    shares: dict[str, _Share] = defaultdict(_Share)
    for incident in counted(incidents):
        lead = shares[answerable(incident)]
        lead.statutory += [d for d in incident.duties if d.kind.statutory]
        if (at := incident.first_published_at) and period.holds(at):
            lead.answered.append(at - incident.started_at)
        for duty in incident.duties:
            if duty.kind is DutyKind.ACCEPTANCE:
                shares[duty.subject].acceptance.append(duty)
        for assignment in [a for a in incident.assignments if a.ended_as != UNMERGED]:
            shares[assignment.department].assigned.append(assignment)
    codes = sorted(shares, key=lambda code: (code == NOBODY, code))
    return [one for code in codes if _anything(one := _standing(code, shares[code], period))]


def _standing(code: str, share: _Share, period: Period) -> Standing:
    return Standing(
        code,
        rate(share.statutory, period),
        rate(share.acceptance, period),
        spread(_acceptances(share.assigned, period)),
        spread(share.answered),
        sum(a.ended_as == "returned" and period.holds(a.ended_at) for a in share.assigned),
    )


def _acceptances(assignments: Sequence[Assignment], period: Period) -> Iterator[timedelta]:
    for one in assignments:
        if one.accepted_at is not None and period.holds(one.accepted_at):
            yield one.accepted_at - one.assigned_at


def _anything(one: Standing) -> bool:
    rates = one.statutory.share is not None or one.acceptance.share is not None
    return rates or bool(one.accepted_after.number or one.answered_after.number or one.returned)
