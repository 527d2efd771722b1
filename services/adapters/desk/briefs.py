"""What a brief is made of. Implements `briefing.BriefDesk`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import or_, select

from services.adapters.database import Database
from services.adapters.desk.reading import DESK, INCIDENT, DeskReader
from services.adapters.store.times import to_us
from services.domain.incident import Incident
from services.domain.ledger import Entry

_decode = msgspec.json.Decoder(Incident).decode


class BriefReader:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reader = DeskReader(database)

    async def touched(self, since: datetime) -> Sequence[Incident]:
        """See `briefing.BriefDesk`. The desk knows when an incident last changed, the store what it is; one that is
        resolved may still owe a statutory duty, and one that has just come may not have reached the desk.
        """
        wanted = or_(DESK.c.open, DESK.c.due_us.is_not(None), DESK.c.updated_us >= to_us(since), DESK.c.id.is_(None))
        joined = INCIDENT.outerjoin(DESK, DESK.c.id == INCIDENT.c.id)
        query = select(INCIDENT.c.body).select_from(joined).where(wanted).order_by(INCIDENT.c.id)
        async with self._database.read() as connection:
            return [_decode(body) for body in (await connection.execute(query)).scalars()]

    async def incident(self, incident_id: str) -> Incident | None:
        """See `briefing.BriefDesk`."""
        return await self._reader.incident(incident_id)

    async def ledger(self, incident_ids: Sequence[str]) -> Sequence[Entry]:
        """See `briefing.BriefDesk`."""
        return await self._reader.ledger(incident_ids)
