"""The annual report as one HTML page that prints well; everything escaped, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from services.adapters.exports import printed
from services.domain.report import AnnualReport, Section, Sheet

_STYLE = """
body{font:14px/1.6 "Noto Serif CJK SC","Source Han Serif SC",SimSun,serif;max-width:62em;margin:2em auto;color:#111}
h1{font-size:1.5em;text-align:center}h2{font-size:1.1em}table{border-collapse:collapse;width:100%;margin:.5em 0}
th,td{border:1px solid #333;padding:.2em .5em}th{background:#ededed}caption{text-align:left;padding:.3em 0}
td.n{text-align:right;white-space:nowrap}td.u{text-align:center;white-space:nowrap}
tr.heading td:first-child{font-weight:bold}.text{white-space:pre-wrap}.remarks{font-size:.9em;color:#444}
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}}
"""


def as_html(report: AnnualReport) -> bytes:
    title = escape(printed.clean(report.layout.title))
    parts = [
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1><p>{escape(printed.caption(report))}</p>",
        *(part for section in report.layout.sections for part in _section(report, section)),
        f"<p>{escape(printed.footer(report))}</p>",
        '<ul class="remarks">',
        *(f"<li>{escape(line)}</li>" for line in printed.remarks(report)),
        "</ul></body></html>\n",
    ]
    return "".join(parts).encode()


def _section(report: AnnualReport, section: Section) -> Iterator[str]:
    if section.num or section.internal:
        yield f"<h2>{escape(printed.clean(printed.section_name(section)))}</h2>"
    text = report.texts.get(section.num, "")
    if text or section.entered:
        yield f'<p class="text">{escape(printed.clean(text) or f"（{section.entered}：未填写）")}</p>'
    for sheet in section.sheets:
        yield from _table(report, sheet)


def _table(report: AnnualReport, sheet: Sheet) -> Iterator[str]:
    yield "<table>"
    if sheet.title:
        yield f"<caption>{escape(sheet.title)}</caption>"
    yield "<thead>"
    heads = printed.headings(sheet)
    for level in range(printed.depth_of_heading(sheet)):
        across = (h for h in sorted(heads, key=lambda h: h.column) if h.row == level)
        spans = (f'<th rowspan="{h.rows}" colspan="{h.columns}">{escape(h.text)}</th>' for h in across)
        yield f"<tr>{''.join(spans)}</tr>"
    yield "</thead><tbody>"
    for row, cells in printed.lines(report, sheet):
        unit = f'<td class="u">{escape(row.unit)}</td>' if printed.shows_unit(sheet) else ""
        numbers = "".join(f'<td class="n">{escape(printed.number(cell) if cell else "")}</td>' for cell in cells)
        name = escape(printed.clean(printed.row_name(row)))
        indent = f' style="padding-left:{0.5 + 1.5 * sheet.depth(row)}em"'
        yield f'<tr class="{"row" if row.unit else "heading"}"><td{indent}>{name}</td>{unit}{numbers}</tr>'
    yield "</tbody></table>"
