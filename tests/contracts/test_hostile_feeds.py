"""F1–F4: no body that a stranger can send stops the reading of the next one."""

import asyncio
import os
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.adapters.parsing.pool import Limits, ParsingPool
from services.domain.source import Source
from services.usecases.collecting.contract import NotAFeed, Parsed, ParserKilled
from services.usecases.ports import NotNow
from tests.contracts.feed_seeds import seeds

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SOURCE = Source("s", "http://www.example.cn/feed.xml")
Figure = Callable[[str], None]
GOOD = next(seed.body for seed in seeds() if seed.name == "rss20")


@pytest.fixture
async def pool() -> AsyncIterator[ParsingPool]:
    pool = ParsingPool(size=2)
    yield pool
    await pool.close()


async def outcome(pool: ParsingPool, body: bytes) -> str:
    try:
        await pool.parse(SOURCE, body, {}, NOW)
    except NotAFeed as refusal:
        return "broken" if str(refusal).startswith("内容无法解析") else "refused"
    except ParserKilled:
        return "killed"
    return "read"


async def good_feed_is_read(pool: ParsingPool) -> None:
    found: Parsed = await pool.parse(SOURCE, GOOD, {}, NOW)
    assert len(found.entries) == 2


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


def _channel(inner: bytes) -> bytes:
    return b'<rss version="2.0"><channel><title>x</title><item><title>t</title>' + inner + b"</item></channel></rss>"


QUADRATIC = {
    "400 KB of attributes": b"<rss><channel><item " + b" ".join(b'a%d="1"' % n for n in range(43_000)) + b">",
    "comment openings in CDATA": _channel(b"<description><![CDATA[" + b"<!--" * 100_000 + b"]]></description>"),
    "1 MB of namespaces": b"<rss " + b" ".join(b'xmlns:n%d="u:%d"' % (n, n) for n in range(45_000)) + b"><channel>",
    "64 KB author": _channel(b"<author>" + b"a@a." + b"a." * 32_000 + b"!</author>"),
    "2 MB of attributes": b"<rss><channel><item " + b" ".join(b'b%d="1"' % n for n in range(190_000)) + b">",
    "deep nesting": _channel(b"<description>" + b"&lt;div&gt;" * 60_000 + b"</description>"),
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
        assert ended in ("killed", "refused", "read")
        found[name] = f"{ended} {asyncio.get_running_loop().time() - started:.1f} s"
        await good_feed_is_read(pool)
    stop.set()
    lags = sorted(await watching)
    await pool.close()
    late = lags[int(len(lags) * 0.99)] * 1000
    figure(f"F2 quadratic feeds, ended at 5 s of processor time: {found}; event loop late by {late:.1f} ms (p99)")
    assert pool.killed == sum(ended.startswith("killed") for ended in found.values()) > 0


async def test_a_worker_out_of_time_is_ended_and_the_next_feed_unaffected() -> None:
    pool = ParsingPool(size=1, limits=Limits(seconds=0.3))
    await pool.parse(SOURCE, GOOD, {}, NOW)
    assert await outcome(pool, QUADRATIC["2 MB of attributes"]) == "killed"
    assert pool.killed == 1
    await good_feed_is_read(pool)
    await pool.close()


def _laughs(levels: int) -> bytes:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, levels))
    doctype = b'<!DOCTYPE rss [<!ENTITY e0 "haha">' + entities + b"]>"
    return doctype + _channel(b"<description>&e%d;</description>" % (levels - 1))


BOMBS = {
    "billion laughs": _laughs(10),
    "billion laughs in UTF-16": _laughs(10).decode().encode("utf-16"),
    "quadratic blow-up": b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 50_000 + b'">]>'
    + _channel(b"<description>" + b"&a;" * 50_000 + b"</description>"),
    "external entity": b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + _channel(b"<description>&x;</description>"),
    "external DTD": b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + _channel(b"<description>&x;</description>"),
    "parameter entity": b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;]>' + _channel(b""),
    "XInclude": _channel(b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
}  # fmt: skip


async def test_no_bomb_goes_off_and_no_entity_reaches_outside(figure: Figure) -> None:
    pool = ParsingPool(size=1, limits=Limits(seconds=1.0))
    for name, body in BOMBS.items():
        try:
            found = (await pool.parse(SOURCE, body, {}, NOW)).entries
        except NotAFeed:
            found = ()
        for entry in found:
            assert len(entry.text) <= len(body), name
            assert "root:" not in entry.text, name
        assert (pool.opened, pool.connected, pool.killed) == (0, 0, 0), name
        await good_feed_is_read(pool)
    await pool.close()
    assert pool.peak_kib < 200 * 1024
    figure(
        f"F3 {len(BOMBS)} bombs and entities: none took 1 s of processor time, "
        f"most memory {pool.peak_kib // 1024} MiB, {pool.opened} files opened, {pool.connected} connections"
    )


async def test_a_body_that_names_a_file_or_an_address_is_never_followed(
    pool: ParsingPool, tmp_path: Path, figure: Figure
) -> None:
    secret, pipe = tmp_path / "secret.xml", tmp_path / "pipe"
    secret.write_bytes(GOOD)
    os.mkfifo(pipe)
    files = ("/etc/passwd", "file:///etc/passwd", str(secret), f"file://{secret}", str(pipe), "/dev/zero")
    places = ("http://127.0.0.1:9/feed.xml", "feed://127.0.0.1:9/", "\\\\127.0.0.1\\x", "../../etc/passwd\n")
    for body in files + places:
        assert await outcome(pool, body.encode()) == "refused"
    assert (pool.opened, pool.connected, pool.killed) == (0, 0, 0)
    figure(f"F4 {len(files + places)} bodies that name a file or an address: 0 opened, 0 connected, 0 entries")


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
