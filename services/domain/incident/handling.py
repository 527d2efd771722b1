"""The steps by which the office handles an incident before it answers. Each lets time catch up first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from services.domain.incident.duties import describe, give_up, meet, open_duty
from services.domain.incident.ladder import alert, followed, lapse_after, quieten
from services.domain.incident.mandates import require
from services.domain.incident.model import Assignment, Incident, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.incident.statutory import align_statutory, move_start
from services.domain.vocabulary import DutyKind, EntryKind, Level


def begin(act: str, incident: Incident, moment: Moment) -> None:
    """Every act: the person may do it, time has caught up, the incident is open."""
    require(act, moment.actor, incident)
    settle(incident, moment)
    if not incident.state.open:
        raise Refused(f"事件{incident.state.label}，不能执行此操作；如有新情况请先重启")


def acknowledge(incident: Incident, moment: Moment) -> None:
    """值班确认: the officer has seen it. It holds for a while; then something must have followed.

    Whoever of the duty room answers first ends the call, also while somebody else is being called.
    """
    require("acknowledge", moment.actor, incident)
    settle(incident, moment)
    called = any(incident.owed(DutyKind.ACKNOWLEDGEMENT)) and not incident.merged_into
    if not (incident.state.open or called):
        raise Refused(f"事件{incident.state.label}，没有待确认的提醒")
    level = moment.actor.level
    if level in (Level.DUTY_OFFICER, Level.DUTY_LEADER):
        _answer_the_call(incident, moment)
    incident.record(EntryKind.LEVEL_ACKNOWLEDGED, moment, {"level": level, "by": moment.actor.name})


def _answer_the_call(incident: Incident, moment: Moment) -> None:
    if incident.watch.level is None or incident.watch.acknowledged_at is not None:
        raise Refused("没有待确认的提醒")
    for duty in list(incident.owed(DutyKind.ACKNOWLEDGEMENT)):
        meet(incident, duty, moment, moment.now)
    incident.watch.acknowledged_at = moment.now
    if incident.dismissed_at is None and not _in_hand(incident):
        lapse_after(incident, moment)


def _in_hand(incident: Incident) -> bool:
    """Somebody leads it, or it was answered; once it came up again or was let go, only what was done since counts."""
    if not incident.state.open:
        return False  # told of something graver after closing: nothing has been done about that
    if any(a.lead for a in _held_now(incident)):
        return True
    let_go = [a.ended_at for a in incident.assignments if a.lead and a.ended_at is not None]
    since = max([*let_go, *([incident.reopened_at] if incident.reopened_at else [])], default=None)
    return any(since is None or p.recorded_at >= since for p in incident.publications)


def _held_now(incident: Incident) -> list[Assignment]:
    """Who has it; of a matter that came up again, only whom it was given since."""
    since = incident.reopened_at
    return [a for a in incident.assignments if a.active and (since is None or a.assigned_at >= since)]


def _known(moment: Moment, departments: Sequence[str]) -> None:
    """A misspelt code would call nobody."""
    unknown = [d for d in departments if moment.departments and d not in moment.departments]
    if unknown:
        raise Refused(f"没有代码为{'、'.join(unknown)}的部门，请见 departments.toml")


def assign(incident: Incident, moment: Moment, lead: str, supporting: Sequence[str] = ()) -> None:
    """交办. The statutory clocks run on; each department named has its own time to accept.

    A department that supports already and is named as lead, where nobody leads, takes the lead. After 重启 those who
    had it before are given it anew.
    """
    begin("assign", incident, moment)
    if not lead:
        raise Refused("交办须指定牵头部门")
    _known(moment, [lead, *supporting])
    if incident.lead and incident.lead != lead:
        raise Refused(f"已由{incident.lead}牵头，更换牵头部门请用改派")
    held = [a.department for a in _held_now(incident)]
    added = [d for d in dict.fromkeys([lead, *supporting]) if d not in held]
    if not added and incident.lead:
        raise Refused("所列部门均已在办")
    for assignment in incident.assignments:
        assignment.lead = assignment.lead or (assignment.active and assignment.department == lead)
    data = {"lead": lead, "supporting": [d for d in supporting if d != lead], "added": added}
    incident.record(EntryKind.DEPARTMENT_ASSIGNED, moment, data)
    quieten(incident, moment, "已交办")
    for before in [a for a in incident.assignments if a.active and a.department in added]:
        _end_assignment(incident, moment, before, "renewed", "重新交办")
    for department in added:
        _hand_over(incident, moment, department, lead=department == lead)


def _hand_over(incident: Incident, moment: Moment, department: str, lead: bool) -> None:
    incident.assignments.append(Assignment(department, lead, moment.now))
    open_duty(incident, DutyKind.ACCEPTANCE, moment, moment.now, department)
    alert(incident, Level.DEPARTMENT, moment, "assigned", department=department)


def _own_assignment(incident: Incident, moment: Moment) -> Assignment:
    department = moment.actor.department
    return next(a for a in incident.assignments if a.active and a.department == department)


def accept(incident: Incident, moment: Moment) -> None:
    """签收, by the department itself."""
    begin("accept", incident, moment)
    assignment = _own_assignment(incident, moment)
    if assignment.accepted_at is not None:
        raise Refused("本部门已签收")
    assignment.accepted_at = moment.now
    data = {"department": assignment.department, "assigned_at": assignment.assigned_at}
    incident.record(EntryKind.ASSIGNMENT_ACCEPTED, moment, data)
    for duty in list(incident.owed(DutyKind.ACCEPTANCE)):
        if duty.subject == assignment.department:
            meet(incident, duty, moment, moment.now)
    followed(incident, moment)


def give_back(incident: Incident, moment: Moment, reason: str) -> None:
    """退回, with a reason. It never stops a statutory clock; the duty room is told at once."""
    begin("return", incident, moment)
    if not reason.strip():
        raise Refused("退回须写明理由")
    assignment = _own_assignment(incident, moment)
    _end_assignment(incident, moment, assignment, "returned", "退回")
    data = {"department": assignment.department, "lead": assignment.lead, "reason": reason}
    incident.record(
        EntryKind.ASSIGNMENT_RETURNED,
        moment,
        data | {"held_since": assignment.assigned_at, "held_seconds": _held(assignment)},
    )
    alert(incident, Level.DUTY_OFFICER, moment, "returned", department=assignment.department)


def _end_assignment(incident: Incident, moment: Moment, assignment: Assignment, how: str, reason: str) -> None:
    assignment.ended_at, assignment.ended_as = moment.now, how
    for duty in list(incident.owed(DutyKind.ACCEPTANCE)):
        if duty.subject == assignment.department:
            give_up(incident, duty, moment, reason)


def _held(assignment: Assignment) -> int:
    """Whole seconds the department had it."""
    return int(((assignment.ended_at or assignment.assigned_at) - assignment.assigned_at).total_seconds())


def transfer_lead(incident: Incident, moment: Moment, lead: str, reason: str) -> None:
    """改派牵头部门. Who held it how long is kept."""
    begin("transfer_lead", incident, moment)
    if not lead or not reason.strip():
        raise Refused("改派须指定新的牵头部门并写明理由")
    _known(moment, [lead])
    if lead == incident.lead:
        raise Refused(f"{lead}已是牵头部门")
    old = next((a for a in incident.assignments if a.active and a.lead), None)
    data = {"from": old.department if old else "", "to": lead, "reason": reason}
    held: dict[str, Any] = {}
    if old:
        _end_assignment(incident, moment, old, "transferred", "改派")
        held = {"held_since": old.assigned_at, "held_seconds": _held(old)}
    for supporting in [a for a in incident.assignments if a.active and a.department == lead]:
        _end_assignment(incident, moment, supporting, "promoted", "改为牵头")
    incident.record(EntryKind.LEAD_TRANSFERRED, moment, data | held)
    quieten(incident, moment, "已改派")
    _hand_over(incident, moment, lead, lead=True)


def consult(incident: Incident, moment: Moment, participants: Sequence[str], conclusion: str) -> None:
    """会商 as a decision record; it is also the wording confirmation among the departments concerned (四(二))."""
    begin("consult", incident, moment)
    if not conclusion.strip():
        raise Refused("会商须记录结论")
    incident.consulted = True
    data = {"convener": moment.actor.name, "participants": list(participants), "conclusion": conclusion}
    incident.record(EntryKind.CONSULTATION_RECORDED, moment, data)
    followed(incident, moment)


def remind(incident: Incident, moment: Moment, reason: str = "") -> None:
    """催办 by hand: the departments in charge are told of the most pressing duty."""
    begin("remind", incident, moment)
    theirs = (d for d in incident.owed() if d.kind is not DutyKind.ACKNOWLEDGEMENT)
    duty = min(theirs, key=lambda d: d.due_at, default=None)
    if duty is None:
        raise Refused("没有正在计时的时限，无须催办")
    incident.record(EntryKind.DUTY_REMINDED, moment, describe(duty, reason=reason or "人工催办"))
    alert(incident, Level.DEPARTMENT, moment, "reminded by hand", duty=duty.kind, due_at=duty.due_at)
    followed(incident, moment)


def escalate(incident: Incident, moment: Moment, level: Level, reason: str) -> None:
    """上报 by hand, to any rung."""
    begin("escalate", incident, moment)
    if not reason.strip():
        raise Refused("上报须写明理由")
    alert(incident, level, moment, "escalated by hand", reason=reason)
    followed(incident, moment)


def extend_start(incident: Incident, moment: Moment, started_at: datetime, reason: str) -> None:
    """起点调整: to an earlier time only. Every statutory duty counts from the new start."""
    begin("extend_start", incident, moment)
    if started_at >= incident.started_at:
        raise Refused("起点只能提前，不能推后")
    if not reason.strip():
        raise Refused("调整起点须写明依据")
    move_start(incident, moment, started_at, reason)
    align_statutory(incident, moment, reason)
    followed(incident, moment)
    settle(incident, moment)
