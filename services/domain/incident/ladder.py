"""The ladder: who is told, and what happens when nobody answers (内部规定, `config/policy.toml`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.domain.incident.duties import miss, open_duty, withdraw
from services.domain.incident.model import MACHINE, Incident, Moment
from services.domain.policy import Duty
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade, Level, OpinionGrade

# Where to turn when a rung is empty: the next one up is called at once.
ABOVE = {
    Level.DEPARTMENT: Level.DUTY_OFFICER,
    Level.DUTY_OFFICER: Level.DUTY_LEADER,
    Level.DUTY_LEADER: Level.PRESS_OFFICE,
    Level.PRESS_OFFICE: Level.LEADER_IN_CHARGE,
    Level.LEADER_IN_CHARGE: Level.PRINCIPAL_LEADER,
}
# Who is called when the one called last stays silent, and on which rungs a call has the acknowledgement clock on it.
_ONWARD = {None: Level.DUTY_OFFICER, Level.DUTY_OFFICER: Level.DUTY_LEADER}
_ON_THE_CLOCK = (Level.DUTY_OFFICER, Level.DUTY_LEADER)


def alert(incident: Incident, level: Level, moment: Moment, because: str, **more: Any) -> Level | None:
    """Tell one rung; climb past empty ones at once, naming them. Returns the level told, None if nobody is left.

    `department` in `more` narrows that rung to this one. An alert to the duty room is a call, with its clock.
    """
    rung, people, skipped = _find(incident, level, moment, more.get("department", ""))
    data = more | ({"skipped": skipped} if skipped else {})
    if rung is Level.DUTY_OFFICER:
        call(incident, moment, because, data)
    else:
        _tell(incident, rung or level, moment, because, {"to": people} | data)
    return rung


def alert_all(incident: Incident, levels: Sequence[Level], moment: Moment, because: str, **more: Any) -> None:
    """Tell several rungs; one that was reached by climbing is not told twice."""
    told: set[Level] = set()
    for level in levels:
        if level not in told:
            told.add(alert(incident, level, moment, because, **more) or level)


def _find(
    incident: Incident, level: Level, moment: Moment, department: str = ""
) -> tuple[Level | None, list[str], list[str]]:
    """The first rung from `level` upward where somebody is, the people there, and the rungs found empty."""
    skipped: list[str] = []
    rung: Level | None = level
    while rung is not None:
        people, silent = _reach(incident, rung, moment, department)
        skipped += [rung.value] if silent else []
        if people:
            return rung, people, skipped
        rung = ABOVE.get(rung)
    return None, [], skipped


def _reach(incident: Incident, level: Level, moment: Moment, department: str) -> tuple[list[str], bool]:
    """The people on this rung now, and whether somebody is missing there. Nobody assigned yet is not an empty rung."""
    if level is not Level.DEPARTMENT:
        people = list(moment.people(level))
        return people, not people
    departments = (department,) if department else incident.active_departments
    reached = [moment.people(level, d) for d in departments]
    return [person for people in reached for person in people], not all(reached)


def _tell(incident: Incident, level: Level, moment: Moment, because: str, data: dict[str, Any]) -> None:
    incident.record(EntryKind.LEVEL_ALERTED, moment, {"level": level, "because": because} | data)


def call(incident: Incident, moment: Moment, because: str, more: dict[str, Any]) -> None:
    """Tell the duty room. While a call is running, the one who is being called hears of it, on the same clock."""
    running = next(incident.owed(DutyKind.ACKNOWLEDGEMENT), None)
    if running is None or incident.watch.level is None:
        ring(incident, moment, because, more)
    else:
        _tell(incident, incident.watch.level, moment, because, {"to": running.subject.split("、")} | more)


def ring(incident: Incident, moment: Moment, because: str, more: dict[str, Any] | None = None) -> None:
    """Call the duty room from the top of the list; an earlier call nobody answered is replaced by this one."""
    for duty in list(incident.owed(DutyKind.ACKNOWLEDGEMENT)):
        withdraw(incident, duty, moment, "已有新的提醒")
    watch = incident.watch
    watch.called, watch.level, watch.acknowledged_at, watch.lapses_at, watch.over = (), None, None, None, False
    call_next(incident, moment, because, more)


def call_next(incident: Incident, moment: Moment, because: str, more: dict[str, Any] | None = None) -> None:
    """值班员 by 值班员, then 带班领导, each with the acknowledgement clock on him; then 新闻办, where it ends."""
    watch = incident.watch
    waiting = [person for person in moment.people(Level.DUTY_OFFICER) if person not in watch.called]
    onward = _ONWARD.get(watch.level, Level.PRESS_OFFICE)
    if not waiting or watch.level not in (None, Level.DUTY_OFFICER):
        rung, people, skipped = _find(incident, onward, moment)
    else:
        rung, people, skipped = Level.DUTY_OFFICER, waiting[:1], []
    data: dict[str, Any] = {"to": people} | (more or {})
    if skipped:
        data["skipped"] = [*data.get("skipped", ()), *skipped]
    _tell(incident, rung or onward, moment, because, data)
    watch.level = rung if rung in _ON_THE_CLOCK else Level.PRESS_OFFICE
    if rung in _ON_THE_CLOCK:
        watch.called += tuple(people)
        open_duty(incident, DutyKind.ACKNOWLEDGEMENT, moment, moment.now, "、".join(people))


def lapse_after(incident: Incident, moment: Moment) -> None:
    """(Re)start the time an acknowledgement holds when nothing follows."""
    incident.watch.lapses_at = moment.now + incident.rules.acknowledgement_lapses[0 if incident.urgent else 1]


def ring_again(incident: Incident, moment: Moment, aware: Sequence[str] = ()) -> None:
    """The event grade rose: the duty room is called anew, the departments in charge hear of it at once.

    `aware` are departments that had the graver matter already: they know, and so does the duty room that gave it to
    them. Whoever still has to accept has the time of the new grade for it, from now, unless his own ends sooner.
    """
    if aware:
        quieten(incident, moment, "已交办")
    else:
        ring(incident, moment, "grade_raised")
    limit = moment.now + incident.rules.limit(DutyKind.ACCEPTANCE, incident.urgent)
    for duty in [d for d in incident.owed(DutyKind.ACCEPTANCE) if d.missed_at is None and limit < d.due_at]:
        withdraw(incident, duty, moment, "等级升高，重新计时")
        open_duty(incident, DutyKind.ACCEPTANCE, moment, moment.now, duty.subject)
    for department in [d for d in incident.active_departments if d not in aware]:
        alert(incident, Level.DEPARTMENT, moment, "grade_raised", department=department)


def relax(incident: Incident, moment: Moment) -> None:
    """The event grade fell: whoever is called or has to accept has the time of the grade it has now.

    It counts from the same start; what was missed by then stays missed.
    """
    for duty in [d for d in incident.owed(DutyKind.ACKNOWLEDGEMENT, DutyKind.ACCEPTANCE) if d.missed_at is None]:
        if duty.due_at - duty.started_at < incident.rules.limit(duty.kind, incident.urgent):
            withdraw(incident, duty, moment, "等级降低，重新计时")
            open_duty(incident, duty.kind, moment, duty.started_at, duty.subject)


def followed(incident: Incident, moment: Moment) -> None:
    """Something was done after the acknowledgement: it holds for another while."""
    if incident.watch.lapses_at is not None:
        lapse_after(incident, moment)


def quieten(incident: Incident, moment: Moment, reason: str) -> None:
    """The matter is in somebody's hands: the call to the duty room is over."""
    incident.watch.lapses_at, incident.watch.over = None, True
    for duty in list(incident.owed(DutyKind.ACKNOWLEDGEMENT)):
        withdraw(incident, duty, moment, reason)


