"""警情通报 after 警情通报 at one address: each is a post of its own, whether they come one by one or in one list."""

from __future__ import annotations

import json
from asyncio import StreamWriter
from pathlib import Path

from services.adapters import wire
from services.adapters.entries import RawEntry, entries_of
from services.domain.source import Source
from services.usecases.collecting import Collector
from tests.collecting_kit import START, Asked, HandClock, KeptLog, answer, store, tools, web

TITLE = "警情通报"
TOLD = (
    "松北区发生一起道路交通事故，两车相撞，3人轻伤，已送医。",
    "阿城区一化工企业厂房爆炸起火，造成35人遇难，救援仍在进行。",
    "道外区一处在建工地脚手架坍塌，造成12人遇难，原因正在调查。",
)


async def test_the_third_notice_under_one_title_is_no_edit_of_the_second(tmp_path: Path) -> None:
    shown = iter((*TOLD, TOLD[-1]))

    async def site(_: Asked, writer: StreamWriter) -> None:
        items = [{"id": "a", "title": TITLE, "text": next(shown)}]
        answer(writer, 200, json.dumps({"items": items}).encode())

    clock = HandClock()
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as kit, web(site) as server:
        await store(kit).sync([Source(id="s1", url=server.url())], clock.now())
        for _ in range(4):
            for claimed in await kit.store.claim(clock.now(), 100):
                await Collector(kit).look(claimed)
            clock.forward(hours=1)
        assert isinstance(kit.log, KeptLog)
        posts = [wire.decode_post(message.body) for _, message in kit.log.published]
    assert [post.text for post in posts] == list(TOLD)
    assert len({post.key for post in posts}) == 3
    assert all("edited" not in post.flags for post in posts)


def test_in_one_list_every_notice_under_one_title_is_read_and_named_the_same_at_every_look() -> None:
    raws = [RawEntry(title=TITLE, summary=told, link="http://a.cn/live.html") for told in TOLD]
    entries = entries_of(raws, "http://a.cn/", START)
    assert [entry.text for entry in entries] == list(TOLD)
    assert len({entry.id for entry in entries}) == 3
    later = entries_of(raws[1:], "http://a.cn/", START)
    assert [entry.id for entry in later] == [entry.id for entry in entries[1:]]
