"""The tables of the embedded log, as statements: append, read, ends, offsets, prune."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, bindparam, delete, func, insert, select

from services.adapters.database import Database
from services.adapters.tables import table_of
from services.adapters.tables.log import LogEnd, LogMessage, LogOffset
from services.usecases.ports import Message, Received

PRUNE_ROWS = 5_000


_messages, _ends, _offsets = table_of(LogMessage), table_of(LogEnd), table_of(LogOffset)
_read = (
    select(_messages.c.partition, _messages.c.offset, _messages.c.id, _messages.c.key, _messages.c.body)
    .where(_messages.c.topic == bindparam("t"), _messages.c.partition == bindparam("p"))
    .where(_messages.c.offset >= bindparam("start"))
    .order_by(_messages.c.offset)
    .limit(bindparam("n"))
)
_read_ends = select(_ends.c.partition, _ends.c.next_offset).where(_ends.c.topic == bindparam("t"))
_read_offsets = select(_offsets.c.partition, _offsets.c.committed).where(
    _offsets.c.topic == bindparam("t"), _offsets.c.group == bindparam("g")
)


class LogStorage:
    """What is kept of topics and groups. Every method is one transaction."""

    def __init__(self, database: Database, partitions: int) -> None:
        self._database = database
        self._partitions = partitions
        self._move_ends = _adding(database.insert(_ends))
        self._store = _replacing(database.insert(_offsets))

    async def append(self, topic: str, messages: Sequence[Message]) -> None:
        """All of the messages, durably, or none. The ends move first: their row locks keep the offsets in order."""
        placed: dict[int, list[Message]] = {}
        for message in messages:
            placed.setdefault(zlib.crc32(message.key.encode()) % self._partitions, []).append(message)
        counts = [{"topic": topic, "partition": p, "next_offset": len(placed[p])} for p in sorted(placed)]
        async with self._database.write() as connection:
            await connection.execute(self._move_ends, counts)
            ends = _pairs(await connection.execute(_read_ends, {"t": topic}))
            await connection.exec_driver_sql(_appending(connection.dialect), list(_rows(topic, placed, ends)))

    async def read(self, topic: str, starts: Mapping[int, int], limit: int) -> list[Received]:
        """Up to `limit` messages from these offsets on, an equal share of each partition at first."""
        found: list[Received] = []
        async with self._database.read() as connection:
            for done, (partition, start) in enumerate(starts.items()):
                share = -(-(limit - len(found)) // (len(starts) - done))
                values = {"t": topic, "p": partition, "start": start, "n": share}
                found.extend(Received(topic, *row) for row in await connection.execute(_read, values))
        return found

    async def ends(self, topic: str) -> dict[int, int]:
        """The next offset of each partition that was ever written."""
        async with self._database.read() as connection:
            return _pairs(await connection.execute(_read_ends, {"t": topic}))

    async def committed(self, topic: str, group: str) -> dict[int, int]:
        """The first offset of each partition that the group has not finished."""
        async with self._database.read() as connection:
            return _pairs(await connection.execute(_read_offsets, {"t": topic, "g": group}))

    async def commit(self, topic: str, group: str, offsets: Mapping[int, int]) -> None:
        rows = [{"group": group, "topic": topic, "partition": p, "committed": offsets[p]} for p in sorted(offsets)]
        async with self._database.write() as connection:
            await connection.execute(self._store, rows)

    async def finished(self, topic: str, groups: Iterable[str]) -> dict[int, int]:
        """The offsets below which `groups`, and every other group ever seen on the topic, have committed."""
        async with self._database.read() as connection:
            seen = await connection.scalars(select(_offsets.c.group).where(_offsets.c.topic == topic))
        every = [await self.committed(topic, group) for group in {*seen, *groups}]
        ends = await self.ends(topic)
        return {partition: min((one.get(partition, 0) for one in every), default=0) for partition in ends}

    async def delete(self, topic: str, partition: int, below: int) -> int:
        """Delete messages in small transactions, so that a publish never waits long. Returns how many."""
        here = (_messages.c.topic == topic) & (_messages.c.partition == partition)
        async with self._database.read() as connection:
            first = (await connection.execute(select(func.min(_messages.c.offset)).where(here))).scalar_one()
        deleted = 0
        while first is not None and first < below:
            first = min(below, first + PRUNE_ROWS)
            async with self._database.write() as connection:
                deleted += (
                    await connection.execute(delete(_messages).where(here, _messages.c.offset < first))
                ).rowcount
        return deleted


def _pairs(result: Any) -> dict[int, int]:
    return dict(result.all())


@lru_cache(maxsize=4)
def _appending(dialect: Dialect) -> str:
    """The INSERT for the driver itself: SQLAlchemy would spend as much time on the values as SQLite on writing them."""
    return str(insert(_messages).compile(dialect=dialect))


def _rows(topic: str, placed: Mapping[int, list[Message]], ends: Mapping[int, int]) -> Iterable[tuple[Any, ...]]:
    """In the order of the table's columns. Only bytes become a memoryview: SQLite would store anything."""
    for partition, messages in placed.items():
        for offset, message in enumerate(messages, ends[partition] - len(messages)):
            yield topic, partition, offset, message.id, message.key, memoryview(message.body)


def _adding(statement: Any) -> Any:
    more = _ends.c.next_offset + statement.excluded.next_offset
    key = [_ends.c.topic, _ends.c.partition]
    return statement.on_conflict_do_update(index_elements=key, set_={"next_offset": more})


def _replacing(statement: Any) -> Any:
    key = [_offsets.c.group, _offsets.c.topic, _offsets.c.partition]
    return statement.on_conflict_do_update(index_elements=key, set_={"committed": statement.excluded.committed})
