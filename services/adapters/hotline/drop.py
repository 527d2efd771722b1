"""A folder into which somebody drops 12345 exports."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.adapters.hotline.mapping import Columns, RefusedRow, read_export
from services.adapters.hotline.sheets import SUFFIXES
from services.domain.intake import Channel
from services.domain.source import Source
from services.usecases.collecting.contract import Entry, NotAFeed, Taken
from services.usecases.importing import entry_of

# A file that changed so recently may still be on its way.
SETTLE_SECONDS = 5
AT_ONCE = 5_000
REPORTED = 100


class HotlineDrop:
    """Reads the files of a folder in the order in which they came (`Box` of the collecting use case).

    The cursor is the change time (which, unlike the modification time, a copy cannot bring along) and the name of the
    last file read. Files are only read, never moved: the folder may be somebody else's.
    """

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """The rows of the files after `cursor`, of at most about 5,000; refused rows and files are named in `flags`.

        Raises:
            NotAFeed: there is no such folder, or the mapping is wrong.
        """
        return await asyncio.to_thread(_take, source, cursor, now)


def _take(source: Source, cursor: str, now: datetime) -> Taken:
    columns = Columns.configured(source.options)
    channel = Channel(source.id, "hotline", now, source.vendor)
    entries: list[Entry] = []
    refused: list[str] = []
    for mark, path in _waiting(folder(source.url), cursor, now):
        try:
            for result in read_export(path, columns, channel):
                if isinstance(result, RefusedRow):
                    refused.append(str(result))
                else:
                    entries.append(entry_of(result))
        except (NotAFeed, OSError) as error:
            refused.append(f"{path.name}：{error}")
        cursor = mark
        if len(entries) >= AT_ONCE:
            break
    more = (f"另有 {len(refused) - REPORTED} 行被拒收",) if len(refused) > REPORTED else ()
    return Taken(tuple(entries), cursor, (*refused[:REPORTED], *more))


def folder(address: str) -> Path:
    """The folder that a source's address names: a path or a file:// address."""
    parts = urlsplit(address)
    return Path(unquote(parts.path) if parts.scheme == "file" else address)


def _waiting(place: Path, cursor: str, now: datetime) -> Iterator[tuple[str, Path]]:
    if not place.is_dir():
        raise NotAFeed(f"文件夹“{place}”不存在或无法读取")
    for mark, path, changed in sorted(_files(place)):
        if mark <= cursor:
            continue
        if now.timestamp() - changed < SETTLE_SECONDS:
            return
        yield mark, path


def _files(place: Path) -> Iterator[tuple[str, Path, float]]:
    for path in place.iterdir():
        if path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~")) and path.is_file():
            status = path.stat()
            yield f"{status.st_ctime_ns:020d} {path.name}", path, status.st_ctime
