"""The annual report: facts from the ledger, figures from the units, one filled table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.report import (
    AnnualReport,
    BadFigure,
    EnteredFigure,
    IncidentFact,
    Layout,
    Office,
    PublicationFact,
    Unit,
    accept,
    fill,
)
from services.domain.report.filling import Year
from services.domain.report.ledger_rows import bounds


class ReportDesk(Protocol):
    """What the ledger knows, as recorded by `as_of`. Times are aware; the period is [start, end) in UTC."""

    async def publications(self, start: datetime, end: datetime, as_of: datetime) -> Sequence[PublicationFact]:
        """Publications published within the period; those of a merged incident under the one it was merged into."""

    async def incidents(self, start: datetime, end: datetime, as_of: datetime) -> Sequence[IncidentFact]:
        """Every incident with a publication in the period, with its first publication ever and its unit."""


class Figures(Protocol):
    """What the units have entered."""

    async def entered(self, year: int, as_of: datetime) -> Sequence[EnteredFigure]:
        """The newest entry of every unit and cell, as entered by `as_of`."""

    async def enter(self, entries: Sequence[EnteredFigure]) -> None:
        """Keep these, all or none. Earlier entries stay on record."""


@dataclass(frozen=True, slots=True)
class Request:
    """Which report: the unit's code or the city's, the year, and as of when."""

    unit: str
    year: int
    as_of: datetime


class NoSuchUnit(ValueError):
    """The code is neither the city's nor a reporting unit's."""


def find_unit(office: Office, code: str) -> Unit:
    """The unit or the city with this code. Raises NoSuchUnit."""
    for unit in (office.city, *office.units):
        if unit.code == code:
            return unit
    raise NoSuchUnit(f"没有代码为 {code} 的填报单位")


async def annual(request: Request, layout: Layout, office: Office, desk: ReportDesk, figures: Figures) -> AnnualReport:
    """The filled report.

    Raises:
        NoSuchUnit: an unknown unit.
    """
    unit = find_unit(office, request.unit)
    before = await _year(request.year - 1, request.as_of, desk, figures)
    now = await _year(request.year, request.as_of, desk, figures)
    return fill(layout, office, unit, (before, now), request.as_of)


async def enter(entries: Sequence[EnteredFigure], layout: Layout, office: Office, figures: Figures) -> None:
    """Keep what a unit enters, all or none.

    Raises:
        NoSuchUnit: an unknown unit.
        BadFigure: a cell the layout does not have, a sum, a row the ledger fills, or an impossible value.
    """
    seen: set[tuple[str, int, str]] = set()
    for entry in entries:
        find_unit(office, entry.unit)
        accept(layout, office.city.code, entry)
        key = (entry.unit, entry.year, entry.cell)
        if key in seen:
            raise BadFigure(entry.cell, "同一格填了两次")
        seen.add(key)
    await figures.enter(entries)


async def _year(year: int, as_of: datetime, desk: ReportDesk, figures: Figures) -> Year:
    start, end = bounds(year)
    return Year(
        year,
        await desk.incidents(start, end, as_of),
        await desk.publications(start, end, as_of),
        await figures.entered(year, as_of),
    )
