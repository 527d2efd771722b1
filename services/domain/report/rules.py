"""勾稽关系: what must be true between the cells of a report. Reported, never repaired."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from services.domain.vocabulary import Term

if TYPE_CHECKING:
    from services.domain.report.filling import Cell

LAST_YEAR = "@-1"
RELATIONS = ("==", "<=", "described")


class Standing(Term):
    HOLDS = "holds", "相符"
    BROKEN = "broken", "不符"
    UNCHECKED = "unchecked", "未核对"


@dataclass(frozen=True, slots=True)
class Relation:
    """Sum of `left` against sum of `right`. A cell's name may end in "@-1": last year's report."""

    rule: str
    level: str
    left: tuple[str, ...]
    relation: str
    right: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A relation as a layout states it; with `sheet`, once for `each` column or row of it."""

    id: str
    level: str
    left: tuple[str, ...]
    relation: str
    right: tuple[str, ...]
    sheet: str = ""
    each: str = ""
    note: str = ""

    def plain(self) -> Relation:
        return Relation(self.id, self.level, self.left, self.relation, self.right, self.note)

    def along(self, name: Callable[[str], str]) -> Relation:
        """The rule for one column or row: `name` completes each of its half names."""
        left, right = (tuple(_completed(half, name) for half in side) for side in (self.left, self.right))
        return Relation(self.id, self.level, left, self.relation, right, self.note)


def _completed(half: str, name: Callable[[str], str]) -> str:
    bare = half.removesuffix(LAST_YEAR)
    return name(bare) + half[len(bare) :]


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of one relation. `level` is hard (must hold) or soft (worth a look)."""

    rule: str
    level: str
    standing: Standing
    text: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Books:
    """What the rules are held against: this year's cells, last year's, the texts, and the cells' names in words."""

    now: Mapping[str, Cell]
    before: Mapping[str, Cell]
    texts: Mapping[str, str]
    labels: Mapping[str, str]

    def named(self, side: Sequence[str]) -> str:
        """One or two cells by name, a longer sum by its first and its length."""
        names = [self._name(cell) for cell in side]
        return " + ".join(names) if len(names) < 3 else f"{names[0]}等 {len(names)} 项之和"

    def _name(self, cell: str) -> str:
        bare = cell.removesuffix(LAST_YEAR)
        return ("上年" if bare != cell else "") + (self.labels.get(bare) or bare)


def examine(relations: Sequence[Relation], books: Books) -> list[Finding]:
    """One finding per relation. A blank cell, or one with 余/以上, cannot be checked exactly."""
    return [_described(r, books) if r.relation == "described" else _compared(r, books) for r in relations]


def _compared(relation: Relation, books: Books) -> Finding:
    left, right = (_added(side, books.now, books.before) for side in (relation.left, relation.right))
    this, that = books.named(relation.left), books.named(relation.right)
    must = "应等于" if relation.relation == "==" else "应不大于"
    if left is None or right is None:
        return _finding(relation, Standing.UNCHECKED, f"{this} {must} {that}：有未填或约数的格")
    holds = left == right if relation.relation == "==" else left <= right
    gap = "" if holds else f"，差 {left - right:f}"
    text = f"{this} 为 {left:f}，{must} {that} {right:f}{gap}"
    return _finding(relation, Standing.HOLDS if holds else Standing.BROKEN, text)


def _described(relation: Relation, books: Books) -> Finding:
    amount, name = _added(relation.left, books.now, {}), books.named(relation.left)
    if amount is None:
        return _finding(relation, Standing.UNCHECKED, f"{name} 未填")
    missing = amount > 0 and not any(books.texts.get(text, "").strip() for text in relation.right)
    text = f"{name} 为 {amount:f}，{'文字部分没有说明' if missing else '已说明或不必说明'}"
    return _finding(relation, Standing.BROKEN if missing else Standing.HOLDS, text)


def _added(names: Sequence[str], now: Mapping[str, Cell], before: Mapping[str, Cell]) -> Decimal | None:
    total = Decimal(0)
    for name in names:
        bare = name.removesuffix(LAST_YEAR)
        cell = (before if bare != name else now).get(bare)
        if cell is None or cell.value is None or cell.bound:
            return None
        total += cell.value
    return total


def _finding(relation: Relation, standing: Standing, text: str) -> Finding:
    note = f"（{relation.note}）" if relation.note else ""
    return Finding(relation.rule, relation.level, standing, text + note, (*relation.left, *relation.right))
