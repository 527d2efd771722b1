"""Live updates: one reader of the desk's feed per process, fanned out to every open page."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

import msgspec
import structlog

from services.adapters.desk import DeskReader, FeedItem
from services.usecases.ports import NotNow

log = structlog.get_logger(__name__)
LOOK_SECONDS = 0.25
HEARTBEAT_SECONDS = 10.0
QUEUE = 1000
_encode = msgspec.json.Encoder().encode


class Live:
    """Pages that fall a thousand changes behind are cut off; on reconnecting they say what they saw last."""

    def __init__(self, reader: DeskReader) -> None:
        self._reader = reader
        self._open: set[asyncio.Queue[FeedItem | None]] = set()
        self._recent: deque[FeedItem] = deque(maxlen=QUEUE)
        self.connected = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Follow the feed until `stop` is set."""
        position = -1
        while not stop.is_set():
            try:
                if position < 0:
                    position = await self._reader.last_position()
                for item in await self._reader.feed(position):
                    position = item.position
                    self._tell(item)
            except NotNow as trouble:
                log.warning("live paused", reason=str(trouble))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
        self.close()

    def _tell(self, item: FeedItem) -> None:
        self._recent.append(item)
        for queue in list(self._open):
            if queue.full():
                self._open.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(item)

    def close(self) -> None:
        """End every open stream."""
        for queue in list(self._open):
            self._open.discard(queue)
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)

    async def stream(self, after: int | None) -> AsyncIterator[FeedItem | None]:
        """Changes as they come, first those after `after`; None is a heartbeat. Ends when this page is cut off."""
        queue: asyncio.Queue[FeedItem | None] = asyncio.Queue(QUEUE)
        self._open.add(queue)
        self.connected += 1
        try:
            seen = after or 0
            for item in await self._reader.feed(after) if after is not None else []:
                seen = item.position
                yield item
            while True:
                try:
                    item_or_end = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                if item_or_end is None:
                    return
                if item_or_end.position > seen:
                    yield item_or_end
        finally:
            self._open.discard(queue)
            self.connected -= 1


def event(item: FeedItem) -> bytes:
    """One server-sent event."""
    body = {"incident": item.incident_id, "kind": item.kind, "at": item.at, "data": item.data}
    return b"id: %d\nevent: change\ndata: %s\n\n" % (item.position, _encode(body))
