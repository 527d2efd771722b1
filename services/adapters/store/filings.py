"""What ledger and tables say of stored texts, and what is wrong where they disagree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.store.post_versions import POST, VERSION, Stored
from services.adapters.tables import table_of
from services.adapters.tables.incidents import LedgerRow
from services.domain.vocabulary import EntryKind

LEDGER = table_of(LedgerRow)
FILING = (EntryKind.INCIDENT_REPORTED.value, EntryKind.POST_ATTACHED.value)
GONE, CHANGED = "库中已无此版原文", "原文与入库时不符，被改动"
EXTRA = "台账中没有这一版，不是入库时所存"
PAGE = 5000
_decode_data = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the ledger or what it speaks of: where (no incident: nowhere), and what in plain Chinese."""

    incident: str
    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Filing:
    """What an entry says of the text that it files; entries from before texts were hashed have no evidence."""

    incident: str
    seq: int
    post: str
    version: int
    evidence: str
    title: str

    def wrong(self, reason: str, version: int = 0) -> Finding:
        """A finding on this text, or on another version of it."""
        what = f"信息“{self.title}”（{self.post}）第 {version or self.version} 版：{reason}"
        return Finding(self.incident, self.seq, what)


def filings(row: Mapping[str, Any]) -> Iterator[Filing]:
    """The text that a ledger row files, if any; one whose data cannot be read is a broken link already."""
    if row["kind"] not in FILING:
        return
    try:
        data = _decode_data(row["data"])
        version, evidence = int(data.get("version", 1)), str(data.get("evidence", ""))
        yield Filing(row["incident_id"], row["seq"], str(data["post"]), version, evidence, str(data.get("title", "")))
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A text that one chain cannot explain. `collected_us` is when it was fetched, as its row says; None: no row."""

    finding: Finding
    collected_us: int | None


@dataclass(slots=True)
class Doubts:
    """Texts stored without an entry, or missing between others. Another chain may know them: a split takes posts."""

    _of: dict[tuple[str, int], _Doubt] = field(default_factory=dict)

    def look(self, incident: str, post: str, known: Sequence[Filing], stored: Mapping[int, Stored]) -> None:
        """One post: what a chain filed of it, and what is stored of it by version."""
        title = next((one.title for one in stored.values()), "")
        about = known[-1] if known else Filing(incident, 0, post, 1, "", title)
        filed, told = {one.version for one in known}, {one.version for one in known if one.evidence}
        for n in range(1, max(told | stored.keys(), default=1) + 1):
            if n in stored and n not in filed:
                self._add(post, n, about.wrong(EXTRA, n), stored[n].collected_us)
            elif n not in stored and n not in told:
                self._add(post, n, about.wrong(GONE, n))

    def _add(self, post: str, version: int, finding: Finding, collected_us: int | None = None) -> None:
        self._of.setdefault((post, version), _Doubt(finding, collected_us))

    async def orphans(self, connection: AsyncConnection) -> None:
        """Versions of posts that are not there."""
        query = select(VERSION).where(VERSION.c.key.not_in(select(POST.c.key)))
        for row in await connection.execute(query):
            nowhere = Filing("", 0, row.key, row.n, "", "")
            self._add(row.key, row.n, nowhere.wrong(EXTRA), row.collected_us)

    async def unexplained(self, connection: AsyncConnection) -> AsyncIterator[Finding]:
        """What no chain explains; reads the ledger once more where there is a doubt.

        Versions are in the ledger since it keeps evidence. Of a post from before, those collected before the first
        evidence in any chain and numbered below its own first are nobody's doing.
        """
        if not self._of:
            return
        ledger = await _read(connection, {post for post, _ in self._of})
        for (post, n), doubt in self._of.items():
            if not ledger.explains(post, n, doubt.collected_us):
                yield doubt.finding


@dataclass(slots=True)
class _Told:
    """What all chains together say of some posts: the versions with evidence, and since when there is any."""

    evidenced: dict[str, set[int]] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)
    since: int | None = None

    def explains(self, post: str, n: int, collected_us: int | None) -> bool:
        numbers = self.evidenced.get(post, set())
        if collected_us is None or n in numbers:
            return n in numbers  # that it is gone is told where it was filed
        early = self.since is None or collected_us <= self.since
        return post in self.old and (n == 1 or (early and n < min(numbers - {1}, default=n + 1)))


async def _read(connection: AsyncConnection, posts: Set[str]) -> _Told:
    told = _Told()
    async for recorded_us, one in _all_filings(connection):
        if one.evidence:
            told.since = min(told.since or recorded_us, recorded_us)
        if one.post in posts:
            numbers = told.evidenced.setdefault(one.post, set())
            numbers.update({one.version} if one.evidence else ())
            told.old.update(() if one.evidence else (one.post,))
    return told


async def _all_filings(connection: AsyncConnection) -> AsyncIterator[tuple[int, Filing]]:
    """Every filing entry of the ledger with when it was recorded, a page at a time."""
    place, at = tuple_(LEDGER.c.incident_id, LEDGER.c.seq), ("", 0)
    query = select(LEDGER).where(LEDGER.c.kind.in_(FILING)).order_by(LEDGER.c.incident_id, LEDGER.c.seq).limit(PAGE)
    while rows := (await connection.execute(query.where(place > at))).mappings().all():
        for row in rows:
            for one in filings(dict(row)):
                yield row["recorded_us"], one
        at = rows[-1]["incident_id"], rows[-1]["seq"]
