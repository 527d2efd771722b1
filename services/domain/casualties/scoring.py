"""Measuring the reading against labels: precision and recall of deaths and of injuries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.domain.casualties.reading import read_casualties
from services.domain.numerals import halve_width, read_number

_FIELDS = (("deaths", "deaths"), ("injuries", "injured"))

# Row id → what its text states where the printed label does not; each with its reason in docs/casualty-corrections.md.
CORRECTIONS: dict[str, dict[str, int]] = {
    "a36df355184e73f69df45cf99d841b1c": {"deaths": 9},
    "0b9ada91e0ceaea53cc1a855af036ac8": {"deaths": 2},
    "85c98a21ea052ad5e3090c3eb8bc90f6": {"deaths": 2},
    "708b44b1d8f0659a695b2ae8fff05f76": {"deaths": 2},
    "0d26c9c0fab16b17b0cdc29f3cb74192": {"injured": 7},
    "fdcd2f59893999a0f6f41700662c466e": {"deaths": 58},
}


def evaluate_casualties(rows: Iterable[Mapping[str, str]]) -> dict[str, object]:
    """Figures of `deaths` and `injuries` over rows with `id`, `text`, `deaths` and `injured`, labels as printed
    ("8人", "三人", "近40人", ""), corrected by CORRECTIONS; `as_printed` holds the figures without corrections.

    A stated none and an empty label agree: both say that nobody is counted. `wrong` lists (row number, field,
    expected, read) for every disagreement with the corrected labels.
    """
    known = list(rows)
    figures = _evaluate(known, CORRECTIONS)
    printed = _evaluate(known, {})
    del printed["wrong"]
    return figures | {"as_printed": printed, "rows": len(known)}


def _evaluate(rows: list[Mapping[str, str]], corrections: Mapping[str, Mapping[str, int]]) -> dict[str, object]:
    tallies = {name: [0, 0, 0] for name, _ in _FIELDS}
    wrong: list[tuple[int, str, int, int]] = []
    for number, row in enumerate(rows):
        casualties = read_casualties("", row["text"]).casualties
        corrected = corrections.get(row.get("id") or "", {})
        for name, column in _FIELDS:
            expected = corrected.get(column, label_value(row.get(column) or ""))
            read = getattr(casualties, name) or 0
            _count(tallies[name], expected, read)
            if expected != read:
                wrong.append((number, name, expected, read))
    return {name: _figures(*tally) for name, tally in tallies.items()} | {"wrong": wrong}


def label_value(printed: str) -> int:
    """The number in a printed label; 0 for an empty one. 一男一女 is 2."""
    printed = halve_width(printed.strip())
    if not printed:
        return 0
    if "男" in printed and "女" in printed:
        return sum(read_number(part) or 0 for part in printed.replace("女", "男").split("男") if part)
    for end in range(len(printed), 0, -1):
        value = read_number(printed[:end])
        if value is not None:
            return value
    return 0


def _count(tally: list[int], expected: int, read: int) -> None:
    tally[0] += int(expected == read != 0)
    tally[1] += int(read != 0 and read != expected)
    tally[2] += int(expected != 0 and read != expected)


def _figures(right: int, false: int, missed: int) -> dict[str, float]:
    precision = right / (right + false) if right + false else 1.0
    recall = right / (right + missed) if right + missed else 1.0
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "right": right,
        "false": false,
        "missed": missed,
    }
