"""Incidents, ledger and posts: the write side. Implements `ports.Unit` and `ports.Store`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
import structlog
from sqlalchemy import Select, func, not_, select, text, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters import wire
from services.adapters.database import Database
from services.adapters.store import bulk, grouping, left_out, post_versions
from services.adapters.store.chain import START, Head, link
from services.adapters.store.chunking import chunks
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.incidents import IncidentRow, LedgerRow, PostRow, SeenRow
from services.domain.assessment import Assessment
from services.domain.incident import Incident, next_due_at
from services.domain.ledger import Entry
from services.domain.post import Post
from services.domain.vocabulary import EntryKind
from services.usecases.ports import Conflict, Filed

INCIDENT = table_of(IncidentRow)
LEDGER = table_of(LedgerRow)
POST = table_of(PostRow)
SEEN = table_of(SeenRow)

log = structlog.get_logger(__name__)
_encode = msgspec.json.Encoder().encode
_decode_incident = msgspec.json.Decoder(Incident).decode
_decode_data = msgspec.json.Decoder(dict[str, Any]).decode
LOADED = tuple(INCIDENT.c[name] for name in ("id", "version", "ledger_seq", "ledger_hash", "body"))
_SEEN = "INSERT INTO seen (consumer, message_id) SELECT :consumer, {ids} ON CONFLICT DO NOTHING RETURNING message_id"
_SEEN_SQLITE = text(_SEEN.format(ids="value FROM json_each(:ids) WHERE true"))
_SEEN_POSTGRESQL = text(_SEEN.format(ids="unnest(CAST(:ids AS text[]))"))


class IncidentStore:
    """Opens units of work on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[IncidentUnit]:
        async with self._database.write() as connection:
            yield IncidentUnit(self._database, connection)


