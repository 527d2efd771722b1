"""`huiying assess`: JSON Lines in, JSON Lines out. Shapes are fixed: operators script them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from services.domain.assessment import Assessment
from services.domain.post import Post
from services.usecases.ports import Assessor

BATCH = 256
UNNAMED = "assess"
_NUMBERS = ("deaths", "missing", "serious_injuries", "injuries", "direct_loss_yuan", "bounds")


@dataclass(frozen=True, slots=True)
class Asked:
    """A post to assess, and its id as the line has it: a number stays a number, so that answers can be joined."""

    id: str | int
    post: Post


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be assessed: number from 1, the field (or "-") and the reason. The command exits with 2."""

    line: int
    field: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "error": self.reason, "field": self.field}


def assess_lines(lines: Iterable[bytes], assessor: Assessor, now: datetime) -> Iterator[dict[str, Any] | BadLine]:
    """An answer or a BadLine for every line that is not blank, in order. `now` stands in for a missing time."""
    waiting: list[Asked | BadLine] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            waiting.append(read_line(number, line, now))
        if len(waiting) >= BATCH:
            yield from _answer(waiting, assessor)
            waiting = []
    yield from _answer(waiting, assessor)


def read_line(number: int, line: bytes, now: datetime) -> Asked | BadLine:
    """The post on this line. `id` and at least one of `title` and `text` are needed; unknown fields are left alone."""
    try:
        record = msgspec.json.decode(line)
    except UnicodeDecodeError as error:
        return BadLine(number, "-", f"not UTF-8: {error.reason}")
    except (msgspec.DecodeError, RecursionError) as error:
        return BadLine(number, "-", f"not JSON: {error}")
    if not isinstance(record, dict):
        return BadLine(number, "-", "not a JSON object")
    identity = record.get("id")
    if not isinstance(identity, str | int) or isinstance(identity, bool) or identity == "":
        return BadLine(number, "id", "missing or not a string")
    for field in ("title", "text", "source", "origin", "published_at"):
        if not isinstance(record.get(field) or "", str):
            return BadLine(number, field, "not a string")
    if "title" not in record and "text" not in record:
        return BadLine(number, "text", "neither title nor text")
    return _post(number, record, now)


def _post(number: int, record: dict[str, Any], now: datetime) -> Asked | BadLine:
    published = None
    if record.get("published_at"):
        try:
            published = datetime.fromisoformat(record["published_at"])
        except ValueError:
            return BadLine(number, "published_at", "not an ISO 8601 time")
    if published is not None and published.tzinfo is None:
        published = published.replace(tzinfo=now.tzinfo)
    post = Post(
        id=str(record["id"]),
        source=record.get("source") or UNNAMED,
        title=record.get("title") or "",
        text=record.get("text") or "",
        collected_at=published or now,
        published_at=published,
        origin=record.get("origin") or "push",
    )
    return Asked(record["id"], post)


def _answer(waiting: list[Asked | BadLine], assessor: Assessor) -> Iterator[dict[str, Any] | BadLine]:
    posts = [one.post for one in waiting if isinstance(one, Asked)]
    found = iter(assessor.assess(posts))
    for one in waiting:
        yield to_json(one.id, next(found)) if isinstance(one, Asked) else one


def to_json(identity: str | int, found: Assessment) -> dict[str, Any]:
    """The contract's shape; what goes beyond it comes after the fields it names."""
    casualties = asdict(found.casualties)
    return {
        "id": identity,
        "relevant": found.relevant,
        "topic": found.topic,
        "topic_scores": found.topic_scores,
        "lead_department": found.lead_department,
        "departments": [{"code": one.code, "name": one.name, "score": one.score} for one in found.departments],
        "regions": [{"code": one.code, "name": one.name} for one in found.regions],
        "event_grade": found.event_grade.value if found.event_grade else None,
        "opinion_grade": found.opinion_grade.value,
        "focus": [one.value for one in found.focus],
        "disposition": found.disposition.value,
        "casualties": {name: casualties[name] for name in _NUMBERS} | {"evacuated": casualties["evacuated"]},
        "sentiment": found.sentiment.value,
        "suspected_false": found.suspected_false,
        "reasons": [
            {"rule": one.rule, "evidence": one.evidence, "start": one.start, "end": one.end} for one in found.reasons
        ],
        "provisional": found.provisional,
        "supporting": list(found.supporting),
        "coordinators": list(found.coordinators),
        "emerging": found.emerging,
        "watches": list(found.watches),
    }
