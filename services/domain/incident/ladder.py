"""The ladder: who is told, and what happens when nobody answers (内部规定, `config/policy.toml`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.domain.incident.duties import open_duty, withdraw
from services.domain.incident.model import Incident, Moment
from services.domain.vocabulary import DutyKind, EntryKind, Level

# Where to turn when a rung is empty: the next one up is called at once.
ABOVE = {
    Level.DEPARTMENT: Level.DUTY_OFFICER,
    Level.DUTY_OFFICER: Level.DUTY_LEADER,
    Level.DUTY_LEADER: Level.PRESS_OFFICE,
    Level.PRESS_OFFICE: Level.LEADER_IN_CHARGE,
    Level.LEADER_IN_CHARGE: Level.PRINCIPAL_LEADER,
}


def reach(incident: Incident, level: Level, moment: Moment) -> tuple[str, ...]:
    """The people on this rung now."""
    if level is not Level.DEPARTMENT:
        return moment.roster.people(level, moment.now)
    return tuple(p for d in incident.active_departments for p in moment.roster.people(level, moment.now, d))


def alert(incident: Incident, level: Level, moment: Moment, because: str, **more: Any) -> Level | None:
    """Tell one rung; climb past empty ones at once, naming them. Returns the level told, None if nobody is left."""
    skipped: list[str] = []
    rung: Level | None = level
    while rung is not None:
        people = reach(incident, rung, moment)
        if people:
            _record_alert(incident, rung, moment, because, {"to": list(people), **more}, skipped)
            return rung
        skipped.append(rung.value)
        rung = ABOVE.get(rung)
    _record_alert(incident, level, moment, because, {"to": [], **more}, skipped)
    return None


def alert_all(incident: Incident, levels: Sequence[Level], moment: Moment, because: str, **more: Any) -> None:
    """Tell several rungs; one that was reached by climbing is not told twice."""
    told: set[Level] = set()
    for level in levels:
        if level not in told:
            reached = alert(incident, level, moment, because, **more)
            told |= {level} if reached is None else {reached}


def _record_alert(
    incident: Incident, level: Level, moment: Moment, because: str, data: dict[str, Any], skipped: list[str]
) -> None:
    if skipped:
        data["skipped"] = skipped
    incident.record(EntryKind.LEVEL_ALERTED, moment, {"level": level, "because": because} | data)


def ring(incident: Incident, moment: Moment, because: str) -> None:
    """Call the duty room from the top of the list; an earlier call nobody answered is replaced by this one."""
    for duty in list(incident.owed(DutyKind.ACKNOWLEDGEMENT)):
        withdraw(incident, duty, moment, "replaced by a new alert")
    incident.watch.position = 0
    incident.watch.acknowledged_at = incident.watch.lapses_at = None
    call_next(incident, moment, because)


def call_next(incident: Incident, moment: Moment, because: str) -> None:
    """值班员 by 值班员, then 带班领导, then 新闻办. Each officer who is called has the acknowledgement clock on him."""
    officers = moment.roster.people(Level.DUTY_OFFICER, moment.now)
    position = incident.watch.position
    incident.watch.position += 1
    if position < len(officers):
        data = {"to": [officers[position]]}
        _record_alert(incident, Level.DUTY_OFFICER, moment, because, data, [])
        open_duty(incident, DutyKind.ACKNOWLEDGEMENT, moment, moment.now, officers[position])
    elif not officers:
        alert(incident, Level.DUTY_OFFICER, moment, because)
    elif position <= len(officers) + 1:
        alert(incident, (Level.DUTY_LEADER, Level.PRESS_OFFICE)[position - len(officers)], moment, because)


def lapse_after(incident: Incident, moment: Moment) -> None:
    """(Re)start the time an acknowledgement holds when nothing follows."""
    incident.watch.lapses_at = moment.now + incident.rules.acknowledgement_lapses[0 if incident.urgent else 1]


def quieten(incident: Incident, moment: Moment, reason: str) -> None:
    """The matter is in somebody's hands: the call to the duty room is over."""
    incident.watch.lapses_at = None
    for duty in list(incident.owed(DutyKind.ACKNOWLEDGEMENT)):
        withdraw(incident, duty, moment, reason)
