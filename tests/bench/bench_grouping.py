"""Grouping with a million posts in the window, one process on SQLite, beside a look-up of exact copies only."""

from __future__ import annotations

import gc
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from sqlalchemy import insert, select

from config.gazetteer import load_gazetteer
from config.grouping import load_commonness, load_grouping
from services.adapters.automaton import leftmost_longest
from services.adapters.database import Database
from services.adapters.fingerprints import Fingerprints
from services.adapters.store import grouping as store
from services.adapters.store.signatures import pack
from services.adapters.tables import table_of
from services.adapters.tables.grouping import GroupingIncidentRow, GroupingKeyRow, GroupingPostRow
from services.domain.grouping import GroupingPolicy, Join, Pool, Signature
from services.domain.post import Post
from services.domain.regions import Gazetteer
from tests.bench.table import Row, absolute

WINDOW, MEASURED, BATCH = 1_000_000, 5_000, 500
PER_INCIDENT = 3
START = datetime(2026, 11, 20, tzinfo=UTC)
_chance = random.Random(5)
WORDS = ["".join(chr(_chance.randint(0x4E00, 0x8FFF)) for _ in range(2)) for _ in range(4000)]
PLACES = ["".join(_chance.choices(WORDS, k=2)) + "小区" for _ in range(5000)]
MATTERS = ("夜间施工噪音扰民", "停水两天没人修", "物业乱收停车费", "电梯坏了半年", "垃圾没人清运", "下水道返水")


async def run() -> list[Row]:
    policy = load_grouping()
    gazetteer = Gazetteer(*load_gazetteer(), leftmost_longest)
    signer = Fingerprints(gazetteer, policy, load_commonness())
    posts = [_post(number) for number in range(MEASURED)]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/grouping.sqlite")
        await database.create_all()
        await _fill(database, [signer.sign(_post(-number)) for number in range(1, 2001)])
        exact = await _exact_only(database, signer, posts)
        rate, of_processor = await _grouped(database, signer, policy, posts)
        resident = _resident_mib()
        await database.close()
    memory = Row("grouping, MiB resident", resident, "limit", 1024, resident / 1024, "≤ 1,024", resident <= 1024)
    return [
        absolute(f"grouping, {WINDOW:,} posts in the window", rate, ("exact copies only", exact), 1_000),
        absolute("grouping, the same by processor time", of_processor, ("by the clock", rate), 1_000),
        memory,
        _regions(gazetteer, posts),
    ]


def _post(number: int) -> Post:
    """About 400 characters; a place and a matter among words of no meaning."""
    chance = random.Random(number)
    place, matter = PLACES[int(chance.paretovariate(0.7)) % len(PLACES)], chance.choice(MATTERS)
    filler = "，".join("".join(chance.choices(WORDS, k=6)) for _ in range(28))
    at = START + timedelta(seconds=number)
    return Post(str(number), "bench", f"{place}{matter}", f"{place}{matter}。{filler}", at)


async def _fill(database: Database, samples: Sequence[Signature]) -> None:
    """A window full of posts: signatures of real ones over and over, under keys of their own."""
    packed = [pack(sample) for sample in samples]
    first, last = int((START - timedelta(days=60)).timestamp()), int(START.timestamp())
    async with database.write() as connection:
        for rows in _chunks(range(1, WINDOW + 1), 20_000):
            posts = [
                {"id": n, "post_key": f"{n:032x}", "incident": f"W-{n // PER_INCIDENT}", "signature": packed[n % 2000]}
                for n in rows
            ]
            await connection.execute(insert(GroupingPostRow), posts)
        for rows in _chunks(range(WINDOW // PER_INCIDENT + 1), 20_000):
            spans = [{"incident": f"W-{n}", "first_at": first, "last_at": last} for n in rows]
            await connection.execute(insert(GroupingIncidentRow), spans)
        for keys in _keys(samples):
            await connection.execute(insert(GroupingKeyRow), keys)


def _keys(samples: Sequence[Signature]) -> Iterator[list[dict[str, int]]]:
    """Six keys of its own and the matter keys of its sample for each post, in the order of the index."""
    own = np.random.default_rng(9).integers(0, 2**62, (WINDOW, 6))
    numbers = np.arange(1, WINDOW + 1)
    pairs = [np.column_stack([own[:, column], numbers]) for column in range(6)]
    for n, sample in enumerate(samples):
        of_sample = numbers[numbers % len(samples) == n]
        pairs += [np.column_stack([np.full(len(of_sample), key), of_sample]) for key in sample.matter]
    table = np.unique(np.concatenate(pairs), axis=0)
    for start in range(0, len(table), 20_000):
        yield [{"key": key, "post": post} for key, post in table[start : start + 20_000].tolist()]


async def _grouped(
    database: Database, signer: Fingerprints, policy: GroupingPolicy, posts: Sequence[Post]
) -> tuple[float, float]:
    """Posts a second, from text to remembered: by the clock, and by what the processor spent on them."""
    gc.freeze()  # as the role does once it is loaded
    began, spent = time.perf_counter(), time.process_time()
    for start in range(0, len(posts), BATCH):
        signatures = signer.sign_all([(post, None) for post in posts[start : start + BATCH]])
        async with database.write() as connection:
            pool = Pool(policy, await store.candidates(connection, signatures, START - policy.longest))
            for signature in signatures:
                verdict = pool.decide(signature)
                pool.place(signature, verdict.incident if isinstance(verdict, Join) else signature.post)
            await store.remember(connection, pool.placed)
    spent = time.process_time() - spent
    return len(posts) / (time.perf_counter() - began), len(posts) / spent


async def _exact_only(database: Database, signer: Fingerprints, posts: Sequence[Post]) -> float:
    """Posts a second when nothing but the hash of the whole text is looked up and nothing is kept."""
    began = time.perf_counter()
    for start in range(0, len(posts), BATCH):
        keys = [signer.sign(post).exact for post in posts[start : start + BATCH]]
        async with database.read() as connection:
            await connection.execute(select(GroupingKeyRow).where(table_of(GroupingKeyRow).c.key.in_(keys)))
    return len(posts) / (time.perf_counter() - began)


def _regions(gazetteer: Gazetteer, posts: Sequence[Post]) -> Row:
    """Places read, beside the same texts run through the bare automaton."""
    names, _ = load_gazetteer()
    bare = leftmost_longest([name.text for name in names])
    began = time.perf_counter()
    for post in posts:
        bare(post.text)
    between = time.perf_counter()
    for post in posts:
        gazetteer.find(post.title, post.text)
    ended = time.perf_counter()
    baseline = ("bare automaton", len(posts) / (between - began))
    return absolute("regions, posts of 400 characters", len(posts) / (ended - between), baseline, 25_000)


def _resident_mib() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _chunks(numbers: range, size: int) -> Iterator[range]:
    return (numbers[start : start + size] for start in range(0, len(numbers), size))
