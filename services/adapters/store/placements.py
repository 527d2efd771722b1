"""How posts came into incidents, as the ledgers tell it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.store.incidents import LEDGER, read_entry
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind

_KINDS = (
    EntryKind.INCIDENT_REPORTED,
    EntryKind.POST_ATTACHED,
    EntryKind.INCIDENTS_MERGED,
    EntryKind.POSTS_SPLIT,
    EntryKind.CANDIDATE_DECLINED,
)


async def placements(connection: AsyncConnection, incidents: Collection[str]) -> list[Entry]:
    """What these incidents' ledgers say of opening, joining, merging, splitting and declining, in order."""
    named = LEDGER.c.incident_id.in_(sorted(incidents)), LEDGER.c.kind.in_([kind.value for kind in _KINDS])
    rows = await connection.execute(select(LEDGER).where(*named).order_by(LEDGER.c.incident_id, LEDGER.c.seq))
    return [read_entry(row) for row in rows]
