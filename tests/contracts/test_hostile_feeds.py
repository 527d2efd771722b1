"""F1 and F2: no body that a stranger can send stops the reading of the next one."""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.adapters.parsing.pool import Limits, ParsingPool
from services.adapters.source_office import condition
from services.usecases.collecting import Result
from services.usecases.ports import NotNow
from tests.collecting_kit import Asked, HandClock, answer, due, store, tools, web, with_source
from tests.contracts.feed_seeds import seeds
from tests.contracts.hostile import GOOD, NOW, SOURCE, channel, good_feed_is_read, outcome

Figure = Callable[[str], None]


@pytest.fixture
async def pool() -> AsyncIterator[ParsingPool]:
    pool = ParsingPool(size=2)
    yield pool
    await pool.close()


def mutated(body: bytes, chance: random.Random) -> bytes:
    """Bytes flipped, a piece cut, doubled, moved or read in another encoding, one to four times."""
    for _ in range(chance.randint(1, 4)):
        body = chance.choice(MUTATIONS)(body, chance) or b"<"
    return body


def _flip(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(body: bytes, chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body))]


def _piece(body: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(body))
    return start, min(len(body), start + chance.randint(1, 400))


def _drop(body: bytes, chance: random.Random) -> bytes:
    start, end = _piece(body, chance)
    return body[:start] + body[end:]


def _repeat(body: bytes, chance: random.Random) -> bytes:
    start, end = _piece(body, chance)
    return body[:start] + body[start:end] * chance.randint(2, 50) + body[end:]


def _shuffle(body: bytes, chance: random.Random) -> bytes:
    parts = body.split(b"<")
    first, second = chance.randrange(len(parts)), chance.randrange(len(parts))
    parts[first], parts[second] = parts[second], parts[first]
    return b"<".join(parts)


def _recode(body: bytes, chance: random.Random) -> bytes:
    text = body.decode(chance.choice(("utf-8", "gb18030", "latin-1")), "replace")
    return text.encode(chance.choice(("utf-16", "gb18030", "big5", "utf-8", "utf-32")), "replace")


def _inject(body: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(body))
    return body[:place] + chance.choice(POISONS) + body[place:]


MUTATIONS = (_flip, _cut, _drop, _repeat, _shuffle, _recode, _inject)
POISONS = (
    b"\x00", b"\xff\xfe", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#0;", b"&#xD800;", b"<?xml ", b"&x;", b"<item>",
    b"</channel>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b'xmlns:a="', b"<a " * 500, b"<d>" * 2000, b"&amp;" * 500,
    b"9" * 400, b"\xed\xa0\x80", b'<?xml version="1.1" encoding="utf-7"?>',
)  # fmt: skip


@pytest.mark.timeout(1800)
async def test_mutated_feeds_crash_nothing_and_hang_nothing(figure: Figure) -> None:
    pool = ParsingPool(size=2, limits=Limits(seconds=2.0, memory_mib=512))
    chance, originals, found = random.Random(20261122), seeds(), Counter[str]()
    left = iter([mutated(originals[n % len(originals)].body, chance) for n in range(10_000)])

    async def read_on() -> None:
        for body in left:
            found[await outcome(pool, body)] += 1
            assert (pool.opened, pool.connected) == (0, 0), body

    await asyncio.gather(read_on(), read_on())
    figure(
        f"F1 {found.total():,} mutated feeds of {len(originals)} seeds: {dict(found)}, none killed at 2 s of processor "
        f"time or 512 MiB; most memory {pool.peak_kib // 1024} MiB"
    )
    assert (found.total(), len(originals) >= 50) == (10_000, True)
    assert (found["killed"], found["broken"]) == (0, 0)
    assert found["read"] > found["refused"]
    assert (pool.opened, pool.connected) == (0, 0)
    await good_feed_is_read(pool)
    await pool.close()


# What a reader needs the square of its length for. The others have become cheap.
KILLED = ("400 KB of attributes", "64 KB author", "2 MB of attributes", "deep nesting")
QUADRATIC = {
    "400 KB of attributes": b"<rss><channel><item " + b" ".join(b'a%d="1"' % n for n in range(43_000)) + b">",
    "comment openings in CDATA": channel(b"<description><![CDATA[" + b"<!--" * 100_000 + b"]]></description>"),
    "1 MB of namespaces": b"<rss " + b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(45_000)) + b"><channel>",
    "64 KB author": channel(b"<author>" + b"a@a." + b"a." * 32_000 + b"!</author>"),
    "2 MB of attributes": b"<rss><channel><item " + b" ".join(b'b%d="1"' % n for n in range(190_000)) + b">",
    "deep nesting": channel(b"<description>" + b"&lt;div&gt;" * 60_000 + b"</description>"),
}


