"""时限 of 四(五) and 持续发布: which of them run, where they start, and which publication meets them."""

from __future__ import annotations

from datetime import datetime

from services.domain.incident.duties import describe, meet, open_duty, pass_steps, withdraw
from services.domain.incident.ladder import note_missed
from services.domain.incident.model import Incident, Moment, Publication
from services.domain.policy import UNMET, Duty, statutory_duties
from services.domain.vocabulary import DutyKind, EntryKind, PublicationForm


def align_statutory(incident: Incident, moment: Moment, reason: str) -> None:
    """Bring the statutory duties in line with the grade, all of them anchored at the incident's one start.

    1. withdraw what the grade no longer asks for and nobody has done;
    2. open what it asks for now, from the incident's start (四(五));
    3. let publications already on record meet what was opened;
    4. for grade I/II keep 持续发布 going from the latest publication.
    """
    if incident.quiet or incident.dismissed_at is not None:
        return
    wanted = statutory_duties(incident.event_grade)
    stay = (*wanted, DutyKind.PUBLIC_RESPONSE) if incident.merges else wanted  # a merge keeps the duties of both
    for duty in [d for d in incident.owed() if d.kind.statutory and d.kind not in stay]:
        withdraw(incident, duty, moment, reason)
    open_statutory(incident, moment, wanted)
    credit_publications(incident, moment)
    align_follow_up(incident, moment, reason)


def take_up_missed(incident: Incident, moment: Moment, reason: str) -> None:
    """What was missed when the matter was dismissed is owed again. It was missed once, and says so once."""
    for duty in incident.duties:
        if duty.kind.statutory and duty.closed_as == UNMET:
            duty.closed_at, duty.closed_as = None, ""
            incident.record(EntryKind.DUTY_OPENED, moment, describe(duty, reason=reason))


def open_statutory(incident: Incident, moment: Moment, kinds: tuple[DutyKind, ...]) -> None:
    """Open these, where they neither run nor have been met or exempted."""
    for kind in kinds:
        if not any(d.kind is kind and d.closed_as != "withdrawn" for d in incident.duties):
            open_duty(incident, kind, moment, incident.started_at)


def answers(kind: DutyKind, form: PublicationForm) -> bool:
    """Which publication meets which statutory duty: a press conference only as such, the rest by any publication."""
    return form is PublicationForm.PRESS_CONFERENCE if kind is DutyKind.PRESS_CONFERENCE else True


def credit_publications(incident: Incident, moment: Moment) -> None:
    """Each statutory duty is met by the earliest publication that answers it; nothing else ever meets it."""
    for duty in incident.duties:
        if duty.kind.statutory and duty.closed_at is None and (incident.publications or duty.met_at):
            answering = [p for p in incident.publications if answers(duty.kind, p.form)]
            _credit(incident, duty, moment, min(answering, key=lambda p: p.published_at, default=None))


def _credit(incident: Incident, duty: Duty, moment: Moment, earliest: Publication | None) -> None:
    if earliest is None and duty.met_at is not None:  # it belonged to an incident that was merged in, and left with it
        duty.met_at = None
        incident.record(EntryKind.DUTY_OPENED, moment, describe(duty, reason="撤销合并"))
    elif earliest is not None and duty.met_at != earliest.published_at:
        if earliest.published_at > duty.due_at and duty.missed_at is None:
            note_missed(incident, duty, moment)
        flag = {"late_recorded": True} if earliest.late_recorded else {}
        meet(incident, duty, moment, earliest.published_at, **flag)


def move_start(incident: Incident, moment: Moment, started_at: datetime, reason: str, rule: str = "entered") -> None:
    """Anchor every statutory duty at `started_at`. What that makes overdue is missed when time catches up."""
    before, incident.started_at = incident.started_at, started_at
    data = {"from": before, "to": started_at, "reason": reason, "rule": rule}
    incident.record(EntryKind.START_MOVED, moment, data)
    for duty in incident.duties:
        if duty.kind.statutory and duty.closed_at is None:
            _re_anchor(incident, duty, moment)


def _re_anchor(incident: Incident, duty: Duty, moment: Moment) -> None:
    """Move one clock. A duty stays missed only where it is late by the new start too; a met one is judged anew."""
    duty.started_at = incident.started_at
    duty.due_at = incident.started_at + incident.rules.limit(duty.kind, incident.urgent)
    late = (duty.met_at or moment.now) > duty.due_at
    duty.missed_at = duty.due_at if duty.missed_at is not None and late else None
    pass_steps(incident, duty, moment)
    if duty.met_at is not None:
        if late and duty.missed_at is None:
            note_missed(incident, duty, moment)
        meet(incident, duty, moment, duty.met_at)


def align_follow_up(incident: Incident, moment: Moment, reason: str, since: datetime | None = None) -> None:
    """持续发布 runs for grade I/II from the first statement until resolved; `since` is when it was taken up again."""
    runs = incident.urgent and incident.publications and incident.state.open and not incident.quiet
    if not runs:
        for duty in list(incident.owed(DutyKind.FOLLOW_UP)):
            withdraw(incident, duty, moment, reason)
        return
    earlier = [d for d in incident.duties if d.kind is DutyKind.FOLLOW_UP]
    spoken = [p.published_at for p in incident.publications] + [d.met_at for d in earlier if d.met_at]
    started_at = max([*spoken, *([since] if since else [])])
    excused = any(d.closed_as == "exempted" and d.started_at >= started_at for d in earlier)
    if not excused and not any(d.open for d in earlier):
        open_duty(incident, DutyKind.FOLLOW_UP, moment, started_at)


def continue_follow_up(incident: Incident, moment: Moment, at: datetime, reason: str = "") -> None:
    """A further publication, or 无新情况 with a reason, meets the running 持续发布; aligning starts the next."""
    for duty in [d for d in incident.owed(DutyKind.FOLLOW_UP) if at > d.started_at]:
        meet(incident, duty, moment, at, **({"reason": reason} if reason else {}))
