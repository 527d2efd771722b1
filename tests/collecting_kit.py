"""A small web of sources on the loopback, and the plainest parts a collector can be built from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from config.sources import load_sources
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.fetch import FetchLimits, Guard, HttpFetcher
from services.adapters.fetch.politeness import Politeness
from services.adapters.hotline import Columns, read_export
from services.adapters.store.sources import Sources
from services.domain.intake import Channel
from services.domain.post import Post
from services.domain.source import Source
from services.usecases.collecting import Collector, Entry, NotAFeed, Outcome, Parsed, Tools
from services.usecases.collecting.contract import Exported, RefusedRow
from services.usecases.importing import entry_of
from services.usecases.ports import Message

LOOPBACK = ("127.0.0.0/8",)
START = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
RULES = load_sources().rules
Handler = Callable[["Asked", asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it."""

    path: str
    host: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Web:
    """A server whose every answer is written by the test. `asked` is what came in, in order."""

    handler: Handler
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while request := await _request(reader):
                self.asked.append(request)
                await self.handler(request, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def web(handler: Handler, host: str = "127.0.0.1") -> AsyncIterator[Web]:
    """The server, on a free port, until the block ends."""
    site = Web(handler)
    server = await asyncio.start_server(site.serve, host, 0, backlog=1024)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    head = await reader.readuntil(b"\r\n\r\n") if not reader.at_eof() else b""
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return Asked(first.split(" ")[1], headers.get("host", ""), headers)


def answer(writer: asyncio.StreamWriter, status: int, body: bytes = b"", **headers: str) -> None:
    """A whole answer. Header names are given with underscores."""
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


def feed(items: Iterable[tuple[str, str]], **more: object) -> bytes:
    """What `PlainParser` reads: identities and titles."""
    entries = [{"id": identity, "title": title} for identity, title in items]
    return json.dumps({"items": entries, **more}).encode()


class PlainParser:
    """Reads `feed(...)` and refuses everything else."""

    async def parse(self, source: Source, body: bytes, headers: Mapping[str, str], now: datetime) -> Parsed:
        try:
            read = json.loads(body)
            entries = tuple(_entry(source, item) for item in read["items"])
        except (ValueError, KeyError) as error:
            raise NotAFeed("内容不是信息源格式") from error
        return Parsed(entries, read.get("ttl"), "utf-8", (), read.get("next"))


def _entry(source: Source, item: Mapping[str, str]) -> Entry:
    published = datetime.fromisoformat(item["at"]) if item.get("at") else None
    url, text = item.get("url", f"{source.url}#{item['id']}"), item.get("text", "")
    flags = tuple(item.get("flags", "").split())
    return Entry(
        item["id"], url, item["title"], text, "", published, item.get("printed", ""), flags, bool(item.get("summary"))
    )


def read_here(path: Path, columns: Columns, channel: Channel) -> Iterator[Post | RefusedRow]:
    """The rows of a file, read in this process."""
    return read_export(path.name, BytesIO(path.read_bytes()), columns, channel)


class PlainReader:
    """Reads exports in this process: what reads them and what holds them are tested apart."""

    async def export(self, source: Source, path: Path, now: datetime, heard: Callable[[int], None]) -> Exported:
        columns, channel = Columns.configured(source.options), Channel(source.id, "hotline", now, source.vendor)
        entries, refused, ended = list[Entry](), list[RefusedRow](), ""
        try:
            for row in read_here(path, columns, channel):
                if isinstance(row, Post):
                    entries.append(entry_of(row))
                else:
                    refused.append(row)
                heard(1)
        except NotAFeed as error:
            ended = str(error)
        return Exported(tuple(entries), tuple(refused), ended)


@dataclass
class HandClock:
    """Stands still until it is moved."""

    at: datetime = START
    speed: float = 1.0

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@dataclass
class KeptLog:
    """Keeps what is published. `order` is shared with a store to see what came first."""

    published: list[tuple[str, Message]] = field(default_factory=list)

    async def publish(self, topic: str, messages: Sequence[Message]) -> None:
        self.published.extend((topic, message) for message in messages)

    def titles(self, topic: str) -> list[str]:
        return [wire.decode_post(message.body).title for name, message in self.published if name == topic]


def fetcher(*, spacing: float = 0.0, limits: FetchLimits | None = None, guard: Guard | None = None) -> HttpFetcher:
    """The real one, allowed to reach the loopback."""
    return HttpFetcher(guard or Guard(LOOPBACK), limits, Politeness(spacing=spacing, at_once=1000))


@asynccontextmanager
async def tools(url: str, clock: HandClock, *, owner: str = "one", lease_seconds: int = 120) -> AsyncIterator[Tools]:
    """Real fetching and a real store around a plain parser and a log that keeps everything."""
    database = Database(url)
    await database.create_all()
    store, getter = Sources(database, owner, lease_seconds), fetcher()
    try:
        yield Tools(getter, PlainParser(), store, KeptLog(), clock, wire.encode_post, RULES)  # type: ignore[arg-type]  # only publish is used
    finally:
        await getter.close()
        await database.close()


@pytest.fixture
async def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def kit(tmp_path: Path, clock: HandClock) -> AsyncIterator[Tools]:
    """Tools on a real store, with the clock of the test."""
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as made:
        yield made


def store(kit: Tools) -> Any:
    return kit.store


def log(kit: Tools) -> KeptLog:
    assert isinstance(kit.log, KeptLog)
    return kit.log


async def due(kit: Tools) -> list[Outcome]:
    """Look at everything that is due now."""
    collector = Collector(kit)
    return [await collector.look(claimed) for claimed in await store(kit).claim(kit.clock.now(), 100)]


async def with_source(kit: Tools, url: str, **more: Any) -> Source:
    source = Source(id="s1", url=url, **more)
    await store(kit).sync([source], kit.clock.now())
    return source
