"""Answers what the pages, the API and the annual tables ask. Reads only."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from services.adapters import wire
from services.adapters.database import Database
from services.adapters.store import post_versions
from services.adapters.store.chunking import chunks
from services.adapters.store.incidents import read_entry
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.desk import DeskFeedRow, DeskIncidentRow
from services.adapters.tables.incidents import IncidentRow, LedgerRow, PostRow
from services.domain.incident import MACHINE, Incident
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind
from services.usecases.ports import Filed

DESK = table_of(DeskIncidentRow)
FEED = table_of(DeskFeedRow)
LEDGER = table_of(LedgerRow)
POST = table_of(PostRow)
INCIDENT = table_of(IncidentRow)

# A row that stepped aside always has a next moment, and those are few and indexed.
TROUBLED = select(INCIDENT.c.id).where(INCIDENT.c.next_due_us.is_not(None), INCIDENT.c.trouble != "")
_decode_incident = msgspec.json.Decoder(Incident).decode
_decode_data = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list shows. Empty means everything; `department` means that it is assigned to it now.

    `watched` means that it touches any special watch (专项), `watch` that it touches this one.
    """

    state: str = ""
    open_only: bool = False
    department: str = ""
    event_grade: str = ""
    region: str = ""
    words: str = ""
    emerging: bool = False
    watched: bool = False
    watch: str = ""
    troubled: bool = False
    overdue_at: datetime | None = None
    due_by: datetime | None = None
    unacknowledged: bool = False
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListedIncident:
    """One line of the list, as the pages and the API show it."""

    id: str
    title: str
    state: str
    open: bool
    event_grade: str
    grade_confirmed: bool
    provisional: bool
    opinion_grade: str
    lead: str
    lead_proposed: str
    departments: tuple[str, ...]
    regions: tuple[str, ...]
    topic: str
    focus: tuple[str, ...]
    sources: str
    suspected_false: bool
    emerging: bool
    watches: tuple[str, ...]
    posts: int
    merged_into: str
    acknowledged: bool
    due_kind: str
    missed: int
    due_at: datetime | None
    started_at: datetime
    last_post_at: datetime | None
    answered_at: datetime | None
    resolved_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One change, in the order in which it reached the desk."""

    position: int
    incident_id: str
    seq: int
    kind: str
    at: datetime
    data: dict[str, Any]


class DamagedRecord(ValueError):
    """What is stored of an incident cannot be read. The argument is the incident's number."""


