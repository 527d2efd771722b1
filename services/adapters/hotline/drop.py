"""A folder into which somebody drops 12345 exports."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from services.adapters.hotline.mapping import Columns
from services.adapters.hotline.sheets import SUFFIXES, check_before_reading
from services.domain.source import Refusal, Source
from services.usecases.collecting.contract import Entry, Exported, NotAFeed, Taken

# A file that changed so recently may still be on its way.
SETTLE_SECONDS = 5
AT_ONCE = 5_000
REPORTED = 100
# What systems leave in a folder, and what is still on its way.
LITTER = frozenset(("thumbs.db", "desktop.ini"))
UNDER_WAY = frozenset((".tmp", ".part", ".partial", ".filepart", ".crdownload"))


class ExportReader(Protocol):
    """Files to rows, in a process that can be killed (`parsing.pool.ParsingPool`)."""

    async def export(self, source: Source, path: Path, now: datetime, heard: Callable[[int], None]) -> Exported: ...


class HotlineDrop:
    """Reads the files of a folder in the order in which they came (`Box` of the collecting use case).

    The cursor is the change time (which, unlike the modification time, a copy cannot bring along) and the name of the
    last file read. Files are only read, never moved: the folder may be somebody else's.
    """

    def __init__(self, reader: ExportReader) -> None:
        self._reader = reader

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """The rows of the files after `cursor`, of at most about 5,000. What is refused bears the mark of its file.

        Raises:
            NotAFeed: there is no such folder, or the mapping is wrong.
        """
        Columns.configured(source.options)
        entries: list[Entry] = []
        refused: list[Refusal] = []
        files = await asyncio.to_thread(lambda: sorted(_files(folder(source.url))))
        for mark, path, changed in files:
            if mark <= cursor:
                continue
            if now.timestamp() - changed < SETTLE_SECONDS or len(entries) >= AT_ONCE:
                break
            export = await self.read(source, path, now)
            entries += export.entries
            refused += [Refusal(mark, reason, now) for reason in _reasons(path.name, export)]
            cursor = mark
        # A log that somebody keeps writing to is no history to wait for.
        more = any(mark > cursor and path.suffix.lower() in SUFFIXES for mark, path, _ in files)
        return Taken(tuple(entries), cursor, tuple(refused), more, frozenset(mark for mark, *_ in files))

    @asynccontextmanager
    async def sitting(self, source: Source) -> AsyncIterator[HotlineDrop]:
        """See `Box.sitting`: a folder is always open."""
        yield self

    async def read(
        self, source: Source, path: Path, now: datetime, heard: Callable[[int], None] = lambda _rows: None
    ) -> Exported:
        """The rows of one file; `heard` is told how many came. Whatever is wrong with it, it is in the answer."""
        try:
            await asyncio.to_thread(_check, path)
            return await self._reader.export(source, path, now, heard)
        except (NotAFeed, OSError) as error:
            return Exported((), (), str(error))


def _check(path: Path) -> None:
    if path.is_dir():
        raise NotAFeed("不读取子文件夹中的文件，请移到上一级文件夹")
    check_before_reading(path.name, path.stat().st_size)


def _reasons(name: str, export: Exported) -> list[str]:
    """Why rows of a file, or all of it, are refused."""
    shown = _readable(name)
    reasons = [str(row) for row in export.refused] + ([f"{shown}：{export.ending}"] if export.ended else [])
    more = [f"{shown}：另有 {len(reasons) - REPORTED} 行被拒收"] if len(reasons) > REPORTED else []
    return reasons[:REPORTED] + more


def folder(address: str) -> Path:
    """The folder that a source's address names: a path or a file:// address."""
    parts = urlsplit(address)
    return Path(unquote(parts.path) if parts.scheme == "file" else address)


def _files(place: Path) -> Iterator[tuple[str, Path, float]]:
    """What lies in the folder, each with its mark and when it last changed: what cannot be read must be named, too."""
    if not place.is_dir():
        raise NotAFeed(f"文件夹“{place}”不存在或无法读取")
    for path in place.iterdir():
        if _is_meant(path):
            status = path.stat()
            yield f"{status.st_ctime_ns:020d} {_readable(path.name)}", path, status.st_ctime


def _is_meant(path: Path) -> bool:
    if path.name.startswith((".", "~")) or path.name.lower() in LITTER or path.suffix.lower() in UNDER_WAY:
        return False
    return path.is_file() or path.is_dir()


def _readable(name: str) -> str:
    """A name in GBK, as Windows archives have them, is no text here, and no database can hold it."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
