"""A broker that dies: nothing acknowledged is lost, and a call either resumes or says `NotNow`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaProducer

from services.adapters.kafka import KafkaLog, Layout, UnsafeTopics
from services.topics import POSTS_COLLECTED
from services.usecases.ports import Message, NotNow
from tests.conftest import unavailable
from tests.real.broker import Cluster, wait_until_ready
from tests.real.servers import Missing
from tests.real.traffic import Traffic, batch

pytestmark = pytest.mark.real
TOPIC = POSTS_COLLECTED
WAIT = 120.0


@asynccontextmanager
async def running(size: int) -> AsyncIterator[Cluster]:
    """Brokers of this module's own, to be killed."""
    try:
        own = Cluster(size)
    except Missing as missing:
        unavailable(missing)
    own.start()
    try:
        await wait_until_ready(own.bootstrap, size)
        yield own
    finally:
        own.close()


@pytest.fixture(scope="module")
async def cluster() -> AsyncIterator[Cluster]:
    async with running(1) as own:
        yield own


@asynccontextmanager
async def connected(bootstrap: str, patience: float, prefix: str = "") -> AsyncIterator[KafkaLog]:
    log = KafkaLog(bootstrap, prefix=prefix, patience=patience)
    try:
        yield log
    finally:
        await log.close()


async def test_a_broker_killed_twice_in_the_midst_of_traffic_loses_nothing_acknowledged(cluster: Cluster) -> None:
    async with connected(cluster.bootstrap, patience=5.0, prefix="traffic.") as log:
        await log.ensure_topics([TOPIC], Layout(allow_unsafe=True))
        traffic = Traffic(log, TOPIC)
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


@pytest.mark.slow
@pytest.mark.skipif(os.environ.get("HUIYING_FULL") != "1", reason="HUIYING_FULL=1 runs it: three brokers, minutes")
async def test_one_of_three_brokers_killed_after_the_other_loses_nothing_and_the_topics_count_as_safe() -> None:
    async with running(3) as cluster, connected(cluster.bootstrap, patience=60.0) as log:
        await log.ensure_topics([TOPIC])
        traffic = Traffic(log, TOPIC)
        async with asyncio.timeout(WAIT), asyncio.TaskGroup() as tasks:
            tasks.create_task(traffic.publish())
            tasks.create_task(traffic.consume())
            for node in cluster.nodes[:2]:
                await traffic.until(400)
                node.kill()
                await traffic.until(400)
                node.start()
                await wait_until_ready(cluster.bootstrap, 3)
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


async def test_what_another_program_writes_is_handed_out_under_its_place(kafka_bootstrap: str) -> None:
    async with connected(kafka_bootstrap, patience=20.0, prefix="foreign.") as log:
        await log.ensure_topics([TOPIC], Layout(partitions=1, allow_unsafe=True))
        producer = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
        await producer.start()
        for headers in ([("id", None)], [("id", b"")], [("trace", b"1"), ("id", b"x")], []):
            await producer.send_and_wait("foreign." + TOPIC, key=b"k", headers=headers)
        await producer.stop()
        assert await seen(log, 4) == {f"{TOPIC}/0/{offset}" for offset in range(4)}


async def test_nobody_there_is_not_now(free_port: int) -> None:
    async with connected(f"127.0.0.1:{free_port}", patience=2.0) as log:
        with pytest.raises(NotNow):
            await log.publish(TOPIC, batch(0))
        with pytest.raises(NotNow):
            async with log.subscribe(TOPIC, "g"):
                pass