class DeskReader:
    """Queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def incidents(self, wanted: Filter) -> list[ListedIncident]:
        """Open ones first, the most pressing first among them; then the latest."""
        query = _filtered(select(DESK), wanted)
        order = (DESK.c.open.desc(), DESK.c.due_us.is_(None), DESK.c.due_us, DESK.c.updated_us.desc(), DESK.c.id)
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(*order).offset(wanted.offset).limit(wanted.limit))
            return [_listed(row) for row in rows]

    async def owing_acceptance(self, department: str) -> list[ListedIncident]:
        """What this department was assigned and has not accepted, whoever else has."""
        mine = DESK.c.departments.contains(f",{department},", autoescape=True)
        query = select(DESK, INCIDENT.c.body).join(INCIDENT, INCIDENT.c.id == DESK.c.id).where(DESK.c.open, mine)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return [_listed(row) for row in rows if department in _decode_incident(row.body).owing_acceptance]

    async def listed(self, incident_id: str) -> ListedIncident | None:
        """One line of the list; None where the desk has not heard of it."""
        return (await self.lines([incident_id])).get(incident_id)

    async def lines(self, incident_ids: Collection[str]) -> dict[str, ListedIncident]:
        """The lines of the list by incident, as far as the desk has heard of them."""
        found: dict[str, ListedIncident] = {}
        async with self._database.read() as connection:
            for some in chunks(sorted(incident_ids)):
                rows = await connection.execute(select(DESK).where(DESK.c.id.in_(some)))
                found |= {row.id: _listed(row) for row in rows}
        return found

    async def counts(self, now: datetime, soon: timedelta, department: str = "") -> dict[str, int]:
        """How many per state; further "overdue" (open, past their most pressing duty), "soon" (due within that time),
        "unacknowledged" and "troubled" (the sweep cannot settle them). Only a department's where one is named.
        """
        mine = (DESK.c.departments.contains(f",{department},"),) if department else ()
        states = select(DESK.c.state, func.count()).where(*mine).group_by(DESK.c.state)
        late, until = DESK.c.due_us < to_us(now), to_us(now + soon)
        kinds = {"overdue": late, "soon": DESK.c.due_us.between(to_us(now), until)}
        kinds["troubled"] = DESK.c.id.in_(TROUBLED)
        # A call may be about an incident that is over: something graver was told after closing.
        waiting = func.count().filter(DESK.c.acknowledged.is_(False)).label("unacknowledged")
        sums = [func.count().filter(DESK.c.open, condition).label(name) for name, condition in kinds.items()]
        async with self._database.read() as connection:
            counts = {state: int(n) for state, n in await connection.execute(states)}
            found = (await connection.execute(select(waiting, *sums).where(*mine))).one()
            return counts | {name: int(n) for name, n in found._mapping.items()}

    async def incident(self, incident_id: str) -> Incident | None:
        """The whole record, as it is now in the store: a page never shows less than was just done on it.

        Raises:
            DamagedRecord: it is there and cannot be read.
        """
        query = select(INCIDENT.c.version, INCIDENT.c.body).where(INCIDENT.c.id == incident_id)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            return None
        try:
            incident = _decode_incident(row.body)
        except (msgspec.DecodeError, ValueError) as error:
            raise DamagedRecord(incident_id) from error
        incident.version = row.version
        return incident

    async def troubles(self, incident_ids: Sequence[str]) -> dict[str, str]:
        """Those of the incidents that the sweep cannot settle, each with the reason."""
        query = select(INCIDENT.c.id, INCIDENT.c.trouble).where(INCIDENT.c.id.in_(list(incident_ids)))
        async with self._database.read() as connection:
            rows = await connection.execute(query.where(INCIDENT.c.trouble != ""))
            return {row.id: row.trouble for row in rows}

    async def ledger(self, incident_ids: Sequence[str], since: datetime | None = None) -> list[Entry]:
        """The entries of these incidents, in order; only those recorded since then, where it is given."""
        query = select(LEDGER).where(LEDGER.c.incident_id.in_(list(incident_ids)))
        query = query if since is None else query.where(LEDGER.c.recorded_us >= to_us(since))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(LEDGER.c.recorded_us, LEDGER.c.incident_id, LEDGER.c.seq))
            return [read_entry(row) for row in rows]

    async def rang(self, incident_ids: Collection[str]) -> dict[str, int]:
        """By incident the number of the entry that last called somebody."""
        return await self._last(incident_ids, LEDGER.c.kind == EntryKind.LEVEL_ALERTED.value)

    async def acted(self, incident_ids: Collection[str], people: Collection[str] = ()) -> dict[str, int]:
        """By incident the number of the last entry by one of these people; by anybody where none is named."""
        theirs = LEDGER.c.actor.in_(sorted(people)) if people else LEDGER.c.actor != MACHINE.name
        return await self._last(incident_ids, theirs, LEDGER.c.kind != EntryKind.LEVEL_ALERTED.value)

    async def _last(self, incident_ids: Collection[str], *conditions: ColumnElement[bool]) -> dict[str, int]:
        found: dict[str, int] = {}
        query = select(LEDGER.c.incident_id, func.max(LEDGER.c.seq)).group_by(LEDGER.c.incident_id)
        async with self._database.read() as connection:
            for some in chunks(sorted(incident_ids)):
                these = query.where(LEDGER.c.incident_id.in_(some), *conditions)
                found |= {incident: int(seq) for incident, seq in await connection.execute(these)}
        return found

    async def posts(self, incident_ids: Sequence[str], limit: int = 200, offset: int = 0) -> list[Filed]:
        """The posts of these incidents as they were first collected, oldest first."""
        query = select(POST.c.incident_id, POST.c.body).where(POST.c.incident_id.in_(list(incident_ids)))
        async with self._database.read() as connection:
            ordered = query.order_by(POST.c.collected_us, POST.c.key).offset(offset).limit(limit)
            rows = await connection.execute(ordered)
            return [Filed(*wire.decode_assessed(row.body), row.incident_id) for row in rows]

    async def histories(self, posts: Sequence[Filed]) -> list[list[Filed]]:
        """Each of these posts with what its source edited it to since, the first version first."""
        async with self._database.read() as connection:
            return await post_versions.histories(connection, posts)

    async def feed(self, after: int, limit: int = 500) -> list[FeedItem]:
        """Changes after a position, oldest first."""
        query = select(FEED).where(FEED.c.position > after).order_by(FEED.c.position).limit(limit)
        async with self._database.read() as connection:
            return [_item(row) for row in await connection.execute(query)]

    async def last_position(self) -> int:
        """The newest change; 0 when there is none."""
        async with self._database.read() as connection:
            return int((await connection.execute(select(func.max(FEED.c.position)))).scalar_one() or 0)

    async def entries(self, names: Sequence[tuple[str, int]]) -> list[Entry]:
        """These entries (incident, seq), in the order in which they were recorded."""
        wanted = set(names)
        return [e for e in await self.ledger(sorted({i for i, _ in names})) if (e.incident_id, e.seq) in wanted]

    async def entries_of_kinds(self, kinds: Sequence[str], as_of: datetime) -> list[Entry]:
        """Every entry of these kinds recorded by `as_of`: what the annual tables are made from."""
        query = select(LEDGER).where(LEDGER.c.kind.in_(list(kinds)), LEDGER.c.recorded_us <= to_us(as_of))
        async with self._database.read() as connection:
            rows = await connection.execute(query.order_by(LEDGER.c.recorded_us, LEDGER.c.incident_id, LEDGER.c.seq))
            return [read_entry(row) for row in rows]


def _filtered(query: Select[Any], wanted: Filter) -> Select[Any]:
    for column, value in ((DESK.c.state, wanted.state), (DESK.c.event_grade, wanted.event_grade)):
        query = query.where(column == value) if value else query
    if wanted.open_only:
        query = query.where(DESK.c.open)
    if wanted.department:
        query = query.where(DESK.c.departments.contains(f",{wanted.department},", autoescape=True))
    if wanted.region:
        query = query.where(DESK.c.regions.contains(f",{wanted.region},", autoescape=True))
    if wanted.words:
        query = query.where(DESK.c.title.contains(wanted.words, autoescape=True))
    if wanted.emerging:
        query = query.where(DESK.c.emerging)
    if wanted.watched:
        query = query.where(DESK.c.watches != "")
    if wanted.watch:
        query = query.where(DESK.c.watches.contains(f",{wanted.watch},", autoescape=True))
    if wanted.overdue_at is not None:
        query = query.where(DESK.c.open, DESK.c.due_us < to_us(wanted.overdue_at))
    if wanted.due_by is not None:
        query = query.where(DESK.c.open, DESK.c.due_us <= to_us(wanted.due_by))
    if wanted.troubled:
        query = query.where(DESK.c.open, DESK.c.id.in_(TROUBLED))
    if wanted.unacknowledged:
        query = query.where(DESK.c.acknowledged.is_(False))
    return query


_TIMES = ("due", "started", "last_post", "answered", "resolved", "updated")
_LISTS = ("departments", "regions", "focus", "watches")


def _listed(row: Any) -> ListedIncident:
    values: dict[str, Any] = {column.name: row._mapping[column] for column in DESK.columns}
    values.pop("version")
    for name in _TIMES:
        us = values.pop(f"{name}_us")
        values[f"{name}_at"] = None if us is None else from_us(us)
    for name in _LISTS:
        values[name] = tuple(values[name].strip(",").split(",")) if values[name] else ()
    return ListedIncident(**values)


def _item(row: Any) -> FeedItem:
    seq = int(row.message_id.rpartition(":")[2])
    return FeedItem(row.position, row.incident_id, seq, row.kind, from_us(row.at_us), _decode_data(row.data))
