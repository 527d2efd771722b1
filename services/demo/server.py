"""The feeds over real HTTP. Every source has a loopback address of its own, because requests are spaced per host."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from services.demo.day import Day, DemoSource
from services.demo.feeds import CONTENT_TYPES, page, render
from services.usecases.ports import Clock

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
FIRST_HOST = 11
PATIENCE_SECONDS = 10.0


@asynccontextmanager
async def feed_server(day: Day, clock: Clock) -> AsyncIterator[dict[str, str]]:
    """Serve every source of the day while open; yields its address by source id."""
    async with AsyncExitStack() as stack:
        addresses = {}
        for number, source in enumerate(day.sources):
            answer = partial(_answer, day, clock, source)
            server = await _start(answer, f"127.0.0.{FIRST_HOST + number}")
            await stack.enter_async_context(server)
            host, port = server.sockets[0].getsockname()[:2]
            addresses[source.id] = f"http://{host}:{port}"
        yield addresses


async def _start(answer: Answer, host: str) -> asyncio.Server:
    """Only Linux has all of 127/8; elsewhere the sources share one address and are looked at in turn."""
    try:
        return await asyncio.start_server(answer, host, 0)
    except OSError:
        return await asyncio.start_server(answer, "127.0.0.1", 0)


async def _answer(
    day: Day, clock: Clock, source: DemoSource, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            writer.write(_response(day, clock, source, request))
            await writer.drain()
    except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        return  # whoever asked has gone or never asked: nothing is owed
    finally:
        writer.close()


def _response(day: Day, clock: Clock, source: DemoSource, request: str) -> bytes:
    line, *headers = request.split("\r\n")
    path = line.partition(" ")[2].partition(" ")[0]
    posts = day.published(source.id, clock.now())
    asked = next((post for post in posts if path == f"/posts/{post.id}"), None)
    if asked is not None:
        return _http("200 OK", page(source, asked), "text/html; charset=utf-8")
    if path != "/feed":
        return _http("404 Not Found", "没有这一页".encode(), "text/plain; charset=utf-8")
    host = next((value.strip() for name, _, value in (h.partition(":") for h in headers) if name.lower() == "host"), "")
    body = render(source, posts, f"http://{host}")
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    if any(header.lower().startswith("if-none-match:") and tag in header for header in headers):
        return _http("304 Not Modified", b"", "", tag)
    return _http("200 OK", body, CONTENT_TYPES[source.format], tag)


def _http(status: str, body: bytes, content_type: str, tag: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"ETag: {tag}"] if tag else []
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body
