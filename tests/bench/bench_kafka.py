"""Reading a topic and publishing every message on: ours against the same aiokafka client used plainly.

Plainly means the same settings, `getmany`, one `send` for each message as aiokafka's own examples have it, all
awaited, one commit for a batch. The third row is the harder comparison: plain aiokafka with batches built by hand.
Each of the three reads all messages in every round; the rounds alternate and the medians are compared.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.adapters.kafka import KafkaLog, Layout, consuming, producing
from services.usecases.ports import Message
from tests.bench.table import Row, against
from tests.real.broker import BENCH_JVM, Cluster, wait_until_ready

SOURCE, TARGET = "posts.collected", "posts.assessed"
COUNT, BATCH, ROUNDS = 40_000, 500, 3
CHARACTERS = "供暖停水道路公交噪音学校医院物业小区投诉回复市民反映希望尽快解决部门街道情况说明"


async def run() -> list[Row]:
    cluster = Cluster(jvm=BENCH_JVM)
    cluster.start()
    try:
        await wait_until_ready(cluster.bootstrap)
        log = KafkaLog(cluster.bootstrap)
        await log.ensure_topics([SOURCE, TARGET], Layout(allow_unsafe=True))
        await _fill(log)
        rates = await _rounds(cluster.bootstrap, log)
        await log.close()
    finally:
        cluster.close()
    return [
        against("kafka read and publish on", rates["ours"], ("aiokafka, send", rates["send"]), 0.70),
        against("kafka read and publish on", rates["ours"], ("aiokafka, send_batch", rates["batch"]), 0.70),
    ]


async def _fill(log: KafkaLog) -> None:
    chance = random.Random(7)
    for start in range(0, COUNT, BATCH):
        bodies = ["".join(chance.choices(CHARACTERS, k=320)).encode() for _ in range(BATCH)]
        batch = [Message(f"post-{start + row}", f"source:{row % 97}", body) for row, body in enumerate(bodies)]
        await log.publish(SOURCE, batch)


async def _rounds(bootstrap: str, log: KafkaLog) -> dict[str, float]:
    ways: dict[str, Callable[[str], Awaitable[float]]] = {
        "send": lambda group: _plain(bootstrap, group, _send),
        "batch": lambda group: _plain(bootstrap, group, _send_batches),
        "ours": lambda group: _ours(log, group),
    }
    rates: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(ROUNDS + 1):
        for name, way in ways.items():
            rate = await way(f"{name}-{number}")
            if number:  # the first round warms the broker's compiler
                rates[name].append(rate)
    return {name: statistics.median(some) for name, some in rates.items()}


async def _ours(log: KafkaLog, group: str) -> float:
    seen = 0
    async with log.subscribe(SOURCE, group) as member:
        began = time.perf_counter()
        while seen < COUNT:
            batch = await member.batch(BATCH, 1.0)
            await log.publish(TARGET, [Message(one.id, one.key, one.body) for one in batch])
            await member.commit(batch)
            seen += len(batch)
        return COUNT / (time.perf_counter() - began)


async def _plain(bootstrap: str, group: str, publish: Callable[[Any, list[Any]], Awaitable[None]]) -> float:
    consumer = AIOKafkaConsumer(SOURCE, bootstrap_servers=bootstrap, group_id=group, **consuming.SETTINGS)
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
    sent = [await producer.send(TARGET, value=one.value, key=one.key, headers=list(one.headers)) for one in records]
    await asyncio.gather(*sent)


async def _send_batches(producer: Any, records: list[Any]) -> None:
    """Onto the same partition number, so that even the hash of the key is saved."""
    sent, batches = [], {}
    for one in records:
        batch = batches.setdefault(one.partition, producer.create_batch())
        if batch.append(timestamp=None, key=one.key, value=one.value, headers=list(one.headers)) is None:
            sent.append(await producer.send_batch(batch, TARGET, partition=one.partition))
            batches[one.partition] = batch = producer.create_batch()
            batch.append(timestamp=None, key=one.key, value=one.value, headers=list(one.headers))
    for partition, batch in batches.items():
        batch.close()
        sent.append(await producer.send_batch(batch, TARGET, partition=partition))
    await asyncio.gather(*sent)
