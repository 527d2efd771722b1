"""Posts into incidents, as the track consumer does it, against the same posts only stored."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import SQLModel

from config.policy import load_policy
from config.reading import CONFIG_DIR
from config.roster import load_roster
from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.domain.incident import Moment
from services.usecases.ports import Filed
from services.usecases.tracking import Arrival, take_in
from services.wiring.machine import make_assessor, make_grouper
from tests.bench import hotline
from tests.bench.table import Row, absolute
from tests.real.postgres import Postgres

COUNT, BATCH, ROUNDS = 5_000, 500, 3


async def run() -> list[Row]:
    arrivals = _arrivals()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{folder}/track.sqlite"
        rows.append(absolute("track on SQLite", *await _best(url, arrivals), 500))
        server = Postgres.create()
        server.start()
        try:
            url = server.url("postgres")
            rows.append(absolute("track on PostgreSQL", *await _best(url, arrivals), 1_000))
        finally:
            server.stop()
    return rows


def _arrivals() -> list[Arrival]:
    """Relevant posts of which most are matters of their own, as in a city's hotline."""
    posts = hotline.posts(COUNT)
    assessed = zip(posts, make_assessor(CONFIG_DIR).assess(posts), strict=True)
    return [Arrival(f"{post.key}:1", post, replace(proposal, relevant=True)) for post, proposal in assessed]


async def _best(url: str, arrivals: Sequence[Arrival]) -> tuple[float, tuple[str, float]]:
    """Of each the best of a few rounds on an empty database: the machine is never quite alone."""
    rates: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        rates.append((await _tracked(url, arrivals), await _plain(url, arrivals)))
        database = Database(url)
        async with database.write() as connection:
            await connection.run_sync(SQLModel.metadata.drop_all)
        await database.close()
    tracked, plain = zip(*rates, strict=True)
    return max(tracked), ("post rows only", max(plain))


async def _tracked(url: str, arrivals: Sequence[Arrival]) -> float:
    """Posts a second through tracking."""
    database = Database(url)
    await database.create_all()
    store, grouper = IncidentStore(database), make_grouper(CONFIG_DIR)
    rules, roster = load_policy().rules, load_roster()
    gc.freeze()  # as the role does once it is loaded
    began = time.perf_counter()
    for start in range(0, len(arrivals), BATCH):
        batch = arrivals[start : start + BATCH]
        async with store.unit() as unit:
            await take_in(unit, grouper, batch, rules, Moment(batch[-1].post.collected_at, roster))
    rate = len(arrivals) / (time.perf_counter() - began)
    await database.close()
    return rate


async def _plain(url: str, arrivals: Sequence[Arrival]) -> float:
    """Posts a second only stored: no incident, no grouping, no ledger."""
    database = Database(url)
    store = IncidentStore(database)
    began = time.perf_counter()
    for start in range(0, len(arrivals), BATCH):
        filed = [Filed(replace(a.post, source="plain"), a.assessment, "-") for a in arrivals[start : start + BATCH]]
        async with store.unit() as unit:
            await unit.file_posts(filed)
    rate = len(arrivals) / (time.perf_counter() - began)
    await database.close()
    return rate
