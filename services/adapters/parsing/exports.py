"""Exports on the far side: what comes in pieces is put together, and goes back as rows."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from services.adapters.parsing.exchange import BATCH, Batch, Request, read_frame
from services.domain.intake import Channel
from services.domain.post import Post
from services.usecases.collecting.contract import NotAFeed, RefusedRow
from services.usecases.importing import entry_of


def read(request: Request, requests: BinaryIO) -> Iterator[Batch]:
    """The rows of the file that follows the request, as many at once as the near side decodes without a pause.

    Raises:
        NotAFeed: the file as a whole, or from there on, cannot be read.
    """
    from services.adapters.hotline.mapping import Columns, read_export  # a worker that reads feeds needs none of it

    source, content = request.source, io.BytesIO()
    while part := read_frame(requests):
        content.write(part)
    channel = Channel(source.id, "hotline", request.now, source.vendor)
    some: list[Post | RefusedRow] = []
    try:
        for row in read_export(request.file, content, Columns.configured(source.options), channel):
            some.append(row)
            if len(some) == BATCH:
                yield _batch(some)
                some = []
    except NotAFeed:
        yield _batch(some)
        raise
    yield _batch(some)


def _batch(rows: list[Post | RefusedRow]) -> Batch:
    entries = tuple(entry_of(row) for row in rows if isinstance(row, Post))
    return Batch(entries, tuple(row for row in rows if isinstance(row, RefusedRow)))


def warm_up() -> None:
    """Load what reading a workbook would otherwise load when nothing may be opened any more."""
    import openpyxl

    from services.adapters.hotline.sheets import read_rows

    book, content = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["诉求内容", "编号"])
    book.save(content)
    list(read_rows("a.xlsx", content, lambda _names: True))
