"""HARDENING F10 from the page to the topic, with the real parser: guids, tracking, edits, repeats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services import topics
from services.adapters import wire
from services.adapters.parsing.pool import ParsingPool
from services.adapters.store.sources import Sources
from services.domain.identity import content_hash
from services.domain.post import Post
from services.domain.source import Source
from services.usecases.collecting import Collector, Tools
from tests.collecting_kit import Asked, HandClock, KeptLog, answer, tools, web

LONG = (
    "我们小区三号楼自十一月十五日起暖气不热，室内温度只有十四度，"
    "多次拨打供热公司电话无人处理，家中有老人和孩子，请有关部门尽快解决。"
)


def rss(items: list[tuple[str, str, str, str]]) -> bytes:
    """guid, link, title, time."""
    listed = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><link>{link}</link><title>{title}</title>"
        f"<description>{title}。{LONG}</description><pubDate>{at}</pubDate></item>"
        for guid, link, title, at in items
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{listed}</channel></rss>'.encode()


FIRST, LATER = "Sat, 21 Nov 2026 08:00:00 +0800", "Sat, 21 Nov 2026 20:00:00 +0800"
LINK = "http://news.example.cn/2026/1121/1.html"


class Page:
    def __init__(self) -> None:
        self.body = b""

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, self.body, content_type="application/rss+xml")


@pytest.fixture
async def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def kit(tmp_path: Path, clock: HandClock) -> AsyncIterator[Tools]:
    parser = ParsingPool(1)
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", clock) as made:
        yield replace(made, parser=parser)
    await parser.close()


async def looked_at(kit: Tools, clock: HandClock, bodies: list[bytes], sources: int = 1) -> list[Post]:
    """Show each body in turn and return everything that was published."""
    page, collector = Page(), Collector(replace(kit, rules=replace(kit.rules, first_look_days=0)))
    assert isinstance(kit.store, Sources)
    async with web(page) as server:
        await kit.store.sync([Source(f"s{n}", server.url(f"/{n}")) for n in range(sources)], clock.now())
        for body in bodies:
            page.body = body
            clock.forward(days=1)
            for claimed in await kit.store.claim(clock.now(), 1000):
                await collector.look(claimed)
    assert isinstance(kit.log, KeptLog)
    return [wire.decode_post(message.body) for topic, message in kit.log.published if topic == topics.POSTS_COLLECTED]


async def test_five_guids_and_five_tracking_links_are_one_post(kit: Tools, clock: HandClock) -> None:
    marks = ("", "?utm_source=wx", "?from=timeline&isappinstalled=0", "?spm=1.2.3", "#top")
    bodies = [rss([(f"guid-{n}", LINK + mark, "供暖不热", FIRST)]) for n, mark in enumerate(marks)]
    posts = await looked_at(kit, clock, bodies)
    assert len({post.key for post in posts}) == 1
    assert len(posts) == 1


async def test_five_guids_in_one_answer_are_one_post(kit: Tools, clock: HandClock) -> None:
    body = rss([(f"guid-{n}", LINK, "供暖不热", FIRST) for n in range(5)])
    assert len(await looked_at(kit, clock, [body])) == 1


async def test_an_edit_is_a_version_and_a_repeat_under_a_new_time_is_nothing(kit: Tools, clock: HandClock) -> None:
    original = rss([("g", LINK, "火灾致3人受伤", FIRST)])
    repeated = rss([("g", LINK, "火灾致3人受伤", LATER)])
    edited = rss([("g", LINK, "火灾致5人受伤", LATER)])
    posts = await looked_at(kit, clock, [original, repeated, edited, edited])
    assert [post.title for post in posts] == ["火灾致3人受伤", "火灾致5人受伤"]
    assert len({post.key for post in posts}) == 1
    assert "version_2" in posts[1].flags


async def test_a_page_that_moves_brings_no_second_post_and_its_edits_belong_to_the_first(
    kit: Tools, clock: HandClock
) -> None:
    moved, again = "http://news.example.cn/archive/1.html", "http://news.example.cn/third/1.html"
    bodies = [
        rss([("g", LINK, "火灾致3人受伤", FIRST)]),
        rss([("h", moved, "火灾致3人受伤", LATER)]),
        rss([("h", moved, "火灾致5人受伤", LATER)]),
        rss([("i", again, "火灾致5人受伤", LATER), ("j", again + "?p=2", "火灾致8人受伤", LATER)]),
    ]
    posts = await looked_at(kit, clock, bodies)
    assert [post.title for post in posts] == ["火灾致3人受伤", "火灾致5人受伤", "火灾致8人受伤"]
    first, edited, other = posts
    assert (first.key, first.flags, edited.flags) == (edited.key, (), ("edited", "version_2"))
    assert (edited.url, other.key == first.key) == (moved, False)


async def test_the_same_words_after_two_months_are_said_again(kit: Tools, clock: HandClock) -> None:
    bodies = [rss([("g", LINK, "供暖不热", FIRST)])]
    first = await looked_at(kit, clock, bodies)
    clock.forward(days=60)
    both = await looked_at(kit, clock, [rss([("h", LINK + "?id=2", "供暖不热", LATER)])])
    assert len({post.key for post in both}) == len(first) + 1 == 2


async def test_a_post_taken_from_its_page_stays_with_text_address_time_and_hash(kit: Tools, clock: HandClock) -> None:
    shown, empty = rss([("g", LINK, "供暖不热", FIRST)]), rss([("k", LINK + "?id=9", "停水", FIRST)])
    posts = await looked_at(kit, clock, [shown, empty])
    gone = posts[0]
    assert isinstance(kit.store, Sources)
    evidence = (await kit.store.known("s0", [gone.id]))[gone.id]
    assert (LONG in gone.text, gone.url, gone.collected_at) == (True, LINK, evidence.at)
    assert content_hash(gone.title, gone.text) == evidence.content_hash, "the text is what was remembered then"


async def test_a_hundred_mirrors_bring_one_post_each_and_keep_their_origin(kit: Tools, clock: HandClock) -> None:
    """That they are one incident is grouping's work, tested there; here none may be lost or doubled."""
    body = rss([("g", LINK, "供暖不热", FIRST)])
    posts = await looked_at(kit, clock, [body, body], sources=100)
    assert len(posts) == len({post.source for post in posts}) == 100
    assert len({post.id for post in posts}) == 1


