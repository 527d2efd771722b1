"""The form of one era: sections, sheets, rows, columns and the rules between their cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.domain.report.rules import Relation, Rule


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers. `group` is what stands above it (申请人情况 / 法人或其他组织)."""

    id: str
    name: str
    group: str = ""
    signed: bool = False
    decimal: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row. Without a unit it is a heading and has no numbers.

    `of_which` (其中) rows are not larger than their parent. `ledger` names the count that fills it, `supplement` that a
    unit may add what has no incident. `internal` rows are kept for checking and not printed. `seen` is false where
    nobody has compared the wording with an original.
    """

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


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. A cell is named row.column, or just by its row where the column has no name."""

    id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    head: tuple[str, ...] = ()
    title: str = ""

    def depth(self, row: Row) -> int:
        """How far a row is indented."""
        parents = {r.id: r.parent for r in self.rows}
        depth, above = 0, row.parent
        while above in parents:
            depth, above = depth + 1, parents[above]
        return depth


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report: text, tables or both. `entered` says what a unit writes into it."""

    num: str
    name: str
    text: str = ""
    entered: str = ""
    internal: bool = False
    sheets: tuple[Sheet, ...] = ()

    @property
    def text_cell(self) -> str:
        """Under which name the entered text is kept."""
        return f"text.{self.num}"


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole form. `blank_is_zero`: a unit that has entered anything leaves nothing blank (2021 form)."""

    id: str
    title: str
    basis: str
    note: str
    first_year: int
    last_year: int | None
    footer: tuple[str, ...]
    blank_is_zero: bool
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]

    def sheets(self) -> Iterator[Sheet]:
        return (sheet for section in self.sections for sheet in section.sheets)

    def cells(self) -> dict[str, tuple[Row, Column]]:
        """Every cell that holds a number, by name, in order."""
        return {
            cell_name(row.id, column.id): (row, column)
            for sheet in self.sheets()
            for row in sheet.rows
            if row.unit
            for column in sheet.columns
        }

    def labels(self) -> dict[str, str]:
        """Every cell in words: 收到申请数, or 予以公开〔自然人〕."""
        return {
            cell_name(row.id, column.id): row.name.split("(")[0] + _bracketed(sheet, column)
            for sheet in self.sheets()
            for row in sheet.rows
            for column in sheet.columns
        }

    def texts(self) -> dict[str, Section]:
        """Every text a unit may enter, by name."""
        return {section.text_cell: section for section in self.sections if section.entered}

    def relations(self) -> list[Relation]:
        """Every rule as relations between cells, the 其中 rows included."""
        found = [relation for rule in self.rules for relation in self._expanded(rule)]
        cells = self.cells()
        for name, (row, column) in cells.items():
            above = cell_name(row.parent, column.id)
            if row.of_which and above in cells:
                found.append(Relation("R8", "hard", (name,), "<=", (above,), "其中项不大于总项"))
        return found

    def _expanded(self, rule: Rule) -> Iterator[Relation]:
        sheet = next((s for s in self.sheets() if s.id == rule.sheet), None)
        if sheet is None:
            yield rule.plain()
        elif rule.each == "column":
            for column in sheet.columns:
                yield rule.along(lambda row, column=column: cell_name(row, column.id))  # type: ignore[misc]  # a default
        else:
            for row in sheet.rows:
                if row.unit:
                    yield rule.along(lambda column, row=row: cell_name(row.id, column))  # type: ignore[misc]  # a default


def _bracketed(sheet: Sheet, column: Column) -> str:
    if len(sheet.columns) == 1:
        return ""
    alike = [c for c in sheet.columns if c.name == column.name]
    return f"〔{column.group} {column.name}〕" if len(alike) > 1 else f"〔{column.name}〕"


def cell_name(row: str, column: str) -> str:
    """t3.new + total → t3.new.total; 2.1 → 2.1; t4 + review.upheld → t4.review.upheld."""
    return f"{row}.{column}" if column else row
