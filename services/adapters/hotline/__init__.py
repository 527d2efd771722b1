"""12345 hotline exports: files imported by hand or dropped into a folder (`HotlineDrop`), and their rows."""

from services.adapters.hotline.drop import HotlineDrop
from services.adapters.hotline.mapping import Columns, read_export

__all__ = ["Columns", "HotlineDrop", "read_export"]
