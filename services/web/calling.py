"""Whom the page calls, and for what: the alarm of everybody who sits before it, and what he was told lately."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.adapters.accounts import Session
from services.adapters.desk import Filter, ListedIncident
from services.domain.ledger import Entry
from services.domain.notice import because
from services.domain.vocabulary import EntryKind, Level, Role
from services.web.signing import SignedIn, accounts
from services.web.words import term

router = APIRouter(include_in_schema=False)
SHOWN, MOST = 20, 1000
NOTICES = 100
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
    person was told, a step under a clock above all, he hears until it is heeded or `told_for` has passed.
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
    rang = await reader.rang([line.id for line in lines])
    rings = {line.id: Ring(line, rang[line.id]) for line in lines if line.id in rang}
    if role is not Role.DUTY_OFFICER:  # everything an officer is told is a call
        rings = await _told(request, session) | rings
    ordered = sorted(rings.values(), key=lambda ring: GRAVEST_FIRST.index(ring.line.event_grade))
    return await _shown(request, session, ordered[:SHOWN]), [ring.entry for ring in ordered]


class Ring(NamedTuple):
    """A call that waits: the entry that rang last, and whether the person was `told` it himself.

    `again`: of grade I it sounds every minute, for there is a button that answers it.
    """

    line: ListedIncident
    seq: int
    told: bool = False
    again: bool = True

    @property
    def entry(self) -> str:
        return f"{self.line.id}:{self.seq}"


async def _shown(request: Request, session: Session, rings: Sequence[Ring]) -> list[dict[str, Any]]:
    entries = await request.app.state.house.reader.ledger([ring.line.id for ring in rings])
    alerts: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind is EntryKind.LEVEL_ALERTED:
            alerts.setdefault(entry.incident_id, []).append(entry)
    found = []
    for ring in rings:
        own = [
            e for e in alerts.get(ring.line.id, ()) if (e.seq == ring.seq if ring.told else _rings_for(session, e.data))
        ]
        found += [_call(ring, own[-1])] if own else []
    return found


def _rings_for(session: Session, alert: Mapping[str, Any]) -> bool:
    """The latest call to the duty room, or to this department, is the one to show."""
    mine = session.account.department
    if mine:
        return bool(alert["level"] == Level.DEPARTMENT and alert.get("department", mine) == mine)
    return alert["level"] in DUTY_ROOM


async def _told(request: Request, session: Session) -> dict[str, Ring]:
    """What this person was told lately and nobody has heeded since."""
    house, department = request.app.state.house, session.account.department
    told = await house.deliveries.told_of(session.account.name, house.clock.now() - house.policy.desk.told_for)
    lines = (await house.reader.lines(told)).values()
    running = {one.id: one for one in lines if one.open and (not department or department in one.departments)}
    heeded = await house.reader.acted(running, await _heeding(request, session))
    again = session.account.role in ABOVE
    return {
        incident: Ring(line, told[incident], True, again)
        for incident, line in running.items()
        if told[incident] > heeded.get(incident, 0)
    }


async def _heeding(request: Request, session: Session) -> frozenset[str]:
    """Whose act on the incident heeds what this person was told, by the name in the ledger; none: anybody's.

    Above the duty room his own; in a department that of any colleague; for the 带班领导 anybody's, since what he is
    told is that nothing is being done.
    """
    me, department = session.account.name, session.account.department
    if session.account.role is Role.DUTY_LEADER:
        return frozenset()
    known = await accounts(request).all() if department else []
    return frozenset({me, *(one.name for one in known if one.department == department)})


def _call(ring: Ring, alert: Entry) -> dict[str, Any]:
    return {
        "incident": ring.line.id,
        "title": ring.line.title,
        "grade": ring.line.event_grade,
        "who": f"{term(Level, alert.data.get('level'))} {'、'.join(alert.data.get('to') or ['（无人）'])}",
        "why": because(str(alert.data.get("because", ""))),
        "since": alert.recorded_at.timestamp(),
        "entry": ring.entry,
        "again": ring.again,
    }
