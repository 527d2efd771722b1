"""What a unit enters by hand, and what it may not enter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from services.domain.report.layout import Layout

MOST = Decimal(10) ** 15
BOUNDS = ("", "at_least", "at_most", "about")


class BadFigure(ValueError):
    """An entry that is refused: which cell, and why in Chinese."""

    def __init__(self, cell: str, reason: str) -> None:
        super().__init__(f"{cell}：{reason}")
        self.cell, self.reason = cell, reason


@dataclass(frozen=True, slots=True)
class EnteredFigure:
    """One entry of one unit for one cell of one year. The newest entry counts; older ones are kept.

    `value` is None and `text` empty where an earlier entry is withdrawn. `bound` marks 余, 以上, 约.
    """

    unit: str
    year: int
    cell: str
    value: Decimal | None
    entered_by: str
    entered_at: datetime
    text: str = ""
    bound: str = ""


def accept(layout: Layout, city: str, entry: EnteredFigure) -> None:
    """Raises BadFigure for an entry this layout does not take."""
    if entry.unit == city:
        raise BadFigure(entry.cell, "全市合计由各单位相加，不可填写")
    if entry.bound not in BOUNDS:
        raise BadFigure(entry.cell, f"不认识的约数标记 {entry.bound}")
    if entry.cell in layout.texts():
        if entry.value is not None:
            raise BadFigure(entry.cell, "此处填文字")
        return
    found = layout.cells().get(entry.cell)
    if found is None:
        raise BadFigure(entry.cell, f"{layout.id} 版式没有这一格")
    row, column = found
    if row.ledger and not row.supplement:
        raise BadFigure(entry.cell, "由台账统计，不可填写")
    if entry.value is not None:
        _plausible(entry.cell, entry.value, row.decimal or column.decimal, column.signed)


def _plausible(cell: str, value: Decimal, decimal: bool, signed: bool) -> None:
    if not value.is_finite() or abs(value) >= MOST:
        raise BadFigure(cell, "数值超出范围")
    if value < 0 and not signed:
        raise BadFigure(cell, "不可为负数")
    if value != value.to_integral_value() and not decimal:
        raise BadFigure(cell, "应为整数")
