"""The embedded log: topics, partitions, groups and offsets as tables of the one database.

1. `publish` gives each message the next offset of its partition, all in one durable transaction.
2. A member of a group leases a partition by reading from it; nobody else of the group reads it meanwhile.
3. `commit` stores how far the group has come and frees the partitions that are done; `rewind` frees without storing.

It is not a broker. Leases live in this process, so one process at a time runs a group; publishing may come from any
process. A waiting member is woken at once by a publish in its own process; for those of others it looks twice a
second.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from sqlalchemy.exc import DBAPIError

from services.adapters.database import Database
from services.adapters.locallog.groups import Group
from services.adapters.locallog.storage import LogStorage
from services.usecases.ports import Message, NotNow, Received

POLL_SECONDS = 0.5


class LocalLog:
    """`ports.Log` on the database. Order per key holds, because a key always goes to the same partition."""

    def __init__(self, database: Database, partitions: int = 4) -> None:
        self._storage = LogStorage(database, partitions)
        self._groups: dict[tuple[str, str], Group] = {}
        self._news: dict[str, asyncio.Event] = {}

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        """Return when every message is on disk: all of them, or none and an error.

        Raises:
            NotNow: the database cannot be written at the moment.
        """
        if messages:
            await self._storage.append(topic, messages)
            self._wake(topic)

    @asynccontextmanager
    async def subscribe(self, topic: str, group: str) -> AsyncIterator[LocalSubscription]:
        """Join `group` on `topic`; leaving the block leaves the group."""
        state = self._groups.setdefault((topic, group), Group())
        async with state.turn:
            if not state.members:
                state.committed = await self._storage.committed(topic, group)
            member = LocalSubscription(self, topic, group, state)
        try:
            yield member
        finally:
            await member.close()

    async def ready(self) -> None:
        """Raise NotNow with a reason when the tables cannot be read."""
        try:
            await self._storage.ends("")
        except DBAPIError as error:
            raise NotNow(f"log: {error.orig}") from error

    async def close(self) -> None:
        """Nothing is buffered, and the database belongs to whoever opened it."""

    async def prune(self, topic: str, groups: Sequence[str], keep: int = 0) -> int:
        """Delete what all of `groups`, and every other group ever seen on the topic, have committed.

        The last `keep` of these in each partition stay, for replays. Returns how many messages were deleted.
        """
        ends = await self._storage.finished(topic, groups)
        return sum([await self._storage.delete(topic, partition, end - keep) for partition, end in ends.items()])

    def _wake(self, topic: str) -> None:
        self._news.pop(topic, asyncio.Event()).set()

    def _next_news(self, topic: str) -> asyncio.Event:
        return self._news.setdefault(topic, asyncio.Event())


class LocalSubscription:
    """One member of a group. `ports.Subscription`."""

    def __init__(self, log: LocalLog, topic: str, group: str, state: Group) -> None:
        self._log, self._storage = log, log._storage
        self._topic, self._group, self._state = topic, group, state
        state.join(self)

    async def batch(self, limit: int, wait_seconds: float) -> Sequence[Received]:
        """Up to `limit` messages after the last batch; empty when none came within `wait_seconds`."""
        clock = asyncio.get_running_loop()
        deadline = clock.time() + wait_seconds
        while True:
            news = self._log._next_news(self._topic)  # before looking: what comes meanwhile must wake us
            found = await self._take(limit)
            patience = deadline - clock.time()
            if found or patience <= 0:
                return found
            with suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), min(POLL_SECONDS, patience))

    async def _take(self, limit: int) -> Sequence[Received]:
        async with self._state.turn:
            starts = self._state.starts(self, await self._storage.ends(self._topic))
            found = await self._storage.read(self._topic, starts, limit) if starts else []
            self._state.hand_out(self, found)
        return found

    async def commit(self, received: Sequence[Received]) -> None:
        """Store that the group has finished these. What this member no longer holds is left to the next reader."""
        offsets = self._state.finished(self, received)
        if offsets:
            await self._storage.commit(self._topic, self._group, offsets)
            self._state.commit(offsets)
            if len(self._state.members) > 1:
                self._log._wake(self._topic)

    async def rewind(self) -> None:
        """Forget what was read and not committed; any member may read it again."""
        self._state.rewind(self)
        self._log._wake(self._topic)

    async def lag(self) -> int:
        """Messages not committed yet, on partitions no other member holds."""
        return self._state.behind(self, await self._storage.ends(self._topic))

    async def close(self) -> None:
        """Leave the group."""
        self._state.leave(self)
        self._log._wake(self._topic)
