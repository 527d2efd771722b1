"""`reports/*.toml` → the annual layouts; refused where a row, a cell or a rule points nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain import report
from services.domain.report.ledger_rows import ROWS
from services.domain.report.rules import LAST_YEAR, RELATIONS

REPORTS = CONFIG_DIR / "reports"


class _Column(Section, frozen=True):
    id: str
    name: str
    group: str = ""
    signed: bool = False
    decimal: bool = False


class _Row(Section, frozen=True):
    id: str
    num: str
    name: str
    unit: str = ""
    parent: str = ""
    of_which: bool = False
    decimal: bool = False
    ledger: str = ""
    supplement: bool = False
    internal: bool = False
    seen: bool = True


class _Sheet(Section, frozen=True):
    id: str
    columns: tuple[_Column, ...]
    rows: tuple[_Row, ...]
    head: tuple[str, ...]
    title: str = ""


class _Section(Section, frozen=True):
    num: str
    name: str
    text: str = ""
    entered: str = ""
    internal: bool = False
    sheet: tuple[_Sheet, ...] = ()


class _Rule(Section, frozen=True):
    id: str
    level: str
    left: tuple[str, ...]
    relation: str
    right: tuple[str, ...]
    sheet: str = ""
    each: str = ""
    note: str = ""


class _File(Section, frozen=True):
    id: str
    title: str
    basis: str
    note: str
    first_year: int
    footer: tuple[str, ...]
    section: tuple[_Section, ...]
    rule: tuple[_Rule, ...]
    last_year: int | None = None
    blank_is_zero: bool = False


def layout_names(folder: Path = REPORTS) -> list[str]:
    """The layouts there are: 2014, 2019, 2021."""
    return sorted(path.stem for path in folder.glob("*.toml"))


def load_layout(name: str, folder: Path = REPORTS) -> report.Layout:
    """Raises BadConfig naming file, key and reason."""
    path = folder / f"{name}.toml"
    read = read_toml(path, _File)
    layout = report.Layout(
        id=read.id,
        title=read.title,
        basis=read.basis,
        note=read.note,
        first_year=read.first_year,
        last_year=read.last_year,
        footer=read.footer,
        blank_is_zero=read.blank_is_zero,
        sections=tuple(_section(section) for section in read.section),
        rules=tuple(report.Rule(**_fields(rule)) for rule in read.rule),
    )
    if layout.id != name:
        raise BadConfig(path, "id", f"must be {name!r}, as the file is called")
    _check_rows(path, layout)
    _check_rules(path, layout)
    return layout


def _section(read: _Section) -> report.Section:
    sheets = tuple(_sheet(sheet) for sheet in read.sheet)
    return report.Section(read.num, read.name, read.text, read.entered, read.internal, sheets)


def _sheet(read: _Sheet) -> report.Sheet:
    columns = tuple(report.Column(**_fields(column)) for column in read.columns)
    rows = tuple(report.Row(**_fields(row)) for row in read.rows)
    return report.Sheet(read.id, columns, rows, read.head, read.title)


def _fields(read: Section) -> dict[str, Any]:
    return {name: getattr(read, name) for name in read.__struct_fields__}


def _check_rows(path: Path, layout: report.Layout) -> None:
    seen: set[str] = set()
    for sheet in layout.sheets():
        if len(sheet.head) != 1 and (len(sheet.head), len(sheet.columns)) != (3, 1):
            raise BadConfig(path, f"{sheet.id}.head", "must be [指标], or [指标, 单位, 统计数] over a single column")
        ids = [row.id for row in sheet.rows]
        for number, row in enumerate(sheet.rows):
            if row.id in seen:
                raise BadConfig(path, row.id, "the row's id is used twice")
            seen.add(row.id)
            if row.parent and row.parent not in ids[:number]:
                raise BadConfig(path, row.id, f"no row above has the id {row.parent}")
            if row.ledger and row.ledger not in ROWS:
                raise BadConfig(path, row.id, f"ledger must be one of {', '.join(ROWS)}")


def _check_rules(path: Path, layout: report.Layout) -> None:
    names = {*layout.cells(), *layout.texts()}
    for rule in layout.rules:
        if rule.level not in ("hard", "soft") or rule.relation not in RELATIONS:
            raise BadConfig(path, f"rule.{rule.id}", "level must be hard or soft, relation ==, <= or described")
        if bool(rule.sheet) != (rule.each in ("row", "column")):
            raise BadConfig(path, f"rule.{rule.id}", "sheet and each = row|column go together")
        if rule.sheet and rule.sheet not in {sheet.id for sheet in layout.sheets()}:
            raise BadConfig(path, f"rule.{rule.id}.sheet", f"no sheet has the id {rule.sheet}")
    for relation in layout.relations():
        for name in (*relation.left, *relation.right):
            if name.removesuffix(LAST_YEAR) not in names:
                raise BadConfig(path, f"rule.{relation.rule}", f"no cell is called {name}")
