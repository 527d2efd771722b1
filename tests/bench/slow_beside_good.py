"""HARDENING F6: 200 requests to good servers, with and without 200 that hang on slow ones.

The good and the slow have a process each, so that no server works for the other's figure. Every round is alone, beside,
alone again; what differs between the two alone is the machine's doing and stands in the table beside the figure.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.fetch.politeness import Politeness
from tests.bench.table import Row

SLOW, GOOD, ROUNDS, SPACING = 200, 200, 7, 0.01
AT_MOST, DRIPS_AT_MOST = 1.05, 1.5
SETTLE_SECONDS, WATCHED_SECONDS = 1.0, 2.0
ROOT = Path(__file__).parents[2]
SINGLE, AT_ONCE, WORK = "p95 of 200 good requests", "200 good requests at once", "processor time of 200 good requests"


@dataclass
class Rounds:
    """Seconds of each round: before, beside the slow ones and after; and what the slow ones alone take of a core."""

    before: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    def row(self, name: str) -> Row:
        """The median round; alone is the mean of before and after."""
        alone = [(one + other) / 2 for one, other in zip(self.before, self.after, strict=True)]
        ratio = median(slow / plain for slow, plain in zip(self.beside, alone, strict=True))
        apart = median(max(a, b) / min(a, b) for a, b in zip(self.before, self.after, strict=True))
        label, goal = f"the same alone (alone twice: {apart:.2f})", f"≤ {AT_MOST} × baseline"
        figures = median(self.beside) * 1000, label, median(alone) * 1000
        return Row(f"collect: {name} beside 200 slow ones, ms", *figures, ratio, goal, ratio <= AT_MOST, digits=1)


async def slow_beside_good() -> list[Row]:
    """One after the other as a collector's, the time that a single one takes; all at once, until the last is answered;
    and the work for the good and for the slow, which no busy machine changes much."""
    rounds = {name: Rounds() for name in (SINGLE, AT_ONCE, WORK)}
    shares: list[float] = []
    getter = HttpFetcher(Guard(["127.0.0.0/8"], _loopback), politeness=Politeness(spacing=0, at_once=1000))
    async with _town() as good, _town() as bad:
        await _good(getter, good, 0)
        for _ in range(ROUNDS):
            before = await _measured(getter, good)
            slow = [asyncio.create_task(getter.fetch(f"http://slow.test:{bad}/{n}", {})) for n in range(SLOW)]
            while await _under_way(getter, bad) < SLOW:
                pass  # asking is waiting
            await asyncio.sleep(SETTLE_SECONDS)
            shares.append(await _share())
            beside = await _measured(getter, good, shares[-1])
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
            after = await _measured(getter, good)
            for name, found in rounds.items():
                found.before.append(before[name])
                found.beside.append(beside[name])
                found.after.append(after[name])
    await getter.close()
    drips = 100 * median(shares)
    load, goal = "a byte, a header or nothing a second", f"≤ {DRIPS_AT_MOST}"
    taken = Row(
        "collect: % of one core for 200 slow ones", drips, load, None, None, goal, drips <= DRIPS_AT_MOST, digits=2
    )
    return [*(found.row(name) for name, found in rounds.items()), taken]


async def _share() -> float:
    """The part of a core that this process takes while nothing is asked."""
    began = time.process_time()
    await asyncio.sleep(WATCHED_SECONDS)
    return (time.process_time() - began) / WATCHED_SECONDS


async def _measured(getter: HttpFetcher, port: int, share: float = 0.0) -> dict[str, float]:
    """Each figure once. `share` of a core is for others, and no work for these."""
    began, worked = time.perf_counter(), time.process_time()
    single, _ = await _good(getter, port, SPACING)
    work = time.process_time() - worked - share * (time.perf_counter() - began)
    _, whole = await _good(getter, port, 0)
    return {SINGLE: single, AT_ONCE: whole, WORK: work}


async def _good(getter: HttpFetcher, port: int, spacing: float) -> tuple[float, float]:
    """Seconds that 95 of 100 requests take at most, and until the last answer is in."""
    started, requests = time.perf_counter(), []

    async def one() -> float:
        began = time.perf_counter()
        await getter.fetch(f"http://good.test:{port}/", {})
        return time.perf_counter() - began

    for number in range(GOOD):
        if spacing:
            await asyncio.sleep(started + number * spacing - time.perf_counter())
        requests.append(asyncio.create_task(one()))
    single = await asyncio.gather(*requests)
    return quantiles(single, n=20)[18], time.perf_counter() - started


async def _under_way(getter: HttpFetcher, port: int) -> int:
    return int((await getter.fetch(f"http://count.test:{port}/", {})).body)


@asynccontextmanager
async def _town() -> AsyncIterator[int]:
    """The port of a server."""
    python = (sys.executable, "-m", "tests.bench.slow_and_good")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*python, cwd=ROOT, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


async def _loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]
