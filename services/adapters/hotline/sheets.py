"""CSV, XLSX and JSON files as numbered rows of named cells."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from services.adapters.encodings import UNCERTAIN, decode
from services.adapters.hotline.records import read_records
from services.usecases.collecting.contract import NotAFeed

MAX_FILE = 200 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
HEADER_WITHIN = 20
DELIMITERS = (",", "\t", ";", "，")
SUFFIXES = frozenset((".csv", ".tsv", ".txt", ".xlsx", ".json", ".jsonl", ".ndjson"))

Names = Callable[[Iterable[str]], bool]


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `number` is the line or row a person finds it at; `cells` maps column names to what is in them.

    `bad` says why the record cannot be read, and has no cells then.
    """

    number: int
    cells: Mapping[str, object]
    bad: str = ""


Rower = Callable[[int, list[str], list[object]], Row]


def read_rows(path: Path, is_header: Names) -> Iterator[Row]:
    """The records of the file, without empty ones. `is_header` knows the row that names the columns: exports often
    have a title or two above it.

    Raises:
        NotAFeed: too large, no such format, or not what its name says.
    """
    if path.stat().st_size > MAX_FILE:
        raise NotAFeed(f"文件超过 {MAX_FILE // 1024 // 1024} MiB")
    kind = path.suffix.lower()
    if kind == ".xlsx":
        return _tabular(_sheet(path, is_header), is_header, _row)
    if kind in (".json", ".jsonl", ".ndjson"):
        return (Row(number, cells, bad) for number, cells, bad in read_records(decode(path.read_bytes()).text))
    if kind in SUFFIXES:
        return _tabular(_lines(path, is_header), is_header, _cut_row)
    raise NotAFeed(f"不支持的文件类型“{path.suffix}”，请用 CSV、XLSX 或 JSON")


def _tabular(lines: Iterable[tuple[int, list[object]]], is_header: Names, row: Rower) -> Iterator[Row]:
    names: list[str] = []
    for count, (number, cells) in enumerate(lines):
        if names:
            if any(cell not in (None, "") for cell in cells):
                yield row(number, names, cells)
            continue
        shown = _shown(cells)
        if is_header(shown):
            names = shown
        elif count >= HEADER_WITHIN:
            break
    if not names:
        raise NotAFeed("找不到表头：没有与列映射相符的一行")


def _shown(cells: Iterable[object]) -> list[str]:
    return ["" if cell is None else str(cell).strip() for cell in cells]


def _row(number: int, names: list[str], cells: list[object]) -> Row:
    """A column without a name says nothing, nor does a remark right of all columns."""
    return Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})


def _cut_row(number: int, names: list[str], cells: list[object]) -> Row:
    """Where a program cut the cells, one without a column shows that it cut in the wrong places."""
    if any(cell not in (None, "") for cell in cells[len(names) :]):
        return Row(number, {}, f"有 {len(cells)} 格，表头只有 {len(names)} 列：内容里的分隔符可能没有加引号")
    return _row(number, names, cells)


def _lines(path: Path, is_header: Names) -> Iterator[tuple[int, list[object]]]:
    decoded = decode(path.read_bytes())
    if UNCERTAIN in decoded.flags:
        raise NotAFeed("无法确定文件编码，请另存为 UTF-8 后重试")
    csv.field_size_limit(4 * 1024 * 1024)
    text = decoded.text.replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, is_header))
    try:
        for cells in reader:
            yield reader.line_num, list(cells)
    except csv.Error as error:
        raise NotAFeed(f"第 {reader.line_num} 行之后无法读取：{error}") from None


def _delimiter(text: str, is_header: Names) -> str:
    """The one that makes a header of one of the first lines: petitions are full of commas, headers are not."""
    for delimiter in DELIMITERS:
        with suppress(csv.Error):
            rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            if any(is_header(_shown(cells)) for cells in islice(rows, HEADER_WITHIN + 1)):
                return delimiter
    return DELIMITERS[0]


def _sheet(path: Path, is_header: Names) -> Iterator[tuple[int, list[object]]]:
    """The first sheet that has a header; what a program wrote about its size is not believed."""
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise NotAFeed("文件解压后超过 256 MiB，请分成几个文件，或导出为 CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which nobody reads here
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            try:
                for sheet in book.worksheets:
                    sheet.reset_dimensions()
                first = (s for s in book.worksheets if any(map(is_header, map(_shown, _cells(s, HEADER_WITHIN + 1)))))
                for number, cells in enumerate(_cells(next(first, book.worksheets[0])), start=1):
                    yield number, list(cells)
            finally:
                book.close()
    except NotAFeed:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file raises whatever the part that meets the damage raises
        raise NotAFeed(f"不是可读的 XLSX 文件（{type(error).__name__}）") from None


def _cells(sheet: Any, most: int | None = None) -> Iterator[tuple[object, ...]]:
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True, max_row=most)
    return rows
