"""A feed of 10,000 items from bytes to durable posts, against a bare feedparser and against the `reader` library.

`reader` has an environment of its own, `.cache/bench-reader`, made where it is missing; where it cannot be had, a loud
line says what was not measured.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser

import services.adapters.tables.every  # noqa: F401 - importing it registers every table
from config.sources import load_sources
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.adapters.parsing.pool import ParsingPool
from services.adapters.store.sources import Sources
from services.adapters.wire import encode_post
from services.domain.source import Source
from services.topics import POSTS_COLLECTED
from services.usecases.collecting import Fetched, Tools, post_of
from services.usecases.collecting.look import message_of, publish_all
from services.usecases.collecting.recall import news_of
from tests.bench.table import Row, against

ITEMS, ROUNDS = 10_000, 3
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SOURCE = Source("bench", "http://www.example.cn/feed.xml")
TEXT = "城南小区三号楼自十一月十五日起暖气不热，室温只有十四度，多次拨打热线无人处理，请尽快解决。"
READER = Path(__file__).parents[2] / ".cache" / "bench-reader"
READER_SCRIPT = """
import sys, time
from reader import make_reader
store = make_reader(sys.argv[2], feed_root="")
store.add_feed("file:" + sys.argv[1])
began = time.perf_counter()
store.update_feed("file:" + sys.argv[1])
print(time.perf_counter() - began, store.get_entry_counts().total)
"""


async def run() -> list[Row]:
    """Round by round one after the other, because the machine is not equally fast at all times; of each the best."""
    body = feed()
    with tempfile.TemporaryDirectory() as folder:
        pool = ParsingPool(size=1)
        await pool.parse(SOURCE, feed(1), {}, NOW)
        python = _installed(READER / "bin" / "python")
        rounds = [await _round(pool, body, Path(folder) / str(number), python) for number in range(ROUNDS)]
        await pool.close()
    bare, entries, posts, kept, stored = (ITEMS / min(seconds) for seconds in zip(*rounds, strict=True))
    rows = [
        against("10,000-item feed, bytes to entries", entries, ("feedparser.parse", bare), 1.0),
        against("10,000-item feed, bytes to published posts", posts, ("feedparser.parse", bare), 1.0),
        against("10,000-item feed, the same and remembered", kept, ("feedparser.parse", bare), 1.0),
    ]
    if python:
        rows.append(against("published posts, against reader", posts, ("reader.update_feed", stored), 4.0))
    return rows


async def _round(
    pool: ParsingPool, body: bytes, folder: Path, python: Path | None
) -> tuple[float, float, float, float, float]:
    """Seconds for each of the five, in an empty folder of their own."""
    os.mkdir(folder)
    database = Database(f"sqlite+aiosqlite:///{folder}/bench.sqlite")
    await database.create_all()
    began = time.perf_counter()
    feedparser.parse(io.BytesIO(body))
    bare = time.perf_counter() - began
    entries = await _entries(pool, body)
    posts, kept = await _published(pool, Sources(database, "bench"), LocalLog(database), body)
    await database.close()
    return bare, entries, posts, kept, _stored(python, folder, body) if python else bare


def feed(items: int = ITEMS) -> bytes:
    """About 4.5 MB of RSS as a message board prints it: escaped HTML, one date form, no two items alike."""
    entries = "".join(
        f"<item><title>第{n}号信件：供热问题</title><link>http://www.example.cn/letters/{n}.html?utm_source=rss</link>"
        f"<guid>letter-{n}</guid><pubDate>Sun, 22 Nov 2026 08:{n // 60 % 60:02d}:{n % 60:02d} +0800</pubDate>"
        f"<author>市民</author><description>&lt;p&gt;{TEXT}编号{n}。&lt;/p&gt;</description></item>"
        for n in range(items)
    )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>百姓谈</title>'
    return f"{head}{entries}</channel></rss>".encode()


async def _entries(pool: ParsingPool, body: bytes) -> float:
    began = time.perf_counter()
    assert len((await pool.parse(SOURCE, body, {}, NOW)).entries) == ITEMS
    return time.perf_counter() - began


async def _published(pool: ParsingPool, store: Sources, log: LocalLog, body: bytes) -> tuple[float, float]:
    """What a collector does with a body: entries, what of them is known, posts, published durably; then remembered."""
    began = time.perf_counter()
    parsed = await pool.parse(SOURCE, body, {}, NOW)
    tools = Tools(Nothing(), pool, store, log, At(NOW), encode_post, load_sources().rules)
    news = await news_of(tools, SOURCE, parsed.entries)
    messages = [message_of(encode_post, post_of(SOURCE, fresh, NOW), fresh.seen) for fresh in news.fresh]
    await publish_all(log, POSTS_COLLECTED, messages)
    published = time.perf_counter() - began
    await store.remember(SOURCE.id, [fresh.seen for fresh in news.fresh])
    assert len(messages) == ITEMS
    return published, time.perf_counter() - began


class Nothing:
    """The bytes are there."""

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        raise AssertionError(url)


@dataclass(frozen=True)
class At:
    """A clock that stands still."""

    at: datetime
    speed: float = 1.0

    def now(self) -> datetime:
        return self.at


def _stored(python: Path, folder: Path, body: bytes) -> float:
    """Seconds that `reader` needs to store the feed."""
    (folder / "feed.xml").write_bytes(body)
    arguments = [str(python), "-c", READER_SCRIPT, str(folder / "feed.xml"), str(folder / "reader.sqlite")]
    seconds, count = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()
    assert int(count) == ITEMS
    return float(seconds)


def _installed(python: Path) -> Path | None:
    """The interpreter that has `reader`; None where it cannot be installed."""
    if python.exists() and subprocess.run([str(python), "-c", "import reader"], check=False).returncode == 0:
        return python
    made = [sys.executable, "-m", "venv", "--clear", str(READER)]
    fetched = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "reader", "sgmllib3k"]
    if all(subprocess.run(step, check=False).returncode == 0 for step in (made, fetched)):
        return python
    print("!!! NOT measured: the same, against reader (it could not be installed)", file=sys.stderr)
    return None
