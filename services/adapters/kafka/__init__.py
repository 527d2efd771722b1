"""Apache Kafka as the log: the production form of `locallog`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from services.adapters.kafka.connection import Connection
from services.adapters.kafka.consuming import KafkaSubscription
from services.adapters.kafka.producing import Publisher
from services.adapters.kafka.topics import Layout, UnsafeTopics, ensure
from services.topics import ALL
from services.usecases.ports import Message

__all__ = ["KafkaLog", "KafkaSubscription", "Layout", "UnsafeTopics"]


class KafkaLog:
    """`ports.Log` on a cluster. At least once: a repeat carries the same `Message.id`.

    `patience` is how many seconds a call waits for the cluster before it raises `NotNow`; a fail-over of a
    three-node cluster takes ten to thirty.
    """

    def __init__(
        self, bootstrap: str, *, prefix: str = "", patience: float = 60.0, security: Mapping[str, Any] | None = None
    ) -> None:
        self._connection = Connection(bootstrap, prefix=prefix, patience=patience, security=security or {})
        self._publisher = Publisher(self._connection)

    async def ensure_topics(self, topics: Sequence[str] = ALL, layout: Layout | None = None) -> None:
        """Create missing topics and refuse unsafe ones; call it before anything else.

        Raises:
            UnsafeTopics: with a message for the operator.
            NotNow: the cluster is not ready.
        """
        await ensure(self._connection, topics, layout or Layout())

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Return when all in-sync replicas have every message."""
        if messages:
            await self._publisher.publish(topic, messages)

    @asynccontextmanager
    async def subscribe(self, topic: str, group: str) -> AsyncIterator[KafkaSubscription]:
        """Join `group` on `topic`; leaving the block leaves the group."""
        member = KafkaSubscription(self._connection, topic, group)
        await member.open()
        try:
            yield member
        finally:
            await member.close()

    async def ready(self) -> None:
        """Raise NotNow with a reason when the cluster does not answer."""
        await self._publisher.check()

    async def close(self) -> None:
        """Send what is under way and disconnect."""
        await self._publisher.close()
