"""`import figures`: the exported workbook, filled in, comes back cell by cell, or is refused with the place."""

import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from config.layouts import layout_names, load_layout
from services.adapters.exports import as_xlsx
from services.adapters.figures_sheet import BadSheet, Stamp, read_sheet
from services.domain.report import EnteredFigure, Layout, Office, Unit, fill
from services.domain.report.filling import Year

NOW = datetime(2017, 1, 20, tzinfo=UTC)
STAMP = Stamp("A", 2016, "somebody", NOW)
OFFICE = Office(Unit("230100", "本市"), (Unit("A", "甲局"),))


def written(folder: Path, layout: Layout, entries: list[EnteredFigure]) -> Path:
    report = fill(layout, OFFICE, OFFICE.units[0], (Year(2015), Year(2016, entered=entries)), NOW)
    path = folder / "figures.xlsx"
    path.write_bytes(as_xlsx(report))
    return path


def figures(layout: Layout) -> list[EnteredFigure]:
    """A different number in every cell that is printed and entered; one inexact, one a decimal."""
    found = []
    for n, (name, (row, column)) in enumerate(layout.cells().items(), start=1):
        if not row.ledger and not row.internal:
            value = Decimal(n) + (Decimal("0.5") if row.decimal or column.decimal else 0)
            found.append(EnteredFigure("A", 2016, name, value, "somebody", NOW, bound="at_least" if n == 2 else ""))
    return found


@pytest.mark.parametrize("name", layout_names())
def test_every_cell_comes_back_where_it_was(tmp_path: Path, name: str) -> None:
    layout = load_layout(name)
    entries = figures(layout)
    assert read_sheet(written(tmp_path, layout, entries), layout, STAMP) == entries


def test_an_empty_form_holds_no_entries(tmp_path: Path) -> None:
    layout = load_layout("2014")
    assert read_sheet(written(tmp_path, layout, []), layout, STAMP) == []


def changed(folder: Path, cell: str, value: Any) -> Path:
    path = written(folder, load_layout("2014"), [])
    book = openpyxl.load_workbook(path)
    book.worksheets[0][cell] = value
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("typed", "number", "bound"),
    [("1,234", 1234, ""), (" 300余 ", 300, "at_least"), ("约20", 20, "about"), ("不足5", 5, "at_most"), (7.0, 7, "")],
)
def test_numbers_typed_as_people_type_them_are_understood(tmp_path: Path, typed: Any, number: int, bound: str) -> None:
    [entry] = read_sheet(changed(tmp_path, "C5", typed), load_layout("2014"), STAMP)
    assert (entry.cell, entry.value, entry.bound) == ("1.1", number, bound)


@pytest.mark.parametrize(
    ("cell", "value", "place"),
    [("C5", "many", "C5"), ("C5", True, "C5"), ("C5", "12,34", "C5"), ("A5", "改了名字", "-")],
)
def test_what_is_no_number_is_refused_with_its_cell(tmp_path: Path, cell: str, value: Any, place: str) -> None:
    with pytest.raises(BadSheet) as refusal:
        read_sheet(changed(tmp_path, cell, value), load_layout("2014"), STAMP)
    assert refusal.value.place == place


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    layout = load_layout("2014")
    path = tmp_path / "figures.xlsx"
    for content in (b"", b"plain text"):
        path.write_bytes(content)
        with pytest.raises(BadSheet):
            read_sheet(path, layout, STAMP)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")
    with pytest.raises(BadSheet):
        read_sheet(path, layout, STAMP)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (101 * 1024 * 1024))
    with pytest.raises(BadSheet, match="unpacks"):
        read_sheet(path, layout, STAMP)
    with pytest.raises(BadSheet):
        read_sheet(tmp_path / "nothing.xlsx", layout, STAMP)


def test_a_workbook_of_another_era_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSheet, match="没有工作表"):
        read_sheet(written(tmp_path, load_layout("2014"), []), load_layout("2021"), STAMP)
