"""12345 hotline exports: a file imported by hand (`read_export`) or dropped into a folder (`HotlineDrop`)."""

from services.adapters.hotline.drop import HotlineDrop
from services.adapters.hotline.mapping import Columns, RefusedRow, read_export

__all__ = ["Columns", "HotlineDrop", "RefusedRow", "read_export"]
