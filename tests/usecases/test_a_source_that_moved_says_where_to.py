"""A permanent redirect is followed, told to the operator at every look, and never written into the configuration."""

from __future__ import annotations

import asyncio
from pathlib import Path

from services import topics
from services.domain.source import Source
from services.usecases.collecting import Collector
from services.usecases.collecting.examine import examine
from tests.collecting_kit import Asked, HandClock, KeptLog, answer, feed, fetcher, store, tools, web


async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
    """/old moved for good, by two steps, to /new; /away only for today."""
    if steps := {"/old": (301, "/older"), "/older": (308, "/new"), "/away": (302, "/old")}.get(asked.path):
        answer(writer, steps[0], location=steps[1])
    elif asked.headers.get("if-none-match"):
        answer(writer, 304)
    else:
        answer(writer, 200, feed([("a", "供暖不热")]), etag='"1"')


async def test_only_what_moved_for_good_is_a_new_address() -> None:
    getter = fetcher()
    async with web(site) as server:
        moved = {path: (await getter.fetch(server.url(path), {})).moved for path in ("/new", "/old", "/away")}
    await getter.close()
    assert moved == {"/new": "", "/old": server.url("/new"), "/away": ""}


async def test_the_operator_is_told_as_long_as_the_old_address_is_asked(tmp_path: Path) -> None:
    clock = HandClock()
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as kit, web(site) as server:
        old = Source(id="s1", url=server.url("/old"))
        told = f"对方称地址已永久改为 {server.url('/new')}，请核对后更新配置"
        assert told in (await examine(kit, old)).flags
        await store(kit).sync([old], clock.now())
        for _ in range(2):
            (claimed,) = await kit.store.claim(clock.now(), 10)
            outcome = await Collector(kit).look(claimed)
            assert (outcome.notes, outcome.state.last_error) == ((told,), told)
            assert outcome.source.url == old.url
            clock.forward(hours=1)
        await store(kit).sync([Source(id="s1", url=server.url("/new"))], clock.now())
        (claimed,) = await kit.store.claim(clock.now(), 10)
        assert (await Collector(kit).look(claimed)).state.last_error == ""
        assert isinstance(kit.log, KeptLog)
        assert kit.log.titles(topics.POSTS_COLLECTED)[0] == "供暖不热"
