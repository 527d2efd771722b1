"""What all printed forms share: row names, numbers in words, headings that span, and text a document may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from services.domain.report import AnnualReport, Cell, Column, Row, Section, Sheet
from services.domain.report.layout import cell_name
from services.domain.zone import SHANGHAI

# XML 1.0 knows no other control characters, and no half of a surrogate pair
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NUMERALS = re.compile(r"[一二三四五六七八九十]+")
_BOUNDS = {"at_least": ("", "余"), "at_most": ("不足", ""), "about": ("约", "")}
BLANK_LINE = "＿＿＿＿＿＿"


@dataclass(frozen=True, slots=True)
class Heading:
    """A cell of a heading: where it begins, how far it reaches, what it says."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def clean(text: str) -> str:
    """Text without what XML cannot hold."""
    return _NOT_XML.sub("", text)


def row_name(row: Row) -> str:
    """一、…, (一)…, 1.…, 其中：…"""
    if row.num == "其中":
        return f"其中：{row.name}"
    if _NUMERALS.fullmatch(row.num):
        return f"{row.num}、{row.name}"
    return f"{row.num}.{row.name}" if row.num.isdigit() else f"{row.num}{row.name}"


def section_name(section: Section) -> str:
    return f"{section.num}、{section.name}" if section.num else section.name


def affixes(cell: Cell) -> tuple[str, str]:
    """What stands before and after a number that is not exact: 300余, 不足20, 约5."""
    return _BOUNDS.get(cell.bound, ("", ""))


def number(cell: Cell) -> str:
    """The number as printed; empty where nobody has entered one."""
    if cell.value is None:
        return ""
    before, after = affixes(cell)
    return f"{before}{plain(cell.value)}{after}"


def plain(value: Decimal) -> str:
    """No exponent and no trailing zeros: 107.20 → 107.2."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def lines(report: AnnualReport, sheet: Sheet) -> Iterator[tuple[Row, list[Cell | None]]]:
    """The rows that are printed, each with its cells; None where a heading row has no number."""
    for row in sheet.rows:
        if not row.internal:
            yield row, [report.cells.get(cell_name(row.id, column.id)) for column in sheet.columns]


def headings(sheet: Sheet) -> list[Heading]:
    """The heading over a sheet's columns; the leading ones (指标, 单位) reach from top to bottom."""
    if len(sheet.columns) == 1 and len(sheet.head) == 3:
        return [Heading(0, n, 1, 1, text) for n, text in enumerate(sheet.head)]
    paths = [_path(column) for column in sheet.columns]
    depth = max(map(len, paths))
    found = [Heading(0, n, depth, 1, text) for n, text in enumerate(sheet.head)]
    for level in range(depth):
        found += _level(paths, level, depth, len(sheet.head))
    return found


def _path(column: Column) -> list[str]:
    return [*(column.group.split(" / ") if column.group else []), column.name]


def _level(paths: list[list[str]], level: int, depth: int, shift: int) -> Iterator[Heading]:
    at = 0
    while at < len(paths):
        reach = at + 1
        if level < len(paths[at]) - 1:
            while reach < len(paths) and paths[reach][: level + 1] == paths[at][: level + 1]:
                reach += 1
            yield Heading(level, shift + at, 1, reach - at, paths[at][level])
        elif level == len(paths[at]) - 1:
            yield Heading(level, shift + at, depth - level, 1, paths[at][level])
        at = reach


def depth_of_heading(sheet: Sheet) -> int:
    return max(h.row + h.rows for h in headings(sheet))


def shows_unit(sheet: Sheet) -> bool:
    """True where the form has a column for the unit of measure."""
    return len(sheet.head) == 3


def caption(report: AnnualReport) -> str:
    return clean(f"填报单位：{report.unit.name}　　{report.year} 年度")


def remarks(report: AnnualReport) -> list[str]:
    """What stands below: notes, and what the consistency rules found."""
    at = report.as_of.astimezone(SHANGHAI)
    wrong = [f for f in report.findings if f.standing == "broken"]
    found = [f"勾稽不符 {f.rule}（{'必须相符' if f.level == 'hard' else '供核对'}）：{f.text}" for f in wrong]
    return [clean(line) for line in (f"数据截至 {at:%Y-%m-%d %H:%M}（北京时间）。", *report.notes, *found)]


def footer(report: AnnualReport) -> str:
    return "　　".join(f"{name}：{BLANK_LINE}" for name in report.layout.footer)
