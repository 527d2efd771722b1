"""合并 and its undoing: two numbers for one matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.domain.incident.duties import describe, give_up, miss, open_duty, pass_steps, withdraw
from services.domain.incident.grading import rank
from services.domain.incident.heating import combine
from services.domain.incident.joining import MAX_SOURCES
from services.domain.incident.knowing import forget, known, learn
from services.domain.incident.ladder import followed, quieten, relax, ring, ring_again, tell_extraordinary
from services.domain.incident.mandates import require
from services.domain.incident.model import MACHINE, UNMERGED, Incident, Merge, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.incident.statutory import (
    align_follow_up,
    align_statutory,
    asked,
    credit_publications,
    move_start,
    open_statutory,
)
from services.domain.policy import EXEMPTED
from services.domain.vocabulary import DutyKind, EntryKind, IncidentState


def merge(target: Incident, source: Incident, moment: Moment) -> None:
    """合并 `source` into `target`.

    1. the earliest start wins; 2. the graver grade runs on; 3. all duties stay, those of both; 4. departments and
    publications come along; 5. both numbers resolve, and `unmerge` undoes it.
    """
    _may_merge(target, source, moment)
    aware = source.active_departments if _in_hand(source, target) else ()
    idle = not target.lead
    graver = rank(source.event_grade) > rank(target.event_grade)
    brought = moment.now if source.quiet else source.started_at  # what has no clock brings no start
    kept = Merge(source.id, moment.now, brought, target.started_at, grade_before=target.event_grade)
    kept.below = source.numbers[1:]
    kept.grade, kept.had, kept.brought = source.event_grade, known(target), known(source)
    kept.told_before, kept.confirmed_before = target.watch.extraordinary, target.grade_confirmed
    target.merges.append(kept)
    source.merged_into = target.id
    for incident in (target, source):
        incident.record(EntryKind.INCIDENTS_MERGED, moment, {"into": target.id, "from": source.id})
    _take_facts(target, source)
    if graver:
        target.event_grade, target.grade_confirmed = source.event_grade, source.grade_confirmed
        target.provisional = source.provisional
    if brought < target.started_at:
        move_start(target, moment, brought, f"与{source.id}合并，从早计时", rule="merge")
    _take_departments(target, source, moment)
    _stand_still(source, moment, f"已并入{target.id}")
    if not target.quiet:
        _take_clocks(target, source, moment)
        if graver:
            ring_again(target, moment, aware)
        elif idle and aware:
            quieten(target, moment, f"{source.id}已交办")
        tell_extraordinary(target, moment)
        settle(target, moment)
        followed(target, moment)


def _in_hand(source: Incident, target: Incident) -> bool:
    """Whether the source's lead has accepted it, or goes on under a clock to accept: not by what it accepted here."""
    if not source.lead or not source.state.open:
        return False
    here = set(target.active_departments) - set(target.owing_acceptance)
    return source.lead not in source.owing_acceptance or source.lead not in here


def _take_clocks(target: Incident, source: Incident, moment: Moment) -> None:
    running = tuple(d.kind for d in source.duties if d.kind.statutory and d.closed_at is None)
    _take_exemptions(target, source, moment)
    before = len(target.duties)
    open_statutory(target, moment, tuple(dict.fromkeys((*asked(target), *running))), "合并")
    target.merges[-1].opened = tuple(d.kind for d in target.duties[before:])
    _as_told(target, source, moment)
    credit_publications(target, moment)
    align_follow_up(target, moment, "合并")
    _as_told(target, source, moment)


def _take_exemptions(target: Incident, source: Incident, moment: Moment) -> None:
    """What was signed for the one holds for the matter that both are, where the target does not owe it by itself."""
    has = {d.kind for d in target.duties if d.judged}
    for duty in [d for d in source.duties if d.kind.statutory and d.closed_as == EXEMPTED and d.kind not in has]:
        target.duties.append(replace(duty))
        for kind in (EntryKind.DUTY_OPENED, EntryKind.DUTY_EXEMPTED):
            target.record(kind, moment, describe(duty, reason=f"随{source.id}合并"))


