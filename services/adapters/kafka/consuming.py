"""Reading as a member of a group: explicit commits, rewind to the committed offset, and a watchdog."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError

from services.adapters.kafka.connection import Connection, let_go, translating
from services.usecases.ports import NotNow, Received

log = logging.getLogger(__name__)

SETTINGS: dict[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "earliest",
    "session_timeout_ms": 15_000,
    "heartbeat_interval_ms": 3_000,
    "max_poll_interval_ms": 300_000,
    "max_partition_fetch_bytes": 4_194_304,
}
GOODBYE_SECONDS = 5.0
# A group waits a session for a member that died. Whoever gives up sooner only adds one more dead member.
JOIN_SECONDS = 45.0
STUCK_SECONDS = 30.0


class KafkaSubscription(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """One member of a consumer group on one topic. `ports.Subscription`."""

    def __init__(self, connection: Connection, topic: str, group: str) -> None:
        self._connection, self._topic, self._group = connection, topic, group
        self._consumer: AIOKafkaConsumer | None = None
        # Per partition, the offset after the last message handed out since the partition was assigned to us.
        self._handed_out: dict[TopicPartition, int] = {}
        self._last_seen = 0.0

    async def open(self) -> None:
        """Join the group.

        Raises:
            NotNow: no broker answers, or the topic does not exist.
        """
        consumer = AIOKafkaConsumer(
            **self._connection.client(), **SETTINGS, group_id=self._connection.prefix + self._group
        )
        consumer.subscribe([self._connection.prefix + self._topic], listener=self)
        try:
            async with translating(max(JOIN_SECONDS, self._connection.patience)):
                await consumer.start()
        except BaseException:
            await let_go(consumer.stop(), consumer._client, GOODBYE_SECONDS)
            raise
        self._consumer, self._last_seen = consumer, asyncio.get_running_loop().time()

    async def batch(self, limit: int, wait_seconds: float) -> Sequence[Received]:
        """Up to `limit` messages after the last batch; empty when none came within `wait_seconds`."""
        consumer = await self._opened()
        try:
            async with translating(wait_seconds + self._connection.patience):
                found = await consumer.getmany(timeout_ms=int(wait_seconds * 1000), max_records=limit)
        except NotNow:
            await self.close()  # what failed once fails for ever in this client: the next call joins anew
            raise
        received = [_received(self._topic, record) for records in found.values() for record in records]
        for partition, records in found.items():
            self._handed_out[partition] = records[-1].offset + 1
        await self._watch(consumer, bool(received))
        return received

    async def commit(self, received: Sequence[Received]) -> None:
        """Commit the offset after each partition's last message.

        What was handed out before a rebalance is left out: the partition has a new owner, who reads it again.
        """
        consumer = await self._opened()
        ends: dict[int, int] = {}
        for one in received:
            if one.offset >= ends.get(one.partition, 0):
                ends[one.partition] = one.offset + 1
        offsets = {
            partition: ends[partition.partition]
            for partition, handed_out in self._handed_out.items()
            if ends.get(partition.partition, handed_out + 1) <= handed_out
        }
        try:
            async with translating(self._connection.patience):
                if offsets:
                    await _commit(consumer, offsets)
        except _Lost:
            log.warning("kafka: group %s rebalanced before a commit; the messages will be read again", self._group)

    async def rewind(self) -> None:
        """Seek every partition back to its committed offset, or to its beginning when there is none."""
        consumer = await self._opened()
        self._handed_out.clear()
        async with translating(self._connection.patience):
            for partition in consumer.assignment():
                committed = await consumer.committed(partition)
                if partition not in consumer.assignment():
                    continue
                if committed is None:
                    await consumer.seek_to_beginning(partition)
                else:
                    consumer.seek(partition, committed)

    async def lag(self) -> int:
        """Messages not committed yet on the partitions of this member."""
        consumer = await self._opened()
        async with translating(self._connection.patience):
            mine = list(consumer.assignment())
            ends, beginnings = await consumer.end_offsets(mine), await consumer.beginning_offsets(mine)
            return sum([ends[one] - (await consumer.committed(one) or beginnings[one]) for one in mine])

    async def close(self) -> None:
        """Leave the group."""
        self._handed_out.clear()
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await let_go(consumer.stop(), consumer._client, GOODBYE_SECONDS)

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        for partition in revoked:
            self._handed_out.pop(partition, None)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Reading starts at the committed offsets by itself."""

    async def _opened(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            await self.open()
        return self._consumer

    async def _watch(self, consumer: AIOKafkaConsumer, progress: bool) -> None:
        """A consumer can stop for ever after a broker's restart (aiokafka issues 703, 1154): replace it then."""
        now = asyncio.get_running_loop().time()
        if progress:
            self._last_seen = now
        elif now - self._last_seen > STUCK_SECONDS:
            self._last_seen = now
            if await self._is_stuck(consumer):
                log.warning("kafka: consumer of group %s was stuck and is replaced", self._group)
                await self.close()
                await self.open()

    async def _is_stuck(self, consumer: AIOKafkaConsumer) -> bool:
        async with translating(self._connection.patience):
            mine = list(consumer.assignment())
            ends = await consumer.end_offsets(mine)
            return any([ends[one] > await consumer.position(one) for one in mine])


def _received(topic: str, record: Any) -> Received:
    """Our own messages have the id as their only header; others get their place as id."""
    headers = record.headers
    # A header of somebody else's may be called "id" and have no value.
    if len(headers) == 1 and headers[0][0] == "id" and headers[0][1]:
        id_ = headers[0][1].decode(errors="replace")
    else:
        id_ = f"{topic}/{record.partition}/{record.offset}"
    key = record.key.decode(errors="replace") if record.key else ""
    return Received(topic, record.partition, record.offset, id_, key, record.value or b"")


class _Lost(Exception):
    """The partitions went to another member before the commit."""


async def _commit(consumer: AIOKafkaConsumer, offsets: dict[TopicPartition, int]) -> None:
    try:
        await consumer.commit(offsets)
    except (CommitFailedError, IllegalStateError) as error:
        raise _Lost from error
