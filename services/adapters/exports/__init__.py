"""The annual report as a file: JSON, XLSX, DOCX, HTML."""

from collections.abc import Callable, Mapping

from services.adapters.exports.docx import as_docx
from services.adapters.exports.html import as_html
from services.adapters.exports.json import as_json
from services.adapters.exports.xlsx import as_xlsx
from services.domain.report import AnnualReport

FORMATS: Mapping[str, Callable[[AnnualReport], bytes]] = {
    "json": as_json,
    "xlsx": as_xlsx,
    "docx": as_docx,
    "html": as_html,
}

__all__ = ["FORMATS", "as_docx", "as_html", "as_json", "as_xlsx"]
