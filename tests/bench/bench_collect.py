"""Ten thousand sources, each looked at every five minutes, nine of ten answers 304, for a stretch of that load."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

from tests.bench.slow_beside_good import slow_beside_good
from tests.bench.table import Row
from tests.collecting_kit import Asked, answer, web

SOURCES, HOSTS, INTERVAL = 10_000, 2_000, 300
WINDOW = float(os.environ.get("HUIYING_BENCH_SECONDS", "75"))
CHANGED = 10
ITEMS = 19
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


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - what is waited for happens in another process or library
        await asyncio.sleep(0.01)


async def loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]