def tell_extraordinary(incident: Incident, moment: Moment) -> None:
    """特别重大 by event or by opinion: 新闻办 and 主要负责人 at once, when it becomes so, not again while it stays so.

    A grade the machine only supposes, for want of numbers, runs the clock but wakes no mayor.
    """
    event = incident.event_grade is EventGrade.I and not incident.provisional
    opinion = incident.opinion_grade is OpinionGrade.I
    now = (("extraordinary event",) if event else ()) + (("extraordinary opinion",) if opinion else ())
    new = [why for why in now if why not in incident.watch.extraordinary]
    incident.watch.extraordinary = now
    if new:
        alert_all(incident, incident.rules.at_once, moment, new[0])


def note_missed(incident: Incident, duty: Duty, moment: Moment) -> None:
    """Missed when it was due, noticed now and by the machine, whosever step it is: the next rung is called."""
    moment = replace(moment, actor=MACHINE)
    miss(incident, duty, moment)
    because = f"{duty.kind.value} missed"
    if duty.kind is DutyKind.ACKNOWLEDGEMENT:
        # An unanswered call is over: the next person's clock runs from when he is called, this one is no longer owed.
        duty.closed_at, duty.closed_as = moment.now, "passed_on"
        call_next(incident, moment, because)
    elif duty.kind is DutyKind.ACCEPTANCE:
        alert_all(incident, incident.rules.acceptance_missed, moment, because, department=duty.subject)
    else:
        highest = incident.urgent and duty.kind.statutory
        levels = incident.rules.missed + (incident.rules.missed_urgent if highest else ())
        alert_all(incident, levels, moment, because, duty=duty.kind, due_at=duty.due_at)
