"""One connection, over asyncio's own streams.

They keep listening between two reads, so that a byte that comes alone costs half of what it costs over anyio, which
registers and forgets the socket around every read: hundreds of servers that drip leave the loop to the others
(HARDENING F6, decision 0012).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore2

# 内部规定. Whoever sends so little, so often in a row, is listened to four times a second.
DROP, DROPS, PAUSE_SECONDS = 1024, 8, 0.25


class Stream(httpcore2.AsyncNetworkStream):
    """What httpcore2 reads from and writes to. Its timeouts are not heard: the deadline is for the whole request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._drops = 0

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as httpcore2 has it
        if self._drops > DROPS:
            await self._pause()
        asked = time.monotonic()
        with _named(httpcore2.ReadError):
            data = await self._reader.read(max_bytes)
        is_drop = len(data) < DROP and time.monotonic() - asked < PAUSE_SECONDS
        self._drops = self._drops + 1 if is_drop else 0
        return data

    async def _pause(self) -> None:
        """What comes meanwhile waits in the kernel, and is read at once."""
        self._writer.transport.pause_reading()  # type: ignore[attr-defined]  # that of a stream reads, too
        try:
            await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._writer.transport.resume_reading()  # type: ignore[attr-defined]  # as above

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        with _named(httpcore2.WriteError):
            self._writer.write(buffer)
            await self._writer.drain()

    async def aclose(self) -> None:
        """At once: every connection is for one answer, and that is in."""
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> Stream:
        with _named(httpcore2.ConnectError):
            await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self


async def connect(address: str, port: int, seconds: float) -> Stream:
    """A connection to an address that is no name.

    Raises:
        httpcore2.ConnectError, httpcore2.ConnectTimeout: nobody answers there, or not within `seconds`.
    """
    try:
        async with asyncio.timeout(seconds):
            with _named(httpcore2.ConnectError):
                return Stream(*await asyncio.open_connection(address, port))
    except TimeoutError:
        raise httpcore2.ConnectTimeout(address) from None


@contextmanager
def _named(error: type[Exception]) -> Iterator[None]:
    """What the system says, under the name that httpcore2 has for it."""
    try:
        yield
    except OSError as reason:
        raise error(str(reason)) from reason
