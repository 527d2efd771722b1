"""The outbox, driven by time: ledger entries go out to incidents.changed."""

from __future__ import annotations

import asyncio

from producers.clock import every
from services.adapters import wire
from services.usecases.relaying import BATCH, relay
from services.wiring import House


async def tick(house: House) -> int:
    """Publish until the outbox is empty; returns how many entries went out."""
    total = 0
    while True:
        sent = await relay(house.store, house.log, wire.encode_entry, house.clock.now())
        total += sent
        if sent < BATCH:
            return total


async def run(house: House, stop: asyncio.Event) -> None:
    """Relay several times a second until `stop` is set."""
    ticker = every(house.settings.relay_seconds, lambda: tick(house), name="relay")
    await stop.wait()
    ticker.stop()
