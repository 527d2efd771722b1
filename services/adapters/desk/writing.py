"""Keeps the desk rows and the feed. The only writer of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select, text

from services.adapters.database import Database
from services.adapters.store.times import to_us
from services.adapters.tables import table_of
from services.adapters.tables.desk import DeskFeedRow, DeskIncidentRow
from services.adapters.tables.incidents import IncidentRow
from services.domain.characters import legible
from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.policy import Duty
from services.domain.vocabulary import DutyKind

DESK = table_of(DeskIncidentRow)
FEED = table_of(DeskFeedRow)
INCIDENT = table_of(IncidentRow)

_decode = msgspec.json.Decoder(Incident).decode
_encode = msgspec.json.Encoder().encode

# Feed positions must become visible in order, or a page that has seen 10 would never see a 9 committed later.
FEED_LOCK = text("SELECT pg_advisory_xact_lock(4806002)")


class Desk:
    """Implements `projecting.DeskWriter`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def refresh(self, entries: Sequence[Entry]) -> None:
        """See `projecting.DeskWriter`. A row is only ever replaced by a later version of itself."""
        async with self._database.write() as connection:
            if not self._database.is_sqlite:
                await connection.execute(FEED_LOCK)
            ids = sorted({e.incident_id for e in entries})
            found = await connection.execute(select(INCIDENT.c.version, INCIDENT.c.body).where(INCIDENT.c.id.in_(ids)))
            recorded = {e.incident_id: e.recorded_at for e in entries}
            rows = [_storable(_desk_row(row.version, _decode(row.body), recorded)) for row in found]
            if rows:
                await connection.execute(self._upsert(), rows)
            feed = [_feed_row(e) for e in entries]
            await connection.execute(self._database.insert(FEED).on_conflict_do_nothing(), feed)

    def _upsert(self) -> Any:
        statement = self._database.insert(DESK)
        newer = {c.name: statement.excluded[c.name] for c in DESK.columns if c.name != "id"}
        return statement.on_conflict_do_update(
            index_elements=["id"], set_=newer, where=DESK.c.version <= statement.excluded.version
        )


def pressing(incident: Incident) -> Duty | None:
    """The duty to show first: an open statutory one, the soonest due; else whatever is owed soonest."""
    owed = [d for d in incident.owed() if d.kind is not DutyKind.ACKNOWLEDGEMENT]
    return min(owed, key=lambda d: (not d.kind.statutory, d.due_at), default=None)


def _desk_row(version: int, incident: Incident, recorded: dict[str, Any]) -> dict[str, Any]:
    duty = pressing(incident)
    optional = {
        "due_us": duty.due_at if duty else None,
        "last_post_us": incident.last_post_at,
        "answered_us": incident.first_published_at,
        "resolved_us": incident.resolved_at,
    }
    plain = {name: getattr(incident, name) for name in ("title", "grade_confirmed", "provisional", "lead", "topic")}
    return plain | {
        "id": incident.id,
        "version": version,
        "state": incident.state.value,
        "open": incident.state.open,
        "event_grade": incident.event_grade.value if incident.event_grade else "",
        "opinion_grade": incident.opinion_grade.value,
        "lead_proposed": incident.lead_proposed,
        "departments": _codes(incident.active_departments),
        "regions": _codes(incident.regions),
        "focus": _codes(incident.focus),
        "sources": "、".join(incident.sources),
        "suspected_false": incident.suspected_false,
        "emerging": incident.emerging,
        "watches": _codes(incident.watches),
        "posts": incident.posts,
        "merged_into": incident.merged_into,
        "acknowledged": not incident.watch.calling,
        "due_kind": duty.kind.value if duty else "",
        "missed": sum(d.missed_at is not None and d.kind.statutory and not d.on_time for d in incident.duties),
        "started_us": to_us(incident.started_at),
        "updated_us": to_us(recorded[incident.id]),
        **{name: None if at is None else to_us(at) for name, at in optional.items()},
    }


def _storable(row: dict[str, Any]) -> dict[str, Any]:
    """An incident on file may hold what a text column of PostgreSQL refuses: it must be shown all the same."""
    return {name: legible(value)[0] if isinstance(value, str) else value for name, value in row.items()}


def _codes(codes: Sequence[str]) -> str:
    return f",{','.join(codes)}," if codes else ""


def _feed_row(entry: Entry) -> dict[str, Any]:
    return {
        "message_id": entry.message_id,
        "incident_id": entry.incident_id,
        "kind": entry.kind.value,
        "at_us": to_us(entry.recorded_at),
        "data": _encode(entry.data),
    }
