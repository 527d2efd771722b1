"""`huiying group FILE`: posts as JSON Lines → `{"id","incident"}` a post, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from services.domain.grouping import GroupingPolicy, Signer, group_all
from services.domain.post import Post
from services.usecases.ports import Unreadable


class _Line(msgspec.Struct):
    id: str | int
    text: str
    title: str = ""
    published_at: datetime | None = None


class Grouped(msgspec.Struct):
    """One line of the answer. `incident` is the id of the incident's first post."""

    id: str | int
    incident: str


def group_lines(lines: Iterable[str | bytes], signer: Signer, policy: GroupingPolicy) -> Iterator[bytes]:
    """One JSON line for each line that is not blank. Posts are taken by time, those without a time first.

    Raises:
        Unreadable: a line is no post; the message names line, field and reason.
    """
    rows = list(read_lines(lines))
    found = group_all([signer.sign(_post(row)) for row in rows], policy)
    for row, incident in zip(rows, found, strict=True):
        yield msgspec.json.encode(Grouped(row.id, incident))


def read_lines(lines: Iterable[str | bytes]) -> Iterator[_Line]:
    """The posts of a JSON Lines file."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield msgspec.json.decode(line, type=_Line)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            reason, _, field = str(error).partition(" - at `$.")
            raise Unreadable(f"line {number}: {field.strip('`') or '-'}: {reason}") from error


def _post(row: _Line) -> Post:
    at = row.published_at or datetime(1970, 1, 1, tzinfo=UTC)
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Post(id=str(row.id), source="file", title=row.title, text=row.text, collected_at=aware)
