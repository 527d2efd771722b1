"""For the operator's tools: is it alive, is it ready, what do the numbers say."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from services.usecases.ports import NotNow
from services.wiring.sources import source_metrics

router = APIRouter(tags=["operations"])


@router.get("/healthz")
async def alive() -> Response:
    """This process answers."""
    return PlainTextResponse("ok")


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Database and log can be used; 503 with the reason otherwise."""
    house = request.app.state.house
    try:
        await house.reader.last_position()
        await house.log.ready()
    except NotNow as trouble:
        return JSONResponse({"ready": False, "why": str(trouble)}, status_code=503)
    return JSONResponse({"ready": True})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The figures that matter in the night, for Prometheus. No names, no texts."""
    house, live = request.app.state.house, request.app.state.live
    registry = CollectorRegistry()
    incidents = Gauge("huiying_incidents", "incidents by state", ["state"], registry=registry)
    for state, count in (await house.reader.counts(house.clock.now())).items():
        incidents.labels(state).set(count)
    dead = Gauge("huiying_dead_letters", "messages nobody could read, waiting", registry=registry)
    dead.set(await house.dead_letters.count())
    deliveries = Gauge("huiying_deliveries", "notices by state", ["state"], registry=registry)
    for state, count in (await house.deliveries.counts()).items():
        deliveries.labels(state).set(count)
    sources = Gauge("huiying_sources", "how the sources are doing", ["what"], registry=registry)
    for what, value in (await source_metrics(house)).items():
        sources.labels(what).set(value)
    Gauge("huiying_open_pages", "pages with a live connection", registry=registry).set(live.connected)
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")
