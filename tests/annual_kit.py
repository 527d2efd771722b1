"""Part 二 of the annual table of layout 2014, as JSON gives it and as a workbook shows it when it is opened again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl

Line = tuple[str, str | None, float | None]


def in_json(printed: str) -> list[Line]:
    """Name, unit and value of every row, in order."""
    rows: list[dict[str, Any]] = json.loads(printed)["rows"]
    return [(row["name"], row["unit"], row["value"]) for row in rows if row["id"].split(".")[0] == "2"]


def in_workbook(file: Path, names: list[str]) -> list[Line]:
    """The same from the cells: from the heading of the part on as many rows as it has names, numbers as numbers."""
    page = openpyxl.load_workbook(file, data_only=False).worksheets[0]
    rows = list(page.iter_rows())
    start = next(n for n, row in enumerate(rows) if str(row[0].value).endswith(names[0]))
    lines = []
    for name, (label, unit, number, *_) in zip(names, rows[start:], strict=False):
        assert str(label.value).endswith(name)
        assert number.value is None or number.data_type == "n"
        lines.append((name, unit.value or None, number.value))
    return lines
