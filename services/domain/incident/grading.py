"""Grades: a machine proposes, a person confirms. The event grade decides which clocks run."""

from __future__ import annotations

from services.domain.assessment import Assessment
from services.domain.incident.duties import align_statutory
from services.domain.incident.ladder import alert_all, ring
from services.domain.incident.mandates import require
from services.domain.incident.model import Incident, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.vocabulary import Disposition, EntryKind, EventGrade, OpinionGrade


def rank(grade: EventGrade | OpinionGrade | None) -> int:
    """0 for no emergency, 1 for IV … 4 for I."""
    return grade.rank if grade else 0


def propose_grade(incident: Incident, moment: Moment, assessment: Assessment) -> None:
    """Take up the machine's proposal where it is higher than every earlier one.

    A grade that a person has lowered is not raised again by the same numbers: only by higher ones.
    """
    event_rank = rank(assessment.event_grade)
    heard_more = event_rank > incident.proposed_rank
    opinion_up = rank(assessment.opinion_grade) > rank(incident.opinion_grade)
    first = incident.proposed_rank == 0 and not any(e.kind is EntryKind.GRADE_PROPOSED for e in incident.changes)
    if not (heard_more or opinion_up or (first and incident.posts <= 1)):
        return
    data = {
        "event_grade": assessment.event_grade,
        "opinion_grade": assessment.opinion_grade,
        "provisional": assessment.provisional,
        "because": [r.evidence for r in assessment.reasons if r.rule.startswith("grade")][:5],
    }
    incident.record(EntryKind.GRADE_PROPOSED, moment, data)
    incident.proposed_rank = max(incident.proposed_rank, event_rank)
    if opinion_up:
        incident.opinion_grade = assessment.opinion_grade
    if event_rank > rank(incident.event_grade) and heard_more:
        incident.grade_confirmed, incident.provisional = False, assessment.provisional
        _take_grade(incident, moment, assessment.event_grade, "等级升高")
    elif heard_more and not assessment.provisional:
        incident.provisional = False


def confirm_grade(
    incident: Incident, moment: Moment, event_grade: EventGrade | None, opinion_grade: OpinionGrade | None, reason: str
) -> None:
    """等级确认, by a person.

    1. let time catch up; 2. lowering needs a reason; 3. write it down; 4. open and withdraw duties; 5. ring again
    where the grade rose.
    """
    require("confirm_grade", moment.actor, incident)
    settle(incident, moment)
    if not incident.state.open:
        raise Refused(f"事件{incident.state.label}，不能再确认等级；如有新情况请先重启")
    lowered = rank(event_grade) < rank(incident.event_grade) or rank(opinion_grade or incident.opinion_grade) < rank(
        incident.opinion_grade
    )
    if lowered and not reason.strip():
        raise Refused("降低等级须写明理由")
    before = incident.event_grade
    data = {"event_grade": event_grade, "from": before, "reason": reason, "lowered": lowered}
    incident.record(EntryKind.GRADE_CONFIRMED, moment, data | {"opinion_grade": opinion_grade})
    incident.grade_confirmed, incident.provisional = True, False
    incident.opinion_grade, opinion_before = opinion_grade or incident.opinion_grade, incident.opinion_grade
    _take_grade(incident, moment, event_grade, reason or "等级确认")
    if incident.opinion_grade is OpinionGrade.I and opinion_before is not OpinionGrade.I:
        alert_all(incident, incident.rules.at_once, moment, "extraordinary opinion")


def _take_grade(incident: Incident, moment: Moment, grade: EventGrade | None, reason: str) -> None:
    """The clocks follow the grade; a grade that rises rings again, also after an acknowledgement."""
    before, incident.event_grade = incident.event_grade, grade
    align_statutory(incident, moment, reason)
    if rank(grade) > rank(before) and incident.posts > 0 and _was_called(incident):
        ring(incident, moment, "grade_raised")
    if grade is EventGrade.I and before is not EventGrade.I and not incident.provisional:
        alert_all(incident, incident.rules.at_once, moment, "extraordinary event")
    settle(incident, moment)


def _was_called(incident: Incident) -> bool:
    """The duty room already knows of it: a new incident is rung by whoever reports it."""
    return incident.watch.position > 0


def propose_disposition(incident: Incident, disposition: Disposition) -> None:
    """Keep the machine's first proposal; a person decides when resolving."""
    incident.disposition_proposed = incident.disposition_proposed or disposition
