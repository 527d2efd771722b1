"""Opening, meeting, missing and withdrawing one duty. Every change is an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.domain.incident.model import Incident, Moment
from services.domain.policy import EXEMPTED, UNMET, Duty
from services.domain.vocabulary import DutyKind, EntryKind


def describe(duty: Duty, **more: Any) -> dict[str, Any]:
    """The data of a duty_* entry."""
    data: dict[str, Any] = {"duty": duty.kind, "started_at": duty.started_at, "due_at": duty.due_at}
    if duty.subject:
        data["subject"] = duty.subject
    return data | more


def open_duty(incident: Incident, kind: DutyKind, moment: Moment, started_at: datetime, subject: str = "") -> Duty:
    """Start a clock."""
    duty = Duty(kind, started_at, started_at + incident.rules.limit(kind, incident.urgent), subject)
    pass_steps(incident, duty, moment)
    incident.duties.append(duty)
    incident.record(EntryKind.DUTY_OPENED, moment, describe(duty))
    return duty


def pass_steps(incident: Incident, duty: Duty, moment: Moment) -> None:
    """A clock that starts in the past has steps behind it: of those only the last is climbed, and none once missed.

    A step climbed before the clock was moved is not climbed again, unless it lies ahead now.
    """
    if duty.kind.statutory:
        behind = sum(duty.step_at(step.share) <= moment.now for step in incident.rules.steps)
        climbed = behind if duty.due_at <= moment.now else behind - 1
        duty.rung = max(min(duty.rung, behind), climbed, 0)


def meet(incident: Incident, duty: Duty, moment: Moment, at: datetime, **more: Any) -> None:
    """The duty was met at `at`, which may lie before this entry, and before it was given up."""
    duty.met_at, duty.closed_at, duty.closed_as = at, None, ""
    incident.record(EntryKind.DUTY_MET, moment, describe(duty, met_at=at, on_time=duty.on_time, **more), occurred_at=at)


def miss(incident: Incident, duty: Duty, moment: Moment) -> None:
    """Missed when it was due; noticed now."""
    duty.missed_at = duty.due_at
    incident.record(EntryKind.DUTY_MISSED, moment, describe(duty), occurred_at=duty.due_at)


def withdraw(incident: Incident, duty: Duty, moment: Moment, reason: str) -> None:
    """The duty no longer applies."""
    duty.closed_at, duty.closed_as = moment.now, "withdrawn"
    incident.record(EntryKind.DUTY_WITHDRAWN, moment, describe(duty, reason=reason))


def give_up(incident: Incident, duty: Duty, moment: Moment, reason: str) -> None:
    """The duty is asked for no longer. One that was missed by then stays missed: the statistics count it."""
    missed = duty.missed_at is not None
    withdraw(incident, duty, moment, f"{reason}（已逾期未办）" if missed else reason)
    duty.closed_as = UNMET if missed else duty.closed_as


def take_up(incident: Incident, duty: Duty, moment: Moment, reason: str) -> None:
    """What was given up is asked for again. It was missed once, and says so once."""
    duty.closed_at, duty.closed_as = None, ""
    incident.record(EntryKind.DUTY_OPENED, moment, describe(duty, reason=reason))


def exempt_duty(incident: Incident, duty: Duty, moment: Moment, data: dict[str, Any]) -> None:
    """Excused, by signature, for the grade it has now; it shows in the statistics."""
    duty.closed_at, duty.closed_as = moment.now, EXEMPTED
    duty.excused_up_to = incident.rank
    incident.record(EntryKind.DUTY_EXEMPTED, moment, describe(duty, **data))
