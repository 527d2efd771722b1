"""CSV as offices have it: a quotation mark too many costs its own row, not the rest of the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice

from services.adapters.encodings import UNCERTAIN, decode
from services.usecases.collecting.contract import NotAFeed

HEADER_WITHIN = 20
DELIMITERS = (",", "\t", ";", "，")
MAX_CELL = 4 * 1024 * 1024
UNPAIRED, READ_ALONE = "引号没有成对，此行未读", "引号没有成对，已按单行读入，请核对"

# Numbers of one series differ in length by so few characters; of so many no word or house number is made by chance.
NEARLY, SURELY = 2, 8
MAX_DIGITS = 30
# As long as many a number of a petition, and people write it at the beginning of a line.
_TELEPHONE = re.compile(r"1[3-9]\d{9}|0\d{9,11}", re.ASCII)

Names = Callable[[Iterable[str]], bool]
Numbered = tuple[int, list[object], str]
"""The line where it begins, its cells, or what is wrong there."""


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


def _records(lines: Sequence[str], delimiter: str, width: int) -> Iterator[Numbered]:
    at = 0
    while at < len(lines):
        reader = csv.reader(_lines_from(lines, at), delimiter=delimiter, strict=True)
        start, first = at, at
        with suppress(csv.Error):
            for cells in reader:
                at = start + reader.line_num
                if at - first > 1 and _holds_rows(cells, lines, (first, at), delimiter, width):
                    break
                yield first + 1, [*cells], ""
                first = at
        at = first
        if at < len(lines):
            loose, span = _loose(lines, at, delimiter, width)
            yield from [(at + 1, loose, "")] if loose else _alone(at + 1, lines[at], delimiter, width)
            at += span


def _holds_rows(cells: list[str], lines: Sequence[str], span: tuple[int, int], delimiter: str, width: int) -> bool:
    """Whether a record of several lines has rows in it that are records of their own.

    Where they are counted through and the next line goes on counting, none is missing.
    """
    first, behind = span
    if len(_filled(cells)) > width:
        return True
    if behind < len(lines) and _counts_on(cells[0].strip(), _first(lines[behind], delimiter)):
        return False
    return _has_swallowed_rows(lines[first:behind], delimiter, width)


def _counts_on(number: str, following: str) -> bool:
    both = number.isascii() and following.isascii() and number.isdecimal() and following.isdecimal()
    return both and max(len(number), len(following)) < MAX_DIGITS and int(following) == int(number) + 1


def _filled(cells: list[str]) -> list[str]:
    """Without the empty cells at its end: Excel writes as many as its widest row has."""
    filled = next((n for n in range(len(cells), 0, -1) if cells[n - 1]), 0)
    return cells[:filled]


def _has_swallowed_rows(record: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether a record that breaks no rule is rows that an open mark and a later lone one make one of.

    Then the line with either mark is a whole row, and most between are; no cell before the open one is in marks, as the
    same cell of the next row would have closed it; and those cells of the two rows are alike, words or figures.
    """
    opens, closes = record[0], record[-1]
    marked = f"{delimiter}{opens}".count(f'{delimiter}"')
    if marked > 1 or min(opens.count(delimiter), closes.count(delimiter)) < width - 1:
        return False
    before = opens.partition('"')[0].split(delimiter)[:-1]
    pairs = zip(before, closes.split(delimiter), strict=False)
    if any(one.isascii() != other.isascii() for one, other in pairs if one.strip() and other.strip()):
        return False
    begun = _begins_a_row(width, _first(closes, delimiter), _first(opens, delimiter), width)
    return begun and 2 * _rows(record, delimiter, width) >= len(record) - 1


def _rows(record: Sequence[str], delimiter: str, width: int) -> int:
    """How many lines of a record of several, behind its first, begin rows of their own: see `_begins_a_row`."""
    begins = _first(record[0], delimiter)
    rows = 0
    for behind, line in enumerate(record[1:], start=1):
        first = _first(line, delimiter)
        begun = _begins_a_row(line.count(delimiter) + 1, first, begins, width)
        rows += begun and not _is_out_of_turn(first, begins, behind)
    return rows


def _is_out_of_turn(first: str, begins: str, behind: int) -> bool:
    """Of rows that are counted through, one cannot be further from another than the lines between them: 3,5,7号楼."""
    counted = first.isdecimal() and begins.isdecimal() and max(len(first), len(begins)) < SURELY
    return counted and abs(int(first) - int(begins)) > behind


def _begins_a_row(cells: int, first: str, begins: str, width: int) -> bool:
    """A row has its cells and begins with words if the record does. Another number of the same series tells it sooner:
    some of its cells may stand on the next line, or have delimiters in them."""
    if not begins or not begins.isascii():
        return cells == width and first != "" and not (begins and first.isascii())
    if not first or not first.isascii() or first.isdecimal() != begins.isdecimal():
        return False
    if _TELEPHONE.fullmatch(first) and not _TELEPHONE.fullmatch(begins):
        return False
    if len(first) == len(begins) >= SURELY:
        return cells > 1
    return cells == width and abs(len(first) - len(begins)) <= NEARLY


def _first(line: str, delimiter: str) -> str:
    return line.partition(delimiter)[0].strip('"\r\n ')


def _loose(lines: Sequence[str], at: int, delimiter: str, width: int) -> tuple[list[object], int]:
    """The record that begins there, marks taken as they come, and its lines; no cells where it cannot be one record.

    A mark that is never closed runs on to the next one, over rows that are records of their own, or to the end.
    """
    # An open cell takes in the line behind the last one, too: so it is found out.
    reader = csv.reader(chain(_lines_from(lines, at), "\n"), delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error:
        return [], 1
    span = reader.line_num
    if span == 1:
        misread = len(cells) < width == lines[at].count(delimiter) + 1
    else:
        swallowed = _rows(lines[at : at + span], delimiter, width) > 0
        misread = swallowed or span > len(lines) - at or len(_filled(cells)) > width
    return ([], 1) if misread else ([*cells], span)


def _alone(number: int, line: str, delimiter: str, width: int) -> Iterator[Numbered]:
    """The line as if quotation marks meant nothing: read, and named, where its cells are then as many as columns."""
    cells = [cell.removeprefix('"').removesuffix('"') for cell in line.rstrip("\r\n").split(delimiter)]
    if len(cells) != width:
        yield number, [], UNPAIRED
    else:
        yield number, [*cells], ""
        yield number, [], READ_ALONE


def _lines_from(lines: Sequence[str], at: int) -> Iterator[str]:
    """The lines from there on, without walking to them."""
    return (lines[number] for number in range(at, len(lines)))


def _dialect(lines: Sequence[str], is_header: Names) -> tuple[str, int]:
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
