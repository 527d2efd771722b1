"""A brief as a Word document, in the fonts and margins of 公文."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from services.adapters.exports.docx import BODY_FONT, TITLE_FONT, saved, set_font, set_page
from services.adapters.exports.printed import clean
from services.domain.briefing import Brief


def brief_as_docx(brief: Brief, made_at: datetime) -> bytes:
    """The same brief made at the same time gives the same text and properties."""
    document = Document()
    made = made_at.astimezone(UTC).replace(tzinfo=None)
    document.core_properties.created = document.core_properties.modified = made
    document.core_properties.title = clean(brief.title)[:255]
    set_font(document.styles["Normal"], BODY_FONT, 16)
    set_page(document)
    _centred(document, brief.title, TITLE_FONT, 22)
    _centred(document, brief.subtitle, "楷体_GB2312", 14)
    for section in brief.sections:
        heading = document.add_paragraph()
        heading.paragraph_format.keep_with_next = True
        set_font(heading.add_run(clean(section.heading)), "黑体", 16)
        for line in section.lines:
            document.add_paragraph(clean(line)).paragraph_format.first_line_indent = Pt(32)
    return saved(document)


def _centred(document: Any, text: str, font: str, points: float) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run(clean(text)), font, points)
