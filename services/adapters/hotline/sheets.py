"""CSV, XLSX and JSON files as numbered rows of named cells."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePath
from typing import Any

from services.adapters.encodings import decode
from services.adapters.hotline.records import read_records
from services.adapters.hotline.separated import HEADER_WITHIN, Names, Numbered, read_separated, shown
from services.usecases.collecting.contract import NotAFeed

MAX_FILE = 128 * 1024 * 1024
MAX_UNPACKED = 256 * 1024 * 1024
BOOKS = (".xlsx", ".xlsm")
SUFFIXES = frozenset((".csv", ".tsv", ".txt", *BOOKS, ".json", ".jsonl", ".ndjson"))
ARCHIVE, OLD_OFFICE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")

# A text and one more field: a sheet without a row of so many cells is a cover and holds no petition.
TABLE = 2
ADVICE = dict.fromkeys((".xls", ".xlsb", ".et", ".ods"), "请在表格软件中另存为 XLSX 或 CSV") | dict.fromkeys(
    (".zip", ".rar", ".7z", ".gz"), "请解压后使用其中的文件"
)
SPLIT = "请分成几个较小的文件"
NO_HEADER = "找不到表头：没有与列映射相符的一行"


@dataclass(frozen=True, slots=True)
class Row:
    """One record. `number` is the line or row a person finds it at; `cells` maps column names to what is in them.

    `bad` says why the record cannot be read, and has no cells then. `sheet` is its sheet or list in a file of several.
    """

    number: int
    cells: Mapping[str, object]
    bad: str = ""
    sheet: str = ""


Rower = Callable[[int, list[str], list[object]], Row]


def check_before_reading(name: str, size: int) -> None:
    """Raises NotAFeed where a file of this name and of so many bytes is not worth opening."""
    suffix = PurePath(name).suffix
    if suffix.lower() not in SUFFIXES:
        raise NotAFeed(f"不支持的文件类型“{suffix}”，{ADVICE.get(suffix.lower(), '请用 CSV、XLSX 或 JSON')}")
    if size > MAX_FILE:
        raise NotAFeed(f"文件超过 {MAX_FILE // 1024 // 1024} MiB，{SPLIT}")


def read_rows(name: str, content: BytesIO, is_header: Names) -> Iterator[Row]:
    """The records of the file, without empty ones. `is_header` knows the row that names the columns: exports often
    have a title or two above it.

    Raises:
        NotAFeed: too large, no such format, or not what its name says.
    """
    check_before_reading(name, content.getbuffer().nbytes)
    kind = PurePath(name).suffix.lower()
    _is_what_it_is_called(content, kind)
    if kind in BOOKS:
        return _workbook(content, is_header)
    if kind in (".json", ".jsonl", ".ndjson"):
        return _records(content, is_header)
    return _tabular(read_separated(content.getvalue(), is_header), is_header, _cut_row)


def _is_what_it_is_called(content: BytesIO, kind: str) -> None:
    """Offices rename files; what one really is shows in how it begins."""
    start = bytes(content.getbuffer()[:8])
    if start == OLD_OFFICE:
        raise NotAFeed("内容是旧版 XLS 或设了密码的工作簿，请在表格软件中另存为不加密的 XLSX 或 CSV")
    if start.startswith(ARCHIVE) and kind not in BOOKS:
        raise NotAFeed("内容是工作簿或压缩包：工作簿请把扩展名改为 .xlsx，压缩包请先解压")


def _records(content: BytesIO, is_header: Names) -> Iterator[Row]:
    for where, records in read_records(decode(content.getvalue()).text, is_header):
        for number, cells, bad in records:
            yield Row(number, cells, bad, where)


def _tabular(lines: Iterable[Numbered], is_header: Names, row: Rower) -> Iterator[Row]:
    names: list[str] = []
    known: set[str] = set()
    for count, (number, cells, bad) in enumerate(lines):
        if bad and names:
            yield Row(number, {}, bad)
        elif names:
            titles = shown(cells)
            if not known.isdisjoint(titles) and is_header(titles):
                names, known = titles, {*titles} - {""}  # where pages were put together it comes again
            elif any(titles):
                yield row(number, names, cells)
        elif is_header(shown(cells)):
            names = shown(cells)
            known = {*names} - {""}
        elif count >= HEADER_WITHIN:
            break
    if not names:
        raise NotAFeed(NO_HEADER)


def _row(number: int, names: list[str], cells: list[object]) -> Row:
    """A column without a name says nothing, nor does a remark right of all columns."""
    return Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})


def _cut_row(number: int, names: list[str], cells: list[object]) -> Row:
    """Where a program cut the cells, one without a column shows that it cut in the wrong places."""
    if any(cell not in (None, "") for cell in cells[len(names) :]):
        return Row(number, {}, f"有 {len(cells)} 格，表头只有 {len(names)} 列：内容里的分隔符可能没有加引号")
    return _row(number, names, cells)


def _workbook(content: BytesIO, is_header: Names) -> Iterator[Row]:
    """The rows of every sheet that has a header. A table without one is named, a cover is not."""
    with _opened(content) as book:
        found, unread = False, []
        for sheet in book.worksheets:
            name = sheet.title if len(book.worksheets) > 1 else ""
            sheet.reset_dimensions()  # what a program wrote about its size is not believed
            if any(map(is_header, map(shown, _cells(sheet, HEADER_WITHIN + 1)))):
                found = True
                lines = ((number, list(cells), "") for number, cells in enumerate(_cells(sheet), start=1))
                yield from (replace(row, sheet=name) for row in _tabular(lines, is_header, _row))
            else:
                unread += [Row(1, {}, NO_HEADER, name)] if any(map(_is_wide, _cells(sheet, HEADER_WITHIN + 1))) else []
        if not found:
            raise NotAFeed(NO_HEADER)
        yield from unread


def _is_wide(cells: Iterable[object]) -> bool:
    return sum(cell not in (None, "") for cell in cells) >= TABLE


@contextmanager
def _opened(content: BytesIO) -> Iterator[Any]:
    """The workbook. Whatever is broken in it, it is refused as a whole from there on."""
    import openpyxl  # a megabyte of modules that only the reader of an export needs

    try:
        with zipfile.ZipFile(content) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED:
                raise NotAFeed(f"文件解压后超过 {MAX_UNPACKED // 1024 // 1024} MiB，{SPLIT}")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles, which nobody reads here
            book = openpyxl.load_workbook(content, read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except (NotAFeed, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file raises whatever the part that meets the damage raises
        raise NotAFeed(f"不是可读的 XLSX 文件（{type(error).__name__}）") from None


def _cells(sheet: Any, most: int | None = None) -> Iterator[tuple[object, ...]]:
    rows: Iterator[tuple[object, ...]] = sheet.iter_rows(values_only=True, max_row=most)
    return rows
