"""核对台账: walks every incident's chain and says where it was changed, shortened or put in another order.

The chain covers what was seen of every post and version it filed; a stored text that is another one now, or gone, is
named as well.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store.chain import START, Head, link
from services.adapters.store.post_versions import evidence_of
from services.adapters.tables import table_of
from services.adapters.tables.incidents import IncidentRow, LedgerRow
from services.domain.vocabulary import EntryKind

INCIDENT = table_of(IncidentRow)
LEDGER = table_of(LedgerRow)
PAGE = 500
FILING = (EntryKind.INCIDENT_REPORTED.value, EntryKind.POST_ATTACHED.value)
_decode_data = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the ledger: where, and what in plain Chinese."""

    incident: str
    seq: int
    reason: str


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

    async def findings(self, anchors: Iterable[Anchor] = ()) -> AsyncGenerator[Finding, None]:
        """Everything that is wrong, incident by incident. Memory stays that of one page, and of the anchors."""
        kept = {(a.incident, a.seq): a.hash for a in anchors}
        async with self._snapshot() as connection:
            last = ""
            while page := await _page(connection, last):
                async for finding in self._checked(connection, page, last, kept):
                    yield finding
                last = next(reversed(page))
            async for finding in self._checked(connection, {}, last, kept):
                yield finding
        for incident, seq in kept:
            yield Finding(incident, seq, "存证中有此条，台账中没有")

    async def anchors(self) -> AsyncIterator[Anchor]:
        """The end of every chain, to be kept off this machine."""
        async with self._snapshot() as connection:
            last = ""
            while page := await _page(connection, last):
                for incident, head in page.items():
                    yield Anchor(incident, head.seq, head.hash.hex())
                last = next(reversed(page))

    async def _checked(
        self, connection: AsyncConnection, page: dict[str, Head], after: str, kept: dict[tuple[str, int], str]
    ) -> AsyncIterator[Finding]:
        """The chains of one page of incidents; with an empty page, what lies behind the last."""
        entries = await _entries(connection, after, next(reversed(page), ""))
        chains = {i: list(rows) for i, rows in groupby(entries, key=lambda row: str(row["incident_id"]))}
        self.incidents += len(page)
        self.entries += sum(map(len, chains.values()))
        for incident in dict.fromkeys([*page, *chains]):  # in the order of the database, whatever its collation
            chain = chains.get(incident, [])
            for finding in (*_broken(incident, chain, page.get(incident)), *_unlike(chain, kept)):
                yield finding
            async for finding in self._misread(connection, chain):
                yield finding

    async def _misread(self, connection: AsyncConnection, chain: list[Mapping[str, Any]]) -> AsyncIterator[Finding]:
        """The posts and versions that this chain filed and that are not stored as they were seen."""
        filed = [one for row in chain if row["kind"] in FILING for one in _filing(row)]
        self.texts += len(filed)
        for some in (filed[i : i + PAGE] for i in range(0, len(filed), PAGE)):
            stored = await evidence_of(connection, [one.post for one in some])
            for one in some:
                now = stored.get((one.post, one.version))
                if now != one.evidence:
                    wrong = "库中已无此版原文" if now is None else "原文与入库时不符，被改动"
                    yield Finding(one.incident, one.seq, f"信息“{one.title}”（{one.post}）第 {one.version} 版：{wrong}")

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[AsyncConnection]:
        """Every page must see the same moment; SQLite's read transaction does so by itself."""
        async with self.database.read() as connection:
            if not self.database.is_sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection


@dataclass(frozen=True, slots=True)
class _Filed:
    """What an entry says of the text that it files."""

    incident: str
    seq: int
    post: str
    version: int
    evidence: str
    title: str


def _filing(row: Mapping[str, Any]) -> Iterator[_Filed]:
    """Entries from before texts were hashed name none; one whose data cannot be read is a broken link already."""
    try:
        data = _decode_data(row["data"])
        if "evidence" in data:
            version, title = int(data.get("version", 1)), str(data.get("title", ""))
            yield _Filed(row["incident_id"], row["seq"], str(data["post"]), version, data["evidence"], title)
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return


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


def _broken(incident: str, chain: list[Mapping[str, Any]], head: Head | None) -> Iterator[Finding]:
    """What is wrong within one chain. After a wrong entry its stored hash is taken on, so that each wrong is named."""
    at = START
    for row in chain:
        if row["seq"] != at.seq + 1:
            yield Finding(incident, at.seq + 1, f"缺第 {at.seq + 1} 至 {row['seq'] - 1} 条")
        elif link(at.hash, row) != row["hash"]:
            yield Finding(incident, row["seq"], "内容或次序被改动")
        at = Head(row["seq"], row["hash"])
    if head is None:
        yield Finding(incident, at.seq, "台账所属的事件记录不存在")
    elif head.seq > at.seq:
        yield Finding(incident, at.seq + 1, f"末尾缺第 {at.seq + 1} 至 {head.seq} 条")
    elif head != at:
        yield Finding(incident, at.seq, "台账末尾与事件记录不符")


def _unlike(chain: list[Mapping[str, Any]], kept: dict[tuple[str, int], str]) -> Iterator[Finding]:
    for row in chain:
        known = kept.pop((row["incident_id"], row["seq"]), None)
        if known not in (None, row["hash"].hex()):
            yield Finding(row["incident_id"], row["seq"], "与存证不符，台账被重写")
