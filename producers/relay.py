"""The outbox, driven by time: ledger entries go out to incidents.changed."""

from __future__ import annotations

import asyncio

import structlog

from producers.clock import every
from services.adapters import wire
from services.usecases.relaying import BATCH, Outlet, relay
from services.wiring import House

log = structlog.get_logger(__name__)


def outlet(house: House) -> Outlet:
    """Keep it from tick to tick: it knows which incidents wait."""
    return Outlet(house.log, wire.encode_entry, _report)


async def tick(house: House, to: Outlet | None = None) -> int:
    """Publish until the outbox is empty; returns how many entries there were."""
    total, to = 0, to or outlet(house)
    while True:
        found = await relay(house.store, to, house.clock.now())
        total += found
        if found < BATCH:
            return total


def _report(incident_id: str, error: Exception) -> None:
    log.error("incident cannot be published", incident=incident_id, error=repr(error), exc_info=error)


async def run(house: House, stop: asyncio.Event) -> None:
    """Relay several times a second until `stop` is set."""
    to = outlet(house)
    ticker = every(house.settings.relay_seconds, lambda: tick(house, to), name="relay")
    await stop.wait()
    ticker.stop()
