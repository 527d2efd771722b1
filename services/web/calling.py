"""Whom the page calls, and for what: the alarm of everybody who sits before it, and what he was told lately."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.adapters.accounts import Session
from services.adapters.desk import Filter, ListedIncident
from services.domain.incident import MACHINE
from services.domain.ledger import Entry
from services.domain.notice import because
from services.domain.vocabulary import EntryKind, Level, Role
from services.web.signing import SignedIn, accounts
from services.web.words import term

router = APIRouter(include_in_schema=False)
SHOWN, MOST = 20, 1000
NOTICES = 100
LATELY = timedelta(hours=24)
"""How long a notice nobody reacted to stays in the bar of a rung that has no clock: then the next limit speaks."""
GRAVEST_FIRST = ("I", "II", "III", "IV", "")
DUTY_ROOM = (Level.DUTY_OFFICER, Level.DUTY_LEADER, Level.PRESS_OFFICE)
IN_THE_ROOM = frozenset({Role.DUTY_OFFICER, Role.DUTY_LEADER})
ABOVE = frozenset({Role.PRESS_OFFICE, Role.LEADER_IN_CHARGE, Role.PRINCIPAL_LEADER})
HEARING = IN_THE_ROOM | ABOVE | {Role.DEPARTMENT}


@router.get("/notices")
async def notices(request: Request, session: SignedIn) -> Response:
    """通知: what this person was told by the console, the latest first."""
    told = await request.app.state.house.deliveries.of_person(session.account.name, NOTICES)
    page: Response = request.app.state.renderer.page("notices.html", session=session, notices=told)
    return page


async def calls(request: Request, session: Session) -> tuple[list[dict[str, Any]], list[str]]:
    """Who is being called, why, and for what, the gravest first; and by its entry every call that waits for this
    person, for in a storm they are more than are shown: one that is new to the page sounds, one that moves up does not.

    The duty room hears every call until one of them answers, a department its own until it accepts. Whatever else a
    person was told, a step under a clock above all, he hears until it is heeded or a day has passed.
    """
    role, department = session.account.role, session.account.department
    reader = request.app.state.house.reader
    if role not in HEARING:
        return [], []
    lines: list[ListedIncident] = []
    if role is Role.DEPARTMENT:
        lines = await reader.owing_acceptance(department)
    elif role in IN_THE_ROOM:
        lines = await reader.incidents(Filter(unacknowledged=True, limit=MOST))
    rings = await _ringing(request, session, lines)
    if role is not Role.DUTY_OFFICER:  # everything an officer is told is a call
        shown = {one["incident"] for one in rings}
        rings += [one for one in await _told(request, session) if one["incident"] not in shown]
    rings.sort(key=lambda one: GRAVEST_FIRST.index(one["grade"]))
    return rings[:SHOWN], [one["entry"] for one in rings]


async def _ringing(request: Request, session: Session, waiting: list[ListedIncident]) -> list[dict[str, Any]]:
    entries = await request.app.state.house.reader.calls([one.id for one in waiting])
    alerts = {e.incident_id: e for e in _alerts(entries) if _rings_for(session, e.data)}
    return [_call(one, alerts[one.id]) for one in waiting if one.id in alerts]


def _rings_for(session: Session, alert: Mapping[str, Any]) -> bool:
    """The latest call to the duty room, or to this department, is the one to show."""
    mine = session.account.department
    if mine:
        return bool(alert["level"] == Level.DEPARTMENT and alert.get("department", mine) == mine)
    return alert["level"] in DUTY_ROOM


async def _told(request: Request, session: Session) -> list[dict[str, Any]]:
    house, me, department = request.app.state.house, session.account.name, session.account.department
    since = house.clock.now() - LATELY
    numbers = await house.deliveries.told_of(me, since)
    lines = (await house.reader.lines(numbers)).values()
    theirs = [one for one in lines if not department or department in one.departments]
    running = {one.id: one for one in theirs if one.open}
    heeds = await _heeding(request, session)
    unheeded: dict[str, Entry] = {}
    for entry in await house.reader.calls(running, since):
        if entry.kind is EntryKind.LEVEL_ALERTED:
            if me in entry.data.get("to", ()):
                unheeded[entry.incident_id] = entry
        elif heeds(entry.actor):
            unheeded.pop(entry.incident_id, None)
    again = session.account.role in ABOVE
    return [_call(running[incident], alert, again) for incident, alert in unheeded.items()]


async def _heeding(request: Request, session: Session) -> Callable[[str], bool]:
    """Whose act on the incident heeds what this person was told, by the name in the ledger.

    Above the duty room his own; in a department that of any colleague; for the 带班领导 anybody's, since what he is
    told is that nothing is being done.
    """
    me, department = session.account.name, session.account.department
    if session.account.role is Role.DUTY_LEADER:
        return lambda actor: actor != MACHINE.name
    known = await accounts(request).all() if department else []
    return {me, *(one.name for one in known if one.department == department)}.__contains__


def _alerts(entries: Iterable[Entry]) -> Iterable[Entry]:
    return (e for e in entries if e.kind is EntryKind.LEVEL_ALERTED)


def _call(one: ListedIncident, alert: Entry, again: bool = True) -> dict[str, Any]:
    """`again`: of grade I it sounds every minute, for there is a button that answers it."""
    return {
        "incident": one.id,
        "title": one.title,
        "grade": one.event_grade,
        "who": f"{term(Level, alert.data.get('level'))} {'、'.join(alert.data.get('to') or ['（无人）'])}",
        "why": because(str(alert.data.get("because", ""))),
        "since": alert.recorded_at.timestamp(),
        "entry": alert.message_id,
        "again": again,
    }
