"""时限 of 四(五) and 持续发布: which of them run, where they start, and which publication meets them."""

from __future__ import annotations

from datetime import datetime

from services.domain.incident.duties import describe, give_up, meet, open_duty, pass_steps, take_up
from services.domain.incident.ladder import note_missed
from services.domain.incident.model import Incident, Moment
from services.domain.incident.publication import Publication
from services.domain.policy import EXEMPTED, UNMET, Duty, statutory_duties
from services.domain.vocabulary import DutyKind, EntryKind, PublicationForm


def align_statutory(incident: Incident, moment: Moment, reason: str) -> None:
    """Bring the statutory duties in line with the grade, all of them anchored at the incident's one start.

    1. give up what the grade no longer asks for and nobody has done: withdrawn, unless it was missed by then;
    2. open what it asks for now, from the incident's start (四(五));
    3. let publications already on record meet what was opened;
    4. for grade I/II keep 持续发布 going from the latest publication.
    """
    if incident.quiet or incident.dismissed_at is not None:
        return
    wanted = asked(incident)
    stay = (*wanted, DutyKind.PUBLIC_RESPONSE) if incident.merges else wanted  # a merge keeps the duties of both
    for duty in [d for d in incident.owed() if d.kind.statutory and d.kind not in stay]:
        give_up(incident, duty, moment, reason)
    open_statutory(incident, moment, wanted, reason)
    credit_publications(incident, moment)
    align_follow_up(incident, moment, reason)


def asked(incident: Incident) -> tuple[DutyKind, ...]:
    """What 四(五) asks for at this grade, but for what is exempted."""
    return tuple(kind for kind in statutory_duties(incident.event_grade) if not _excused(incident, kind))


def _excused(incident: Incident, kind: DutyKind) -> bool:
    return any(d.kind is kind and _excuses(d, incident) for d in incident.duties)


def _excuses(duty: Duty, incident: Incident) -> bool:
    """An exemption holds for what was signed: a grade that has become graver since has its own duties."""
    return duty.closed_as == EXEMPTED and incident.rank <= duty.excused_up_to


def open_statutory(incident: Incident, moment: Moment, kinds: tuple[DutyKind, ...], reason: str) -> None:
    """Open these, where they neither run nor have been met or exempted; one that was given up unmet is taken up."""
    for kind in kinds:
        had = [d for d in incident.duties if d.kind is kind and d.judged]
        if had and had[-1].closed_as == UNMET:
            take_up(incident, had[-1], moment, reason)
        elif not had and not _excused(incident, kind):
            open_duty(incident, kind, moment, incident.started_at)


def answers(kind: DutyKind, form: PublicationForm) -> bool:
    """Which publication meets which statutory duty: a press conference only as such, the rest by any publication."""
    return form is PublicationForm.PRESS_CONFERENCE if kind is DutyKind.PRESS_CONFERENCE else True


def credit_publications(incident: Incident, moment: Moment) -> None:
    """Each statutory duty is met by the earliest publication that answers it; nothing else ever meets it."""
    for duty in incident.duties:
        if duty.kind.statutory and duty.judged and (incident.publications or duty.met_at):
            answering = [p for p in incident.publications if answers(duty.kind, p.form) and _asked_then(duty, p)]
            _credit(incident, duty, moment, min(answering, key=lambda p: p.published_at, default=None))


def _asked_then(duty: Duty, publication: Publication) -> bool:
    """What was given up is met only by what had been published before and is entered late."""
    return duty.closed_at is None or publication.published_at < duty.closed_at


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
        if duty.kind.statutory and duty.judged:
            _re_anchor(incident, duty, moment)


def _re_anchor(incident: Incident, duty: Duty, moment: Moment) -> None:
    """Move one clock. A duty stays missed only where it is late by the new start too; an ended one is judged anew."""
    duty.started_at = incident.started_at
    duty.due_at = incident.started_at + incident.rules.limit(duty.kind, incident.urgent)
    late = (duty.met_at or duty.closed_at or moment.now) > duty.due_at
    duty.missed_at = duty.due_at if duty.missed_at is not None and late else None
    if duty.closed_at is not None:
        duty.closed_as = UNMET if late else "withdrawn"
        return
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
            give_up(incident, duty, moment, reason)
        return
    earlier = [d for d in incident.duties if d.kind is DutyKind.FOLLOW_UP]
    spoken = [p.published_at for p in incident.publications] + [d.met_at for d in earlier if d.met_at]
    started_at = max([*spoken, *(at for at in (since, incident.reopened_at) if at)])
    latest = [d for d in earlier if d.started_at >= started_at]
    if any(d.open for d in earlier) or any(_excuses(d, incident) for d in latest):
        return
    unmet = next((d for d in latest if d.closed_as == UNMET), None)
    if unmet:
        take_up(incident, unmet, moment, reason)
    else:
        exempted = any(d.closed_as == EXEMPTED for d in latest)  # up to now, by a signature for a lesser grade
        open_duty(incident, DutyKind.FOLLOW_UP, moment, moment.now if exempted else started_at)


def continue_follow_up(incident: Incident, moment: Moment, at: datetime, reason: str = "") -> None:
    """A further publication, or 无新情况 with a reason, meets the running 持续发布; aligning starts the next."""
    rounds = [d for d in incident.duties if d.kind is DutyKind.FOLLOW_UP and d.met_at is None and d.judged]
    for duty in [d for d in rounds if d.started_at < at and (d.closed_at is None or at < d.closed_at)]:
        meet(incident, duty, moment, at, **({"reason": reason} if reason else {}))