def _as_told(incident: Incident, other: Incident, moment: Moment, since: datetime | None = None) -> None:
    """What was climbed or missed by its twin, there or here before, is so: whoever had to hear of it was told.

    `since` is when they became one, where they part: what ran out there before was another clock, and told of another.
    """
    kinds = [kind for kind in DutyKind if kind.statutory or kind is DutyKind.FOLLOW_UP]
    for duty in [d for d in incident.owed(*kinds) if d.missed_at is None]:
        there = [d for d in other.duties if since is None or d.due_at >= since or d.due_at == duty.due_at]
        twins = [d for d in (*there, *incident.duties) if d.kind is duty.kind]
        duty.rung = max([duty.rung, *(twin.rung for twin in twins)])
        pass_steps(incident, duty, moment)
        told = any(twin.missed_at is not None and not twin.on_time for twin in twins)
        if told and duty.due_at < moment.now:
            miss(incident, duty, replace(moment, actor=MACHINE))


def _may_merge(target: Incident, source: Incident, moment: Moment) -> None:
    for incident in (target, source):
        require("merge", moment.actor, incident)
        settle(incident, moment)
        if incident.merged_into:
            raise Refused(f"{incident.id}已并入{incident.merged_into}")
    if target.id == source.id:
        raise Refused("不能与自身合并")
    if not target.state.open:
        raise Refused(f"目标事件{target.state.label}，请先重启")
    if target.quiet and not source.quiet:
        raise Refused(f"{target.id}是历史信息，没有时限；请反过来，把它并入{source.id}")


def _take_facts(target: Incident, source: Incident) -> None:
    """What is known of the one is known of both; what a person has lowered stays lowered for the same numbers."""
    target.publications += [p.from_below(source.id) for p in source.publications]
    target.posts += source.posts
    target.sources = tuple(dict.fromkeys(target.sources + source.sources))[:MAX_SOURCES]
    target.regions = tuple(dict.fromkeys(target.regions + source.regions))
    target.focus = tuple(dict.fromkeys(target.focus + source.focus))
    target.suspected_false = target.suspected_false or source.suspected_false
    target.emerging = target.emerging or source.emerging
    target.watches = tuple(dict.fromkeys(target.watches + source.watches))
    combine(target.heat, source.heat)
    learn(target, known(source))
    if source.opinion_grade.rank > target.opinion_grade.rank:
        target.opinion_grade = source.opinion_grade
    told = dict.fromkeys(target.watch.extraordinary + source.watch.extraordinary)
    target.watch.extraordinary = tuple(told)
    for number in source.declined:  # whoever said that the one is not that matter has said it of what both are
        target.declined.setdefault(number, source.id)


def _take_departments(target: Incident, source: Incident, moment: Moment) -> None:
    """Whoever was handling the one is handling both; an acceptance that is owed stays owed, on its old clock."""
    for assignment in [a for a in source.assignments if a.active and a.department not in target.active_departments]:
        lead = assignment.lead and not target.lead
        target.assignments.append(replace(assignment, lead=lead, came_from=source.id))
        for duty in [d for d in source.owed(DutyKind.ACCEPTANCE) if d.subject == assignment.department]:
            target.duties.append(replace(duty))
            target.record(EntryKind.DUTY_OPENED, moment, describe(duty, reason="合并"))


def _stand_still(source: Incident, moment: Moment, reason: str) -> None:
    """Nobody can answer on a number that leads elsewhere: what the office asks of people there is asked no longer."""
    quieten(source, moment, reason)
    for duty in [d for d in source.owed() if not d.kind.statutory]:
        give_up(source, duty, moment, reason)


def unmerge(target: Incident, source: Incident, moment: Moment, copies: int = 0) -> None:
    """撤销合并: the source stands on its own again, its statutory clocks from its own start, the others from now.

    The target gets back its start and its grade, unless a person has confirmed the grade since, and loses what came
    along: publications (a duty that only they met is owed again), departments, and the duties it had only by the
    merge. What was recorded on the source's number since goes back with it, and so do `copies` of its posts that came
    to the target meanwhile.
    """
    require("split", moment.actor, target)
    record = next((m for m in target.merges if m.incident_id == source.id), None)
    if record is None or source.merged_into != target.id:
        raise Refused(f"{source.id}未并入本事件")
    settle(target, moment)
    target.merges.remove(record)
    source.merged_into = ""
    leaving = sorted({a.department for a in target.assignments if a.active and a.came_from == source.id})
    data = {"from": target.id, "to": source.id, "undo": "merge", "leaving": leaving}
    for incident in (target, source):
        incident.record(EntryKind.POSTS_SPLIT, moment, data)
    _as_told(source, target, moment, record.at)
    source.posts += copies
    target.posts -= source.posts
    _give_back(target, source, moment)
    _drop_departments(target, record, moment)
    _grade_without(target, record)
    forget(target, record)
    target.declined = {number: of for number, of in target.declined.items() if of != source.id}
    if record.told_before is not None and not target.merges:
        target.watch.extraordinary = record.told_before
    relax(target, moment)
    _drop_duties(target, source, record, moment)
    started_at = _start_without(target, record)
    if started_at != target.started_at:
        move_start(target, moment, started_at, "撤销合并", rule="merge")
    align_statutory(target, moment, "撤销合并")
    if target.state is IncidentState.REPORTED and target.watch.over and not target.quiet:
        ring(target, moment, "merge_undone")  # what it was in hand by has left it
    settle(target, moment)
    _stand_alone(source, moment)


