"""Corrections in the one database: written beside the act that made them, read for evaluation and training."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.corrections import CorrectionRow
from services.domain.correction import Correction, CorrectionKind

CORRECTION = table_of(CorrectionRow)


class CorrectionStore:
    """Implements `evaluating.Corrections`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, corrections: Sequence[Correction]) -> None:
        """Keep these in a transaction of their own; one that is already kept stays as it is."""
        async with self._database.write() as connection:
            await self.keep_with(connection, corrections)

    async def keep_with(self, connection: AsyncConnection, corrections: Sequence[Correction]) -> None:
        """Keep these in the caller's transaction, beside the act they belong to."""
        if corrections:
            statement = self._database.insert(CORRECTION).on_conflict_do_nothing()
            await connection.execute(statement, [_row(one) for one in corrections])

    async def since(self, moment: datetime) -> Sequence[Correction]:
        """The decisions made at or after the moment, oldest first."""
        at = CORRECTION.c.decided_us
        query = select(CORRECTION).where(at >= to_us(moment)).order_by(at, CORRECTION.c.post, CORRECTION.c.kind)
        async with self._database.read() as connection:
            return [_correction(row) for row in await connection.execute(query)]


def _row(one: Correction) -> dict[str, Any]:
    return {
        "post": one.post,
        "kind": one.kind.value,
        "decided_us": to_us(one.at),
        "decided_by": one.by,
        "proposed": one.proposed,
        "decided": one.decided,
        "rule": one.rule,
        "title": one.title,
        "text": one.text,
    }


def _correction(row: Any) -> Correction:
    return Correction(
        post=row.post,
        kind=CorrectionKind(row.kind),
        proposed=row.proposed,
        decided=row.decided,
        by=row.decided_by,
        at=from_us(row.decided_us),
        rule=row.rule,
        title=row.title,
        text=row.text,
    )
