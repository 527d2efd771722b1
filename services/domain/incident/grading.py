"""Grades: a machine proposes, a person confirms. The event grade decides which clocks run."""

from __future__ import annotations

from collections.abc import Collection

from services.domain.assessment import Assessment, Casualties
from services.domain.incident.ladder import followed, relax, ring, ring_again, tell_extraordinary
from services.domain.incident.mandates import require
from services.domain.incident.model import Incident, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.incident.statutory import align_statutory
from services.domain.policy import is_urgent
from services.domain.vocabulary import EntryKind, EventGrade, OpinionGrade

Grades = tuple[EventGrade | None, OpinionGrade]


def rank(grade: EventGrade | OpinionGrade | None) -> int:
    """0 for no emergency, 1 for IV … 4 for I."""
    return grade.rank if grade else 0


def propose_grade(incident: Incident, moment: Moment, assessment: Assessment, edited: str = "") -> None:
    """Take up the machine's proposal: the first, and any that says more than every earlier one.

    A grade that a person has lowered is not raised again by the same numbers: only by higher ones. A proposal whose
    numbers are known settles a provisional grade that it agrees with; it never lowers one. `edited` is the key of a
    post on file whose new wording this is.
    """
    more = _says_more(incident, assessment)
    raised = more and rank(assessment.event_grade) > rank(incident.event_grade)
    verified = incident.provisional and not assessment.provisional and assessment.event_grade is incident.event_grade
    opinion_raised = rank(assessment.opinion_grade) > max(rank(incident.opinion_grade), incident.opinion_rank)
    remember(incident, assessment)
    first = incident.posts == 1 and not edited
    if raised or verified or opinion_raised or first:
        _record_proposal(incident, moment, assessment, {"edited_post": edited} if edited else {})
    if raised:
        incident.event_grade, incident.grade_confirmed = assessment.event_grade, False
    if raised or verified:
        incident.provisional = assessment.provisional
    if opinion_raised:
        incident.opinion_grade = assessment.opinion_grade


def _says_more(incident: Incident, assessment: Assessment) -> bool:
    """A higher grade than the machine ever proposed here, or higher numbers than it ever read.

    A number of another kind says more where none was known at all, or where 特别重大 or 重大 rests on that alone: 10
    dead were found to be none, now 60 are seriously hurt.
    """
    if rank(assessment.event_grade) > incident.proposed_rank:
        return True
    numbers, heard = graded_numbers(assessment.casualties), incident.heard
    if any(number > heard.get(name, number) for name, number in numbers.items()):
        return True
    return bool(numbers.keys() - heard.keys()) and (not heard or _on_new_ground(assessment, numbers, heard))


def _on_new_ground(assessment: Assessment, numbers: Collection[str], heard: Collection[str]) -> bool:
    """Whether a grave grade rests on a rule that counts a number of now and none of the kinds heard so far."""
    grounds = (tuple(numbers),) if assessment.grade_grounds is None else assessment.grade_grounds
    new = [ground for ground in grounds if not any(name in heard for name in ground)]
    return is_urgent(assessment.event_grade) and any(name in numbers for ground in new for name in ground)


def graded_numbers(casualties: Casualties) -> dict[str, int]:
    """The stated numbers that an event is graded by."""
    return {name: number for name in _GRADED if (number := getattr(casualties, name)) is not None}


_GRADE_RULE = "事件等级"
_GRADED = ("deaths", "missing", "serious_injuries", "injuries", "direct_loss_yuan")


def remember(incident: Incident, assessment: Assessment) -> None:
    """Keep the highest that was ever proposed and read."""
    incident.proposed_rank = max(incident.proposed_rank, rank(assessment.event_grade))
    incident.opinion_rank = max(incident.opinion_rank, rank(assessment.opinion_grade))
    for name, number in graded_numbers(assessment.casualties).items():
        incident.heard[name] = max(number, incident.heard.get(name, 0))


def _record_proposal(incident: Incident, moment: Moment, assessment: Assessment, more: dict[str, str]) -> None:
    data = {
        "event_grade": assessment.event_grade,
        "opinion_grade": assessment.opinion_grade,
        "provisional": assessment.provisional,
        "because": [r.rule for r in assessment.reasons if r.rule.startswith(_GRADE_RULE)][:5],
    }
    incident.record(EntryKind.GRADE_PROPOSED, moment, data | more)


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
    before = incident.event_grade, incident.opinion_grade
    opinion_grade = opinion_grade or incident.opinion_grade
    lowered = rank(event_grade) < rank(before[0]) or rank(opinion_grade) < rank(before[1])
    if lowered and not reason.strip():
        raise Refused("降低等级须写明理由")
    data = {"event_grade": event_grade, "from": before[0], "reason": reason, "lowered": lowered}
    data |= {"opinion_grade": opinion_grade, "opinion_from": before[1]}
    incident.record(EntryKind.GRADE_CONFIRMED, moment, data)
    incident.event_grade, incident.opinion_grade = event_grade, opinion_grade
    incident.grade_confirmed, incident.provisional = True, False
    for merged in incident.merges:
        merged.grade = None  # a person's word stands, also when the merge is undone
    followed(incident, moment)
    follow_grade(incident, moment, before, reason or "等级确认")


def graver_or_louder(incident: Incident, before: Grades) -> bool:
    """The duty room has to hear of it: a higher event grade, or an opinion that has become 重大 or more."""
    opinion = rank(incident.opinion_grade)
    return rank(incident.event_grade) > rank(before[0]) or opinion > max(rank(before[1]), OpinionGrade.III.rank)


def follow_grade(incident: Incident, moment: Moment, before: Grades, reason: str) -> None:
    """The clocks follow the grade; one that rises rings again, also after an acknowledgement.

    An opinion grade rings from 重大 on: below that it may creep up with every post (内部规定).
    """
    if incident.quiet:
        return
    align_statutory(incident, moment, reason)
    relax(incident, moment)
    if rank(incident.event_grade) > rank(before[0]):
        ring_again(incident, moment)
    elif graver_or_louder(incident, before):
        ring(incident, moment, "grade_raised")
    tell_extraordinary(incident, moment)
    settle(incident, moment)
