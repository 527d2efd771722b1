"""Entered figures on both databases: the newest counts, and a closed year can be read as of any day."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from config.layouts import load_layout
from services.adapters.database import Database
from services.adapters.store.figures import FigureStore
from services.domain.report import BadFigure, EnteredFigure, IncidentFact, Office, PublicationFact, Unit
from services.usecases.reporting import NoSuchUnit, Request, annual, enter

NOW = datetime(2017, 1, 20, tzinfo=UTC)
DAY = timedelta(days=1)
OFFICE = Office(Unit("230100", "本市"), (Unit("A", "甲局"), Unit("B", "乙局")))
LAYOUT = load_layout("2014")


class Silent:
    """A ledger in which nothing was answered."""

    async def publications(self, start: datetime, end: datetime, as_of: datetime) -> Sequence[PublicationFact]:
        return []

    async def incidents(self, start: datetime, end: datetime, as_of: datetime) -> Sequence[IncidentFact]:
        return []


def figure(value: int | None, cell: str = "3.1", unit: str = "A", at: datetime = NOW) -> EnteredFigure:
    return EnteredFigure(unit, 2016, cell, None if value is None else Decimal(value), "somebody", at)


async def total(store: FigureStore, as_of: datetime) -> Decimal | None:
    report = await annual(Request("230100", 2016, as_of), LAYOUT, OFFICE, Silent(), store)
    return report.cells["3.1"].value


async def test_a_correction_counts_from_its_day_and_the_earlier_entry_stays(database: Database) -> None:
    store = FigureStore(database)
    await enter([figure(5), figure(7, unit="B")], LAYOUT, OFFICE, store)
    await enter([figure(6, at=NOW + DAY)], LAYOUT, OFFICE, store)
    await enter([figure(None, unit="B", at=NOW + 2 * DAY)], LAYOUT, OFFICE, store)
    days = [NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY]
    assert [await total(store, day) for day in days] == [None, 12, 13, 6]


async def test_decimals_texts_and_bounds_come_back_as_entered(database: Database) -> None:
    store = FigureStore(database)
    kept = [
        EnteredFigure("A", 2016, "8.4", Decimal("107.20"), "somebody", NOW, bound="about"),
        EnteredFigure("A", 2016, "text.一", None, "somebody", NOW, text="说明\n第二行"),
    ]
    await store.enter(kept)
    await store.enter(kept)
    assert await store.entered(2016, NOW) == kept
    assert await store.entered(2015, NOW) == []


@pytest.mark.parametrize("bad", [figure(1, "2.1"), figure(1, unit="230100"), figure(9)])
async def test_one_bad_entry_keeps_all_out(sqlite_database: Database, bad: EnteredFigure) -> None:
    store = FigureStore(sqlite_database)
    with pytest.raises(BadFigure):
        await enter([figure(5), bad], LAYOUT, OFFICE, store)
    assert await store.entered(2016, NOW) == []


async def test_an_unknown_unit_has_no_report(sqlite_database: Database) -> None:
    store = FigureStore(sqlite_database)
    with pytest.raises(NoSuchUnit):
        await annual(Request("C", 2016, NOW), LAYOUT, OFFICE, Silent(), store)
    with pytest.raises(NoSuchUnit):
        await enter([figure(5, unit="C")], LAYOUT, OFFICE, store)
