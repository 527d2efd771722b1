"""A publisher and a reader that repeat on `NotNow`, as the roles do, and count."""

from __future__ import annotations

import asyncio

from services.adapters.kafka import KafkaLog
from services.usecases.ports import Message, NotNow, Subscription


def batch(number: int) -> list[Message]:
    return [Message(f"{number}-{row}", f"source:{row % 5}", b"x" * 200) for row in range(20)]


class Traffic:
    def __init__(self, log: KafkaLog, topic: str) -> None:
        self.log, self.topic = log, topic
        self.acknowledged: set[str] = set()
        self.seen: set[str] = set()
        self.refused = 0
        self.stopping = self.published = False
        self.progress = asyncio.Condition()

    async def publish(self) -> None:
        number = 0
        while not self.stopping:
            try:
                await self.log.publish(self.topic, batch(number))
            except NotNow:
                self.refused += 1
                continue
            self.acknowledged.update(message.id for message in batch(number))
            number += 1
            async with self.progress:
                self.progress.notify_all()
        self.published = True

    async def consume(self) -> None:
        async with self.log.subscribe(self.topic, "g") as member:
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
        """Only when nothing is under way any more: what is acknowledged last must be seen too."""
        return self.published and self.acknowledged <= self.seen

    async def until(self, more: int) -> None:
        """Return when this many more messages were acknowledged."""
        goal = len(self.acknowledged) + more
        async with self.progress:
            await self.progress.wait_for(lambda: len(self.acknowledged) >= goal)
