"""F3 and F4: what would unpack, open or fetch something while it is read does nothing of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from services.adapters.parsing.pool import Limits, ParsingPool
from services.usecases.collecting.contract import NotAFeed
from tests.contracts.hostile import GOOD, NOW, SOURCE, channel, good_feed_is_read, outcome

Figure = Callable[[str], None]


def _laughs(levels: int) -> bytes:
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, levels))
    doctype = b'<!DOCTYPE rss [<!ENTITY e0 "haha">' + entities + b"]>"
    return doctype + channel(b"<description>&e%d;</description>" % (levels - 1))


BOMBS = {
    "billion laughs": _laughs(10),
    "billion laughs in UTF-16": _laughs(10).decode().encode("utf-16"),
    "quadratic blow-up": b'<!DOCTYPE rss [<!ENTITY a "' + b"a" * 10_000 + b'">]>'
    + channel(b"<description>" + b"&a;" * 30_000 + b"</description>"),
    "external entity": b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    + channel(b"<description>&x;</description>"),
    "external DTD": b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + channel(b"<description>&x;</description>"),
    "parameter entity": b'<!DOCTYPE rss [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p.dtd"> %p;]>' + channel(b""),
    "XInclude": channel(b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
}  # fmt: skip


async def test_no_bomb_goes_off_and_no_entity_reaches_outside(figure: Figure) -> None:
    pool = ParsingPool(size=1, limits=Limits(seconds=1.0))
    for name, body in BOMBS.items():
        found = (await pool.parse(SOURCE, body, {}, NOW)).entries
        assert len(found) == 1, f"{name} has to reach a reader"
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


REACHING = """
import contextlib, socket, sys
import services.adapters.parsing.worker as worker
def read_feed(*_, **__):
    with contextlib.suppress(PermissionError):
        open("/etc/hostname")
    socket.create_connection(("127.0.0.1", 9))
worker._REHEARSAL = ()
worker.read_feed = read_feed
worker.main(int(sys.argv[1]), float(sys.argv[2]))
"""


async def test_a_reader_that_opens_a_file_or_a_connection_is_stopped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without this the zeros above would prove nothing."""
    script, python = tmp_path / "reaching.py", tmp_path / "python"
    script.write_text(REACHING, encoding="utf-8")
    python.write_text(f'#!/bin/sh\nshift 4\nexec {sys.executable} {script} "$@"\n', encoding="utf-8")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    pool = ParsingPool(size=1)
    with pytest.raises(NotAFeed, match="PermissionError"):
        await pool.parse(SOURCE, GOOD, {}, NOW)
    await pool.close()
    assert (pool.opened, pool.connected) == (1, 1)


async def test_a_body_that_names_a_file_or_an_address_is_never_followed(tmp_path: Path, figure: Figure) -> None:
    pool = ParsingPool(size=1)
    secret, pipe = tmp_path / "secret.xml", tmp_path / "pipe"
    secret.write_bytes(GOOD)
    os.mkfifo(pipe)
    files = ("/etc/passwd", "file:///etc/passwd", str(secret), f"file://{secret}", str(pipe), "/dev/zero")
    places = ("http://127.0.0.1:9/feed.xml", "feed://127.0.0.1:9/", "\\\\127.0.0.1\\x", "../../etc/passwd\n")
    for body in files + places:
        assert await outcome(pool, body.encode()) == "refused"
    await pool.close()
    assert (pool.opened, pool.connected, pool.killed) == (0, 0, 0)
    figure(f"F4 {len(files + places)} bodies that name a file or an address: 0 opened, 0 connected, 0 entries")
