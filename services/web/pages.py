"""The console: the list, one incident, acts by form, live changes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from services.adapters.accounts import Session
from services.adapters.desk import Filter, ListedIncident
from services.domain.incident import Incident, Refused
from services.domain.vocabulary import Role
from services.usecases.handling import Command, perform
from services.usecases.ports import Conflict
from services.web import live
from services.web.acting import acts_for
from services.web.signing import Business, Guarded, SignedIn

router = APIRouter(include_in_schema=False)
TRIES = 3


@router.get("/")
async def desk(
    request: Request,
    session: SignedIn,
    show: str = "open",
    event_grade: str = "",
    department: str = "",
    q: str = "",
) -> Response:
    """值班台: what is open, the most pressing first. Administrators see no incidents."""
    renderer, reader = request.app.state.renderer, request.app.state.house.reader
    now = request.app.state.house.clock.now()
    wanted = _scoped(session, Filter(
        state="" if show in ("open", "overdue", "all") else show,
        open_only=show == "open",
        overdue_at=now if show == "overdue" else None,
        department=department, event_grade=event_grade, words=q,
    ))  # fmt: skip
    sees = _sees_business(session)
    values = {
        "rows": await reader.incidents(wanted) if sees else [],
        "counts": await reader.counts(now) if sees else {},
        "position": await reader.last_position(),
        "filter": {"show": show, "event_grade": event_grade, "department": department, "q": q},
    }
    page: Response = renderer.page("desk.html", session=session, sees=sees, **values)
    return page


def _sees_business(session: Session) -> bool:
    return session.account.role not in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


def _scoped(session: Session, wanted: Filter) -> Filter:
    """A department sees its own tasks only."""
    mine = session.account.role is Role.DEPARTMENT
    return replace(wanted, department=session.account.department) if mine else wanted


@router.get("/rows/{incident_id}")
async def row(request: Request, session: Business, incident_id: str) -> Response:
    """One line of the list, as it is now: what the page puts in when a change comes."""
    found = await _listed(request, session, incident_id)
    if found is None:
        return Response(status_code=204)
    page: Response = request.app.state.renderer.page("row.html", row=found)
    return page


async def _listed(request: Request, session: Session, incident_id: str) -> ListedIncident | None:
    listed: ListedIncident | None = await request.app.state.house.reader.listed(incident_id)
    if listed is None or session.account.role is not Role.DEPARTMENT:
        return listed
    return listed if session.account.department in listed.departments else None


@router.get("/incidents/{incident_id}")
async def incident(request: Request, session: Business, incident_id: str) -> Response:
    """事件详情: head with every clock, posts with reasons, ledger, and the acts this person may do now."""
    found = await _readable(request, session, incident_id)
    if found.merged_into:
        return RedirectResponse(f"/incidents/{found.merged_into}", status_code=303)
    return await _incident_page(request, session, found)


async def _readable(request: Request, session: Session, incident_id: str) -> Incident:
    found: Incident | None = await request.app.state.house.reader.incident(incident_id)
    mine = session.account.role is not Role.DEPARTMENT
    if found is None or not (mine or session.account.department in found.active_departments):
        raise HTTPException(404, f"没有编号为{incident_id}的事件")
    return found


async def _incident_page(
    request: Request, session: Session, found: Incident, problem: str = "", given: dict[str, Any] | None = None
) -> Response:
    house = request.app.state.house
    numbers = [found.id, *(merge.incident_id for merge in found.merges)]
    values = {
        "incident": found,
        "ledger": await house.reader.ledger(numbers),
        "posts": await house.reader.posts(numbers),
        "deliveries": await house.deliveries.of_incident(found.id),
        "acts": acts_for(found, session.account.actor),
        "departments": house.departments.departments,
    }
    page: Response = request.app.state.renderer.page(
        "incident.html", status=409 if problem else 200, session=session, problem=problem, given=given or {}, **values
    )
    return page


@router.post("/incidents/{incident_id}/{act}")
async def do(request: Request, session: Guarded, incident_id: str, act: str) -> Response:
    """Carry out an act. What the rules forbid is said on the page, and what was typed stays."""
    found = await _readable(request, session, incident_id)
    form = {k: str(v) for k, v in (await request.form()).items() if k != "csrf"}
    try:
        await _perform(request, session, Command(act, found.id, form))
    except Refused as reason:
        return await _incident_page(request, session, found, str(reason), form)
    return RedirectResponse(f"/incidents/{found.id}", status_code=303)


async def _perform(request: Request, session: Session, command: Command) -> None:
    """A step that somebody else was quicker with is repeated on what is true now."""
    house = request.app.state.house
    for left in reversed(range(TRIES)):
        try:
            async with house.store.unit() as unit:
                await perform(unit, command, house.moment(session.account.actor))
            return
        except Conflict:
            if left == 0:
                raise


@router.get("/live")
async def changes(request: Request, session: Business, after: int | None = None) -> Response:
    """Changes as server-sent events, from `Last-Event-ID` on; a heartbeat carries the server's time."""
    last = request.headers.get("last-event-id", "")
    start = int(last) if last.isdigit() else after
    return StreamingResponse(
        _events(request, session, start), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"}
    )


async def _events(request: Request, session: Session, after: int | None) -> AsyncIterator[bytes]:
    clock = request.app.state.house.clock
    yield _time(clock.now().timestamp())
    async for item in request.app.state.live.stream(after):
        if item is None:
            yield _time(clock.now().timestamp())
        elif session.account.role is not Role.DEPARTMENT or await _listed(request, session, item.incident_id):
            yield live.event(item)


def _time(seconds: float) -> bytes:
    return b"event: time\ndata: %.3f\n\n" % seconds
