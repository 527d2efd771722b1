"""One collector as a process of its own, to be killed: its arguments are the database, its name, start and speed.

Everything is real but the clock, which runs `speed` times as fast since `start`; requests to a host are not spaced.
"""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import services.adapters.tables.every  # noqa: F401 - importing it registers every table
from config.sources import load_sources
from producers.collect import Collecting
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.fetch.politeness import Politeness
from services.adapters.locallog import LocalLog
from services.adapters.parsing.pool import ParsingPool
from services.adapters.store.sources import Sources
from services.domain.source import Source
from services.usecases.collecting import Collector, Tools

EPOCH = datetime(2026, 11, 22, tzinfo=UTC)
RULES = replace(load_sources().rules, first_look_days=0)
LEASE_SECONDS = 1200


class FastClock:
    """Time since `start` (seconds of the machine's clock), `speed` times as fast."""

    def __init__(self, start: float, speed: float) -> None:
        self._start, self.speed = start, speed

    def now(self) -> datetime:
        return EPOCH + timedelta(seconds=(time.time() - self._start) * self.speed)


def sources(port: int, count: int) -> list[Source]:
    return [Source(f"s{n}", f"http://127.0.0.1:{port}/{n}", ceiling_seconds=120) for n in range(count)]


async def main(url: str, owner: str, start: float, speed: float) -> None:
    database, clock, parser = Database(url), FastClock(start, speed), ParsingPool()
    fetcher = HttpFetcher(Guard(["127.0.0.0/8"]), politeness=Politeness(spacing=0, at_once=100))
    store = Sources(database, owner, LEASE_SECONDS)
    tools = Tools(fetcher, parser, store, LocalLog(database), clock, wire.encode_post, RULES)
    collecting = Collecting(Collector(tools), store, clock, tick_seconds=0.05)
    await collecting.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])))
