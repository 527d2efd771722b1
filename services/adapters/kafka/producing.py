"""Publishing: idempotent, batched by hand, and with a producer that is replaced when its sequence breaks."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import Sequence
from itertools import chain
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    DuplicateSequenceNumber,
    InvalidProducerEpoch,
    KafkaTimeoutError,
    LeaderNotAvailableError,
    NotLeaderForPartitionError,
    OutOfOrderSequenceNumber,
    ProducerClosed,
    ProducerFenced,
    UnknownProducerId,
)

from services.adapters.kafka.connection import Connection, let_go, translating
from services.usecases.ports import Message, NotNow

log = logging.getLogger(__name__)

SETTINGS: dict[str, Any] = {
    "acks": "all",
    "enable_idempotence": True,
    "linger_ms": 5,
    "max_batch_size": 262_144,
    "compression_type": "zstd",
    # A batch that expires without a leader breaks the sequence for good (aiokafka issue 1017): expire late.
    "request_timeout_ms": 120_000,
}
BROKEN = (
    OutOfOrderSequenceNumber,
    LeaderNotAvailableError,
    NotLeaderForPartitionError,
    DuplicateSequenceNumber,
    InvalidProducerEpoch,
    UnknownProducerId,
    ProducerFenced,
    ProducerClosed,
)
TRIES = 3
GOODBYE_SECONDS = 5.0


class Publisher:
    """One producer for the process, made at the first publish."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._producer: Any = None
        self._opening = asyncio.Lock()

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Return when all in-sync replicas have every message.

        After a broken sequence the whole call is sent again by a new producer: some messages may then be there
        twice, with the same id.

        Raises:
            NotNow: the cluster did not take them in time. The same call may be repeated.
        """
        for _ in range(TRIES):
            producer = await self._open()
            try:
                async with translating(self._connection.patience):
                    return await _send(producer, self._connection.prefix + topic, messages)
            except NotNow as refusal:
                await self._discard(producer)
                if not isinstance(refusal.__cause__, BROKEN):
                    raise
                log.warning("kafka producer replaced: %s", refusal)
        raise NotNow(f"kafka: {TRIES} producers in a row lost their sequence on {topic}")

    async def check(self) -> None:
        """Raise NotNow unless the cluster answers."""
        producer = await self._open()
        async with translating(min(5.0, self._connection.patience)):
            await producer.client.fetch_all_metadata()

    async def close(self) -> None:
        if self._producer is not None:
            await self._discard(self._producer)

    async def _open(self) -> Any:
        async with self._opening:
            if self._producer is None:
                self._producer = await _started(self._connection)
            return self._producer

    async def _discard(self, producer: AIOKafkaProducer) -> None:
        """Only the first who finds a producer broken closes it; the others get the new one."""
        if self._producer is producer:
            self._producer = None
            await let_go(_stop(producer), producer.client, GOODBYE_SECONDS)


class _Pending(set[Any]):
    """Batches on their way. One that is put back for another try is taken out, and again when it has failed: aiokafka
    does both, whichever comes first, and must not stumble over the second.
    """

    def remove(self, batch: Any) -> None:
        self.discard(batch)


async def _started(connection: Connection) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(**connection.client(), **SETTINGS)
    producer._message_accumulator._pending_batches = _Pending()
    try:
        async with translating(connection.patience):
            await producer.start()
    except BaseException:
        await let_go(producer.stop(), producer.client, GOODBYE_SECONDS)
        raise
    return producer


async def _stop(producer: AIOKafkaProducer) -> None:
    """Send what is under way; if that cannot end, fail it, so that nobody waits for a closed producer."""
    stopping = asyncio.ensure_future(producer.stop())
    await asyncio.wait({stopping}, timeout=GOODBYE_SECONDS / 2)
    if not stopping.done():
        _fail_unsent(producer._message_accumulator)
        producer._sender.sender_task.cancel()
    await stopping


def _fail_unsent(accumulator: Any) -> None:
    """Fail what was not sent, as the sender itself would if it were not stuck."""
    waiting = list(chain.from_iterable(accumulator._batches.values()))
    batches = [*waiting, *accumulator._pending_batches]
    accumulator.fail_all(KafkaTimeoutError())
    for batch in batches:
        if batch._drain_waiter.done():
            _heard(batch._drain_waiter)


async def _send(producer: AIOKafkaProducer, topic: str, messages: Sequence[Message]) -> None:
    partitions = sorted(await producer.partitions_for(topic))
    placed: dict[int, list[Message]] = {}
    for message in messages:
        partition = partitions[zlib.crc32(message.key.encode()) % len(partitions)]
        placed.setdefault(partition, []).append(message)
    sending = [_send_to(producer, topic, partition, some) for partition, some in placed.items()]
    # Every partition is waited for, so that no failure is left unseen; then the first one is raised.
    results = await asyncio.gather(*sending, return_exceptions=True)
    for failure in (result for result in results if isinstance(result, BaseException)):
        raise failure


async def _send_to(producer: AIOKafkaProducer, topic: str, partition: int, messages: Sequence[Message]) -> None:
    """Whole batches, in order: three to four times faster than one future per message."""
    sent = []
    batch = producer.create_batch()
    for message in messages:
        if not _add(batch, message):
            sent.append(await _hand_over(producer, batch, topic, partition))
            batch = producer.create_batch()
            _add(batch, message)
    batch.close()
    sent.append(await _hand_over(producer, batch, topic, partition))
    # Not gather: it cancels what it waits for, and a cancelled batch breaks aiokafka's sender.
    await asyncio.wait(sent)
    for future in sent:
        future.result()


async def _hand_over(producer: AIOKafkaProducer, batch: Any, topic: str, partition: int) -> asyncio.Future[Any]:
    future: asyncio.Future[Any] = await producer.send_batch(batch, topic, partition=partition)
    future.add_done_callback(_heard)
    return future


def _heard(future: asyncio.Future[Any]) -> None:
    """Whoever gave up on it was told by `NotNow`: its failure needs no second hearing."""
    if not future.cancelled():
        future.exception()


def _add(batch: Any, message: Message) -> bool:
    """False when the batch is full. The first message of a batch always fits."""
    headers = [("id", message.id.encode())]
    return batch.append(timestamp=None, key=message.key.encode(), value=message.body, headers=headers) is not None
