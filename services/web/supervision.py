"""How the service itself is doing: sources for everybody who works with them, the machine for its administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from services.adapters.accounts import Session
from services.adapters.source_office import list_sources
from services.web.signing import SEES_SOURCES, SEES_SYSTEM, SignedIn
from services.wiring.sources import source_store

router = APIRouter(include_in_schema=False)


async def _sources(session: SignedIn) -> Session:
    if session.account.role not in SEES_SOURCES:
        raise HTTPException(403, "信息源由值班人员和系统管理员查看")
    return session


async def _system(session: SignedIn) -> Session:
    if session.account.role not in SEES_SYSTEM:
        raise HTTPException(403, "系统状态由系统管理员查看")
    return session


@router.get("/sources")
async def sources(request: Request, session: Annotated[Session, Depends(_sources)]) -> Response:
    """信源管理: every source, those that need attention first, those that are switched off last."""
    house = request.app.state.house
    lines = await list_sources(source_store(house), house.clock.now(), switched_off=True)
    left_out = await house.left_out.counts()
    page: Response = request.app.state.renderer.page("sources.html", session=session, lines=lines, left_out=left_out)
    return page


@router.get("/system")
async def system(request: Request, session: Annotated[Session, Depends(_system)]) -> Response:
    """系统状态: what nobody could read and what could not be delivered. Titles and texts stay out (三权分立)."""
    house = request.app.state.house
    values = {
        "dead": await house.dead_letters.waiting(50),
        "dead_count": await house.dead_letters.count(),
        "lost": await house.deliveries.given_up(50),
        "deliveries": await house.deliveries.counts(),
        "left_out": await house.left_out.counts(),
        "pages": request.app.state.live.connected,
        "accounts": await request.app.state.accounts.all(),
    }
    page: Response = request.app.state.renderer.page("system.html", session=session, **values)
    return page
