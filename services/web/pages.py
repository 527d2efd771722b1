"""The console's list: what is open, its lines one by one, and the counters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from services.adapters.accounts import Session
from services.adapters.desk import Filter, ListedIncident
from services.adapters.store.source_names import source_names
from services.domain.vocabulary import Role
from services.web.calling import calls
from services.web.signing import NO_BUSINESS, SignedIn, Waiting, Watching
from services.web.telling import LISTED_WITH
from services.web.words import clean

router = APIRouter(include_in_schema=False)
PAGE = 50
MAX_PAGE = 10_000


@router.get("/")
async def desk(
    request: Request,
    session: SignedIn,
    show: str = "open",
    event_grade: str = "",
    department: str = "",
    watch: str = "",
    q: str = "",
    page: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 1,
) -> Response:
    """值班台: what is open, the most pressing first. Administrators see no incidents."""
    house = request.app.state.house
    chosen: dict[str, Any] = {
        "show": show,
        "event_grade": event_grade,
        "department": department,
    }
    chosen |= {"watch": clean(watch), "q": clean(q), "page": page}
    sees = session.account.role not in NO_BUSINESS
    # The position comes first: what changes while the rows are read is told again, never lost.
    position = await house.reader.last_position()
    wanted = scoped(session, _filter(chosen, house.clock.now(), house.policy.desk.soon))
    rows = await house.reader.incidents(wanted) if sees else []
    values = await beside(request, rows[:PAGE]) | {
        "position": position,
        "rows": rows[:PAGE],
        "more": len(rows) > PAGE,
        "counts": await _counts(request, session) if sees else {},
        "filter": chosen,
        "departments": house.departments.departments,
        "watches": [one.name for one in house.watches],
    }
    shown: Response = request.app.state.renderer.page("desk.html", session=session, sees=sees, **values)
    return shown


EMERGING, ANY = "emerging", "any"
"""What the list of 专项 offers beside their names."""


def _filter(chosen: dict[str, Any], now: datetime, soon: timedelta) -> Filter:
    show, watch = str(chosen["show"]), str(chosen["watch"])
    return Filter(
        state="" if show in ("open", "overdue", "soon", "unacknowledged", "troubled", "all") else clean(show),
        troubled=show == "troubled",
        open_only=show == "open",
        overdue_at=now if show in ("overdue",) else None,
        due_by=now + soon if show == "soon" else None,
        unacknowledged=show == "unacknowledged",
        department=clean(chosen["department"]),
        event_grade=clean(chosen["event_grade"]),
        words=chosen["q"],
        emerging=watch == EMERGING,
        watched=watch == ANY,
        watch="" if watch in (EMERGING, ANY) else watch,
        offset=(chosen["page"] - 1) * PAGE,
        limit=PAGE + 1,
    )


async def beside(request: Request, rows: Sequence[ListedIncident]) -> dict[str, Any]:
    """What the lines say besides their own columns: the sources' names, and what the system could not do."""
    house = request.app.state.house
    sources = {source for one in rows for source in one.sources.split(LISTED_WITH)}
    names = await source_names(house.database, sources)
    return {"source_names": names, "troubles": await house.reader.troubles([one.id for one in rows])}


def scoped(session: Session, wanted: Filter) -> Filter:
    """A department sees its own tasks only."""
    mine = session.account.role is Role.DEPARTMENT
    return replace(wanted, department=session.account.department) if mine else wanted


async def _counts(request: Request, session: Session) -> dict[str, int]:
    house = request.app.state.house
    soon, department = house.policy.desk.soon, session.account.department
    counts: dict[str, int] = await house.reader.counts(house.clock.now(), soon, department)
    return counts | {"open": sum(counts.get(state, 0) for state in ("reported", "assigned", "accepted", "responded"))}


@router.get("/rows/{incident_id}")
async def row(request: Request, session: Watching, incident_id: str) -> Response:
    """One line of the list, as it is now: what the page puts in when a change comes. 204: not yours (any more)."""
    found = await listed(request, session, incident_id)
    if found is None:
        return Response(status_code=204)
    page: Response = request.app.state.renderer.page("row.html", row=found, **await beside(request, [found]))
    return page


async def listed(request: Request, session: Session, incident_id: str) -> ListedIncident | None:
    """The line of an incident, where this person may see it."""
    found: ListedIncident | None = await request.app.state.house.reader.listed(clean(incident_id))
    if found is None or session.account.role is not Role.DEPARTMENT:
        return found
    return found if session.account.department in found.departments else None


@router.get("/pulse")
async def pulse(request: Request, session: Waiting) -> Response:
    """The counters, and which incidents wait for this person to answer: the alarm goes on until nobody is waited for.

    Counters are left out for a page that has been idle too long; the alarm is not.
    """
    counts = {} if session.idle else await _counts(request, session)
    rings, waiting = await calls(request, session)
    return JSONResponse({"counts": counts, "calls": rings, "waiting": waiting, "idle": session.idle})
