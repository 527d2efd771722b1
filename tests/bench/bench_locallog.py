"""The embedded log against the same rows written and read by plain sqlite3, both durable after every 500."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import services.adapters.tables.every  # noqa: F401 - importing it registers every table
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.usecases.ports import Message
from tests.bench.table import Row, absolute

TOPIC = "posts.collected"
COUNT, BATCH, BODY_BYTES = 30_000, 500, 1_000


async def run() -> list[Row]:
    batches = list(_batches())
    with tempfile.TemporaryDirectory() as folder:
        writing, reading = _plain(Path(folder), batches)
        database = Database(f"sqlite+aiosqlite:///{folder}/log.sqlite")
        await database.create_all()
        published = await _publish(database, batches)
        read = await _read(database)
        await database.close()
    return [
        absolute("locallog publish, 1 kB in 500s", published, ("sqlite3 executemany", writing), 5_000),
        absolute("locallog read and commit in 500s", read, ("sqlite3 fetchall", reading), 10_000),
    ]


def _batches() -> Iterator[list[Message]]:
    chance = random.Random(7)
    for start in range(0, COUNT, BATCH):
        yield [
            Message(f"post-{number}", f"source:{number % 997}", chance.randbytes(BODY_BYTES))
            for number in range(start, start + BATCH)
        ]


def _plain(folder: Path, batches: list[list[Message]]) -> tuple[float, float]:
    """Posts a second written and read by sqlite3 alone: one partition, one commit for each batch."""
    plain = sqlite3.connect(folder / "plain.sqlite", isolation_level=None)
    plain.execute("PRAGMA journal_mode=WAL")
    plain.execute("PRAGMA synchronous=FULL")
    plain.execute(
        "CREATE TABLE log (topic TEXT, part INT, pos INT, id TEXT, key TEXT, body BLOB, PRIMARY KEY (topic, part, pos))"
    )
    began = time.perf_counter()
    for number, batch in enumerate(batches):
        rows = [(TOPIC, 0, number * BATCH + row, one.id, one.key, one.body) for row, one in enumerate(batch)]
        plain.execute("BEGIN IMMEDIATE")
        plain.executemany("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?)", rows)
        plain.execute("COMMIT")
    written = time.perf_counter() - began
    began = time.perf_counter()
    for start in range(0, COUNT, BATCH):
        plain.execute("SELECT * FROM log WHERE topic=? AND part=0 AND pos>=? LIMIT ?", (TOPIC, start, BATCH)).fetchall()
    read = time.perf_counter() - began
    plain.close()
    return COUNT / written, COUNT / read


async def _publish(database: Database, batches: list[list[Message]]) -> float:
    log = LocalLog(database)
    began = time.perf_counter()
    for batch in batches:
        await log.publish(TOPIC, batch)
    return COUNT / (time.perf_counter() - began)


async def _read(database: Database) -> float:
    seen = 0
    async with LocalLog(database).subscribe(TOPIC, "bench") as member:
        began = time.perf_counter()
        while seen < COUNT:
            batch = await member.batch(BATCH, 1.0)
            await member.commit(batch)
            seen += len(batch)
        return COUNT / (time.perf_counter() - began)
