"""Reading the members of a relation, or refusing them with the field and the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.domain.figures.amounts import ROUNDINGS, Amount, places
from services.domain.figures.model import BadRelation, Document, Outcome, Relation, Verdict

_PERCENT = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)\s*[%%]?")
_FALLEN, _RISEN = ("下降", "减少", "降低"), ("上升", "增长", "增加", "提高")
_MOST_DECIMALS = 10


@dataclass(frozen=True, slots=True)
class Members:
    """One relation with the figures it speaks of."""

    document: Document
    relation: Relation

    def bad(self, field: str, reason: str) -> BadRelation:
        return BadRelation(self.relation.id, f"members.{field}", reason)

    def has(self, field: str) -> bool:
        return self.relation.members.get(field) is not None

    def raw(self, field: str) -> Any:
        if not self.has(field):
            raise self.bad(field, "missing")
        return self.relation.members[field]

    def amount(self, field: str) -> Amount:
        """The figure or number under `field`."""
        return self._resolve(field, self.raw(field))

    def amounts(self, field: str) -> list[Amount]:
        """The figures or numbers of the list (or mapping) under `field`, never none."""
        return list(self.named(field).values())

    def named(self, field: str) -> dict[str, Amount]:
        """The same with names: the keys of a mapping, or the places in a list."""
        raw = self.raw(field)
        entries = raw if isinstance(raw, Mapping) else dict(enumerate(raw if isinstance(raw, list | tuple) else [raw]))
        if not entries:
            raise self.bad(field, "empty")
        return {str(key): self._resolve(f"{field}.{key}", value) for key, value in entries.items()}

    def rates(self, field: str) -> dict[str, Decimal]:
        """Growth rates in percent, one or several, named as `named` does."""
        raw = self.raw(field)
        entries = raw if isinstance(raw, Mapping) else dict(enumerate(raw if isinstance(raw, list | tuple) else [raw]))
        return {str(key): self.rate(field, one) for key, one in entries.items()}

    def rate(self, field: str, raw: Any) -> Decimal:
        """A percentage as a number: a figure's id, 145, "+145%" or 下降12%."""
        if isinstance(raw, str):
            text = raw.strip().replace("\N{MINUS SIGN}", "-").replace("\N{FULLWIDTH PLUS SIGN}", "+")
            sign = -1 if text.startswith(_FALLEN) else 1
            match = _PERCENT.fullmatch(text.removeprefix(next(filter(text.startswith, _FALLEN + _RISEN), "")))
            if match:
                return sign * Decimal(match[1])
        return self._resolve(field, raw).printed

    def stated(self) -> Decimal | None:
        """The number the report prints for the relation itself, where it prints one."""
        stated = self.relation.stated
        return None if stated is None else self._number("stated", stated)

    def decimals(self, printed: Decimal | None) -> int:
        """To how many decimals the result is printed: as declared, never fewer than the printed cell shows."""
        shown = places(printed) if printed is not None else 0
        if not self.has("decimals"):
            return shown
        raw = self._number("members.decimals", self.raw("decimals"))
        if raw != int(raw) or not 0 <= raw <= _MOST_DECIMALS:
            raise self.bad("decimals", f"must be a whole number from 0 to {_MOST_DECIMALS}")
        return max(int(raw), shown)

    def rounding(self) -> str:
        raw = self.relation.members.get("rounding") or "half_up"
        if raw not in ROUNDINGS:
            raise self.bad("rounding", f"unknown: {raw!r}; known: {', '.join(ROUNDINGS)}")
        return str(raw)

    def verdict(self, outcome: Outcome, why: str, correct: Decimal | None = None) -> Verdict:
        return Verdict(self.relation.id, outcome, self.relation.stated, why, correct)

    def _number(self, field: str, raw: Any) -> Decimal:
        match = _PERCENT.fullmatch(str(raw).strip())
        if match is None:
            raise BadRelation(self.relation.id, field, f"not a number: {raw!r}")
        return Decimal(match[1])

    def _resolve(self, field: str, raw: Any) -> Amount:
        if isinstance(raw, Decimal):
            return Amount(raw)
        if not isinstance(raw, str):
            raise self.bad(field, "must be a figure's id or a number")
        figure = self.document.figures.get(raw)
        if figure is not None:
            return Amount(figure.value, figure.unit, figure.bound)
        base = self._undeclared_base(field)
        if base is None:
            raise self.bad(field, f"no figure has the id {raw!r}")
        return base

    def _undeclared_base(self, field: str) -> Amount | None:
        """A total that no figure prints: the sum of the column that this part belongs to, if one is declared."""
        part = self.relation.members.get("part")
        for other in self.document.relations if field == "total" and isinstance(part, str) else ():
            parts = other.members.get("parts")
            if other.kind == "undeclared_base" and isinstance(parts, list | tuple) and part in parts:
                amounts = Members(self.document, other).amounts("parts")
                return Amount(sum((a.printed for a in amounts), Decimal(0)), amounts[0].unit)
        return None
