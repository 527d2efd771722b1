"""`huiying group FILE`: posts as JSON Lines → `{"id","incident"}` a post, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from services.adapters.assess_lines import BadLine
from services.domain.grouping import GroupingPolicy, Signer, evaluate_grouping, group_all
from services.domain.intake import entitled
from services.domain.post import Post
from services.domain.zone import SHANGHAI
from services.usecases.ports import Assessor, Unreadable

_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(.*)", re.DOTALL)
_HOUR = re.compile(r"^[ T](?=\d:)")


class _Line(msgspec.Struct):
    id: str | int
    text: str
    title: str = ""
    published_at: str | None = None


class Grouped(msgspec.Struct):
    """One line of the answer. `incident` is the id of the incident's first post."""

    id: str | int
    incident: str


class Machine(NamedTuple):
    """What judges posts, as the service does: each is assessed before it is signed."""

    assessor: Assessor
    signer: Signer
    policy: GroupingPolicy


def group_lines(lines: Iterable[bytes], machine: Machine) -> Iterator[Grouped | BadLine]:
    """An answer or a BadLine for every line that is not blank, in order.

    Posts are taken by time, those without a time first.
    """
    rows = list(read_lines(lines))
    found = iter(_incidents([row for row in rows if isinstance(row, _Line)], machine))
    for row in rows:
        yield Grouped(row.id, next(found)) if isinstance(row, _Line) else row


def _incidents(rows: Sequence[_Line], machine: Machine) -> list[str]:
    """For each post the id of its incident's first post."""
    posts = [_post(row) for row in rows]
    assessed = machine.assessor.assess(posts)
    return group_all(machine.signer.sign_all(list(zip(posts, assessed, strict=True))), machine.policy)


def read_lines(lines: Iterable[bytes]) -> Iterator[_Line | BadLine]:
    """The posts of a JSON Lines file, and the lines that are none."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            reason, _, field = str(error).partition(" - at `$.")
            yield BadLine(number, field.strip("`") or "-", reason)
            continue
        at = row.published_at
        yield BadLine(number, "published_at", f"no time: {at[:40]}") if at and _time(at) is None else row


def evaluate_lines(lines: Iterable[bytes], truth: Mapping[str, str], machine: Machine) -> dict[str, float]:
    """`evaluate_grouping` of the posts of a JSON Lines file against agreed groups (post id → group).

    Raises:
        Unreadable: a line is no post, so the figures would not be of this file; names line, field and reason.
    """
    rows = []
    for row in read_lines(lines):
        if isinstance(row, BadLine):
            raise Unreadable(f"line {row.line}: {row.field}: {row.reason}")
        rows.append(row)
    found = zip(rows, _incidents(rows, machine), strict=True)
    return evaluate_grouping({str(row.id): incident for row, incident in found}, truth)


def _post(row: _Line) -> Post:
    at = _time(row.published_at or "") or datetime(1970, 1, 1, tzinfo=UTC)
    title, _ = entitled(row.title, row.text)
    return Post(id=str(row.id), source="file", title=title, text=row.text, collected_at=at)


def _time(written: str) -> datetime | None:
    """ISO 8601, or 2019/2/28 11:25:05 as message boards export it; without a zone it is Beijing time."""
    match = _DATE.match(written.strip())
    if match is None:
        return None
    year, month, day, rest = match.groups()
    try:
        at = datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}{_HOUR.sub(r' 0', rest)}")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
