"""For the operator's tools: is it alive, is it ready, what do the numbers say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from services.usecases.ports import NotNow
from services.wiring.sources import of_each_source, source_metrics

router = APIRouter(tags=["operations"])
READY_SECONDS = 3.0  # whoever asks (a proxy, the container's health check) waits about four


@router.get("/healthz")
async def alive() -> Response:
    """This process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Database and log can be used; 503 with the reason otherwise. Either has a few seconds to answer."""
    house = request.app.state.house

    async def database() -> None:
        await house.reader.last_position()
        await house.database.try_writing()

    checks: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "database": database,
        "log": house.log.ready,
    }
    troubles = await asyncio.gather(*(_trouble(name, check) for name, check in checks.items()))
    why = "; ".join(filter(None, troubles))
    return JSONResponse({"ready": False, "why": why} if why else {"ready": True}, 503 if why else 200)


async def _trouble(name: str, check: Callable[[], Coroutine[Any, Any, object]]) -> str:
    """Why this part cannot be used; "" when it can. A check that is given up lets go of its connection by itself."""
    checking = asyncio.create_task(check())
    done, _ = await asyncio.wait({checking}, timeout=READY_SECONDS)
    if not done:
        checking.cancel()
        return f"{name}: no answer in {READY_SECONDS:.0f} s"
    try:
        await checking
    except NotNow as trouble:
        return str(trouble)
    return ""


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The figures that matter in the night, for Prometheus. No names of people, no texts."""
    house, live = request.app.state.house, request.app.state.live
    registry = CollectorRegistry()
    incidents = Gauge("huiying_incidents", "incidents by state", ["state"], registry=registry)
    for state, count in (await house.reader.counts(house.clock.now(), house.policy.desk.soon)).items():
        incidents.labels(state).set(count)
    dead = Gauge("huiying_dead_letters", "messages nobody could read, waiting", registry=registry)
    dead.set(await house.dead_letters.count())
    deliveries = Gauge("huiying_deliveries", "notices by state", ["state"], registry=registry)
    for state, count in (await house.deliveries.counts()).items():
        deliveries.labels(state).set(count)
    sources = Gauge("huiying_sources", "how the sources are doing", ["what"], registry=registry)
    for what, value in (await source_metrics(house)).items():
        sources.labels(what).set(value)
    each = Gauge(
        "huiying_source", "one source by its id: times in seconds since 1970", ["source", "what"], registry=registry
    )
    for source, figures in (await of_each_source(house)).items():
        for what, value in figures.items():
            each.labels(source, what).set(value)
    left_out = Gauge(
        "huiying_left_out", "posts left out since the first one, by rule of relevance", ["rule"], registry=registry
    )
    for rule, count in (await house.left_out.counts()).items():
        left_out.labels(rule).set(count)
    Gauge("huiying_open_pages", "pages with a live connection", registry=registry).set(live.connected)
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")
