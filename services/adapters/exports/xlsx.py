"""The annual report as a workbook: a sheet per part, numbers as numbers, text never as a formula or a link."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any

import xlsxwriter

from services.adapters.exports import printed
from services.domain.report import AnnualReport, Cell, Section, Sheet

MOST_CHARACTERS = 32_000  # Excel's limit is 32,767; beyond it XlsxWriter drops the cell and returns -2
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_CUT = "……（超出单元格长度，已截断）"


def as_xlsx(report: AnnualReport) -> bytes:
    """The same report gives the same bytes: the workbook is dated by `as_of`."""
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    made = report.as_of.astimezone(UTC).replace(tzinfo=None)
    book.set_properties({"title": printed.clean(report.layout.title), "created": made})
    looks = _Looks(book)
    for section in report.layout.sections:
        _Page(book, looks, report, section).write()
    _write_checks(book, looks, report)
    book.close()
    return buffer.getvalue()


class _Looks:
    """The cell formats of a workbook, made once each."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **more: Any) -> Any:
        key = tuple(sorted(more.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(_FONT | more)
        return self._made[key]


class _Page:
    """One part of the report on a worksheet of its own, written from top to bottom."""

    def __init__(self, book: Any, looks: _Looks, report: AnnualReport, section: Section) -> None:
        self.looks, self.report, self.section = looks, report, section
        self.page = book.add_worksheet(tab_name(section))
        self.width = max((len(s.head) + len(s.columns) for s in section.sheets if not printed.shows_unit(s)), default=3)
        self.at = 0

    def write(self) -> None:
        self._set_up()
        self._across(self.report.layout.title, bold=True, font_size=16, align="center")
        self._across(printed.caption(self.report), align="left")
        if self.section.num or self.section.internal:
            self._across(printed.section_name(self.section), bold=True)
        text = self.report.texts.get(self.section.num, "")
        if self.section.entered or text:
            self._across(text or f"（{self.section.entered}：未填写）", height=160, text_wrap=True, valign="top")
        for sheet in self.section.sheets:
            self._sheet(sheet)
        if self.report.layout.footer and not self.section.internal:
            self._across(printed.footer(self.report), font_size=10, height=28)

    def _set_up(self) -> None:
        self.page.set_paper(9)  # A4
        self.page.fit_to_pages(1, 0)
        self.page.center_horizontally()
        self.page.set_margins(left=0.6, right=0.6)
        self.page.hide_gridlines(2)
        if self.width > 6:
            self.page.set_landscape()
        wide = self.width > 10
        self.page.set_column(0, 0, 62 if self.width == 3 else 8 if wide else 44)
        self.page.set_column(1, self.width - 1, 9 if wide else 12)
        self.page.set_footer("&C第 &P 页，共 &N 页")

    def _across(self, text: str, height: int = 24, **look: Any) -> None:
        """A line over the whole width."""
        self.page.set_row(self.at, height)
        self.page.merge_range(self.at, 0, self.at, self.width - 1, "", self.looks(**look))
        self.page.write_string(self.at, 0, _fitting(text), self.looks(**look))
        self.at += 1

    def _sheet(self, sheet: Sheet) -> None:
        if sheet.title:
            self._across(sheet.title, align="center", border=1)
        for h in printed.headings(sheet):
            self._heading(h)
        self.at += printed.depth_of_heading(sheet)
        if not printed.shows_unit(sheet):
            self.page.set_row(self.at - 1, 32)  # column names wrap
        if printed.shows_unit(sheet):
            self.page.repeat_rows(self.at - 1)
            self.page.freeze_panes(self.at, 0)
        for row, cells in printed.lines(self.report, sheet):
            indent = self.looks(border=1, indent=2 * sheet.depth(row), text_wrap=True, bold=not row.unit)
            self.page.set_row(self.at, 32 if len(printed.row_name(row)) > 26 else 20)
            self.page.write_string(self.at, 0, _fitting(printed.row_name(row)), indent)
            if printed.shows_unit(sheet):
                self.page.write_string(self.at, 1, row.unit, self.looks(border=1, align="center"))
            first = self.width - len(cells) if printed.shows_unit(sheet) else len(sheet.head)
            for n, cell in enumerate(cells):
                self._number(first + n, cell)
            self.at += 1

    def _heading(self, h: printed.Heading) -> None:
        look = self.looks(border=1, bold=True, align="center", text_wrap=True, bg_color="#EDEDED")
        top, left = self.at + h.row, h.column
        if h.rows > 1 or h.columns > 1:
            self.page.merge_range(top, left, top + h.rows - 1, left + h.columns - 1, "", look)
        self.page.write_string(top, left, _fitting(h.text), look)

    def _number(self, column: int, cell: Cell | None) -> None:
        if cell is None or cell.value is None:
            self.page.write_blank(self.at, column, None, self.looks(border=1))
            return
        before, after = printed.affixes(cell)
        shape = "0" if cell.value == cell.value.to_integral_value() else "0.##########"
        shape = (f'"{before}"' if before else "") + shape + (f'"{after}"' if after else "")
        self.page.write_number(
            self.at, column, float(cell.value), self.looks(border=1, align="right", num_format=shape)
        )


def _write_checks(book: Any, looks: _Looks, report: AnnualReport) -> None:
    page = book.add_worksheet("核对")
    page.set_column(0, 2, 10)
    page.set_column(3, 3, 110)
    for column, name in enumerate(("规则", "类别", "结果", "说明")):
        page.write_string(0, column, name, looks(border=1, bold=True))
    rows = [(f.rule, "必须" if f.level == "hard" else "供核对", f.standing.label, f.text) for f in report.findings]
    rows += [("", "", "", line) for line in printed.remarks(report)]
    for at, values in enumerate(rows, start=1):
        for column, value in enumerate(values):
            page.write_string(at, column, _fitting(value), looks(border=1, text_wrap=column == 3))
    page.freeze_panes(1, 0)


def _fitting(text: str) -> str:
    text = printed.clean(text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - len(_CUT)] + _CUT


def tab_name(section: Section) -> str:
    """A worksheet's name: at most 31 characters, none of []:*?/\\ ."""
    name = printed.clean(printed.section_name(section))
    return "".join("_" if c in "[]:*?/\\'" else c for c in name)[:31] or "年报"