def plain(items: list[dict[str, str]]) -> bytes:
    """Items with these elements and no others."""
    listed = "".join(
        f"<item>{''.join(f'<{name}>{words}</{name}>' for name, words in item.items())}</item>" for item in items
    )
    return f'<rss version="2.0"><channel>{listed}</channel></rss>'.encode()


BRIEF = {"title": "南岗区暖气不热", "description": "十四度，无人管", "pubDate": FIRST}


async def test_a_short_post_without_an_address_and_with_a_new_guid_at_every_look_is_one_post(
    kit: Tools, clock: HandClock
) -> None:
    assert len(await looked_at(kit, clock, [plain([BRIEF | {"guid": f"urn:{n}"}]) for n in range(5)])) == 1


async def test_a_short_post_with_a_new_token_in_its_address_at_every_look_is_one_post(
    kit: Tools, clock: HandClock
) -> None:
    page = "http://news.example.cn/a.html?sid="
    assert len(await looked_at(kit, clock, [plain([BRIEF | {"link": f"{page}{n}"}]) for n in range(5)])) == 1


async def test_two_people_who_say_the_same_few_words_are_two_posts(kit: Tools, clock: HandClock) -> None:
    bodies = [
        plain([BRIEF | {"link": "http://news.example.cn/show?id=1"}]),
        plain([BRIEF | {"link": "http://news.example.cn/show?id=2", "pubDate": LATER}]),
        plain([BRIEF | {"guid": "urn:3", "pubDate": "Sun, 22 Nov 2026 10:00:00 +0800"}]),
    ]
    assert len(await looked_at(kit, clock, bodies)) == 3


LIVE = {"link": "http://news.example.cn/live/", "pubDate": FIRST}
LAMPS = LIVE | {"guid": "a1", "title": "经纬街路灯不亮", "description": "经纬街路灯不亮一周，请有关部门维修"}
BLAST = LIVE | {"guid": "a2", "title": "燃气爆炸已致3人死亡", "description": "群力一小区今日燃气爆炸，已致3人死亡"}


async def test_another_matter_at_the_address_of_an_earlier_one_is_a_post_of_its_own(
    kit: Tools, clock: HandClock
) -> None:
    worse = BLAST | {"description": "群力一小区今日燃气爆炸，已致4人死亡"}
    shown = [[LAMPS], [BLAST], [BLAST], [worse], [LAMPS], [LAMPS, worse]]
    posts = await looked_at(kit, clock, [plain(items) for items in shown])
    assert [post.title for post in posts] == [LAMPS["title"], BLAST["title"], BLAST["title"]]
    first, second, edited = posts
    assert first.key != second.key == edited.key
    assert edited.flags == ("edited", "version_2")
