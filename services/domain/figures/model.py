"""What a report prints, and what was found about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.domain.vocabulary import Term


class BadRelation(ValueError):
    """A relation that cannot be read: which one, which field, and why."""

    def __init__(self, relation_id: str, field: str, reason: str) -> None:
        super().__init__(f"{relation_id}: {field}: {reason}")
        self.relation_id, self.field, self.reason = relation_id, field, reason


class Outcome(Term):
    """What can be said about a relation."""

    HOLDS = "holds", "相符"
    WRONG = "wrong", "有误"
    INCONSISTENT = "inconsistent", "矛盾"
    NOT_PRINTED = "not_printed", "未印出"


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number. `bound` is "" (exact), "at_least" (余, 多, 以上), "at_most" (不足) or "about" (约)."""

    id: str
    value: Decimal
    unit: str = ""
    bound: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """What should be true of some figures. A member is a figure's id, a number, or a list or mapping of these."""

    id: str
    kind: str
    members: Mapping[str, Any]
    stated: Decimal | str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A report as data: its figures by id, and the relations to test."""

    figures: Mapping[str, Figure]
    relations: tuple[Relation, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The finding about one relation. `correct` is given where a right value exists and another one is printed."""

    id: str
    verdict: Outcome
    stated: Decimal | str | None
    why: str
    correct: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape that `report check --json` prints."""
        line: dict[str, Any] = {"id": self.id, "verdict": self.verdict.value, "stated": plain(self.stated)}
        if self.correct is not None:
            line["correct"] = plain(self.correct)
        return {**line, "why": self.why}


def plain(value: Decimal | str | None) -> int | float | str | None:
    """A decimal as JSON knows numbers: whole ones without a point."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)
