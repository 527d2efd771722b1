"""One consumer as data: the topic it reads, how a message is read, the function called with a batch."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog

from services.usecases.ports import Clock, Conflict, Log, NotNow, Received, Subscription, TooManyDead, Unreadable

logger = structlog.get_logger()
PAUSE_SECONDS = 1.0
MAX_PAUSE_SECONDS = 30.0


class Graveyard(Protocol):
    """Where messages go that nobody can read."""

    async def bury(self, consumer: str, refused: Sequence[tuple[Received, str]], now: Any) -> None:
        """Keep them with their reasons."""


@dataclass(frozen=True, slots=True)
class Pipe:
    """`read` turns a message into what `take` accepts and raises Unreadable; `take` does a whole batch or nothing."""

    name: str
    topic: str
    read: Callable[[Received], Any]
    take: Callable[[Sequence[Any]], Awaitable[None]]
    writes: str = ""
    batch: int = 500
    dead_in_a_row: int = 1000


@dataclass(slots=True)
class Worker:
    """Runs one pipe until told to stop. Offsets are committed last."""

    pipe: Pipe
    log: Log
    graveyard: Graveyard
    clock: Clock
    done: int = 0
    dead: int = 0
    in_a_row: int = 0
    trouble: str = ""
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Read, take, commit; on NotNow pause, start again from what was committed."""
        pause = PAUSE_SECONDS
        while not self.stopping.is_set():
            try:
                async with self.log.subscribe(self.pipe.topic, self.pipe.name) as subscription:
                    pause = PAUSE_SECONDS
                    await self._drain(subscription)
            except NotNow as trouble:
                self.trouble = str(trouble)
                logger.warning("paused", consumer=self.pipe.name, reason=str(trouble), seconds=pause)
                await self._wait(pause)
                pause = min(pause * 2, MAX_PAUSE_SECONDS)

    async def _drain(self, subscription: Subscription) -> None:
        while not self.stopping.is_set():
            await self.step(subscription, wait_seconds=1.0)

    async def step(self, subscription: Subscription, wait_seconds: float) -> int:
        """One batch: read, take, commit. Returns how many messages were done."""
        received = await subscription.batch(self.pipe.batch, wait_seconds)
        if not received:
            return 0
        try:
            await self._do(received)
        except Conflict:
            await subscription.rewind()
            return 0
        await subscription.commit(received)
        self.done += len(received)
        self.trouble = ""
        return len(received)

    async def _do(self, received: Sequence[Received]) -> None:
        """Take what can be taken, in order; bury the rest."""
        readable, refused = self._read_all(received)
        refused += await self._take(readable)
        await self._bury(refused, len(received))

    def _read_all(self, received: Sequence[Received]) -> tuple[list[tuple[Received, Any]], list[tuple[Received, str]]]:
        readable: list[tuple[Received, Any]] = []
        refused: list[tuple[Received, str]] = []
        for message in received:
            try:
                readable.append((message, self.pipe.read(message)))
            except Unreadable as reason:
                refused.append((message, str(reason)))
            except Exception as error:  # noqa: BLE001 - whatever reading it breaks, the rest of the batch is unharmed
                refused.append((message, repr(error)))
        return readable, refused

    async def _take(self, readable: Sequence[tuple[Received, Any]]) -> list[tuple[Received, str]]:
        """Take them all at once; where that fails by halves, until the one at fault stands alone. Returns those."""
        error = await self._failure([item for _, item in readable]) if readable else None
        if error is None:
            return []
        if len(readable) == 1:
            logger.error("message failed", consumer=self.pipe.name, error=repr(error), exc_info=error)
            return [(readable[0][0], repr(error))]
        middle = len(readable) // 2
        return await self._take(readable[:middle]) + await self._take(readable[middle:])

    async def _failure(self, items: Sequence[Any]) -> Exception | None:
        try:
            await self.pipe.take(items)
        except (NotNow, Conflict):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the rest of the batch is unharmed
            return error
        return None

    async def _bury(self, refused: Sequence[tuple[Received, str]], of: int) -> None:
        self.in_a_row = self.in_a_row + of if len(refused) == of else 0
        if self.in_a_row > self.pipe.dead_in_a_row:
            reason = refused[-1][1]
            raise TooManyDead(
                f"{self.pipe.name}: {self.in_a_row} messages in a row on {self.pipe.topic} could not be done, the last "
                f"because: {reason}. The program must be wrong, not the data: install one that reads them"
            )
        for message, reason in refused:
            place = f"{message.topic}/{message.partition}/{message.offset}"
            logger.error("dead letter", consumer=self.pipe.name, place=place, reason=reason)
        await self.graveyard.bury(self.pipe.name, refused, self.clock.now())
        self.dead += len(refused)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.stopping.wait(), seconds)
        except TimeoutError:
            return
