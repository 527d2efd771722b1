"""The collector under the bench's load, as a process of its own: `python -m tests.bench.collector_load URL PORT`.

10,000 sources of 2,000 hosts are due one after the other over five minutes, with the items of earlier looks remembered.
Prints one JSON line: processor seconds, memory, how late each look was, how long each new post took.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import services.adapters.tables.every  # noqa: F401 - importing it registers every table
from config.sources import load_sources
from producers.collect import Collecting
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.feeds import read_feed
from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.locallog import LocalLog
from services.adapters.parsing.pool import ParsingPool
from services.adapters.store.sources import Sources
from services.domain.identity import content_hash
from services.domain.source import Source, SourceState
from services.usecases.collecting import Claimed, Collector, Fetched, Seen, Tools
from services.usecases.ports import Message
from tests.bench.bench_collect import HOSTS, INTERVAL, SOURCES, WINDOW, loopback, page, until

LOOKS_AT_ONCE, GRACE, SETTLED = 1_000, 50, 200


class Watch:
    """When each source was due, was asked, and had its news published, by a clock that starts when all is prepared."""

    speed = 1.0

    def __init__(self, start: datetime) -> None:
        self.start, self.behind = start, timedelta(0)
        self.due: dict[str, datetime] = {}
        self.late: list[float] = []
        self.delays: list[float] = []

    def now(self) -> datetime:
        return datetime.now(UTC) - self.behind

    def begin(self) -> None:
        self.behind = datetime.now(UTC) - self.start

    def since_due(self, url: str) -> float:
        return (self.now() - self.due[url]).total_seconds()


class WatchedSources(Sources):
    watch: Watch

    async def claim(self, now: datetime, limit: int) -> list[Claimed]:
        claimed = await super().claim(now, limit)
        self.watch.due.update((one.source.url, one.state.next_check_at) for one in claimed)
        return claimed


class WatchedFetcher(HttpFetcher):
    watch: Watch

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        fetched = await super().fetch(url, headers)
        self.watch.late.append(self.watch.since_due(url))
        return fetched


class WatchedLog(LocalLog):
    watch: Watch
    urls: dict[str, str]

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        await super().publish(topic, messages)
        for message in messages:
            self.watch.delays.append(self.watch.since_due(self.urls[wire.decode_post(message.body).source]))


async def prepare(store: Sources, sources: Sequence[Source], now: datetime) -> None:
    """As if the collector had run for days: every source has an ETag, its items are known, the looks are spread."""
    await store.sync(sources, now)
    known = [
        Seen(entry.id, content_hash(entry.title, entry.text), 1, entry.url, now)
        for entry in read_feed(page(0), "", "http://h.test/", now).entries
    ]
    looks: list[asyncio.Future[None]] = []
    for number, source in enumerate(sources):
        due = now + timedelta(seconds=INTERVAL * number / len(sources))
        state = SourceState(source.id, due, '"0"', interval_seconds=INTERVAL, gap_seconds=900, last_success_at=now)
        asked_in_the_window = due < now + timedelta(seconds=WINDOW + GRACE)
        looks.append(asyncio.ensure_future(store.advance(state, known if asked_in_the_window else [])))
        if len(looks) >= LOOKS_AT_ONCE:
            await asyncio.gather(*looks)
            looks.clear()
    await asyncio.gather(*looks)


async def main(url: str, port: int) -> None:
    database, watch, parser = Database(url), Watch(datetime.now(UTC)), ParsingPool()
    await database.create_all()
    fetcher = WatchedFetcher(Guard(["127.0.0.0/8"], loopback))
    store, log = WatchedSources(database, "bench"), WatchedLog(database)
    sources = [
        Source(f"s{n}", f"http://h{n % HOSTS}.test:{port}/{n}", floor_seconds=INTERVAL, ceiling_seconds=INTERVAL)
        for n in range(SOURCES)
    ]
    log.urls = {source.id: source.url for source in sources}
    store.watch = fetcher.watch = log.watch = watch
    await prepare(store, sources, watch.start)
    await asyncio.gather(*(parser.parse(sources[0], page(0), {}, watch.start) for _ in range(2)))
    tools = Tools(fetcher, parser, store, log, watch, wire.encode_post, load_sources().rules)
    collecting, stop = Collecting(Collector(tools), store, watch), asyncio.Event()
    watch.begin()
    running = asyncio.create_task(collecting.run(stop))
    # The figures are those of a collector that is running, not of its start.
    await until(lambda: len(watch.late) > SETTLED)
    watch.late.clear()
    watch.delays.clear()
    before, started = cpu(), time.monotonic()
    await asyncio.sleep(WINDOW)
    used, seconds, memory = cpu() - before, time.monotonic() - started, peak_kib()
    stop.set()
    await running
    await fetcher.close()
    await parser.close()
    await database.close()
    figures = {"cpu": used, "seconds": seconds, "kib": memory, "late": watch.late, "delays": watch.delays}
    print(json.dumps(figures))


def family() -> list[Path]:
    """This process and its workers."""
    own = os.getpid()
    children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    return [Path("/proc", str(pid)) for pid in (own, *children)]


def cpu() -> float:
    """Processor seconds of this process and its workers, living and ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ticks = sum(sum(int(n) for n in stat(one)[11:13]) for one in family())
    return ticks / os.sysconf("SC_CLK_TCK") + ended.ru_utime + ended.ru_stime


def stat(process: Path) -> list[str]:
    return (process / "stat").read_text().rpartition(")")[2].split()


def peak_kib() -> int:
    lines = [line for one in family() for line in (one / "status").read_text().splitlines()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
