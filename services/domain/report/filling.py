"""A layout filled for one unit, or for the city as the sum of its units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from services.domain.report.figure import EnteredFigure
from services.domain.report.layout import Layout
from services.domain.report.ledger_rows import Counts, IncidentFact, PublicationFact, count
from services.domain.report.rules import Books, Finding, examine

_REFERENCE = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Unit:
    """A reporting unit (填报单位) or the city: its code and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Office:
    """The city and its reporting units."""

    city: Unit
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and where it comes from. None is blank: nobody has entered anything."""

    value: Decimal | None = None
    ledger: int | None = None
    entered: Decimal | None = None
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Year:
    """The facts of one reporting year, as known on some day."""

    year: int
    incidents: Sequence[IncidentFact] = ()
    publications: Sequence[PublicationFact] = ()
    entered: Sequence[EnteredFigure] = ()


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """A filled report. `cells` by name, `texts` by section, `findings` of the rules, `notes` for the reader."""

    layout: Layout
    year: int
    unit: Unit
    as_of: datetime
    cells: Mapping[str, Cell]
    texts: Mapping[str, str]
    findings: Sequence[Finding]
    notes: Sequence[str] = field(default=())


def fill(layout: Layout, office: Office, unit: Unit, years: tuple[Year, Year], as_of: datetime) -> AnnualReport:
    """The report of `unit` for the second of `years`; the first, the year before, serves the rules that look back."""
    before, now = (_cells(layout, office, unit, year) for year in years)
    entered = _texts(layout, office, unit, years[1])
    written = (section for section in layout.sections if section.text or section.entered)
    texts = {s.num: _joined(_generated(s.text, now), entered.get(s.text_cell, "")) for s in written}
    findings = examine(layout.relations(), Books(now, before, entered, layout.labels()))
    return AnnualReport(
        layout, years[1].year, unit, as_of, now, texts, findings, _notes(layout, office, unit, years[1])
    )  # fmt: skip


def _cells(layout: Layout, office: Office, unit: Unit, year: Year) -> dict[str, Cell]:
    counts = count(year.year, year.incidents, year.publications)
    if unit.code != office.city.code:
        return _of_unit(layout, unit.code, year, counts)
    parts = [_of_unit(layout, code, year, counts) for code in _reporting(office, year, counts)]
    return {name: _summed([part[name] for part in parts]) for name in layout.cells()}


def _reporting(office: Office, year: Year, counts: Counts) -> list[str]:
    """The units of the office and any other that has something to report: nothing is lost from a total."""
    others = {e.unit for e in year.entered} | set(counts)
    return list(dict.fromkeys([*(u.code for u in office.units), *sorted(others - {office.city.code})]))


def _of_unit(layout: Layout, unit: str, year: Year, counts: Counts) -> dict[str, Cell]:
    own = {e.cell: e for e in year.entered if e.unit == unit}
    zero = Decimal(0) if layout.blank_is_zero and any(e.value is not None for e in own.values()) else None
    cells = {}
    for name, (row, _) in layout.cells().items():
        entry = own.get(name)
        value = entry.value if entry else None
        bound = entry.bound if entry else ""
        if row.ledger:
            counted = counts.get(unit, {}).get(row.ledger, 0)
            cells[name] = Cell(counted + (value or Decimal(0)), counted, value, bound)
        else:
            cells[name] = Cell(zero if value is None else value, None, value, bound)
    return cells


def _summed(parts: Sequence[Cell]) -> Cell:
    """Blank only where every unit is blank."""
    values = [p.value for p in parts if p.value is not None]
    ledger = [p.ledger for p in parts if p.ledger is not None]
    entered = [p.entered for p in parts if p.entered is not None]
    bound = next((p.bound for p in parts if p.bound), "")
    total = sum(values, Decimal(0)) if values else None
    return Cell(total, sum(ledger) if ledger else None, sum(entered, Decimal(0)) if entered else None, bound)


def _texts(layout: Layout, office: Office, unit: Unit, year: Year) -> dict[str, str]:
    """A unit's own words. The city's are those of its first unit that wrote any (市政府办公厅)."""
    names = layout.texts()
    order = [u.code for u in office.units] if unit.code == office.city.code else [unit.code]
    found: dict[str, str] = {}
    for code in order:
        for entry in year.entered:
            if entry.unit == code and entry.cell in names and entry.text.strip():
                found.setdefault(entry.cell, entry.text)
    return found


def _generated(template: str, cells: Mapping[str, Cell]) -> str:
    """The sentence with its numbers."""

    def number(match: re.Match[str]) -> str:
        cell = cells.get(match[1])
        return "—" if cell is None or cell.value is None else f"{cell.value:f}"

    return _REFERENCE.sub(number, template)


def _joined(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _notes(layout: Layout, office: Office, unit: Unit, year: Year) -> list[str]:
    notes = [layout.note] if layout.note else []
    if not layout.first_year <= year.year <= (layout.last_year or year.year):
        until = f"至 {layout.last_year} 年度" if layout.last_year else "年度起"
        notes.append(f"本版式适用于 {layout.first_year} {until}，现用于 {year.year} 年度。")
    unseen = [row.name for sheet in layout.sheets() for row in sheet.rows if not row.seen]
    if unseen:
        notes.append(f"行名未经核实：{'；'.join(unseen)}。")
    if unit.code == office.city.code:
        reported = {e.unit for e in year.entered}
        silent = [u.name for u in office.units if u.code not in reported]
        if silent:
            notes.append(f"本年度未填报的单位（{len(silent)}）：{'、'.join(silent)}。")
    return notes
