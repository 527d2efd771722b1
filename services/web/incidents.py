"""One incident: the page with everything about it, and the acts of people on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from services.adapters.accounts import Session
from services.adapters.desk import Filter
from services.adapters.store.corrections import CorrectionStore
from services.adapters.store.post_versions import histories
from services.adapters.store.source_names import source_names
from services.domain.incident import ACTS, Incident, Refused, incident_number, may
from services.domain.vocabulary import Role
from services.usecases.handling import Command, perform
from services.usecases.ports import Conflict
from services.web.acting import acts_for
from services.web.correcting import TEACHING, corrections
from services.web.pages import scoped
from services.web.regrouping import REGROUPING, regroupings
from services.web.signing import Business, GuardedBusiness
from services.web.words import clean

router = APIRouter(include_in_schema=False)
TRIES = 3
NEIGHBOURS = 50
CANDIDATES = 5


@router.get("/incidents/{incident_id}")
async def incident(request: Request, session: Business, incident_id: str) -> Response:
    """事件详情: head with every clock, posts with reasons, ledger, and the acts this person may do now."""
    found = await readable(request, session, incident_id)
    if found.merged_into:
        return RedirectResponse(f"/incidents/{found.merged_into}", status_code=303)
    return await _page(request, session, found)


async def readable(request: Request, session: Session, incident_id: str) -> Incident:
    """The incident, where this person may see it. Raises 404."""
    found: Incident | None = await request.app.state.house.reader.incident(clean(incident_id))
    mine = session.account.role is not Role.DEPARTMENT
    if found is None or not (mine or session.account.department in found.active_departments):
        raise HTTPException(404, f"没有编号为{clean(incident_id)[:40]}的事件")
    return found


async def _page(
    request: Request, session: Session, found: Incident, problem: str = "", given: Mapping[str, str] | None = None
) -> Response:
    house = request.app.state.house
    position = await house.reader.last_position()
    acts = acts_for(found, session.account.actor)
    tried = (given or {}).get("_act", "")
    posts = await house.reader.posts(found.numbers)
    ledger = await house.reader.ledger(found.numbers)
    sources = {filed.post.source for filed in posts} | {str(entry.data.get("source", "")) for entry in ledger}
    values = {
        "incident": found,
        "position": position,
        "ledger": ledger,
        "source_names": await source_names(house.database, sources),
        "trouble": (await house.reader.troubles([found.id])).get(found.id, ""),
        "posts": await house.reader.histories(posts),
        "splittable": [f for f in posts if f.incident_id == found.id != incident_number(f.post)],
        "deliveries": await house.deliveries.of_incident(found.id),
        # What was typed is never lost: a form that was refused stays, even where it makes sense no longer.
        "acts": acts if tried in acts or not _allowed(tried, session, found) else [*acts, tried],
        "departments": house.departments.departments,
        "candidates": (await _candidates(request, session, found.undecided))[:CANDIDATES],
        "declined": await _candidates(request, session, [n for n in found.candidates if n in found.declined]),
        "others": await _others(request, session, found) if "merge" in (*acts, tried) else [],
    }
    page: Response = request.app.state.renderer.page(
        "incident.html", status=409 if problem else 200, session=session, problem=problem, given=given or {}, **values
    )
    return page


def _allowed(act: str, session: Session, found: Incident) -> bool:
    return act in ACTS and may(act, session.account.actor, found)


async def _candidates(request: Request, session: Session, numbers: Sequence[str]) -> list[Any]:
    """疑似同一事件 with these numbers, as far as this person may see them; those merged since are left out."""
    if session.account.role is Role.DEPARTMENT:
        return []
    lines = await request.app.state.house.reader.lines(numbers)
    return [lines[number] for number in numbers if number in lines and not lines[number].merged_into]


async def _others(request: Request, session: Session, found: Incident) -> list[Any]:
    """What this one may be merged into."""
    listed = await request.app.state.house.reader.incidents(scoped(session, Filter(open_only=True, limit=NEIGHBOURS)))
    return [one for one in listed if one.id != found.id]


@router.post("/incidents/{incident_id}/{act}")
async def do(request: Request, session: GuardedBusiness, incident_id: str, act: str) -> Response:
    """Carry out an act. What the rules forbid is said on the page, and what was typed stays."""
    found = await readable(request, session, incident_id)
    form = _filled_in(await request.form())
    try:
        done = await _perform(request, session, Command(act, found.id, form))
    except Refused as reason:
        named = _with_names(str(reason), request.app.state.house.departments.by_code)
        return await _page(request, session, found, named, form | {"_act": act})
    except Conflict:
        return await _page(request, session, found, "他人刚刚更新了本事件，请核对后重试", form | {"_act": act})
    mine = session.account.role is not Role.DEPARTMENT or session.account.department in done.active_departments
    return RedirectResponse(f"/incidents/{done.id}" if mine else "/", status_code=303)


def _filled_in(form: FormData) -> dict[str, str]:
    """Fields as text; one that was chosen several times as a list with commas."""
    values: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str) and name not in ("csrf", "_act"):
            values.setdefault(clean(name), []).append(clean(value))
    return {name: ",".join(v for v in several if v) for name, several in values.items()}


def _with_names(reason: str, departments: Mapping[str, Any]) -> str:
    """The domain knows departments by code; people by name."""

    def name(code: re.Match[str]) -> str:
        known = departments.get(code[0])
        return known.name if known else code[0]

    return re.sub(r"(?<![0-9A-Za-z-])[0-9A-Z]{2,9}(?![0-9A-Za-z-])", name, reason)


async def _perform(request: Request, session: Session, command: Command) -> Incident:
    """A step that somebody else was quicker with is repeated on what is true now."""
    house = request.app.state.house
    kept = CorrectionStore(house.database)
    for left in reversed(range(TRIES)):
        moment = await house.moment(session.account.actor)
        try:
            async with house.store.unit() as unit:
                done: Incident = await perform(unit, command, moment)
                if command.act in TEACHING:
                    posts = [f for number in done.numbers for f in await unit.posts_of(number)]
                    versions = await histories(unit.connection, posts)
                    await kept.keep_with(unit.connection, corrections(command.act, done, versions, moment))
                if command.act in REGROUPING:
                    await kept.keep_with(unit.connection, await regroupings(unit, done.id, moment))
            return done
        except Conflict:
            if left == 0:
                raise
    raise AssertionError("not reached: the last conflict is raised")
