"""Opening, meeting, missing and withdrawing duties. Every change is an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.domain.incident.model import Incident, Moment
from services.domain.policy import Duty, statutory_duties
from services.domain.vocabulary import DutyKind, EntryKind, PublicationForm


def describe(duty: Duty, **more: Any) -> dict[str, Any]:
    """The data of a duty_* entry."""
    data: dict[str, Any] = {"duty": duty.kind, "started_at": duty.started_at, "due_at": duty.due_at}
    if duty.subject:
        data["subject"] = duty.subject
    return data | more


def open_duty(incident: Incident, kind: DutyKind, moment: Moment, started_at: datetime, subject: str = "") -> Duty:
    """Start a clock. Steps already past when it is opened are not climbed: nobody is reminded of the past."""
    due_at = started_at + incident.rules.limit(kind, incident.urgent)
    duty = Duty(kind, started_at, due_at, subject)
    if kind.statutory:
        duty.rung = sum(duty.step_at(step.share) <= moment.now for step in incident.rules.steps)
    incident.duties.append(duty)
    incident.record(EntryKind.DUTY_OPENED, moment, describe(duty))
    return duty


def meet(incident: Incident, duty: Duty, moment: Moment, at: datetime, reason: str = "") -> None:
    """The duty was met at `at`, which may lie before this entry: then it is flagged late-recorded."""
    duty.met_at = at
    data = describe(duty, met_at=at, on_time=duty.on_time)
    if duty.on_time and duty.missed_at is not None:
        data["late_recorded"] = True
    if reason:
        data["reason"] = reason
    incident.record(EntryKind.DUTY_MET, moment, data, occurred_at=at)


def miss(incident: Incident, duty: Duty, moment: Moment) -> None:
    """Missed when it was due; noticed now."""
    duty.missed_at = duty.due_at
    incident.record(EntryKind.DUTY_MISSED, moment, describe(duty), occurred_at=duty.due_at)


def withdraw(incident: Incident, duty: Duty, moment: Moment, reason: str) -> None:
    """The duty no longer applies."""
    duty.closed_at, duty.closed_as = moment.now, "withdrawn"
    incident.record(EntryKind.DUTY_WITHDRAWN, moment, describe(duty, reason=reason))


def exempt_duty(incident: Incident, duty: Duty, moment: Moment, data: dict[str, Any]) -> None:
    """Excused, by signature; it shows in the statistics."""
    duty.closed_at, duty.closed_as = moment.now, "exempted"
    incident.record(EntryKind.DUTY_EXEMPTED, moment, describe(duty, **data))


def align_statutory(incident: Incident, moment: Moment, reason: str) -> None:
    """Bring the statutory duties in line with the grade, all of them anchored at the incident's one start.

    1. withdraw what the grade no longer asks for and nobody has done;
    2. open what it asks for now, from the incident's start (四(五));
    3. let publications already on record meet what was opened;
    4. for grade I/II keep 持续发布 going from the latest publication.
    """
    wanted = statutory_duties(incident.event_grade)
    for duty in list(incident.owed(*(k for k in DutyKind if k.statutory and k not in wanted))):
        withdraw(incident, duty, moment, reason)
    for kind in wanted:
        if not any(d.kind is kind and d.closed_as != "withdrawn" for d in incident.duties):
            open_duty(incident, kind, moment, incident.started_at)
    credit_publications(incident, moment)
    align_follow_up(incident, moment, reason)


def answers(kind: DutyKind, form: PublicationForm) -> bool:
    """Which publication meets which statutory duty: a press conference only as such, the rest by any publication."""
    return form is PublicationForm.PRESS_CONFERENCE if kind is DutyKind.PRESS_CONFERENCE else True


def credit_publications(incident: Incident, moment: Moment) -> None:
    """Meet each statutory duty by the earliest publication that answers it; an earlier one found later counts."""
    for duty in incident.duties:
        if not duty.kind.statutory or duty.closed_at is not None:
            continue
        times = [p.published_at for p in incident.publications if answers(duty.kind, p.form)]
        if times and (duty.met_at is None or min(times) < duty.met_at):
            meet(incident, duty, moment, min(times))


def align_follow_up(incident: Incident, moment: Moment, reason: str) -> None:
    """持续发布 runs for grade I/II from the first statement until resolved."""
    runs = incident.urgent and incident.resolved_at is None and incident.dismissed_at is None
    if not runs:
        for duty in list(incident.owed(DutyKind.FOLLOW_UP)):
            withdraw(incident, duty, moment, reason)
    elif incident.publications and not any(incident.owed(DutyKind.FOLLOW_UP)):
        latest = max(p.published_at for p in incident.publications)
        open_duty(incident, DutyKind.FOLLOW_UP, moment, latest)


def continue_follow_up(incident: Incident, moment: Moment, at: datetime, reason: str = "") -> None:
    """A further publication, or 无新情况 with a reason, meets the running 持续发布 and starts the next."""
    met = False
    for duty in list(incident.owed(DutyKind.FOLLOW_UP)):
        if at > duty.started_at:
            meet(incident, duty, moment, at, reason)
            met = True
    if met:
        open_duty(incident, DutyKind.FOLLOW_UP, moment, at)
