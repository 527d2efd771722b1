"""核对台账: walks every incident's chain and says where it was changed, shortened or put in another order.

The chain covers what was seen of every post and version it filed; a stored text that is another one now, gone, or in no
chain is named as well.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store.chain import START, Head, link
from services.adapters.store.chunking import chunks
from services.adapters.store.filings import CHANGED, GONE, Doubts, Filing, Finding, filings
from services.adapters.store.post_versions import POST, Stored, stored
from services.adapters.tables import table_of
from services.adapters.tables.incidents import IncidentRow, LedgerRow

INCIDENT = table_of(IncidentRow)
LEDGER = table_of(LedgerRow)
PAGE = 500
_KINDS = {"seq": int, "kind": str, "occurred_us": int, "recorded_us": int, "actor": str, "data": bytes, "hash": bytes}
"""SQLite keeps in any column whatever a hand puts there."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """How far a chain reached at some moment; kept elsewhere, it shows that the whole was not written anew."""

    incident: str
    seq: int
    hash: str


@dataclass(slots=True)
class Audit:
    """One walk over a snapshot of the database. `incidents`, `entries` and `texts` count what was compared."""

    database: Database
    incidents: int = 0
    entries: int = 0
    texts: int = 0
    _doubts: Doubts = field(default_factory=Doubts)

    async def findings(self, anchors: Iterable[Anchor] = ()) -> AsyncGenerator[Finding, None]:
        """Everything that is wrong, incident by incident. Memory stays that of one page, the anchors and the doubts."""
        kept = {(a.incident, a.seq): a.hash for a in anchors}
        async with self._snapshot() as connection:
            last = ""
            while page := await _page(connection, last):
                async for finding in self._checked(connection, page, last, kept):
                    yield finding
                last = next(reversed(page))
            async for finding in self._checked(connection, {}, last, kept):
                yield finding
            await self._doubts.orphans(connection)
            async for finding in self._doubts.unexplained(connection):
                yield finding
        for incident, seq in kept:
            yield Finding(incident, seq, "存证中有此条，台账中没有")

    async def anchors(self) -> AsyncIterator[Anchor]:
        """The end of every chain, to be kept off this machine."""
        async with self._snapshot() as connection:
            last = ""
            while page := await _page(connection, last):
                for incident, head in page.items():
                    yield Anchor(incident, head.seq, _hex(head.hash))
                last = next(reversed(page))

    async def _checked(
        self, connection: AsyncConnection, page: dict[str, Head], after: str, kept: dict[tuple[str, int], str]
    ) -> AsyncIterator[Finding]:
        """The chains of one page of incidents; with an empty page, what lies behind the last."""
        upto = next(reversed(page), "")
        entries = await _entries(connection, after, upto)
        chains = {i: list(rows) for i, rows in groupby(entries, key=lambda row: str(row["incident_id"]))}
        held = await _held(connection, after, upto)
        self.incidents += len(page)
        self.entries += sum(map(len, chains.values()))
        for incident in dict.fromkeys([*page, *chains, *held]):  # in the order of the database, whatever its collation
            chain = chains.get(incident, [])
            broken = list(_broken(incident, chain, page.get(incident))) if chain or incident in page else []
            for finding in (*broken, *_unlike(chain, kept)):
                yield finding
            filed = _filed(chain, held.get(incident, []))
            for some in chunks(list(filed), PAGE):
                there = await stored(connection, some)
                for key in some:
                    for finding in self._compared(filed[key], there.get(key, {})):
                        yield finding
                    if not broken:  # otherwise nobody knows what else it filed
                        self._doubts.look(incident, key, filed[key], there.get(key, {}))

    def _compared(self, known: list[Filing], there: Mapping[int, Stored]) -> Iterator[Finding]:
        for one in (one for one in known if one.evidence):
            self.texts += 1
            now = there.get(one.version)
            if now is None or now.evidence != one.evidence:
                yield one.wrong(GONE if now is None else CHANGED)

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Every page must see the same moment; SQLite's read transaction does so by itself."""
        async with self.database.read() as connection:
            if not self.database.is_sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection


