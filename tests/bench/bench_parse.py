"""A feed of 10,000 items from bytes to durable posts, against a bare feedparser and against the `reader` library.

`reader` has an environment of its own, `.cache/bench-reader`, made where it is missing; where it cannot be had, a loud
line says what was not measured.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import feedparser

import services.adapters.tables.every  # noqa: F401 - importing it registers every table
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.adapters.parsing.pool import ParsingPool
from services.adapters.wire import encode_post
from services.domain.source import Source
from services.topics import POSTS_COLLECTED
from services.usecases.collecting.harvest import fresh_entries, post_of
from services.usecases.collecting.look import message_of, publish_all
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
    body = feed()
    with tempfile.TemporaryDirectory() as folder:
        bare = fastest(lambda: feedparser.parse(io.BytesIO(body)))
        database = Database(f"sqlite+aiosqlite:///{folder}/bench.sqlite")
        await database.create_all()
        pool = ParsingPool(size=1)
        await pool.parse(SOURCE, feed(1), {}, NOW)
        entries = await timed(lambda: _entries(pool, body))
        posts = await timed(lambda: _published(pool, LocalLog(database), body))
        await pool.close()
        await database.close()
        stored = _reader(Path(folder), body)
    rows = [
        against("10,000-item feed, bytes to entries", ITEMS / entries, ("feedparser.parse", ITEMS / bare), 1.0),
        against("10,000-item feed, bytes to published posts", ITEMS / posts, ("feedparser.parse", ITEMS / bare), 1.0),
    ]
    if stored:
        rows.append(against("the same, against reader", ITEMS / posts, ("reader.update_feed", ITEMS / stored), 4.0))
    return rows


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


def fastest(work: Callable[[], object]) -> float:
    """Seconds of the best of three rounds: the machine is never quite alone."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


async def timed(work: Callable[[], Awaitable[int]]) -> float:
    """The same for work that waits; it returns how many items it did."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        assert await work() == ITEMS
        seconds.append(time.perf_counter() - began)
    return min(seconds)


async def _entries(pool: ParsingPool, body: bytes) -> int:
    return len((await pool.parse(SOURCE, body, {}, NOW)).entries)


async def _published(pool: ParsingPool, log: LocalLog, body: bytes) -> int:
    """What a collector does with a body: entries, versions, posts, messages, published durably batch by batch."""
    parsed = await pool.parse(SOURCE, body, {}, NOW)
    posts = [(fresh.seen, post_of(SOURCE, fresh, NOW)) for fresh in fresh_entries(parsed.entries, {}, NOW)]
    messages = [message_of(encode_post, post, seen) for seen, post in posts]
    await publish_all(log, POSTS_COLLECTED, messages)
    return len(messages)


def _reader(folder: Path, body: bytes) -> float | None:
    """Seconds that `reader` needs to store the feed; None where it cannot be installed."""
    python = READER / "bin" / "python"
    if not _installed(python):
        print("!!! NOT measured: the same, against reader (it could not be installed)", file=sys.stderr)
        print("    reader is not installed; HUIYING_BENCH_READER=1 installs it into .cache/bench-reader")
        return None
    (folder / "feed.xml").write_bytes(body)
    return min(_stored(python, folder, f"reader-{n}.sqlite") for n in range(ROUNDS))


def _stored(python: Path, folder: Path, store: str) -> float:
    arguments = [str(python), "-c", READER_SCRIPT, str(folder / "feed.xml"), str(folder / store)]
    seconds, count = subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()
    assert int(count) == ITEMS
    return float(seconds)


def _installed(python: Path) -> bool:
    if python.exists() and subprocess.run([str(python), "-c", "import reader"], check=False).returncode == 0:
        return True
    made = [sys.executable, "-m", "venv", "--clear", str(READER)]
    fetched = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "reader", "sgmllib3k"]
    return all(subprocess.run(step, check=False).returncode == 0 for step in (made, fetched))
