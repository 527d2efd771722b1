"""Entered figures. Implements `reporting.Figures`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.adapters.database import Database
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.figures import FigureRow
from services.domain.report import EnteredFigure

FIGURE = table_of(FigureRow)


class FigureStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def entered(self, year: int, as_of: datetime) -> list[EnteredFigure]:
        newest = func.row_number().over(
            partition_by=(FIGURE.c.unit, FIGURE.c.cell), order_by=FIGURE.c.entered_us.desc()
        )
        known = (
            select(FIGURE, newest.label("place"))
            .where(FIGURE.c.year == year, FIGURE.c.entered_us <= to_us(as_of))
            .subquery()
        )
        latest = select(known).where(known.c.place == 1).order_by(known.c.unit, known.c.cell)
        async with self._database.read() as connection:
            return [_figure(row) for row in (await connection.execute(latest)).all()]

    async def enter(self, entries: Sequence[EnteredFigure]) -> None:
        """Two entries of the same moment for the same cell: the later call replaces the earlier."""
        if not entries:
            return
        statement = self._database.insert(FIGURE)
        replaced = {name: statement.excluded[name] for name in ("entered_by", "value", "text", "bound")}
        statement = statement.on_conflict_do_update(index_elements=list(FIGURE.primary_key.columns), set_=replaced)
        async with self._database.write() as connection:
            await connection.execute(statement, [_row(entry) for entry in entries])


def _row(entry: EnteredFigure) -> dict[str, Any]:
    return {
        "year": entry.year,
        "unit": entry.unit,
        "cell": entry.cell,
        "entered_us": to_us(entry.entered_at),
        "entered_by": entry.entered_by,
        "value": "" if entry.value is None else str(entry.value),
        "text": entry.text,
        "bound": entry.bound,
    }


def _figure(row: Any) -> EnteredFigure:
    value = Decimal(row.value) if row.value else None
    return EnteredFigure(
        row.unit, row.year, row.cell, value, row.entered_by, from_us(row.entered_us), row.text, row.bound
    )  # fmt: skip
