"""Live updates: one reader of the desk's feed per process, fanned out to every open page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog

from services.adapters.desk import DeskReader, FeedItem, ListedIncident
from services.usecases.ports import NotNow

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 10.0
QUEUE = 1000
PAGE = 500
# Parts of an entry that name departments: who has just lost a matter must see it go.
NAMING = ("department", "from", "to", "lead")
LISTING = ("supporting", "leaving")
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class Change:
    """One change as pages get it. `departments` are those whose business the incident is or has just been."""

    position: int
    departments: frozenset[str]
    event: bytes


class Live:
    """Pages that fall a thousand changes behind are cut off; on reconnecting they say what they saw last."""

    def __init__(self, reader: DeskReader) -> None:
        self._reader = reader
        self._open: set[asyncio.Queue[Change | None]] = set()
        self._closed = False
        self.connected = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the feed until `stop` is set."""
        position = -1
        while not stop.is_set():
            try:
                if position < 0:
                    position = await self._reader.last_position()
                for change in await self._changes(position):
                    self._tell(change)
                    position = change.position
            except NotNow as trouble:
                log.warning("live paused", reason=str(trouble))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        self.close()

    async def _changes(self, after: int) -> list[Change]:
        """The next page of the feed."""
        items = await self._reader.feed(after, PAGE)
        lines = await self._reader.lines({item.incident_id for item in items})
        return [_change(item, lines.get(item.incident_id)) for item in items]

    def _tell(self, change: Change) -> None:
        for queue in list(self._open):
            if queue.full():
                self._end(queue)
            else:
                queue.put_nowait(change)

    def _end(self, queue: asyncio.Queue[Change | None]) -> None:
        """The page comes back for what it has not seen: so it is told nothing more, least of all with one left out."""
        self._open.discard(queue)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)

    def close(self) -> None:
        """End every stream, open or still to be opened: the server stops."""
        self._closed = True
        for queue in list(self._open):
            self._end(queue)

    async def stream(self, after: int | None) -> AsyncIterator[Change | None]:
        """Changes as they come, first all those after `after`; None is a heartbeat. Ends when this page is cut off."""
        queue: asyncio.Queue[Change | None] = asyncio.Queue(QUEUE)
        self._open.add(queue)
        self.connected += 1
        try:
            seen = after or 0
            async for change in self._missed(after):
                seen = change.position
                yield change
            while not self._closed:
                try:
                    change_or_end = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                if change_or_end is None:
                    return
                if change_or_end.position > seen:
                    yield change_or_end
        finally:
            self._open.discard(queue)
            self.connected -= 1

    async def _missed(self, after: int | None) -> AsyncIterator[Change]:
        """Page by page: somebody may have been away for a night."""
        while after is not None:
            changes = await self._changes(after)
            for change in changes:
                yield change
            after = changes[-1].position if len(changes) == PAGE else None


def _change(item: FeedItem, listed: ListedIncident | None) -> Change:
    named = {v for v in map(item.data.get, NAMING) if isinstance(v, str)}
    named.update(code for key in LISTING for code in item.data.get(key) or ())
    body: dict[str, Any] = {"incident": item.incident_id, "kind": item.kind, "at": item.at, "data": item.data}
    body |= {"title": listed.title if listed else ""}
    event = b"id: %d\nevent: change\ndata: %s\n\n" % (item.position, _encode(body))
    return Change(item.position, frozenset(named.union(listed.departments if listed else ())), event)