async def _page(connection: AsyncConnection, after: str) -> dict[str, Head]:
    columns = (INCIDENT.c.id, INCIDENT.c.ledger_seq, INCIDENT.c.ledger_hash)
    query = select(*columns).where(INCIDENT.c.id > after).order_by(INCIDENT.c.id).limit(PAGE)
    return {row.id: Head(row.ledger_seq, row.ledger_hash) for row in await connection.execute(query)}


async def _entries(connection: AsyncConnection, after: str, upto: str) -> list[Mapping[str, Any]]:
    query: Select[Any] = select(LEDGER).where(LEDGER.c.incident_id > after)
    if upto:
        query = query.where(LEDGER.c.incident_id <= upto)
    rows = await connection.execute(query.order_by(LEDGER.c.incident_id, LEDGER.c.seq))
    return [dict(row) for row in rows.mappings()]


async def _held(connection: AsyncConnection, after: str, upto: str) -> dict[str, list[str]]:
    """The posts that belong to these incidents now."""
    query = select(POST.c.incident_id, POST.c.key).where(POST.c.incident_id > after)
    if upto:
        query = query.where(POST.c.incident_id <= upto)
    found: dict[str, list[str]] = {}
    for row in await connection.execute(query.order_by(POST.c.incident_id, POST.c.key)):
        found.setdefault(row.incident_id, []).append(row.key)
    return found


def _filed(chain: Iterable[Mapping[str, Any]], held: Iterable[str]) -> dict[str, list[Filing]]:
    """By post, what this chain filed of it; nothing of a post that another chain filed, or none."""
    found: dict[str, list[Filing]] = {key: [] for key in held}
    for one in (one for row in chain for one in filings(row)):
        found.setdefault(one.post, []).append(one)
    return found


def _broken(incident: str, chain: list[Mapping[str, Any]], head: Head | None) -> Iterator[Finding]:
    """What is wrong within one chain. After a wrong entry its stored hash is taken on, so that each wrong is named."""
    at = START
    for row in chain:
        if strange := [name for name, kind in _KINDS.items() if not isinstance(row[name], kind)]:
            yield Finding(incident, at.seq + 1, f"{'、'.join(strange)} 不是本系统写入的类型，被改动")
            at = Head(at.seq + 1, row["hash"] if isinstance(row["hash"], bytes) else b"")
            continue
        if row["seq"] != at.seq + 1:
            yield Finding(incident, at.seq + 1, f"缺第 {at.seq + 1} 至 {row['seq'] - 1} 条")
        elif link(at.hash, row) != row["hash"]:
            yield Finding(incident, row["seq"], "内容或次序被改动")
        at = Head(row["seq"], row["hash"])
    if head is None:
        yield Finding(incident, at.seq, "台账所属的事件记录不存在")
    elif not isinstance(head.seq, int):
        yield Finding(incident, at.seq, "台账末尾与事件记录不符")
    elif head.seq > at.seq:
        yield Finding(incident, at.seq + 1, f"末尾缺第 {at.seq + 1} 至 {head.seq} 条")
    elif head != at:
        yield Finding(incident, at.seq, "台账末尾与事件记录不符")


def _unlike(chain: list[Mapping[str, Any]], kept: dict[tuple[str, int], str]) -> Iterator[Finding]:
    for row in chain:
        known = kept.pop((row["incident_id"], row["seq"]), None)
        if known not in (None, _hex(row["hash"])):
            yield Finding(row["incident_id"], row["seq"], "与存证不符，台账被重写")


def _hex(stored: object) -> str:
    """The hash as anchors write it; what a hand put in its place as it stands."""
    return stored.hex() if isinstance(stored, bytes) else str(stored)
