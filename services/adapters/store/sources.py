"""The memory of every source, in the one database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, text, update
from sqlalchemy.exc import StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store.chunking import chunks
from services.adapters.store.seen_items import SeenItems, remember_items
from services.adapters.store.source_mapping import (
    columns_of,
    defined,
    definition_of,
    source_of,
    state_of,
)
from services.adapters.store.source_names import storable
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.sources import SourceRow
from services.domain.source import Source, SourceState, has_another_history, host_of
from services.usecases.collecting import Claimed, Seen
from services.usecases.collecting.alerting import episode
from services.usecases.ports import NotNow

SECOND = 1_000_000
SPREAD_US = 50_000
CLAIM_LOCK = 0x68756979

_Look = tuple[SourceState, Sequence[Seen], asyncio.Future[None]]

_source = table_of(SourceRow)
_UNASKED = {"etag": "", "last_modified": "", "body_hash": ""}
_UNREAD = {"cursor": "", "last_success_us": None, "reading_since_us": None, "refused": ""}


class Sources(SeenItems):
    """`SourceStore` on SQLite and PostgreSQL.

    `owner` names this collector and no other that runs at the same time; a source whose lease is older than
    `lease_seconds` is another's to take. Looks that end at the same moment are written in one transaction, because on
    SQLite every commit is a disk flush.
    """

    def __init__(self, database: Database, owner: str, lease_seconds: int = 120) -> None:
        super().__init__(database)
        self._owner, self._lease_us = owner, lease_seconds * SECOND
        self._waiting: list[_Look] = []
        self._flushing = asyncio.Lock()

    async def claim(self, now: datetime, limit: int) -> list[Claimed]:
        """See `SourceStore.claim`."""
        now_us = to_us(now)
        async with self._db.read() as connection:
            if await connection.scalar(self._due(now_us, 1)) is None:
                return []
        async with self._db.write() as connection:
            # One claim at a time, so that two collectors cannot take two sources of one host in the same instant.
            if not self._db.is_sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CLAIM_LOCK})
            due = self._due(now_us, limit).with_for_update(skip_locked=True, of=_source)
            rows = (await connection.execute(due)).mappings().all()
            await self._lease(connection, now_us, [row["source_id"] for row in rows])
        return [Claimed(source_of(dict(row)), state_of(dict(row))) for row in rows]

    def _due(self, now_us: int, limit: int) -> Any:
        other = _source.alias("other")
        taken = select(other.c.host).where(
            other.c.lease_until_us > now_us, other.c.lease_owner != self._owner, other.c.host != ""
        )
        mine = (_source.c.enabled, _source.c.due_us <= now_us, _source.c.host.not_in(taken))
        return select(_source).where(*mine).order_by(_source.c.due_us).limit(limit)

    async def _lease(self, connection: AsyncConnection, now_us: int, source_ids: Sequence[str]) -> None:
        """`next_check_us` is set ahead here, before anything is fetched."""
        until = now_us + self._lease_us
        interval = func.coalesce(func.nullif(_source.c.interval_seconds, 0.0), 300.0)
        ahead = now_us + interval * SECOND
        values = {"due_us": until, "lease_until_us": until, "lease_owner": self._owner, "next_check_us": ahead}
        for chunk in chunks(source_ids):
            await connection.execute(update(_source).where(_source.c.source_id.in_(chunk)).values(**values))

    async def advance(self, state: SourceState, seen: Sequence[Seen]) -> None:
        """See `SourceStore.advance`. Returns when the transaction that holds this look is durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((state, seen, done))
        async with self._flushing:
            if not done.done():
                await self._flush()
        await done

    async def _flush(self) -> None:
        looks, self._waiting = self._waiting, []
        try:
            await self._write_group(looks)
        except NotNow as error:
            _settle(looks, error)
        except StatementError:
            # One row the database refuses must not undo its neighbours.
            for look in looks:
                await self._write_alone(look)
        finally:
            _settle(looks, NotNow("collector stopped"))

    async def _write_alone(self, look: _Look) -> None:
        try:
            await self._write_group([look])
        except (NotNow, StatementError) as error:
            _settle([look], error)

    async def _write_group(self, looks: list[_Look]) -> None:
        async with self._db.write() as connection:
            await self._write_looks(connection, [(state, seen) for state, seen, _ in looks])
        _settle(looks, None)

    async def _write_looks(
        self, connection: AsyncConnection, looks: Sequence[tuple[SourceState, Sequence[Seen]]]
    ) -> None:
        await remember_items(self._db, connection, [(state.source_id, seen) for state, seen in looks])
        states = [columns_of(state) for state, _ in looks]
        keyed = [
            {**v, "b_id": s.source_id, "due_us": v["next_check_us"]} for v, (s, _) in zip(states, looks, strict=True)
        ]
        free = or_(_source.c.lease_owner == self._owner, _source.c.lease_owner == "")
        mine = (_source.c.source_id == bindparam("b_id"), free)
        await connection.execute(update(_source).where(*mine).values(lease_owner="", lease_until_us=0), keyed)

    async def postpone(self, source_id: str, until: datetime) -> None:
        """See `SourceStore.postpone`."""
        values = {"due_us": to_us(until), "next_check_us": to_us(until), "lease_owner": "", "lease_until_us": 0}
        mine = (_source.c.source_id == source_id, _source.c.lease_owner == self._owner)
        async with self._db.write() as connection:
            await connection.execute(update(_source).where(*mine).values(**values))

    async def resume(self, now: datetime) -> None:
        """Give back what this collector held when it was stopped; called once at start."""
        held = update(_source).where(_source.c.lease_owner == self._owner)
        async with self._db.write() as connection:
            await connection.execute(held.values(due_us=to_us(now), lease_owner="", lease_until_us=0))

    async def sync(self, sources: Sequence[Source], now: datetime, managed: str = "file") -> None:
        """Make the sources managed in one place (`file`, `console`) the given ones.

        New ones are due at once, a little apart; a changed definition keeps its state and is due at once, and one of
        another place or other columns is read from its beginning, like a new one; one that is no longer given is
        switched off and keeps its memory. One managed elsewhere under the same id is taken over.
        """
        async with self._db.write() as connection:
            before = {row.source_id: row for row in await connection.execute(select(_source))}
            gone = [i for i, row in before.items() if row.managed == managed and row.enabled]
            gone = [i for i in gone if i not in {source.id for source in sources}]
            for chunk in chunks(gone):
                await connection.execute(update(_source).where(_source.c.source_id.in_(chunk)).values(enabled=False))
            changed = [s for s in sources if s.id not in before or _differs(before[s.id], s, managed)]
            await self._put(connection, changed, now, managed)

    async def add(self, sources: Sequence[Source], now: datetime, managed: str = "console") -> None:
        """Add these or change their definitions; others stay as they are."""
        async with self._db.write() as connection:
            await self._put(connection, sources, now, managed)

    async def _put(self, connection: AsyncConnection, sources: Sequence[Source], now: datetime, managed: str) -> None:
        rows = [_new_row(source, to_us(now) + n * SPREAD_US, managed) for n, source in enumerate(sources)]
        if not rows:
            return
        insert = self._db.insert(_source)
        names = ("definition", "enabled", "managed", "host", "due_us", "next_check_us")
        update_set = {name: insert.excluded[name] for name in names} | _UNASKED
        for chunk in chunks(await self._elsewhere(connection, sources)):
            await connection.execute(update(_source).where(_source.c.source_id.in_(chunk)).values(**_UNREAD))
        await connection.execute(insert.on_conflict_do_update(index_elements=["source_id"], set_=update_set), rows)

    async def _elsewhere(self, connection: AsyncConnection, sources: Sequence[Source]) -> list[str]:
        """Which of these are known with another history than theirs."""
        after, found = {source.id: source for source in sources}, []
        for chunk in chunks(list(after)):
            known = select(_source.c.source_id, _source.c.definition).where(_source.c.source_id.in_(chunk))
            found += [
                row.source_id
                for row in await connection.execute(known)
                if has_another_history(defined(row.definition), after[row.source_id])
            ]
        return found

    async def broke_news(self, source_ids: Iterable[str], now: datetime) -> None:
        """An incident began at these sources: they are looked at more often for a while."""
        async with self._db.write() as connection:
            for chunk in chunks(storable(source_ids)):
                await connection.execute(
                    update(_source).where(_source.c.source_id.in_(chunk)).values(broke_news_us=to_us(now))
                )

    async def all(self, *, switched_off: bool = False) -> list[Claimed]:
        """Every source that is switched on, or simply every one, with its state, by id."""
        query = select(_source).order_by(_source.c.source_id)
        async with self._db.read() as connection:
            rows = await connection.execute(query if switched_off else query.where(_source.c.enabled))
            return [Claimed(source_of(dict(row)), state_of(dict(row))) for row in rows.mappings()]

    async def in_trouble(self, connection: AsyncConnection) -> list[Claimed]:
        """Sources that fell silent or under 隔离 and of which nobody has been told; now they count as told."""
        trouble = or_(_source.c.silent_since_us.is_not(None), _source.c.quarantined != "")
        query = select(_source).where(_source.c.enabled, trouble).with_for_update()
        rows = (await connection.execute(query.order_by(_source.c.source_id))).mappings().all()
        found = {row["source_id"]: (state_of(dict(row)), row) for row in rows}
        news = [{"b_id": i, "b_told": episode(s)} for i, (s, row) in found.items() if episode(s) != row["told"]]
        if news:
            told = update(_source).where(_source.c.source_id == bindparam("b_id")).values(told=bindparam("b_told"))
            await connection.execute(told, news)
        return [Claimed(source_of(dict(found[one["b_id"]][1])), found[one["b_id"]][0]) for one in news]

    async def managed(self) -> dict[str, str]:
        """Where each source is managed: `file`, `console`."""
        async with self._db.read() as connection:
            rows = await connection.execute(select(_source.c.source_id, _source.c.managed))
            return {row.source_id: row.managed for row in rows}

    async def remove(self, source_ids: Sequence[str]) -> int:
        """Forget these sources, not what came from them: added again, they bring nothing twice."""
        async with self._db.write() as connection:
            gone = [
                await connection.execute(delete(_source).where(_source.c.source_id.in_(chunk)))
                for chunk in chunks(source_ids)
            ]
        return sum(one.rowcount for one in gone)

    async def next_due(self) -> datetime | None:
        """When the next source is due, or None when there are no sources."""
        async with self._db.read() as connection:
            due = await connection.scalar(select(func.min(_source.c.due_us)).where(_source.c.enabled))
        return from_us(due) if due is not None else None


def _settle(looks: Iterable[_Look], error: Exception | None) -> None:
    """Tell every look that is still waiting how its transaction ended."""
    for *_, future in looks:
        if future.done():
            continue
        if error is None:
            future.set_result(None)
        else:
            future.set_exception(error)


def _differs(row: Any, source: Source, managed: str) -> bool:
    return bool(row.definition != definition_of(source) or row.enabled != source.enabled or row.managed != managed)


def _new_row(source: Source, due_us: int, managed: str) -> dict[str, Any]:
    return {
        **SourceRow(source_id=source.id, definition="", due_us=due_us, next_check_us=due_us).model_dump(),
        "host": host_of(source.url),
        "managed": managed,
        "enabled": source.enabled,
        "definition": definition_of(source),
    }
