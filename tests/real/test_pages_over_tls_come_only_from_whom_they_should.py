"""Feeds over https: whole, from the server that proves who it is, and never longer than the deadline."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from services.adapters.fetch import FetchLimits, Guard, HttpFetcher
from services.adapters.fetch.politeness import Politeness
from services.domain.source import Failure
from services.usecases.collecting import FetchFailed
from tests.conftest import unavailable
from tests.hanging import hanging
from tests.real.certificates import certify
from tests.real.servers import Missing

pytestmark = pytest.mark.real

BODY = bytes(i * i % 251 for i in range(997)) * 2000
Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    try:
        return certify(tmp_path_factory.mktemp("keys"), "feeds", "fetching over TLS")
    except Missing as missing:
        unavailable(missing)


@asynccontextmanager
async def serving(answer: Answer, certified: tuple[Path, Path] | None) -> AsyncIterator[int]:
    serves = set[asyncio.Task[None]]()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serves.add(asyncio.current_task())  # type: ignore[arg-type]  # a callback that is a coroutine runs as a task
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await (reader.readuntil(b"\r\n\r\n") if certified else reader.read(1))
            await answer(writer)
        writer.close()

    tls = None
    if certified:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certified)
    server = await asyncio.start_server(client, "127.0.0.1", 0, ssl=tls)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.gather(*serves)


def getter(trusted: Path | None = None, seconds: float = 20.0) -> HttpFetcher:
    tls = ssl.create_default_context(cafile=str(trusted) if trusted else None)
    limits = FetchLimits(deadline_seconds=seconds)
    return HttpFetcher(Guard(["127.0.0.0/8"]), limits, Politeness(spacing=0), tls=tls)


async def failure(fetcher: HttpFetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        await fetcher.fetch(url, {})
    await fetcher.close()
    return caught.value


async def whole(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: %d\r\n\r\n" % len(BODY) + BODY)
    await writer.drain()


async def until_it_ends(writer: asyncio.StreamWriter) -> None:
    """Without a length; and gone without a goodbye, as many servers are."""
    writer.write(b"HTTP/1.1 200 X\r\n\r\n" + BODY)
    await writer.drain()


async def half(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: %d\r\n\r\n" % len(BODY) + BODY[:1000])
    await writer.drain()


async def drop_by_drop(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("answer", [whole, until_it_ends])
async def test_a_page_of_two_megabytes_comes_whole(certified: tuple[Path, Path], answer: Answer) -> None:
    fetcher = getter(certified[0])
    async with serving(answer, certified) as port:
        assert (await fetcher.fetch(f"https://127.0.0.1:{port}/", {})).body == BODY
    await fetcher.close()


async def test_half_a_page_is_no_page(certified: tuple[Path, Path]) -> None:
    async with serving(half, certified) as port:
        assert (await failure(getter(certified[0]), f"https://127.0.0.1:{port}/")).kind is Failure.SERVER


@pytest.mark.parametrize(("host", "trusted"), [("127.0.0.1", False), ("localhost", True)])
async def test_neither_an_unknown_authority_nor_another_name_is_believed(
    certified: tuple[Path, Path], host: str, trusted: bool
) -> None:
    async with serving(whole, certified) as port:
        failed = await failure(getter(certified[0] if trusted else None), f"https://{host}:{port}/")
    assert (failed.kind, failed.reason[:14]) == (Failure.UNREACHABLE, "连接失败：对方的证书不可信（")


async def test_a_server_without_tls_is_told_as_such() -> None:
    async with serving(whole, None) as port:
        failed = await failure(getter(), f"https://127.0.0.1:{port}/")
    assert failed.kind is Failure.UNREACHABLE
    assert failed.reason.startswith("连接失败：无法建立加密连接（")
    assert failed.reason.endswith("），请核对地址是 http 还是 https")


@pytest.mark.parametrize("drip", [b"", b"\x16"])
async def test_a_handshake_that_never_ends_is_left_at_the_deadline(drip: bytes) -> None:
    async with hanging(drip) as (port, _):
        failed = await failure(getter(seconds=0.5), f"https://127.0.0.1:{port}/")
    # What drips may show before the time is up that it is no TLS.
    assert failed.kind in ({Failure.TIMEOUT, Failure.UNREACHABLE} if drip else {Failure.TIMEOUT})


async def test_a_drip_over_tls_is_left_at_the_deadline(certified: tuple[Path, Path]) -> None:
    async with serving(drop_by_drop, certified) as port:
        failed = await failure(getter(certified[0], seconds=0.5), f"https://127.0.0.1:{port}/")
    assert failed.kind is Failure.TIMEOUT


async def test_a_port_where_nobody_listens_is_told_as_such(certified: tuple[Path, Path]) -> None:
    async with serving(whole, certified) as port:
        pass
    failed = await failure(getter(), f"https://127.0.0.1:{port}/")
    assert (failed.kind, failed.reason) == (Failure.UNREACHABLE, "连接失败：该端口没有服务")
