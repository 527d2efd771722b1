"""What the tables say about how the work goes: the oldest thing that waits, the database's own clock."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select, text

from services.adapters.database import Database
from services.adapters.store.times import from_us
from services.adapters.tables import table_of
from services.adapters.tables.incidents import IncidentRow, LedgerRow

INCIDENT = table_of(IncidentRow)
LEDGER = table_of(LedgerRow)


class Vitals:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def oldest_unpublished(self) -> datetime | None:
        """When the oldest ledger entry that no relay has published was recorded."""
        query = select(func.min(LEDGER.c.recorded_us)).where(LEDGER.c.published_us.is_(None))
        async with self._database.read() as connection:
            us = (await connection.execute(query)).scalar_one()
        return None if us is None else from_us(us)

    async def oldest_due(self) -> datetime | None:
        """The earliest moment that a sweep has to look at."""
        async with self._database.read() as connection:
            us = (await connection.execute(select(func.min(INCIDENT.c.next_due_us)))).scalar_one()
        return None if us is None else from_us(us)

    async def troubles(self, limit: int = 100) -> list[tuple[str, str]]:
        """Incidents the sweep could not settle, each with the reason."""
        query = select(INCIDENT.c.id, INCIDENT.c.trouble).where(INCIDENT.c.trouble != "").order_by(INCIDENT.c.id)
        async with self._database.read() as connection:
            return [(row.id, row.trouble) for row in await connection.execute(query.limit(limit))]

    async def clock(self) -> datetime | None:
        """The database server's clock; None where it is this machine's."""
        if self._database.is_sqlite:
            return None
        async with self._database.read() as connection:
            at: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
        return at.astimezone(UTC)
