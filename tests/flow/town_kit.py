"""A whole installation around the collector: what it publishes is assessed and tracked by the real consumers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta

from consumers.topology import workers
from services.domain.ledger import Entry
from services.domain.source import Source
from services.usecases.collecting import Collector, Outcome, Tools
from services.wiring import House
from services.wiring.sources import collecting_tools
from tests.collecting_kit import fetcher


@asynccontextmanager
async def unhurried(house: House) -> AsyncIterator[Tools]:
    """The tools of the installation; only requests to the loopback are not spaced."""
    getter = fetcher()
    async with collecting_tools(house) as tools:
        yield replace(tools, fetcher=getter)
    await getter.close()


async def looked_at(house: House, sources: Sequence[Source]) -> list[Outcome]:
    """One look at each of the sources."""
    async with unhurried(house) as tools:
        await tools.store.add(sources, house.clock.now())  # type: ignore[attr-defined]  # the real store has it
        # New sources come up a little apart.
        due = await tools.store.claim(house.clock.now() + timedelta(minutes=1), len(sources))
        return await asyncio.gather(*map(Collector(tools).look, due))


async def digested(house: House) -> list[Entry]:
    """Let assess, track and relay run dry; returns the whole ledger."""
    async with AsyncExitStack() as stack:
        pumps = []
        for worker in (w for role in ("assess", "track") for w in workers(house, role)):
            place = house.log.subscribe(worker.pipe.topic, worker.pipe.name)
            pumps.append((worker, await stack.enter_async_context(place)))
        while sum([await worker.step(subscription, wait_seconds=0) for worker, subscription in pumps]):
            continue
    async with house.store.unit() as unit:
        return await unit.unpublished(1_000_000)
