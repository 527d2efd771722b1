"""One measured figure beside its baseline and its goal, and the table of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`rate` and `baseline_rate` have the same unit, items a second unless the name says otherwise.

    `ratio` is ours to the baseline in the same run, or None where a goal is absolute. `goal` is in words.
    A row without a `baseline_rate` says in `baseline` what was measured on. `digits` are those after the point.
    """

    name: str
    rate: float
    baseline: str
    baseline_rate: float | None
    ratio: float | None
    goal: str
    ok: bool
    digits: int = 0


def against(name: str, rate: float, baseline: tuple[str, float], at_least: float) -> Row:
    """A row whose goal is a ratio to a baseline measured in the same run."""
    ratio = rate / baseline[1]
    return Row(name, rate, baseline[0], baseline[1], ratio, f"≥ {at_least:.2f} × baseline", ratio >= at_least)


def absolute(name: str, rate: float, baseline: tuple[str, float], at_least: float) -> Row:
    """A row whose goal is a rate; the baseline is shown for orientation."""
    return Row(name, rate, baseline[0], baseline[1], rate / baseline[1], f"≥ {at_least:,.0f}", rate >= at_least)


def most(name: str, value: float, baseline: tuple[str, float], at_most: float) -> Row:
    """A row whose figure must not be larger than a limit; the baseline is shown for orientation."""
    return Row(name, value, baseline[0], baseline[1], value / baseline[1], f"≤ {at_most:,.0f}", value <= at_most)


def share(name: str, value: float, measured_on: str, at_least: float) -> Row:
    """A row whose figure lies between 0 and 1 and must not be smaller than its goal."""
    return Row(name, value, measured_on, None, None, f"≥ {at_least:.3f}", value >= at_least, digits=4)


def show(rows: Sequence[Row]) -> str:
    """The table as text."""
    cells = [("what", "rate", "baseline", "its rate", "ratio", "goal", "")]
    for row in rows:
        ratio = "-" if row.ratio is None else f"{row.ratio:.2f}"
        verdict = "ok" if row.ok else "MISSED"
        beside = "-" if row.baseline_rate is None else f"{row.baseline_rate:,.{row.digits}f}"
        cells.append((row.name, f"{row.rate:,.{row.digits}f}", row.baseline, beside, ratio, row.goal, verdict))
    widths = [max(len(line[column]) for line in cells) for column in range(7)]
    right = (1, 3, 4)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )
