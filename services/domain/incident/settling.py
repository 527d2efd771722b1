"""Time passes: everything that has become due on an incident up to now, in order.

Before every step `settle` lets time catch up; the sweep calls `strike`. They differ on the stroke alone: a limit
includes its last moment (最迟应在5小时内), so a step done right then comes before what falls due then.

1. an acknowledgement, acceptance, follow-up or statutory duty whose time is up is missed, and says when;
2. a missed one calls the next rung;
3. steps of the ladder under a running statutory duty are climbed;
4. an acknowledgement after which nothing followed lapses, and the ladder goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any

from services.domain.incident.duties import describe
from services.domain.incident.ladder import alert_all, call_next, note_missed
from services.domain.incident.model import MACHINE, Incident, Moment
from services.domain.policy import Duty
from services.domain.vocabulary import EntryKind, Level

Timer = tuple[datetime, Callable[[Incident, Moment, Any], None], Duty | None]
"""When, what is to be done then, and about which duty."""


def settle(incident: Incident, moment: Moment) -> None:
    """Let time catch up with the incident before a step: whoever acts on the stroke is in time.

    For the clocks of 四(五), 持续发布 and 签收, done often or seldom only `recorded_at` differs. A person's
    acknowledgement clock starts when that person is really called, so after a standstill the calls begin late.
    """
    _fire(incident, moment, lambda at: at < moment.now)


def strike(incident: Incident, moment: Moment) -> None:
    """Nobody acted on the stroke: what falls due at this very moment is due."""
    _fire(incident, moment, lambda at: at <= moment.now)


def _fire(incident: Incident, moment: Moment, due: Callable[[datetime], bool]) -> None:
    by_machine = None
    while (timer := min(_timers(incident), key=_AT, default=None)) and due(timer[0]):
        by_machine = by_machine or Moment(moment.now, moment.roster, MACHINE)
        _, act, duty = timer
        act(incident, by_machine, duty)


def next_due_at(incident: Incident) -> datetime | None:
    """When the sweep must look at this incident again; None when nothing runs."""
    return min(map(_AT, _timers(incident)), default=None)


_AT: Callable[[Timer], datetime] = itemgetter(0)


def _timers(incident: Incident) -> Iterator[Timer]:
    """Every clock that runs on this incident. A merged incident's clocks stand still: the target carries them."""
    if incident.merged_into:
        return
    for duty in incident.owed():
        if duty.missed_at is None:
            yield duty.due_at, _missed, duty
            if duty.kind.statutory and duty.rung < len(incident.rules.steps):
                yield duty.step_at(incident.rules.steps[duty.rung].share), _climb, duty
    if incident.watch.lapses_at is not None:
        yield incident.watch.lapses_at, _lapse, None


def _missed(incident: Incident, moment: Moment, duty: Duty) -> None:
    note_missed(incident, duty, moment)


def _climb(incident: Incident, moment: Moment, duty: Duty) -> None:
    """One step under a statutory duty: 50 % the department, 75 % …"""
    step = incident.rules.steps[duty.rung]
    duty.rung += 1
    at = duty.step_at(step.share)
    because = f"{duty.kind.value} {step.share:.0%}"
    if Level.DEPARTMENT in step.levels:
        incident.record(EntryKind.DUTY_REMINDED, moment, describe(duty, reason=because), occurred_at=at)
    alert_all(incident, step.levels, moment, because, duty=duty.kind, due_at=duty.due_at)


def _lapse(incident: Incident, moment: Moment, _: None) -> None:
    """Acknowledged, and then nothing: the acknowledgement expires and the next rung is called."""
    at, incident.watch.lapses_at = incident.watch.lapses_at, None
    data = {"acknowledged_at": incident.watch.acknowledged_at, "lapsed_at": at}
    incident.record(EntryKind.ACKNOWLEDGEMENT_EXPIRED, moment, data, occurred_at=at)
    incident.watch.acknowledged_at = None
    call_next(incident, moment, "acknowledgement_expired")
