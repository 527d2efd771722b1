"""`huiying group FILE`: posts as JSON Lines → `{"id","incident"}` a post, in the order of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from services.domain.grouping import GroupingPolicy, Signer, evaluate_grouping, group_all
from services.domain.post import Post
from services.domain.roster import SHANGHAI
from services.usecases.ports import Unreadable

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


def group_lines(lines: Iterable[bytes], signer: Signer, policy: GroupingPolicy) -> Iterator[bytes]:
    """One JSON line for each line that is not blank. Posts are taken by time, those without a time first.

    Raises:
        Unreadable: a line is no post; the message names line, field and reason.
    """
    for row, incident in _grouped(lines, signer, policy):
        yield msgspec.json.encode(Grouped(row.id, incident))


def _grouped(lines: Iterable[bytes], signer: Signer, policy: GroupingPolicy) -> Iterator[tuple[_Line, str]]:
    """Every post in the file's order, with the id of its incident's first post."""
    rows = list(read_lines(lines))
    yield from zip(rows, group_all(signer.sign_all([(_post(row), None) for row in rows]), policy), strict=True)


def read_lines(lines: Iterable[bytes]) -> Iterator[_Line]:
    """The posts of a JSON Lines file."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line, type=_Line)
            if row.published_at and _time(row.published_at) is None:
                raise Unreadable(f"line {number}: published_at: no time: {row.published_at[:40]}")
            yield row
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            reason, _, field = str(error).partition(" - at `$.")
            raise Unreadable(f"line {number}: {field.strip('`') or '-'}: {reason}") from error


def evaluate_lines(
    lines: Iterable[bytes], truth: Mapping[str, str], signer: Signer, policy: GroupingPolicy
) -> dict[str, float]:
    """`evaluate_grouping` of the posts of a JSON Lines file against agreed groups (post id → group).

    Raises:
        Unreadable: a line is no post; the message names line, field and reason.
    """
    return evaluate_grouping({str(row.id): incident for row, incident in _grouped(lines, signer, policy)}, truth)


def _post(row: _Line) -> Post:
    at = _time(row.published_at or "") or datetime(1970, 1, 1, tzinfo=UTC)
    return Post(id=str(row.id), source="file", title=row.title, text=row.text, collected_at=at)


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
