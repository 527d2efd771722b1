"""A broker that dies: nothing acknowledged is lost, and a call either resumes or says `NotNow`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from services.adapters.kafka import KafkaLog, Layout, UnsafeTopics
from services.topics import POSTS_COLLECTED
from services.usecases.ports import Message, NotNow, Subscription
from tests.conftest import unavailable
from tests.real.broker import Cluster, wait_until_ready
from tests.real.servers import Missing

pytestmark = pytest.mark.real
TOPIC = POSTS_COLLECTED
WAIT = 90.0


@pytest.fixture(scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    """A broker of this module's own, to be killed."""
    try:
        own = Cluster()
    except Missing as missing:
        unavailable(missing)
    own.start()
    await wait_until_ready(own.bootstrap)
    yield own
    own.close()


@asynccontextmanager
async def connected(bootstrap: str, patience: float, prefix: str = "") -> AsyncIterator[KafkaLog]:
    log = KafkaLog(bootstrap, prefix=prefix, patience=patience)
    try:
        yield log
    finally:
        await log.close()


def batch(number: int) -> list[Message]:
    return [Message(f"{number}-{row}", f"source:{row % 5}", b"x" * 200) for row in range(20)]


class Traffic:
    """A publisher and a reader that repeat on `NotNow`, as the roles do, and count."""

    def __init__(self, log: KafkaLog) -> None:
        self.log = log
        self.acknowledged: set[str] = set()
        self.seen: set[str] = set()
        self.refused = 0
        self.stopping = False
        self.progress = asyncio.Condition()

    async def publish(self) -> None:
        number = 0
        while not self.stopping:
            try:
                await self.log.publish(TOPIC, batch(number))
            except NotNow:
                self.refused += 1
                continue
            self.acknowledged.update(message.id for message in batch(number))
            number += 1
            async with self.progress:
                self.progress.notify_all()

    async def consume(self) -> None:
        async with self.log.subscribe(TOPIC, "g") as member:
            while not self.finished():
                try:
                    await self._read(member)
                except NotNow:
                    self.refused += 1

    async def _read(self, member: Subscription) -> None:
        some = await member.batch(500, 0.5)
        self.seen.update(one.id for one in some)
        await member.commit(some)

    def finished(self) -> bool:
        return self.stopping and self.acknowledged <= self.seen

    async def until(self, count: int) -> None:
        """Return when this many more messages were acknowledged."""
        goal = len(self.acknowledged) + count
        async with self.progress:
            await self.progress.wait_for(lambda: len(self.acknowledged) >= goal)


async def test_a_broker_killed_twice_in_the_midst_of_traffic_loses_nothing_acknowledged(cluster: Cluster) -> None:
    async with connected(cluster.bootstrap, patience=5.0, prefix="traffic.") as log:
        await log.ensure_topics([TOPIC], Layout(allow_unsafe=True))
        traffic = Traffic(log)
        async with asyncio.timeout(WAIT), asyncio.TaskGroup() as tasks:
            tasks.create_task(traffic.publish())
            tasks.create_task(traffic.consume())
            for _ in range(2):
                await traffic.until(400)
                cluster.nodes[0].kill()
                cluster.nodes[0].start()
            await traffic.until(400)
            traffic.stopping = True
        assert traffic.acknowledged <= traffic.seen


async def test_publishing_while_the_broker_is_down_is_refused_and_succeeds_afterwards(cluster: Cluster) -> None:
    async with connected(cluster.bootstrap, patience=2.0, prefix="down.") as log:
        await log.ensure_topics([TOPIC], Layout(allow_unsafe=True))
        await log.publish(TOPIC, batch(0))
        cluster.nodes[0].kill()
        with pytest.raises(NotNow):
            await log.publish(TOPIC, batch(1))
        with pytest.raises(NotNow):
            await log.ready()
        cluster.nodes[0].start()
        await wait_until_ready(cluster.bootstrap)
        await repeat(log, batch(1))
        assert await seen(log, 40) == {message.id for message in batch(0) + batch(1)}


async def repeat(log: KafkaLog, messages: list[Message]) -> None:
    """As a caller does on `NotNow`."""
    async with asyncio.timeout(WAIT):
        while True:
            try:
                return await log.publish(TOPIC, messages)
            except NotNow:
                continue


async def seen(log: KafkaLog, count: int) -> set[str]:
    found: set[str] = set()
    async with asyncio.timeout(WAIT), log.subscribe(TOPIC, "g") as member:
        while len(found) < count:
            found.update(one.id for one in await member.batch(100, 1.0))
    return found


async def test_a_topic_on_one_broker_is_refused_with_a_message_for_the_operator(kafka_bootstrap: str) -> None:
    log = KafkaLog(kafka_bootstrap, prefix="unsafe.")
    await log.ensure_topics([TOPIC], Layout(allow_unsafe=True))
    with pytest.raises(UnsafeTopics, match=r"unsafe\.posts\.collected has min\.insync\.replicas 1") as refused:
        await log.ensure_topics([TOPIC])
    assert "--allow-unsafe-kafka" in str(refused.value)


async def test_a_cluster_too_small_for_safe_topics_is_not_now(kafka_bootstrap: str) -> None:
    with pytest.raises(NotNow, match=r"(?i)replication"):
        await KafkaLog(kafka_bootstrap, prefix="small.").ensure_topics([TOPIC])


async def test_nobody_there_is_not_now(free_port: int) -> None:
    async with connected(f"127.0.0.1:{free_port}", patience=2.0) as log:
        with pytest.raises(NotNow):
            await log.publish(TOPIC, batch(0))
        with pytest.raises(NotNow):
            async with log.subscribe(TOPIC, "g"):
                pass
