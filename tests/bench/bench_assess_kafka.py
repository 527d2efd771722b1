"""The assess worker on a real Kafka against plain aiokafka that reads the same posts and sends them on untouched.

Plainly means the same settings, `getmany`, one `send` for each message as aiokafka's own examples have it, all
awaited, one commit for a batch. The second row is the harder comparison: plain aiokafka with batches built by hand.
The worker does all its work – reads a post as JSON, checks it, writes it with an assessment, commits last – only that
the assessment is the same for every post. Each way reads all posts in every round; the rounds alternate and the
medians are compared. The rate with real assessing stands beside it.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from config.settings import Settings
from consumers.topology import workers
from services.adapters import wire
from services.adapters.kafka import consuming, producing
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.topics import POSTS_ASSESSED, POSTS_COLLECTED
from services.usecases.ports import Assessor, Message
from services.wiring import House, open_house
from tests.bench import hotline
from tests.bench.table import Row, against
from tests.real.broker import BENCH_JVM, Cluster, wait_until_ready

COUNT, BATCH, ROUNDS = 20_000, 500, 5
ASSESSED = 6_000
"""So many posts the real assessing is measured on."""


class Identity:
    """Answers every post with the same proposal."""

    def assess(self, posts: Sequence[Post]) -> list[Assessment]:
        return [Assessment(True, "", {}, "BGT")] * len(posts)


async def run() -> list[Row]:
    cluster = Cluster(jvm=BENCH_JVM)
    cluster.start()
    try:
        await wait_until_ready(cluster.bootstrap)
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(
                data_dir=Path(folder), log="kafka", kafka_bootstrap=cluster.bootstrap,
                kafka_replication=1, kafka_min_isr=1, allow_unsafe_kafka=True,
            )  # fmt: skip
            async with open_house(settings) as house:
                return await _measured(house)
    finally:
        cluster.close()


async def _measured(house: House) -> list[Row]:
    posts = hotline.posts(COUNT)
    messages = [Message(post.key, post.key, wire.encode_post(post)) for post in posts]
    for start in range(0, COUNT, BATCH):
        await house.log.publish(POSTS_COLLECTED, messages[start : start + BATCH])
    machine = house.assessor
    machine.assess(posts[:BATCH])
    rates = await _rounds(house)
    real = await _worker(house, machine, "real", ASSESSED)
    name = "assess worker on Kafka, assessing as identity"
    return [
        against(name, rates["worker"], ("aiokafka, send", rates["send"]), 0.70),
        _shown(name, rates["worker"], ("aiokafka, send_batch", rates["batch"])),
        _shown("assess worker on Kafka, everything on", real, ("assessing as identity", rates["worker"])),
    ]


def _shown(name: str, rate: float, beside: tuple[str, float]) -> Row:
    return Row(name, rate, *beside, rate / beside[1], "shown", True)


async def _rounds(house: House) -> dict[str, float]:
    ways: dict[str, Callable[[str], Awaitable[float]]] = {
        "send": lambda group: _plain(house, group, _send),
        "worker": lambda group: _worker(house, Identity(), group, COUNT),
        "batch": lambda group: _plain(house, group, _send_batches),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            rate = await way(f"{name}-{number}")
            if number:  # the first round warms the broker's compiler
                rates[name].append(rate)
    return {name: statistics.median(some) for name, some in rates.items()}


async def _worker(house: House, assessor: Assessor, group: str, count: int) -> float:
    """The worker as it runs, as a group of its own."""
    house.__dict__["assessor"] = assessor
    worker = workers(house, "assess")[0]
    async with house.log.subscribe(POSTS_COLLECTED, group) as subscription:
        began = time.perf_counter()
        while worker.done < count:
            await worker.step(subscription, wait_seconds=1.0)
        rate = worker.done / (time.perf_counter() - began)
    assert worker.dead == 0
    return rate


async def _plain(house: House, group: str, publish: Callable[[Any, list[Any]], Awaitable[None]]) -> float:
    bootstrap = house.settings.kafka_bootstrap
    consumer = AIOKafkaConsumer(POSTS_COLLECTED, bootstrap_servers=bootstrap, group_id=group, **consuming.SETTINGS)
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, **producing.SETTINGS)
    await consumer.start()
    await producer.start()
    seen = 0
    began = time.perf_counter()
    while seen < COUNT:
        found = await consumer.getmany(timeout_ms=1000, max_records=BATCH)
        records = [record for some in found.values() for record in some]
        await publish(producer, records)
        await consumer.commit({partition: some[-1].offset + 1 for partition, some in found.items()})
        seen += len(records)
    rate = COUNT / (time.perf_counter() - began)
    await consumer.stop()
    await producer.stop()
    return rate


async def _send(producer: Any, records: list[Any]) -> None:
    sent = [
        await producer.send(POSTS_ASSESSED, value=one.value, key=one.key, headers=list(one.headers)) for one in records
    ]
    await asyncio.gather(*sent)


async def _send_batches(producer: Any, records: list[Any]) -> None:
    """Onto the same partition number, so that even the hash of the key is saved."""
    sent: list[Any] = []
    batches: dict[int, Any] = {}
    for one in records:
        batch = batches.setdefault(one.partition, producer.create_batch())
        if batch.append(timestamp=None, key=one.key, value=one.value, headers=list(one.headers)) is None:
            sent.append(await producer.send_batch(batch, POSTS_ASSESSED, partition=one.partition))
            batches[one.partition] = batch = producer.create_batch()
            batch.append(timestamp=None, key=one.key, value=one.value, headers=list(one.headers))
    for partition, batch in batches.items():
        batch.close()
        sent.append(await producer.send_batch(batch, POSTS_ASSESSED, partition=partition))
    await asyncio.gather(*sent)
