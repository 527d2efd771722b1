"""Bombs, drips and queues (HARDENING F5, F6) from a real server on the loopback."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import sys
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from services.adapters.fetch import FetchLimits, Guard, HttpFetcher
from services.adapters.fetch.body import PIECE, Budget, read_body
from services.adapters.fetch.politeness import Politeness
from services.adapters.fetch.stream import DROPS, connect
from services.domain.source import Failure
from services.usecases.collecting import FetchFailed
from tests.collecting_kit import LOOPBACK, Asked, Handler, answer, fetcher, web
from tests.contracts.memory_of_a_bomb import CAP, MIB, bomb, one_chunk

ROOT = Path(__file__).parents[2]


def whole(body: bytes, **headers: str) -> Handler:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, body, **headers)

    return site


async def failure(site: object, limits: FetchLimits | None = None) -> FetchFailed:
    getter = fetcher(limits=limits)
    try:
        async with web(site) as server:  # type: ignore[arg-type]  # handlers are written in several shapes
            with pytest.raises(FetchFailed) as caught:
                await getter.fetch(server.url(), {})
            return caught.value
    finally:
        await getter.close()


@pytest.mark.parametrize(("encoding", "wbits"), [("gzip", 31), ("deflate", 15), ("deflate", -15)])
async def test_a_bomb_is_stopped_at_the_cap(encoding: str, wbits: int) -> None:
    failed = await failure(whole(bomb(4096, wbits), content_encoding=encoding))
    assert failed.kind is Failure.TOO_LARGE


async def grown(how: str) -> float:
    """MiB that a process of its own takes for a bomb."""
    python = (sys.executable, "-m", "tests.contracts.memory_of_a_bomb", how)
    process = await asyncio.create_subprocess_exec(*python, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    return int(output) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and forgets a process's highest use of memory")
async def test_a_bomb_is_never_held_in_memory(figure: Callable[[str], None]) -> None:
    assert await grown("naive") >= 60, "64 MiB unpacked at once do show"
    guarded = await grown("guarded")
    assert guarded <= 20
    figure(f"F5 a bomb of 4 GiB: stopped at the cap, {guarded:.1f} MiB more memory in a process of its own")


async def test_what_a_bomb_took_of_the_budget_is_given_back() -> None:
    budget = Budget(64 * MIB)
    with pytest.raises(FetchFailed):
        await read_body(one_chunk(bomb(64)), "gzip", CAP, budget)
    assert budget.left == 64 * MIB


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br", "zstd", "deflate, gzip", "x" * 5000])
async def test_nested_and_unknown_compression_is_refused_unread(encoding: str) -> None:
    failed = await failure(whole(gzip.compress(gzip.compress(b"x" * 1000)), content_encoding=encoding))
    assert failed.kind is Failure.NOT_A_FEED
    assert failed.reason.startswith(f"对方用了没有请求的压缩方式 {encoding[:40]}：本系统只请求 gzip 和 deflate，")


async def test_only_what_is_read_is_asked_for() -> None:
    getter, asked = fetcher(), list[str]()

    async def site(request: Asked, writer: asyncio.StreamWriter) -> None:
        asked.append(request.headers["accept-encoding"])
        answer(writer, 200, gzip.compress(b"x"), content_encoding="gzip")

    async with web(site) as server:
        assert (await getter.fetch(server.url(), {})).body == b"x"
    await getter.close()
    assert asked == ["gzip, deflate"]


async def test_a_compressed_body_that_is_cut_short_is_not_half_a_feed() -> None:
    failed = await failure(whole(gzip.compress(bytes(range(256)) * 100)[:-20], content_encoding="gzip"))
    assert failed.reason == "压缩数据不完整"


async def test_a_length_that_lies_is_an_error_of_the_server() -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\nshort")
        await writer.drain()
        writer.close()

    assert (await failure(site)).kind is Failure.SERVER


async def test_a_length_over_the_cap_is_refused_before_reading() -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 99999999\r\n\r\n")

    assert (await failure(site)).kind is Failure.TOO_LARGE


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 1_000_003])
@pytest.mark.parametrize("step", [1000, 65536])
async def test_honest_bodies_arrive_whole(size: int, step: int) -> None:
    body = bytes(i * i % 251 for i in range(997)) * (size // 997 + 1)
    body = body[:size]
    for packed, name in ((gzip.compress(body), "gzip"), (zlib.compress(body), "deflate"), (body, "identity")):
        assert await read_body(one_chunk(packed, step), name, CAP, Budget(CAP)) == body
    doubled = gzip.compress(body) + gzip.compress(body) + b"\0" * 10
    assert await read_body(one_chunk(doubled, step), "gzip", CAP, Budget(CAP)) == body + body


async def test_a_machine_with_too_much_in_flight_refuses_instead_of_swapping() -> None:
    with pytest.raises(FetchFailed) as caught:
        await read_body(one_chunk(b"x" * 2000), "", CAP, Budget(1000))
    assert caught.value.kind is Failure.BUSY


async def drip_body(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 1000000\r\n\r\n")
    await drip(writer, b"x")


async def drip_headers(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\n")
    await drip(writer, b"x: y\r\n")


async def stall(asked: Asked, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n")
    await drip(writer, b"")


async def say_nothing(asked: Asked, writer: asyncio.StreamWriter) -> None:
    await drip(writer, b"")


async def drip(writer: asyncio.StreamWriter, data: bytes) -> None:
    """A little every 10 ms until the other side has had enough."""
    while not writer.is_closing():
        writer.write(data)
        await writer.drain()
        await asyncio.sleep(0.01)


async def test_a_server_that_drips_is_heard_now_and_then_and_not_at_every_drop() -> None:
    async with web(drip_body) as server:
        stream = await connect("127.0.0.1", server.port, 5.0)
        await stream.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        came = [await stream.read(65536) for _ in range(DROPS + 3)]
        await stream.aclose()
    assert len(came[-1]) > 1


async def test_a_page_written_line_by_line_comes_whole() -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(100):
            writer.write(b"4\r\nline\r\n")
            await writer.drain()
            await asyncio.sleep(0.005)
        writer.write(b"0\r\n\r\n")

    getter = fetcher()
    async with web(site) as server:
        assert (await getter.fetch(server.url(), {})).body == b"line" * 100
    await getter.close()


@pytest.mark.parametrize("site", [drip_body, drip_headers, stall, say_nothing])
async def test_a_slow_server_is_left_at_the_deadline(site: object) -> None:
    failed = await failure(site, FetchLimits(deadline_seconds=0.3))
    assert failed.kind is Failure.TIMEOUT


async def test_a_redirect_gets_what_is_left_of_the_deadline_and_five_hops() -> None:
    async def around(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 302, location=f"{asked.path}x")

    failed = await failure(around)
    assert failed.reason == "重定向超过 5 次"


async def test_headers_without_end_are_refused() -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 X\r\n" + b"a: b\r\n" * 100_000)

    assert (await failure(site)).kind is Failure.SERVER


async def test_two_hundred_slow_servers_do_not_delay_two_hundred_good_ones(figure: Callable[[str], None]) -> None:
    """Every good answer is in before the first slow server has been given up."""
    order: list[str] = []

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await (stall(asked, writer) if "slow" in asked.path else whole(b"ok")(asked, writer))

    async def names(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    limits = FetchLimits(deadline_seconds=5)
    getter = HttpFetcher(Guard(LOOPBACK, names), limits, Politeness(spacing=0))

    async def get(kind: str, number: int, port: int) -> None:
        with contextlib.suppress(FetchFailed):
            await getter.fetch(f"http://{kind}{number}.test:{port}/{kind}", {})
        order.append(kind)

    async with web(site) as server:
        pairs = [(kind, number) for number in range(200) for kind in ("slow", "good")]
        await asyncio.gather(*(get(kind, number, server.port) for kind, number in pairs))
    await getter.close()
    assert order[:200] == ["good"] * 200
    assert Counter(order) == {"good": 200, "slow": 200}
    figure("F6 200 good servers beside 200 slow ones: every good answer before the first slow server was given up")
