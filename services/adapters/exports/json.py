"""The annual report for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from services.domain.report import AnnualReport, Cell, Row, Sheet
from services.domain.report.layout import cell_name


def as_json(report: AnnualReport) -> bytes:
    """One object: `rows` in the order of the form, `cells` by name, `texts`, `checks` of the consistency rules."""
    body = {
        "layout": report.layout.id,
        "title": report.layout.title,
        "basis": report.layout.basis,
        "year": report.year,
        "unit": {"code": report.unit.code, "name": report.unit.name},
        "as_of": report.as_of.isoformat(),
        "rows": [row for sheet in report.layout.sheets() for row in _rows(report, sheet)],
        "cells": {name: _plain(cell.value) for name, cell in report.cells.items()},
        "texts": report.texts,
        "checks": [
            {"rule": f.rule, "level": f.level, "result": f.standing.value, "text": f.text, "cells": list(f.cells)}
            for f in report.findings
        ],
        "notes": list(report.notes),
        "footer": list(report.layout.footer),
    }
    text = json.dumps(body, ensure_ascii=False, indent=2)
    return text.encode("utf-8", "replace") + b"\n"


def _rows(report: AnnualReport, sheet: Sheet) -> Iterator[dict[str, Any]]:
    for row in sheet.rows:
        shown: dict[str, Any] = {"sheet": sheet.id, "id": row.id, "num": row.num, "name": row.name}
        shown |= {"unit": row.unit or None, "parent": row.parent or None}
        shown |= {"internal": True} if row.internal else {}
        yield shown | (_numbers(report, sheet, row) if row.unit else {"value": None})


def _numbers(report: AnnualReport, sheet: Sheet, row: Row) -> dict[str, Any]:
    cells = {column.id: report.cells[cell_name(row.id, column.id)] for column in sheet.columns}
    if len(cells) > 1 or "" not in cells:
        return {"values": {name: _plain(cell.value) for name, cell in cells.items()}}
    return {"value": _plain(cells[""].value)} | _origin(cells[""])


def _origin(cell: Cell) -> dict[str, Any]:
    """Where the number comes from, and whether it is exact."""
    origin = {"from_ledger": cell.ledger, "entered": _plain(cell.entered), "bound": cell.bound or None}
    return {name: value for name, value in origin.items() if value is not None}


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
