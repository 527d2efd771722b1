"""Exports: numbers are numbers, text is only text, and every file opens."""

import io
import json
import zipfile
from datetime import UTC, datetime
from decimal import Decimal

import docx
import openpyxl
import pytest
from docx.shared import Pt

from config.layouts import layout_names, load_layout
from services.adapters.exports import FORMATS, as_docx, as_html, as_json, as_xlsx
from services.domain.report import AnnualReport, Column, EnteredFigure, Layout, Office, Row, Section, Sheet, Unit, fill
from services.domain.report.filling import Year

NOW = datetime(2016, 6, 1, tzinfo=UTC)
HOSTILE = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "{=1+1}",
    "＝1+1",
    '=HYPERLINK("http://example.org","x")',
    "http://example.org/a",
    "mailto:a@example.org",
    "internal:'核对'!A1",
    "=cmd|' /C calc'!A0",
    "\x00\x08\x1b",
    "\ud800",
    "￿",
    "长" * 40_000,
    "<script>alert(1)</script>&\"'",
]

# one part with a text and a table: enough to carry a hostile text to every place that shows one
SHEET = Sheet("t", (Column("", "数"),), (Row("t.1", "1", "行", "件"),), ("指标", "单位", "数"))
SMALL = Layout(
    "2021", "年报", "", "", 2021, None, (), True, (Section("五", "问题", entered="问题", sheets=(SHEET,)),), ()
)  # fmt: skip


def report(layout: Layout, text: str = "", unit: str = "某局") -> AnnualReport:
    entries = [
        EnteredFigure("A", 2016, name, Decimal("107.2") if row.decimal else Decimal(n), "u", NOW)
        for n, (name, (row, _)) in enumerate(layout.cells().items(), start=1)
        if not row.ledger
    ]
    entries[0] = EnteredFigure("A", 2016, entries[0].cell, Decimal(300), "u", NOW, bound="at_least")
    entries += [EnteredFigure("A", 2016, name, None, "u", NOW, text=text) for name in layout.texts()]
    office = Office(Unit("230100", "本市"), (Unit("A", unit),))
    return fill(layout, office, office.units[0], (Year(2015), Year(2016, entered=entries)), NOW)


@pytest.mark.parametrize("name", layout_names())
@pytest.mark.parametrize("form", list(FORMATS))
def test_every_layout_is_exported_in_every_form_and_twice_the_same(name: str, form: str) -> None:
    filled = report(load_layout(name))
    made = FORMATS[form](filled)
    assert made
    assert form == "docx" or made == FORMATS[form](filled)  # a document's zip carries the time of day


def test_json_gives_rows_cells_and_checks() -> None:
    body = json.loads(as_json(report(load_layout("2014"))))
    rows = {row["id"]: row for row in body["rows"]}
    assert (rows["2.1"]["value"], rows["2.1"]["from_ledger"]) == (0, 0)
    assert rows["1.1"]["bound"] == "at_least"
    assert rows["8.4"]["value"] == 107.2
    assert body["cells"]["8.4"] == 107.2
    assert {"rule", "level", "result", "text", "cells"} == set(body["checks"][0])
    assert body["unit"] == {"code": "A", "name": "某局"}


def test_json_gives_grids_by_column() -> None:
    body = json.loads(as_json(report(load_layout("2021"))))
    row = next(row for row in body["rows"] if row["id"] == "t3.new")
    assert set(row["values"]) == {"natural", "company", "research", "charity", "legal", "other", "total"}


def test_numbers_are_numbers_in_the_workbook() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(report(load_layout("2014")))))
    page = book.worksheets[0]
    shown = {row[0].value: row for row in page.iter_rows(min_row=4) if row[0].value}
    money = next(row for name, row in shown.items() if "专项经费" in name)
    assert (money[1].value, money[2].value, money[2].data_type) == ("万元", 107.2, "n")
    first = next(row for name, row in shown.items() if name.startswith("(一)主动公开政府信息数"))
    assert (first[2].value, first[2].number_format) == (300, '0"余"')
    assert first[0].alignment.indent == 2
    assert [page.cell(3, n).value for n in (1, 2, 3)] == ["统计指标", "单位", "统计数"]
    assert "填报人" in page.cell(page.max_row, 1).value
    assert "内部登记" not in "".join(shown)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text_in_the_workbook(text: str) -> None:
    content = as_xlsx(report(SMALL, text, unit=text[:40]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/" in name]
    assert all("<f>" not in sheet and "<f " not in sheet and "hyperlink" not in sheet for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(content))
    values = [cell.value for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert all(len(value) <= 32_767 for value in values if isinstance(value, str))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text_in_document_and_page(text: str) -> None:
    filled = report(SMALL, text, unit=text[:40])
    assert docx.Document(io.BytesIO(as_docx(filled))).tables
    page = as_html(filled).decode()
    assert "<script" not in page
    assert "http-equiv" not in page


def test_every_row_of_the_document_is_of_one_height_whether_filled_or_not() -> None:
    tables = docx.Document(io.BytesIO(as_docx(report(load_layout("2014"))))).tables
    assert {row.height for table in tables for row in table.rows} == {Pt(20)}


def test_a_negative_number_stays_a_number() -> None:
    layout = load_layout("2019")
    change = EnteredFigure("A", 2019, "t2.5.licence.change", Decimal(-3), "u", NOW)
    office = Office(Unit("230100", "本市"), (Unit("A", "某局"),))
    filled = fill(layout, office, office.units[0], (Year(2018), Year(2019, entered=[change])), NOW)
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(filled)))
    assert -3 in [cell.value for page in book.worksheets for row in page.iter_rows() for cell in row]


def test_the_page_spans_its_headings_as_the_form_does() -> None:
    page = as_html(report(load_layout("2021"))).decode()
    assert '<th rowspan="1" colspan="5">法人或其他组织</th>' in page
    assert '<th rowspan="2" colspan="1">自然人</th>' in page
    assert '<th rowspan="1" colspan="10">行政诉讼</th>' in page
