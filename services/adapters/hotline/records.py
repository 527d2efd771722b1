"""Records of a JSON export: a list, a list within a document, or one a line. A broken one costs itself only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from services.adapters.loose_json import NotJson, read_json_at, read_json_text
from services.usecases.collecting.contract import NotAFeed

# A list with so many broken records is no list of records: what follows is not searched for more.
TOO_BROKEN = 100
DEEPEST = 3
NOT_JSON = "不是 JSON"
_SPACE = re.compile(r"[\s,]*")
# Of many empty lines only the last one begins a record: from each of them all behind it would be read again.
_BETWEEN = re.compile(r"(?:\}\s*+,\s*+|\n[^\S\n]*+)(?=\{)")

Numbered = tuple[int, Mapping[str, object], str]
"""Which record it is (of a damaged file, on which line), its cells, or why there are none."""


def read_records(text: str) -> Iterator[Numbered]:
    """Every record in order.

    Raises:
        NotAFeed: no record can be read, or the document holds no list.
    """
    try:
        document = read_json_text(text)
    except NotJson:
        return iter(_saved(text))
    if isinstance(document, dict):
        document = list(_listed_in(document)) or [document]
    if not isinstance(document, list):
        raise NotAFeed("JSON 中没有记录列表")
    return (_numbered(number, record) for number, record in enumerate(document, start=1))


def _listed_in(document: Mapping[str, object], deep: int = 0) -> Iterator[object]:
    """The records of every list in the document, or in one of its parts: exports come in envelopes of their program."""
    for value in document.values():
        if isinstance(value, list):
            yield from value
        elif isinstance(value, dict) and deep < DEEPEST:
            yield from _listed_in(value, deep + 1)


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
    """Record by record from the first bracket on; after a broken one, from the next that begins."""
    at, broken, line, counted = text.find("[") + 1, 0, 1, 0
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
