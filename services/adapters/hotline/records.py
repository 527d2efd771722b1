"""Records of a JSON export: a list, lists within a document, or one a line. A broken one costs itself only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import starmap

from services.adapters.hotline.separated import Names
from services.adapters.loose_json import NotJson, read_json_at, read_json_text
from services.usecases.collecting.contract import NotAFeed

# A list with so many broken records is no list of records: what follows is not searched for more.
TOO_BROKEN = 100
NOT_JSON = "不是 JSON"
NO_LIST = "JSON 中没有记录列表：应有一个由对象组成的列表，其字段名与列映射相符"
_LIST = re.compile(r"\[(?=\s*+\{)")
_SPACE = re.compile(r"[\s,]*")
# Of many empty lines only the last one begins a record: from each of them all behind it would be read again.
_BETWEEN = re.compile(r"(?:\}\s*+,\s*+|\n[^\S\n]*+)(?=\{)")

Numbered = tuple[int, Mapping[str, object], str]
"""Which record it is (of a damaged file, on which line), its cells, or why there are none."""
Named = tuple[str, Iterable[Numbered]]
"""Where in the document a list stands, "" where there is only one, and its records."""


def read_records(text: str, is_header: Names) -> list[Named]:
    """Every list of records in order. `is_header` knows a record by the names of its cells.

    Raises:
        NotAFeed: no record can be read, or the document holds no list of records.
    """
    try:
        document = read_json_text(text)
    except NotJson:
        return [("", _saved(text))]
    lists = _lists(document, is_header)
    return [(where if len(lists) > 1 else "", starmap(_numbered, enumerate(one, start=1))) for where, one in lists]


def _lists(document: object, is_header: Names) -> list[tuple[str, list[object]]]:
    """The lists that hold records; of a document that has none such the only one there is."""
    values = list(_values(document, is_header))
    lists = [(where, value) for where, value in values if isinstance(value, list)]
    of_records = [(where, one) for where, one in lists if any(_is_record(r, is_header) for r in one)]
    if of_records:
        return of_records
    if lone := [(where, [value]) for where, value in values if _is_record(value, is_header)]:
        return lone
    if isinstance(document, list):
        return [("", document)]
    filled = [(where, one) for where, one in lists if one]
    if isinstance(document, dict) and not any(isinstance(value, dict | list) for value in document.values()):
        return [("", [document])]
    if len(filled) == 1 and any(isinstance(record, dict) for record in filled[0][1]):
        return filled
    if lists and not filled:
        return []
    raise NotAFeed(NO_LIST)


def _is_record(value: object, is_header: Names) -> bool:
    return isinstance(value, dict) and is_header(value)


def _values(document: object, is_header: Names) -> Iterator[tuple[str, object]]:
    """Every value and where it stands, in order; what a record holds (its steps, its caller) is none of its own."""
    waiting: list[tuple[str, object]] = [("", document)]
    while waiting:
        where, value = waiting.pop()
        yield where, value
        within: Iterable[tuple[object, object]] = ()
        if _is_record(value, is_header):
            continue
        if isinstance(value, dict):
            within = value.items()
        elif isinstance(value, list):
            within = enumerate(value, start=1)
        inner = [(f"{where}.{key}".lstrip("."), one) for key, one in within if isinstance(one, dict | list)]
        waiting.extend(reversed(inner))


def _numbered(number: int, record: object) -> Numbered:
    return number, record if isinstance(record, dict) else {"": record}, ""


def _saved(text: str) -> list[Numbered]:
    """What can be read of a file that is no JSON document: one record a line, or a list with something broken in it.

    Which of both it is shows in which gives more records.
    """
    records = max(list(_lines(text)), list(_listed(text)), key=_readable)
    if not _readable(records):
        raise NotAFeed(NOT_JSON)
    return records


def _readable(records: list[Numbered]) -> int:
    return sum("" not in cells for _, cells, bad in records if not bad)


def _lines(text: str) -> Iterator[Numbered]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield _numbered(number, read_json_text(line))
            except NotJson:
                yield number, {}, NOT_JSON


def _listed(text: str) -> Iterator[Numbered]:
    """Record by record from the first list of objects on; after a broken one, from the next that begins."""
    first = None if text.lstrip().startswith("[") else _LIST.search(text)
    at, broken, line, counted = first.end() if first else text.find("[") + 1, 0, 1, 0
    while 0 < (at := _next(text, at)) < len(text) and text[at] != "]":
        line, counted = line + text.count("\n", counted, at), at
        try:
            record, at = read_json_at(text, at)
            yield _numbered(line, record)
        except NotJson:
            broken += 1
            behind = _BETWEEN.search(text, at)
            if behind is None or broken == TOO_BROKEN:
                yield line, {}, f"{NOT_JSON}，此后未读"
                return
            yield line, {}, NOT_JSON
            at = behind.end()


def _next(text: str, at: int) -> int:
    space = _SPACE.match(text, at) if at else None
    return space.end() if space else 0
