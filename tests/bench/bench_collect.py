"""Ten thousand sources, each looked at every five minutes, nine of ten answers 304, for a stretch of that load."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.fetch.politeness import Politeness
from tests.bench.table import Row
from tests.collecting_kit import Asked, answer, web

SOURCES, HOSTS, INTERVAL = 10_000, 2_000, 300
WINDOW = float(os.environ.get("HUIYING_BENCH_SECONDS", "75"))
CHANGED = 10
ITEMS = 19
SLOW, GOOD, ROUNDS, SPACING = 200, 200, 5, 0.02
ROOT = Path(__file__).parents[2]
TEXT = "城南小区三号楼自十一月十五日起暖气不热，室温只有十四度，多次拨打热线无人处理，请尽快解决。"


def page(new: int) -> bytes:
    """A feed with the items everybody has seen and, where `new` is not 0, one more."""
    items = [*range(ITEMS), *([1000 + new] if new else [])]
    listed = "".join(
        f"<item><guid>g{n}</guid><link>http://www.example.cn/{n}.html</link><title>来信第{n}号</title>"
        f"<description>{n}。{TEXT}</description></item>"
        for n in items
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{listed}</channel></rss>'.encode()


class Town:
    """Every tenth request finds something new."""

    def __init__(self) -> None:
        self.asked = 0
        self.answers: Counter[int] = Counter()

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        status = 200 if self.asked % CHANGED == 0 else 304
        self.answers[status] += 1
        answer(writer, status, page(self.asked) if status == 200 else b"", etag=f'"{self.asked}"')


async def run() -> list[Row]:
    return [*await steady(), *await slow_beside_good()]


async def steady() -> list[Row]:
    """The collector in a process of its own, for WINDOW seconds of the load."""
    with tempfile.TemporaryDirectory(prefix="huiying-bench-") as folder:
        async with web(Town()) as server:
            url = f"sqlite+aiosqlite:///{folder}/huiying.sqlite"
            arguments = (sys.executable, "-m", "tests.bench.collector_load", url, str(server.port))
            process = await asyncio.create_subprocess_exec(*arguments, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
            try:
                output, _ = await process.communicate()
            finally:
                if process.returncode is None:
                    process.kill()
    return _rows(json.loads(output.splitlines()[-1]))


def _rows(figures: dict[str, Any]) -> list[Row]:
    wanted, polls = SOURCES / INTERVAL, len(figures["late"])
    core, mib = 100 * figures["cpu"] / figures["seconds"], figures["kib"] / 1024
    latest, slowest = max(figures["late"]), quantiles(figures["delays"], n=100)[98]
    load = f"{polls} looks, {wanted:.0f} a second"
    return [
        _at_most("collect: % of one core, workers included", core, (load, wanted), 25),
        _at_most("collect: MiB at the peak, workers included", mib, ("10,000 sources", SOURCES), 300),
        _at_most("collect: the latest look, milliseconds after it was due", latest * 1000, (load, wanted), 10_000),
        _at_most("collect: interval to topic p99, ms", slowest * 1000, (f"{len(figures['delays'])} posts", 0), 2_000),
    ]


def _at_most(name: str, value: float, beside: tuple[str, float], most: float) -> Row:
    return Row(name, value, beside[0], beside[1], None, f"≤ {most:,}", value <= most)


async def slow_beside_good() -> list[Row]:
    """HARDENING F6: 200 requests to good servers, with and without 200 that hang on slow ones.

    One after the other as a collector's, the time that a single one takes; all at once, until the last is answered.
    """
    alone: list[tuple[float, float]] = []
    beside: list[tuple[float, float]] = []
    getter = HttpFetcher(Guard(["127.0.0.0/8"], loopback), politeness=Politeness(spacing=0, at_once=1000))
    async with _slow_and_good() as port:
        await _good(getter, port, 0)
        for _ in range(ROUNDS):
            alone.append(await _both(getter, port))
            slow = [asyncio.create_task(getter.fetch(f"http://slow.test:{port}/{n}", {})) for n in range(SLOW)]
            while await _under_way(getter, port) < SLOW:
                pass  # asking is waiting
            beside.append(await _both(getter, port))
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
    await getter.close()
    names = ("p95 of 200 good requests beside 200 slow ones, ms", "200 good requests at once beside 200 slow ones, ms")
    return [
        _delay(f"collect: {name}", [min(one[n] for one in times) for times in (beside, alone)])
        for n, name in enumerate(names)
    ]


def _delay(name: str, seconds: list[float]) -> Row:
    beside, alone = (one * 1000 for one in seconds)
    ratio = beside / alone
    return Row(name, beside, "the same alone", alone, ratio, "≤ 1.05 × baseline", ratio <= 1.05, digits=1)


async def _both(getter: HttpFetcher, port: int) -> tuple[float, float]:
    single, _ = await _good(getter, port, SPACING)
    _, whole = await _good(getter, port, 0)
    return single, whole


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
async def _slow_and_good() -> AsyncIterator[int]:
    """The port of the servers."""
    python = (sys.executable, "-m", "tests.bench.slow_and_good")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*python, cwd=ROOT, stdin=pipe, stdout=pipe)
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for happens in another process or library
        await asyncio.sleep(0.01)


async def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]
