"""Messages that nobody can read, or that break whoever tries, in the midst of a batch of 500, on every topic.

Each goes to the dead letters with its reason and can be sent again; what surrounds them ends as it would without them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from config.settings import Settings
from consumers.pipe import Worker
from consumers.topology import workers
from services import topics
from services.adapters import wire
from services.adapters.database import Database
from services.domain.assessment import Assessment
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EntryKind
from services.usecases.ports import Log, Message, Received
from services.usecases.tracking import Arrival, take_in
from services.wiring import House, SystemClock

BATCH = 500
POSTS, VERSIONS, COPIES = 100, 5, 6
START = datetime(2026, 1, 13, 2, tzinfo=UTC)
AFTER_ALL_TIME = datetime.max.replace(tzinfo=UTC)  # readable, and yet there is no such moment in Harbin
GAPS = "SELECT incident_id FROM ledger GROUP BY 1 HAVING max(seq) <> count(*) OR min(seq) <> 1"
MATTERS = (
    "暖气不热，室温只有14度",
    "路灯不亮，夜里看不清路",
    "井盖丢失，十分危险",
    "垃圾没有人清运",
    "停水两天没有通知",
)

pytestmark = pytest.mark.real


def post(number: int, version: int) -> Post:
    told = f"哈尔滨市南岗区{number}号楼居民反映：{MATTERS[number % len(MATTERS)]}。第{version}次反映，希望尽快解决。"
    return Post(f"p{number}", "市民热线", told[:30], told, START + timedelta(seconds=number))


POSTS_IN_ORDER = [post(number, version) for version in range(VERSIONS) for number in range(POSTS)]


def unreadable(good: bytes) -> dict[str, tuple[bytes, str]]:
    """What nobody can read, by kind, with a part of the reason; `good` is a message of the topic."""
    parts = msgspec.json.decode(good)
    deep = b"[" * 50_000 + b"]" * 50_000
    return {
        "bytes": (b"\xff\xfe\x00", "malformed"),
        "nothing": (b"", "truncated"),
        "shape": (b'["v", 1]', "Expected `object`"),
        "future": (msgspec.json.encode(parts | {"v": 99}), "schema version 99"),
        "deep": (good[:-1] + b',"more":' + deep + b"}", "RecursionError"),
        "nul": (good.replace(b'"v":1', b'"v":"a\\u0000b"'), "Expected `int`"),
    }


class Poisoned:
    """The messages of one topic with poison spread among them; `bad` are the poisoned ones with part of the reason."""

    def __init__(self, good: Sequence[Message], breaking: bytes, because: str) -> None:
        poison = unreadable(good[0].body) | {"breaking": (breaking, because)}
        self.good = list(good)[: BATCH - len(poison)]
        self.messages = list(self.good)
        self.bad: dict[str, tuple[bytes, str]] = {}
        for place, (kind, (body, reason)) in enumerate(poison.items(), start=1):
            name = f"poison-{kind}\x00" if kind == "nul" else f"poison-{kind}"
            self.bad[name] = body, reason
            self.messages.insert(place * len(self.good) // len(poison), Message(name, name, body))
        assert len(self.messages) == BATCH


@pytest.fixture(params=["embedded", "production"])
def house(request: pytest.FixtureRequest, tmp_path: Any) -> House:
    """An installation of this test's own: SQLite and the embedded log, or PostgreSQL and Kafka."""
    parts = ("sqlite_database", "local_logs") if request.param == "embedded" else ("postgres_database", "kafka_logs")
    database: Database = request.getfixturevalue(parts[0])
    open_log: Callable[[], Log] = request.getfixturevalue(parts[1])
    return House(Settings(data_dir=tmp_path), SystemClock(), database, open_log())


async def digested(house: House, worker: Worker, messages: Sequence[Message]) -> None:
    """Let the role do the messages until all of them are committed: a poisoned one is not met again and again."""
    await house.log.publish(worker.pipe.topic, messages)
    with capture_logs():
        async with house.log.subscribe(worker.pipe.topic, worker.pipe.name) as subscription, asyncio.timeout(60):
            while worker.done < len(messages):
                await worker.step(subscription, wait_seconds=1.0)
            assert await subscription.lag() == 0


async def buried_are(house: House, worker: Worker, bad: dict[str, tuple[bytes, str]]) -> None:
    letters = {letter.message_id: letter for letter in await house.dead_letters.waiting()}
    assert {name.replace("\x00", "�") for name in bad} == set(letters), worker.pipe.name
    for name, (body, because) in bad.items():
        letter = letters[name.replace("\x00", "�")]
        assert because in letter.reason
        assert (letter.body, letter.topic, letter.consumer) == (body, worker.pipe.topic, worker.pipe.name)


async def read_all(house: House, topic: str, count: int) -> list[Received]:
    found: list[Received] = []
    async with house.log.subscribe(topic, "watcher") as subscription:
        async with asyncio.timeout(20):
            while len(found) < count:
                found += await subscription.batch(BATCH, 1.0)
    return found