class IncidentUnit:
    """One transaction. `connection` is open to the other stores that must be part of the same transaction."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self.connection = connection
        self._database = database
        self._loaded: dict[str, int] = {}
        self._heads: dict[str, Head] = {}

    async def unseen(self, consumer: str, message_ids: Sequence[str]) -> set[str]:
        if not message_ids:
            return set()
        marking = _SEEN_SQLITE if self._database.is_sqlite else _SEEN_POSTGRESQL
        ids = list(dict.fromkeys(message_ids))
        values = {"consumer": consumer, "ids": bulk.as_json(ids) if self._database.is_sqlite else ids}
        return set((await self.connection.execute(marking, values)).scalars())

    async def load(self, incident_ids: Sequence[str]) -> dict[str, Incident]:
        found: dict[str, Incident] = {}
        for some in chunks(sorted(set(incident_ids))):
            query = select(*LOADED).where(bulk.among(self.connection, INCIDENT.c.id, some)).order_by(INCIDENT.c.id)
            found |= {row.id: self._read(row) for row in await self.connection.execute(self._locked(query))}
        return found

    def _read(self, row: Any) -> Incident:
        incident = _decode_incident(row.body)
        incident.version = self._loaded[row.id] = row.version
        self._heads[row.id] = Head(row.ledger_seq, row.ledger_hash)
        return incident

    def _locked(self, query: Select[Any], skip: bool = False) -> Select[Any]:
        """SQLite needs no row locks: this transaction is the only writer."""
        return query if self._database.is_sqlite else query.with_for_update(skip_locked=skip)

    async def save(self, incidents: Sequence[Incident]) -> None:
        entries = self._chained([entry for incident in incidents for entry in incident.take_changes()])
        states = [_incident_row(i, self._heads.get(i.id, START)) for i in incidents]
        new = [r for r in states if r["id"] not in self._loaded]
        old = [r for r in states if r["id"] in self._loaded]
        if new:
            await self._insert_new(new)
        if old:
            await self._update_old(old)
        for incident in incidents:
            incident.version += 1
            self._loaded[incident.id] = incident.version
        await bulk.insert(self.connection, LEDGER, entries)

    def _chained(self, entries: Sequence[Entry]) -> list[dict[str, Any]]:
        """The entries as rows, each linked to the one before it."""
        chained = [_ledger_row(entry) for entry in entries]
        for row in chained:
            row["hash"] = link(self._heads.get(row["incident_id"], START).hash, row)
            self._heads[row["incident_id"]] = Head(row["seq"], row["hash"])
        return chained

    async def _insert_new(self, new: list[dict[str, Any]]) -> None:
        try:
            await bulk.insert(self.connection, INCIDENT, new)
        except IntegrityError as error:
            raise Conflict("an incident of this number exists already") from error

    async def _update_old(self, old: list[dict[str, Any]]) -> None:
        """`load` has locked these rows in this transaction, so the versions can only be those that were loaded."""
        done = await bulk.update(self.connection, INCIDENT, old, [self._loaded[row["id"]] for row in old])
        if done not in (-1, len(old)):
            raise Conflict("an incident was changed by somebody else")

    async def file_posts(self, filed: Sequence[Filed]) -> None:
        await bulk.insert(self.connection, POST, [_post_row(f) for f in filed], "ON CONFLICT DO NOTHING")

    async def count_left_out(self, posts: Mapping[str, int]) -> None:
        await left_out.add(self.connection, posts)

    async def keep_versions(self, posts: Sequence[tuple[Post, Assessment]]) -> list[tuple[int, Post, Assessment]]:
        return [one for some in chunks(list(posts)) for one in await post_versions.keep(self.connection, some)]

    async def holders(self, post_keys: Sequence[str]) -> dict[str, str]:
        holders: dict[str, str] = {}
        for some in chunks(list(post_keys)):
            query = select(POST.c.key, POST.c.incident_id).where(bulk.among(self.connection, POST.c.key, some))
            holders |= {row.key: row.incident_id for row in await self.connection.execute(query)}
        return holders

    async def posts_of(self, incident_id: str, post_keys: Sequence[str] = ()) -> list[Filed]:
        query = select(POST.c.body).where(POST.c.incident_id == incident_id)
        if post_keys:
            query = query.where(POST.c.key.in_(list(post_keys)))
        bodies = (await self.connection.execute(query.order_by(POST.c.collected_us, POST.c.key))).scalars()
        return [Filed(*wire.decode_assessed(body), incident_id) for body in bodies]

    async def move_posts(self, post_keys: Sequence[str], incident_id: str) -> None:
        statement = update(POST).where(POST.c.key.in_(list(post_keys))).values(incident_id=incident_id)
        await self.connection.execute(statement)

    async def regroup_merged(self, source: str, target: str) -> None:
        await grouping.merge(self.connection, source, target)

    async def copies_in(self, incident_id: str, post_keys: Sequence[str]) -> list[str]:
        return await grouping.copies(self.connection, post_keys, incident_id)

    async def regroup_split(self, post_keys: Sequence[str], source: str, target: str) -> None:
        await grouping.split(self.connection, post_keys, source, target)

    async def regroup_declined(self, incident_id: str, candidate: str) -> None:
        await grouping.bar(self.connection, incident_id, candidate)

    async def regroup_reconsidered(self, incident_id: str, candidate: str) -> None:
        await grouping.unbar(self.connection, incident_id, candidate)

    async def due(self, now: datetime, limit: int) -> list[str]:
        query = select(INCIDENT.c.id).where(INCIDENT.c.next_due_us <= to_us(now)).order_by(INCIDENT.c.next_due_us)
        return list((await self.connection.execute(query.limit(limit))).scalars())

    async def claim(self, incident_id: str, now: datetime) -> Incident | None:
        query = select(*LOADED).where(INCIDENT.c.id == incident_id, INCIDENT.c.next_due_us <= to_us(now))
        row = (await self.connection.execute(self._locked(query, skip=True))).one_or_none()
        return None if row is None else self._read(row)

    async def next_due(self) -> datetime | None:
        us = (await self.connection.execute(select(func.min(INCIDENT.c.next_due_us)))).scalar_one()
        return None if us is None else from_us(us)

    async def push_ahead(self, incident_id: str, until: datetime, reason: str) -> None:
        statement = update(INCIDENT).where(INCIDENT.c.id == incident_id)
        await self.connection.execute(statement.values(next_due_us=to_us(until), trouble=reason))

    async def unpublished(self, limit: int, without: Collection[str] = ()) -> list[Entry]:
        held, before = set(without), list[Entry]()
        while True:
            found, broken = _readable(await self._waiting(limit, held))
            if not broken:
                return [*before, *found][:limit]
            # These incidents wait, in order; the others go out. `huiying doctor` shows the oldest that waits.
            before += [entry for entry in found if entry.incident_id in broken]
            held |= broken

    async def _waiting(self, limit: int, held: set[str]) -> Sequence[Any]:
        query = select(LEDGER).where(LEDGER.c.published_us.is_(None))
        if held:
            query = query.where(not_(bulk.among(self.connection, LEDGER.c.incident_id, sorted(held))))
        order = (LEDGER.c.recorded_us, LEDGER.c.incident_id, LEDGER.c.seq)
        return (await self.connection.execute(query.order_by(*order).limit(limit))).all()

    async def mark_published(self, entries: Sequence[Entry], now: datetime) -> None:
        names = tuple_(LEDGER.c.incident_id, LEDGER.c.seq)
        for some in chunks([(e.incident_id, e.seq) for e in entries]):
            await self.connection.execute(update(LEDGER).where(names.in_(some)).values(published_us=to_us(now)))


def _readable(rows: Sequence[Any]) -> tuple[list[Entry], set[str]]:
    """The entries, of each incident up to its first row that nobody can read; and the incidents that have one."""
    entries: list[Entry] = []
    broken: set[str] = set()
    for row in rows:
        try:
            if row.incident_id not in broken:
                entries.append(read_entry(row))
        except (msgspec.DecodeError, ValueError) as error:
            broken.add(row.incident_id)
            log.error("unreadable ledger row", incident=row.incident_id, seq=row.seq, error=repr(error))
    return entries, broken


def read_entry(row: Any) -> Entry:
    """A ledger row as the entry it is."""
    data = _decode_data(row.data)
    kind = EntryKind(row.kind)
    return Entry(row.incident_id, row.seq, kind, from_us(row.occurred_us), from_us(row.recorded_us), row.actor, data)


def _incident_row(incident: Incident, head: Head) -> dict[str, Any]:
    due = next_due_at(incident)
    return {
        "id": incident.id,
        "version": incident.version + 1,
        "state": incident.state.value,
        "next_due_us": None if due is None else to_us(due),
        "trouble": "",
        "ledger_seq": head.seq,
        "ledger_hash": head.hash,
        "body": _encode(incident),
    }


def _ledger_row(entry: Entry) -> dict[str, Any]:
    return {
        "incident_id": entry.incident_id,
        "seq": entry.seq,
        "kind": entry.kind.value,
        "occurred_us": to_us(entry.occurred_at),
        "recorded_us": to_us(entry.recorded_at),
        "actor": entry.actor,
        "data": _encode(entry.data),
    }


def _post_row(filed: Filed) -> dict[str, Any]:
    return {
        "key": filed.post.key,
        "incident_id": filed.incident_id,
        "collected_us": to_us(filed.post.collected_at),
        "body": wire.encode_assessed(filed.post, filed.assessment),
    }
