"""The collector: every tick it takes the sources that are due and looks at each, many at once.

What went wrong with a source stays on its row; once a minute the administrators are told of sources that fell silent or
under 隔离 since they were last told.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import structlog

from producers.clock import every
from services.usecases.collecting import Claimed, Collector, Outcome, Result
from services.usecases.ports import Clock, NotNow
from services.wiring import House
from services.wiring.metrics import tell
from services.wiring.sources import (
    collecting_tools,
    collector_figures,
    collector_name,
    observe,
    source_store,
    sources_file,
    tell_of_trouble,
)

log = structlog.get_logger(__name__)
CLAIM_AT_ONCE = 500
IN_FLIGHT = 1500
STOP_SECONDS = 2.0
TELL_SECONDS = 60.0

Observe = Callable[[Outcome], None]


class Due(Protocol):
    """The part of the source store that hands out work."""

    async def resume(self, now: datetime) -> None: ...

    async def claim(self, now: datetime, limit: int) -> list[Claimed]: ...


class Collecting:
    """One collector process. `observe` sees every outcome (metrics)."""

    def __init__(
        self,
        collector: Collector,
        due: Due,
        clock: Clock,
        *,
        observe: Observe | None = None,
        tick_seconds: float = 0.5,
    ) -> None:
        self._collector, self._due, self._clock = collector, due, clock
        self._observe, self._tick_seconds = observe, tick_seconds
        self._running: dict[str, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set; looks under way then have a few seconds to end."""
        await self._resume()
        ticker = every(self._tick_seconds, self.tick, name="collect")
        try:
            await stop.wait()
        finally:
            ticker.stop()
            await self.finish(STOP_SECONDS)

    async def _resume(self) -> None:
        """What could not be taken back now comes back by itself when its lease runs out."""
        try:
            await self._due.resume(self._clock.now())
        except NotNow as error:
            log.warning("resume_not_now", reason=str(error))

    async def tick(self) -> int:
        """Start a look at every due source there is room for; returns how many were started."""
        started = 0
        while (room := min(IN_FLIGHT - len(self._running), CLAIM_AT_ONCE)) > 0:
            claimed = await self._due.claim(self._clock.now(), room)
            started += sum([self._start(one) for one in claimed])
            if len(claimed) < room:
                break
        return started

    async def finish(self, seconds: float | None = None) -> None:
        """Wait for the looks under way, at most `seconds`; the rest are ended and looked at again after the lease."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running.values(), timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _start(self, claimed: Claimed) -> bool:
        """A source whose last look is still under way only has its lease renewed by the claim."""
        name = claimed.source.id
        if name in self._running:
            return False
        self._running[name] = asyncio.create_task(self._look(claimed), name=f"look:{name}")
        self._running[name].add_done_callback(lambda _: self._running.pop(name, None))
        return True

    async def _look(self, claimed: Claimed) -> None:
        try:
            self._tell(await self._look_once(claimed))
        except NotNow as error:
            log.warning("look_not_now", source=claimed.source.id, reason=str(error))
        except Exception:
            # Not even the failure could be written down: the lease runs out and the source is looked at again.
            log.exception("look_lost", source=claimed.source.id)

    async def _look_once(self, claimed: Claimed) -> Outcome:
        try:
            return await self._collector.look(claimed)
        except NotNow:
            raise
        except Exception as error:
            # An error of ours with one source must not stop the others.
            log.exception("look_failed", source=claimed.source.id)
            return await self._collector.give_up(claimed, f"内部错误：{type(error).__name__}")

    def _tell(self, outcome: Outcome) -> None:
        if outcome.result is Result.FAILED:
            log.info("source_failed", source=outcome.source.id, reason=outcome.state.last_error)
        if outcome.notes:
            log.warning("source_worth_a_note", source=outcome.source.id, notes=outcome.notes)
        if outcome.became_silent:
            log.warning("source_silent", source=outcome.source.id)
        if self._observe:
            self._observe(outcome)


async def run(house: House, stop: asyncio.Event) -> None:
    """Look at sources until `stop` is set; the file's sources are taken over first."""
    file = sources_file(house)
    tell("huiying_sources", "what the collector in this process did", collector_figures)
    with collector_name(house) as owner:
        store = source_store(house, owner)
        async with collecting_tools(house, store) as tools:
            await store.sync(file.sources, house.clock.now())
            collector, pace = Collector(tools), house.settings.collect_seconds
            telling = every(TELL_SECONDS, lambda: tell_of_trouble(house), name="tell")
            try:
                await Collecting(collector, store, house.clock, observe=observe, tick_seconds=pace).run(stop)
            finally:
                telling.stop()
