"""The annual report as a document that the office can go on editing."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from services.adapters.exports import printed
from services.domain.report import AnnualReport, Section, Sheet

BODY_FONT, TITLE_FONT = "仿宋_GB2312", "方正小标宋简体"
_WIDE = 6
_ROW = Pt(20)


def as_docx(report: AnnualReport) -> bytes:
    """Fonts are named as 公文 wants them, never embedded: they carry licences."""
    document = Document()
    made = report.as_of.astimezone(UTC).replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = made
    document.core_properties.title = printed.clean(report.layout.title)
    set_font(document.styles["Normal"], BODY_FONT, 12)
    set_page(document)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(title.add_run(printed.clean(report.layout.title)), TITLE_FONT, 22)
    document.add_paragraph(printed.caption(report))
    for section in report.layout.sections:
        _section(document, report, section)
    if report.layout.footer:
        document.add_paragraph(printed.footer(report))
    for line in printed.remarks(report):
        set_font(document.add_paragraph(style="List Bullet").add_run(line), BODY_FONT, 10)
    return saved(document)


def saved(document: Any) -> bytes:
    """The document as a file's content."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def set_page(document: Any) -> None:
    """A4; the margins of GB/T 9704 for an upright page."""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Cm(3.7), Cm(3.5), Cm(2.8), Cm(2.6)


def _section(document: Any, report: AnnualReport, section: Section) -> None:
    if any(len(sheet.columns) > _WIDE for sheet in section.sheets):
        _turn(document, WD_ORIENT.LANDSCAPE)
    elif document.sections[-1].orientation == WD_ORIENT.LANDSCAPE:
        _turn(document, WD_ORIENT.PORTRAIT)
    if section.num or section.internal:
        heading = document.add_paragraph()
        heading.paragraph_format.keep_with_next = True
        set_font(heading.add_run(printed.clean(printed.section_name(section))), "黑体", 14)
    text = printed.clean(report.texts.get(section.num, ""))
    if text or section.entered:
        for line in (text or f"（{section.entered}：未填写）").split("\n"):
            document.add_paragraph(line).paragraph_format.first_line_indent = Pt(24)
    for sheet in section.sheets:
        _table(document, report, sheet)


def _turn(document: Any, orientation: Any) -> None:
    if document.sections[-1].orientation == orientation:
        return
    page = document.add_section()
    page.orientation = orientation
    page.page_width, page.page_height = page.page_height, page.page_width


def _table(document: Any, report: AnnualReport, sheet: Sheet) -> None:
    if sheet.title:
        document.add_paragraph(sheet.title)
    depth = printed.depth_of_heading(sheet)
    rows = list(printed.lines(report, sheet))
    width = max(h.column + h.columns for h in printed.headings(sheet))
    table = document.add_table(rows=depth + len(rows), cols=width, style="Table Grid")
    table.autofit = False
    for row in table.rows:
        row.height = _ROW  # an empty cell is as high as its font, and would make rows of two heights
    grid = [list(row.cells) for row in table.rows]  # python-docx walks the XML for every table.cell()
    _set_widths(document, table, grid)
    for h in printed.headings(sheet):
        cell = grid[h.row][h.column]
        if h.rows > 1 or h.columns > 1:
            cell = cell.merge(grid[h.row + h.rows - 1][h.column + h.columns - 1])
        _write(cell, h.text, WD_ALIGN_PARAGRAPH.CENTER)
    for at in range(depth):
        _repeat(table.rows[at])
    for at, (row, numbers) in enumerate(rows, start=depth):
        _write(grid[at][0], printed.row_name(row), indent=sheet.depth(row))
        if printed.shows_unit(sheet):
            _write(grid[at][1], row.unit, WD_ALIGN_PARAGRAPH.CENTER)
        for n, cell in enumerate(numbers):
            shown = printed.number(cell) if cell else ""
            _write(grid[at][width - len(numbers) + n], shown, WD_ALIGN_PARAGRAPH.RIGHT)


def _set_widths(document: Any, table: Any, grid: list[list[Any]]) -> None:
    page, columns = document.sections[-1], len(grid[0])
    room = page.page_width - page.left_margin - page.right_margin
    first = int(room * (0.7 if columns == 3 else 0.07 if columns > 2 * _WIDE else 0.28 if columns > _WIDE else 0.4))
    widths = [first] + [(room - first) // (columns - 1)] * (columns - 1)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in grid:
        for cell, width in zip(row, widths, strict=True):
            cell.width = width


def _write(cell: Any, text: str, align: Any = WD_ALIGN_PARAGRAPH.LEFT, indent: int = 0) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment, cell.vertical_alignment = align, WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph.paragraph_format.left_indent = Pt(12 * indent)
    set_font(paragraph.add_run(printed.clean(text)), "宋体", 9)


def _repeat(row: Any) -> None:
    """The heading comes again on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def set_font(styled: Any, name: str, points: float) -> None:
    styled.font.name, styled.font.size = name, Pt(points)
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)