def _give_back(target: Incident, source: Incident, moment: Moment) -> None:
    """The source's own publications, those recorded on its number since the merge, and what departments did since."""
    theirs = [p for p in target.publications if p.came_from == source.id]
    target.publications = [p for p in target.publications if p.came_from != source.id]
    kept = {p.alone() for p in source.publications}
    source.publications += [p.as_below() for p in theirs if p.alone() not in kept]
    copies = {a.department: a for a in target.assignments if a.came_from == source.id}
    for own in [a for a in source.assignments if a.active and a.department in copies]:
        copy = copies[own.department]
        own.accepted_at = own.accepted_at or copy.accepted_at
        if copy.ended_as in ("returned", "transferred"):
            own.ended_at, own.ended_as, copy.ended_as = copy.ended_at, copy.ended_as, UNMERGED


def _drop_duties(target: Incident, source: Incident, record: Merge, moment: Moment) -> None:
    """Also those met or missed meanwhile; while another merge stands, it is that one which keeps them."""
    target.duties = [d for d in target.duties if d.closed_as != EXEMPTED or d not in source.duties]
    if target.merges:
        target.merges[-1].opened = tuple(dict.fromkeys((*target.merges[-1].opened, *record.opened)))
        return
    own = asked(target)
    for duty in target.duties:
        if duty.kind.statutory and duty.closed_at is None and duty.kind in record.opened and duty.kind not in own:
            withdraw(target, duty, moment, "撤销合并")


def _stand_alone(source: Incident, moment: Moment) -> None:
    """Its clocks run again; people are asked anew, from now. Where nobody has it in hand, the duty room is called."""
    if source.quiet or source.dismissed_at is not None:
        return
    align_statutory(source, moment, "撤销合并")
    if source.state.open:
        align_follow_up(source, moment, "撤销合并", since=moment.now)
        for assignment in source.assignments:
            if assignment.active and assignment.accepted_at is None:
                open_duty(source, DutyKind.ACCEPTANCE, moment, moment.now, assignment.department)
        if source.state is IncidentState.REPORTED:
            ring(source, moment, "merge_undone")
    settle(source, moment)


def _start_without(target: Incident, record: Merge) -> datetime:
    """The start as if this merge had not been: the target's own, or that of another merge that still stands."""
    for later in target.merges:
        if later.started_before == record.started_at < record.started_before:
            later.started_before = record.started_before
    if target.started_at != record.started_at or record.started_before <= record.started_at:
        return target.started_at
    return min([record.started_before, *(m.started_at for m in target.merges)])


def _grade_without(target: Incident, record: Merge) -> None:
    """The grade as if this merge had not been, where it is still the one that this merge brought."""
    if record.grade is None:
        return
    for later in target.merges:
        if later.grade_before is record.grade:
            later.grade_before = record.grade_before
    if target.event_grade is record.grade:
        others = [m.grade for m in target.merges if m.grade]
        target.event_grade = max([record.grade_before, *others], key=rank)
        target.grade_confirmed = record.confirmed_before and not others


def _drop_departments(target: Incident, record: Merge, moment: Moment) -> None:
    """An acceptance missed here stays missed here; one that came along missed already is the source's own."""
    for assignment in [a for a in target.assignments if a.active and a.came_from == record.incident_id]:
        assignment.ended_at, assignment.ended_as = moment.now, UNMERGED
        for duty in [d for d in target.owed(DutyKind.ACCEPTANCE) if d.subject == assignment.department]:
            brought = duty.missed_at is not None and duty.missed_at <= record.at
            (withdraw if brought else give_up)(target, duty, moment, "撤销合并")