async def loop_lags(stop: asyncio.Event) -> list[float]:
    """How late the event loop was, in seconds, at every fifth millisecond until `stop`."""
    loop, lags = asyncio.get_running_loop(), []
    while not stop.is_set():
        before = loop.time()
        await asyncio.sleep(0.005)
        lags.append(loop.time() - before - 0.005)
    return lags


@pytest.mark.timeout(600)
async def test_quadratic_feeds_end_by_the_limit_while_the_event_loop_runs_on(figure: Figure) -> None:
    pool = ParsingPool(size=2, limits=Limits(seconds=5.0))
    stop = asyncio.Event()
    watching = asyncio.create_task(loop_lags(stop))
    found = {}
    for name, body in QUADRATIC.items():
        started = asyncio.get_running_loop().time()
        ended = await outcome(pool, body)
        assert ended == ("killed" if name in KILLED else "read"), name
        found[name] = f"{ended} {asyncio.get_running_loop().time() - started:.1f} s"
        await good_feed_is_read(pool)
    stop.set()
    lags = sorted(await watching)
    await pool.close()
    late = lags[int(len(lags) * 0.99)] * 1000
    figure(f"F2 quadratic feeds, ended at 5 s of processor time: {found}; event loop late by {late:.1f} ms (p99)")
    assert pool.killed == len(KILLED)
    # HARDENING's figure is 50 ms on a machine of its own; a loop that reads a feed itself is late by seconds.
    assert late < 500


async def test_a_feed_that_gets_its_reader_killed_puts_the_source_under_isolation_until_it_is_good(
    tmp_path: Path,
) -> None:
    bodies = [QUADRATIC["2 MB of attributes"], GOOD]

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, bodies.pop(0))

    clock, pool = HandClock(), ParsingPool(size=1, limits=Limits(seconds=0.3))
    async with web(site) as server, tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as kit:
        await with_source(kit, server.url())
        seen = []
        for _ in range(2):
            (outcome,) = await due(replace(kit, parser=pool))
            (kept,) = await store(kit).all()
            assert kept.state.quarantined == outcome.state.quarantined
            seen.append((outcome.result, kept.state.quarantined, condition(kept.state)))
            clock.forward(days=1)
    await pool.close()
    reason = "解析超过 0.3 秒处理器时间，已终止"
    assert seen == [(Result.FAILED, reason, "隔离"), (Result.NEW, "", "正常")]


async def test_a_worker_out_of_time_is_ended_and_the_next_feed_unaffected() -> None:
    pool = ParsingPool(size=1, limits=Limits(seconds=0.3))
    await pool.parse(SOURCE, GOOD, {}, NOW)
    assert await outcome(pool, QUADRATIC["2 MB of attributes"]) == "killed"
    assert pool.killed == 1
    await good_feed_is_read(pool)
    await pool.close()


async def test_a_caller_that_gives_up_leaves_a_usable_pool(pool: ParsingPool) -> None:
    await good_feed_is_read(pool)
    asking = asyncio.create_task(pool.parse(SOURCE, QUADRATIC["2 MB of attributes"], {}, NOW))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await good_feed_is_read(pool)


async def test_a_worker_that_cannot_start_is_the_machine_s_fault_not_the_source_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    pool = ParsingPool(size=1)
    with pytest.raises(NotNow, match="does not start"):
        await pool.parse(SOURCE, GOOD, {}, NOW)
    await pool.close()


async def test_a_worker_beside_a_large_parent_is_kept() -> None:
    ballast = b"x" * (400 * 1024 * 1024)
    pool = ParsingPool(size=1)
    await good_feed_is_read(pool)
    (first,) = pool._free._queue  # type: ignore[attr-defined]  # the queue does not show what is in it
    await good_feed_is_read(pool)
    assert first is not None
    assert (first.answered, len(ballast) > 0) == (2, True)
    await pool.close()


async def test_a_worker_is_replaced_after_its_share_and_after_idling() -> None:
    pool = ParsingPool(size=1, limits=Limits(requests=2, idle_seconds=0.0))
    for _ in range(5):
        await good_feed_is_read(pool)
    await pool.close()
    assert pool.killed == 0
