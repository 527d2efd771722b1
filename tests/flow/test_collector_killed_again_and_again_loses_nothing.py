"""A collector killed with -9 while items come in has lost none of them, and nothing it said twice is a second matter.

`make test` kills it 8 times over 800 items; HUIYING_FULL=1 kills it 200 times over 20,000.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from config.settings import Settings
from services import topics
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.store.sources import Sources
from services.domain.vocabulary import EntryKind
from services.wiring import open_house
from tests.collecting_kit import Asked, answer, web
from tests.flow.collector_process import EPOCH, sources
from tests.flow.town_kit import digested

FULL = os.environ.get("HUIYING_FULL") == "1"
KILLS, ITEMS, SOURCES = (200, 20_000, 100) if FULL else (8, 800, 20)
PER_SOURCE = ITEMS // SOURCES
PER_LOOK = 20
SPEED = 600
SEED = 3
ROOT = Path(__file__).parents[2]
COMPLAINT = "哈尔滨市南岗区居民反映供暖不热，室内温度只有十四度，希望供热部门尽快解决。"


def rss(source: int, count: int) -> bytes:
    items = "".join(
        f"<item><guid>g{source}-{n}</guid><link>http://example.com/{source}/{n}</link>"
        f"<title>来信{source}之{n}</title><description>{COMPLAINT}第{source}号来源第{n}条。</description></item>"
        for n in range(count)
    )
    return f'<rss version="2.0"><channel><title>s{source}</title>{items}</channel></rss>'.encode()


class Town:
    """Every page grows by some items each time it is asked for. `stir` is set at every request and every answer."""

    def __init__(self) -> None:
        self.asked: Counter[int] = Counter()
        self.stir = asyncio.Event()

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.path.strip("/"))
        self.stir.set()
        self.asked[number] += 1
        answer(writer, 200, rss(number, min(PER_SOURCE, self.asked[number] * PER_LOOK)))
        await writer.drain()
        self.stir.set()


class Topic:
    """The different messages on the topic, read from outside the collector, each row once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: dict[int, int] = {}
        self.ids: set[str] = set()

    def count(self) -> int:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=30)) as connection:
            ends = connection.execute("SELECT partition, next_offset FROM log_ends").fetchall()
            for partition, end in ends:
                query = "SELECT id FROM log_messages WHERE topic = ? AND partition = ? AND offset >= ? AND offset < ?"
                place = [topics.POSTS_COLLECTED, partition, self._read.get(partition, 0), end]
                self.ids.update(row[0] for row in connection.execute(query, place))
                self._read[partition] = end
        return len(self.ids)


@asynccontextmanager
async def collector(url: str, owner: str, start: float) -> AsyncIterator[asyncio.subprocess.Process]:
    """A collector that is killed with -9 at the end of the block, whatever happened in it."""
    arguments = [sys.executable, "-m", "tests.flow.collector_process", url, owner, str(start), str(SPEED)]
    process = await asyncio.create_subprocess_exec(*arguments, cwd=ROOT, stdout=asyncio.subprocess.DEVNULL)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(topic: Topic, wanted: int, process: asyncio.subprocess.Process) -> None:
    """Wait until that many different messages are on the topic."""
    while await asyncio.to_thread(topic.count) < wanted:
        assert process.returncode is None, "the collector ended by itself"
        await asyncio.sleep(0.01)


@pytest.mark.slow
@pytest.mark.timeout(3600 if FULL else 240)
async def test_a_collector_killed_again_and_again_loses_nothing(tmp_path: Path, figure: Callable[[str], None]) -> None:
    dice, path = random.Random(SEED), tmp_path / "huiying.sqlite"
    url, start, town = f"sqlite+aiosqlite:///{path}", time.time(), Town()
    database = Database(url)
    await database.create_all()
    topic, moments = Topic(path), sorted(dice.sample(range(1, ITEMS), KILLS))
    async with web(town) as server:
        await Sources(database, "setup").sync(sources(server.port, SOURCES), EPOCH)
        for number, moment in enumerate(moments):
            # Every third life has a name of its own, so that both ways back are taken: resuming and a lease run out.
            async with collector(url, f"one-{number if number % 3 == 0 else 0}", start) as process:
                await until(topic, moment, process)
                if dice.random() < 0.7:
                    town.stir.clear()
                    await town.stir.wait()
        async with collector(url, "last", start) as process:
            await until(topic, ITEMS, process)
    await database.close()
    again = _check(path)
    await _one_matter(tmp_path)
    short = "" if FULL else " (200 over 20,000: make test-full)"
    figure(f"kills: {KILLS} over {ITEMS:,} items, 0 lost, {again} repeated under the same id, 1 incident{short}")


async def _one_matter(folder: Path) -> None:
    """All of it is about one matter: assess and track make one incident of it, and count each post once."""
    async with open_house(Settings(data_dir=folder), migrate=False) as house:
        kinds = Counter(entry.kind for entry in await digested(house))
    assert (kinds[EntryKind.INCIDENT_REPORTED], kinds[EntryKind.POST_ATTACHED]) == (1, ITEMS - 1)


def _check(path: Path) -> int:
    """Every item once by identity; what was published twice carries the same message id, so nobody counts it twice.

    Returns how many were published twice.
    """
    with sqlite3.connect(path) as connection:
        query = "SELECT id, key, body FROM log_messages WHERE topic = ?"
        rows = connection.execute(query, [topics.POSTS_COLLECTED]).fetchall()
    posts = {wire.decode_post(body).title for _, _, body in rows}
    assert posts == {f"来信{s}之{n}" for s in range(SOURCES) for n in range(PER_SOURCE)}
    assert len({key for _, key, _ in rows}) == ITEMS
    assert len({identity for identity, _, _ in rows}) == ITEMS
    return len(rows) - ITEMS
