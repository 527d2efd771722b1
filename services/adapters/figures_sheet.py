"""A workbook that a unit has filled in, in the form that `exports.xlsx` gives, read back as entries."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl

from services.adapters.exports import printed
from services.adapters.exports.xlsx import tab_name
from services.domain.report import EnteredFigure, Layout, Section, Sheet
from services.domain.report.layout import cell_name

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 2_000
_NUMBER = re.compile(r"(约|不足)?\s*([+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?)\s*(余|多|以上)?")
_BOUNDS = {"余": "at_least", "多": "at_least", "以上": "at_least", "不足": "at_most", "约": "about"}


class BadSheet(ValueError):
    """A workbook that cannot be taken; the message is one line: file, place, reason."""

    def __init__(self, path: Path, place: str, reason: str) -> None:
        super().__init__(f"{path}:{place}: {reason}")
        self.path, self.place, self.reason = path, place, reason


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose entries these are, for which year, entered by whom and when."""

    unit: str
    year: int
    entered_by: str
    entered_at: datetime


def read_sheet(path: Path, layout: Layout, stamp: Stamp) -> list[EnteredFigure]:
    """What is filled in. Blank cells are no entries; rows that the ledger fills are passed over.

    Raises:
        BadSheet: no workbook, a part or a row that is missing, or a cell that holds no number.
    """
    book = _open(path)
    try:
        return [entry for section in layout.sections for entry in _section(path, book, section, stamp)]
    finally:
        book.close()


def _open(path: Path) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadSheet(path, "-", f"larger than {MOST_BYTES} bytes")
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise BadSheet(path, "-", "unpacks to more than any report")
        return openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, ParseError) as error:
        if isinstance(error, BadSheet):
            raise
        reason = str(error).replace("\n", " ") or type(error).__name__
        raise BadSheet(path, "-", f"not a workbook: {reason}") from error


def _section(path: Path, book: Any, section: Section, stamp: Stamp) -> Iterator[EnteredFigure]:
    if not section.sheets:
        return
    name = tab_name(section)
    if name not in book.sheetnames:
        raise BadSheet(path, "-", f"没有工作表“{name}”")
    rows = list(book[name].iter_rows(max_row=MOST_ROWS))
    at = 0
    for sheet in section.sheets:
        at = yield from _sheet(path, rows, at, sheet, stamp)


def _sheet(
    path: Path, rows: Sequence[Sequence[Any]], at: int, sheet: Sheet, stamp: Stamp
) -> Generator[EnteredFigure, None, int]:
    """The rows of one table, found by their names in order: several rows of a form have the same name."""
    first = 2 if printed.shows_unit(sheet) else len(sheet.head)
    for row in (r for r in sheet.rows if not r.internal):
        at = _find(path, rows, at, printed.row_name(row))
        if row.unit and not row.ledger:
            for n, column in enumerate(sheet.columns, start=first):
                entry = _entry(path, rows[at], n, cell_name(row.id, column.id), stamp)
                if entry is not None:
                    yield entry
        at += 1
    return at


def _find(path: Path, rows: Sequence[Sequence[Any]], at: int, name: str) -> int:
    wanted = _squeezed(name)
    for number in range(at, len(rows)):
        if rows[number] and _squeezed(str(rows[number][0].value or "")) == wanted:
            return number
    raise BadSheet(path, "-", f"找不到行“{name}”")


def _squeezed(text: str) -> str:
    return "".join(text.split()).translate(str.maketrans("（）：，", "():,"))


def _entry(path: Path, cells: Sequence[Any], n: int, name: str, stamp: Stamp) -> EnteredFigure | None:
    cell = cells[n] if n < len(cells) else None
    if cell is None or cell.value is None or cell.value == "":
        return None
    number, bound = _number(cell.value)
    if number is None:
        raise BadSheet(path, f"{cell.coordinate}", f"{name}：不是数：{str(cell.value)[:40]!r}")
    bound = bound or next((b for word, b in _BOUNDS.items() if word in (cell.number_format or "")), "")
    return EnteredFigure(stamp.unit, stamp.year, name, number, stamp.entered_by, stamp.entered_at, bound=bound)


def _number(value: object) -> tuple[Decimal | None, str]:
    """The number and its bound; None where it is none."""
    if isinstance(value, bool):
        return None, ""
    if isinstance(value, int | float):
        return Decimal(str(value)), ""
    match = _NUMBER.fullmatch(str(value).strip())
    if match is None:
        return None, ""
    return Decimal(match[2].replace(",", "")), _BOUNDS.get(match[1] or match[3] or "", "")
