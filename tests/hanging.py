"""A server that takes a connection and never gets to the end of its greeting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def hanging(drip: bytes) -> AsyncIterator[tuple[int, asyncio.Event]]:
    """Its port, and when it was first called. `drip` is sent over and over; nothing where it is silent."""
    called, over = asyncio.Event(), asyncio.Event()
    greetings: set[asyncio.Future[None]] = set()

    def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called.set()
        greetings.add(asyncio.ensure_future(linger(writer)))

    async def linger(writer: asyncio.StreamWriter) -> None:
        while not over.is_set():
            writer.write(drip)
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 0.05)
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], called
    finally:
        over.set()
        server.close()
        await asyncio.gather(*greetings)
