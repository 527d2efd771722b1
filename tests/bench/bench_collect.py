"""Ten thousand sources, each looked at every five minutes, nine of ten answers 304, for a stretch of that load."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.fetch.politeness import Politeness
from tests.bench.table import Row
from tests.collecting_kit import Asked, Web, answer, web

SOURCES, HOSTS, INTERVAL = 10_000, 2_000, 300
WINDOW = float(os.environ.get("HUIYING_BENCH_SECONDS", "75"))
CHANGED = 10
ITEMS = 19
SLOW, GOOD, ROUNDS, SPACING = 200, 200, 3, 0.02
# A byte a second, a header a second, silence after the headers, silence from the start.
SLOW_WAYS = (
    (b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n", b"x"),
    (b"HTTP/1.1 200 X\r\n", b"x: y\r\n"),
    (b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n", b""),
    (b"", b""),
)
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
    return [*await steady(), await slow_beside_good()]


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


async def slow_beside_good() -> Row:
    """HARDENING F6: 200 requests to good servers, with and without 200 that hang on slow ones."""
    polite = Politeness(spacing=0, at_once=1000)
    getter = HttpFetcher(Guard(["127.0.0.0/8"], loopback), politeness=polite)
    alone, beside = [], []
    async with web(_drip_or_answer) as server:
        for _ in range(ROUNDS):
            alone.append(await _good(getter, server))
            before = len(server.asked)
            slow = [asyncio.create_task(getter.fetch(server.url(f"/{n}", "slow.test"), {})) for n in range(SLOW)]
            await until(lambda: len(server.asked) >= before + SLOW)  # noqa: B023 - awaited in the same round
            beside.append(await _good(getter, server))
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
    await getter.close()
    base, with_slow = min(alone), min(beside)
    name = "collect: 200 good servers beside 200 slow ones, ms"
    ratio = with_slow / base
    return Row(name, with_slow * 1000, "the same alone", base * 1000, ratio, "≤ 1.05 × baseline", ratio <= 1.05)


async def _good(getter: HttpFetcher, server: Web) -> float:
    """Seconds until the last answer is in, when the requests start one after the other as a collector's do."""
    started, requests = time.perf_counter(), []
    for number in range(GOOD):
        await asyncio.sleep(started + number * SPACING - time.perf_counter())
        requests.append(asyncio.create_task(getter.fetch(server.url("/", "good.test"), {})))
    await asyncio.gather(*requests)
    return time.perf_counter() - started


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for happens in another process or library
        await asyncio.sleep(0.01)


async def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def _drip_or_answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
    if asked.host.startswith("good"):
        answer(writer, 200, page(0))
        return
    head, drip = SLOW_WAYS[int(asked.path.strip("/")) % len(SLOW_WAYS)]
    writer.write(head)
    while not writer.is_closing():
        writer.write(drip)
        await writer.drain()
        await asyncio.sleep(1)
