"""`huiying assess`: JSON Lines in, JSON Lines out. Shapes are fixed: operators script them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import msgspec

from services.adapters.original import in_given
from services.domain.assessment import Assessment, Reason
from services.domain.intake import as_kept
from services.domain.post import Post
from services.usecases.ports import Assessor

BATCH = 256
UNNAMED = "assess"
_NUMBERS = ("deaths", "missing", "serious_injuries", "injuries", "direct_loss_yuan", "bounds")


@dataclass(frozen=True, slots=True)
class Asked:
    """A post as the service keeps it, and what the line has of it.

    The id is answered as it was given: a number stays a number, so that answers can be joined. `title` and `text` are
    what the spans of the answer count in.
    """

    id: str | int
    post: Post
    title: str
    text: str


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
    given = record.get("title") or "", record.get("text") or ""
    title, text = as_kept(*given)
    post = Post(
        id=str(record["id"]),
        source=record.get("source") or UNNAMED,
        title=title,
        text=text,
        collected_at=published or now,
        published_at=published,
        origin=record.get("origin") or "push",
    )
    return Asked(record["id"], post, *given)


def _answer(waiting: list[Asked | BadLine], assessor: Assessor) -> Iterator[dict[str, Any] | BadLine]:
    posts = [one.post for one in waiting if isinstance(one, Asked)]
    found = iter(assessor.assess(posts))
    for one in waiting:
        yield _to_json(one, next(found)) if isinstance(one, Asked) else one


def _to_json(asked: Asked, found: Assessment) -> dict[str, Any]:
    """The contract's shape; what goes beyond it comes after the fields it names."""
    reasons: Sequence[Reason] = found.reasons
    if (asked.post.title, asked.post.text) != (asked.title, asked.text):
        reasons = in_given(reasons, asked.post, (asked.title, asked.text))
    casualties = asdict(found.casualties)
    return {
        "id": asked.id,
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
            {"rule": one.rule, "evidence": one.evidence, "start": one.start, "end": one.end} for one in reasons
        ],
        "provisional": found.provisional,
        "supporting": list(found.supporting),
        "coordinators": list(found.coordinators),
        "emerging": found.emerging,
        "watches": list(found.watches),
    }
