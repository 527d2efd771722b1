"""CSV as offices have it: a quotation mark too many costs its own row, not the rest of the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from services.adapters.encodings import UNCERTAIN, decode
from services.usecases.collecting.contract import NotAFeed

HEADER_WITHIN = 20
DELIMITERS = (",", "\t", ";", "，")
MAX_CELL = 4 * 1024 * 1024
# In a file with so many broken rows the marks mean something else: what follows is not searched for more.
TOO_BROKEN = 100
UNPAIRED = "引号没有成对"

Names = Callable[[Iterable[str]], bool]
Numbered = tuple[int, list[object], str]
"""The line where it ends, its cells, or why there are none."""


def shown(cells: Iterable[object]) -> list[str]:
    """Cells as a person sees them."""
    return ["" if cell is None else str(cell).strip() for cell in cells]


def read_separated(content: bytes, is_header: Names) -> Iterator[Numbered]:
    """The records of a CSV file in order. `is_header` knows the row that names the columns.

    Raises:
        NotAFeed: nobody can tell how the file is encoded.
    """
    decoded = decode(content)
    if UNCERTAIN in decoded.flags:
        raise NotAFeed("无法确定文件编码，请另存为 UTF-8 后重试")
    csv.field_size_limit(MAX_CELL)
    lines = list(io.StringIO(decoded.text.replace("\x00", ""), newline=""))
    delimiter, width = _dialect(lines, is_header)
    return _records(lines, delimiter, width)


def _records(lines: list[str], delimiter: str, width: int) -> Iterator[Numbered]:
    at, broken = 0, 0
    while at < len(lines):
        reader = csv.reader(_lines_from(lines, at), delimiter=delimiter, strict=True)
        good = 0
        try:
            for cells in reader:
                good = reader.line_num
                yield at + good, [*cells], ""
            return
        except csv.Error:
            at += good
        loose, span = _loose(lines, at, delimiter, width)
        broken += not loose
        if broken == TOO_BROKEN:
            yield at + 1, [], f"{UNPAIRED}，此行及以后未读"
            return
        yield at + span, loose, "" if loose else f"{UNPAIRED}，此行未读"
        at += span


def _loose(lines: list[str], at: int, delimiter: str, width: int) -> tuple[list[object], int]:
    """The record that begins there, marks taken as they come, and its lines; no cells where it cannot be one record.

    A mark that is never closed runs on to the next one, over rows that are records of their own.
    """
    reader = csv.reader(_lines_from(lines, at), delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return [], 1
    swallowed = any(line.count(delimiter) >= width - 1 for line in lines[at + 1 : at + reader.line_num])
    return ([], 1) if swallowed or len(cells) < width else ([*cells], reader.line_num)


def _lines_from(lines: list[str], at: int) -> Iterator[str]:
    """The lines from there on, without walking to them."""
    return (lines[number] for number in range(at, len(lines)))


def _dialect(lines: list[str], is_header: Names) -> tuple[str, int]:
    """The delimiter that makes a header of one of the first lines, and the number of its columns.

    Petitions are full of commas, headers are not.
    """
    for delimiter in DELIMITERS:
        try:
            for cells in islice(csv.reader(lines, delimiter=delimiter), HEADER_WITHIN + 1):
                if is_header(shown(cells)):
                    return delimiter, len(cells)
        except csv.Error:
            continue
    return DELIMITERS[0], 1