async def rows(house: House, statement: str) -> list[tuple[Any, ...]]:
    async with house.database.read() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


def assessed_messages(house: House) -> list[Message]:
    assessments: list[Assessment] = house.assessor.assess(POSTS_IN_ORDER)
    pairs = [(p, replace(a, relevant=True)) for p, a in zip(POSTS_IN_ORDER, assessments, strict=True)]
    return [Message(f"m{n}", p.key, wire.encode_assessed(p, a)) for n, (p, a) in enumerate(pairs)]


async def entries_of(house: House) -> list[Entry]:
    """The ledger of so many incidents that there are entries for a batch."""
    arrivals = [Arrival(m.id, *wire.decode_assessed(m.body)) for m in assessed_messages(house)[:POSTS]]
    copies = [
        replace(one, message_id=f"{copy}-{one.message_id}", post=replace(one.post, id=f"{copy}-{one.post.id}"))
        for copy in range(COPIES)
        for one in arrivals
    ]
    async with house.store.unit() as unit:
        await take_in(unit, house.grouper, copies, house.rules, await house.moment())
        return await unit.unpublished(BATCH)


@pytest.mark.parametrize("number", [0, 1], ids=["collected", "backfilled"])
async def test_what_is_assessed(house: House, number: int) -> None:
    worker = workers(house, "assess")[number]
    good = [Message(f"m{n}", p.key, wire.encode_post(p)) for n, p in enumerate(POSTS_IN_ORDER)]
    breaking = wire.encode_post(replace(POSTS_IN_ORDER[0], id="breaking", collected_at=AFTER_ALL_TIME))
    poisoned = Poisoned(good, breaking, "OverflowError")
    await digested(house, worker, poisoned.messages)
    await buried_are(house, worker, poisoned.bad)
    out = await read_all(house, topics.POSTS_ASSESSED, len(poisoned.good))
    assert len(out) == len(poisoned.good)
    for key in {m.key for m in poisoned.good}:
        assert [r.id for r in out if r.key == key] == [m.id for m in poisoned.good if m.key == key]


async def told(house: House, key: str) -> list[str]:
    """Every wording of a post on file, the first one first."""
    async with house.store.unit() as unit:
        [number] = (await unit.holders([key])).values()
        filed = await unit.posts_of(number, [key])
    [history] = await house.reader.histories(filed)
    return [version.post.text for version in history]


async def test_what_is_tracked(house: House) -> None:
    [worker] = workers(house, "track")
    good = assessed_messages(house)
    post, assessment = wire.decode_assessed(good[0].body)
    breaking = wire.encode_assessed(replace(post, id="breaking", collected_at=AFTER_ALL_TIME), assessment)
    poisoned = Poisoned(good, breaking, "OverflowError")
    await digested(house, worker, poisoned.messages)
    await buried_are(house, worker, poisoned.bad)
    for key in {m.key for m in poisoned.good}:
        sent = [wire.decode_assessed(m.body)[0].text for m in poisoned.good if m.key == key]
        assert await told(house, key) == sent
    filed = await rows(house, "SELECT count(*) FROM ledger WHERE kind IN ('incident_reported', 'post_attached')")
    assert filed == [(len(poisoned.good),)], "each post and each edit of one is filed exactly once"
    assert await rows(house, GAPS) == []


async def test_what_people_are_told(house: House) -> None:
    [worker] = workers(house, "notify")
    entries = await entries_of(house)
    poisoned = Poisoned(entry_messages(entries), wire.encode_entry(nowhere(entries)), "no incident")
    await digested(house, worker, poisoned.messages)
    await buried_are(house, worker, poisoned.bad)
    told = await rows(house, "SELECT DISTINCT message_id FROM delivery")
    assert {name for (name,) in told} == {m.id for m in poisoned.good if b'"level_alerted"' in m.body}
    assert told


async def test_what_comes_onto_the_desk(house: House) -> None:
    [worker] = workers(house, "project")
    entries = await entries_of(house)
    breaking = replace(nowhere(entries), recorded_at=datetime(2026, 1, 13))  # noqa: DTZ001 - the poison is that it has no zone
    poisoned = Poisoned(entry_messages(entries), wire.encode_entry(breaking), "TypeError")
    await digested(house, worker, poisoned.messages)
    await buried_are(house, worker, poisoned.bad)
    feed = await rows(house, "SELECT incident_id, message_id FROM desk_feed ORDER BY position")
    for incident in {m.key for m in poisoned.good}:
        assert [m for i, m in feed if i == incident] == [m.id for m in poisoned.good if m.key == incident]
    assert len(feed) == len(poisoned.good)


def entry_messages(entries: Sequence[Entry]) -> list[Message]:
    return [Message(e.message_id, e.incident_id, wire.encode_entry(e)) for e in entries]


def nowhere(entries: Sequence[Entry]) -> Entry:
    """A call about an incident that does not exist."""
    alert = next(e for e in entries if e.kind is EntryKind.LEVEL_ALERTED)
    return replace(alert, incident_id="20260113-nowhere")
