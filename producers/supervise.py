"""督办, driven by time: sweeps what is due. It keeps no list of its own; deadlines are a column."""

from __future__ import annotations

import asyncio

import structlog

from producers.clock import every
from services.usecases.supervising import sweep
from services.wiring import House

log = structlog.get_logger(__name__)


async def tick(house: House) -> int:
    """Settle everything that is due now; returns how many incidents were settled or put aside."""
    total = 0
    while True:
        done = await sweep(house.store, await house.moment(), _report)
        total += done.done
        if not done.full or not done.done:
            return total


def _report(incident_id: str, error: Exception) -> None:
    log.error("incident stepped aside", incident=incident_id, error=repr(error), exc_info=error)


async def run(house: House, stop: asyncio.Event) -> None:
    """Sweep every second until `stop` is set."""
    ticker = every(house.settings.sweep_seconds, lambda: tick(house), name="supervise")
    await stop.wait()
    ticker.stop()
