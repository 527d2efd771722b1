"""The past goes on its own topic, and the tick never stops ticking."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from producers.clock import every
from services import topics
from services.adapters import wire
from services.domain.source import BoardSelectors, Source, SourceKind
from services.usecases.collecting import Article, Collector, Tools, backfill
from services.usecases.ports import NotNow
from tests.collecting_kit import START, Asked, HandClock, answer, log, store, web


@pytest.fixture
async def clock() -> HandClock:
    return HandClock(START + timedelta(days=40))


def page(days: Iterable[int], **more: object) -> bytes:
    items = [{"id": f"d{day}", "title": f"day {day}", "at": str(START + timedelta(days=day))} for day in days]
    return json.dumps({"items": items, **more}).encode()


async def test_the_past_is_published_once_on_its_own_topic(kit: Tools, clock: HandClock) -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.path.strip("/") or 0)
        following = {"next": server.url(f"/{number + 1}")} if number < 4 else {}
        answer(writer, 200, page(range(20 - number * 5, 25 - number * 5), **following))

    async with web(site) as server:
        source = Source("s1", server.url("/0"), kind=SourceKind.BOARD, board=BoardSelectors("li"))
        await store(kit).sync([source], clock.now())
        (claimed,) = await kit.store.claim(clock.now(), 1)
        since = START + timedelta(days=10)
        first = await backfill(kit, source, claimed.state, since)
        again = await backfill(kit, source, claimed.state, since)
    assert (first.published, first.oldest, again.published) == (15, since, 0)
    assert {topic for topic, _ in log(kit).published} == {topics.POSTS_BACKFILLED}


async def test_what_came_after_the_last_look_is_left_to_the_next_because_its_clock_must_start(
    kit: Tools, clock: HandClock
) -> None:
    days = [38, 39]

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, page(days))

    async with web(site) as server:
        source = Source("s1", server.url())
        await store(kit).sync([source], clock.now())
        (claimed,) = await kit.store.claim(clock.now(), 1)
        outcome = await Collector(kit).look(claimed)
        days = [38, 39, 41]
        clock.forward(days=2)
        done = await backfill(kit, source, outcome.state, START)
        (claimed,) = await kit.store.claim(clock.now(), 1)
        await Collector(kit).look(claimed)
    assert done.published == 0
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["day 38", "day 39", "day 41"]


async def test_what_has_no_time_or_today_s_date_only_is_left_to_the_next_look_because_it_may_be_of_now(
    kit: Tools, clock: HandClock
) -> None:
    today = str(clock.now().replace(hour=0))
    before, items = [{"id": "a", "title": "known"}], [{"id": "b", "title": "no time"}]
    items.append({"id": "c", "title": "today", "at": today, "flags": "time_date_only"})
    items.append({"id": "d", "title": "some day", "at": str(START), "flags": "time_date_only"})
    shown = before

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, json.dumps({"items": shown}).encode())

    async with web(site) as server:
        source = Source("s1", server.url())
        await store(kit).sync([source], clock.now())
        clock.forward(hours=6)
        (claimed,) = await kit.store.claim(clock.now(), 1)
        outcome = await Collector(kit).look(claimed)
        shown = before + items
        clock.forward(hours=1)
        await backfill(kit, source, outcome.state, START)
        (claimed,) = await kit.store.claim(clock.now(), 1)
        await Collector(kit).look(claimed)
    assert log(kit).titles(topics.POSTS_BACKFILLED) == ["some day"]
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["known", "no time", "today"]


async def test_what_has_no_time_and_stands_where_no_look_reaches_is_of_the_past(kit: Tools, clock: HandClock) -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.path.strip("/") or 0)
        following = {"next": server.url(f"/{number + 1}")} if number < 3 else {}
        answer(
            writer, 200, json.dumps({"items": [{"id": f"p{number}", "title": f"page {number}"}], **following}).encode()
        )

    async with web(site) as server:
        source = Source("s1", server.url("/0"), kind=SourceKind.BOARD, board=BoardSelectors("li", max_pages=2))
        await store(kit).sync([source], clock.now())
        (claimed,) = await kit.store.claim(clock.now(), 1)
        outcome = await Collector(kit).look(claimed)
        await backfill(kit, source, outcome.state, START)
    assert log(kit).titles(topics.POSTS_BACKFILLED) == ["page 2", "page 3"]


async def test_the_past_comes_with_its_articles(kit: Tools, clock: HandClock) -> None:
    class Page:
        async def article(self, source: Source, body: bytes, headers: object) -> Article:
            return Article(body.decode())

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        items = [
            {"id": f"d{n}", "title": f"day {n}", "at": str(START), "summary": 1, "url": server.url(f"/{n}")}
            for n in range(25)
        ]
        body = json.dumps({"items": items}) if asked.path == "/" else f"the whole article {asked.path}"
        answer(writer, 200, body.encode())

    async with web(site) as server:
        source = Source("s1", server.url(), full_text=True)
        await store(kit).sync([source], clock.now())
        (claimed,) = await kit.store.claim(clock.now(), 1)
        await backfill(replace(kit, articles=Page()), source, claimed.state, START)
    posts = [wire.decode_post(message.body) for _, message in log(kit).published]
    assert [post.text for post in posts] == [f"the whole article /{n}" for n in range(25)]


async def test_before_the_first_look_its_news_are_left_to_it_because_their_clocks_must_start(
    kit: Tools, clock: HandClock
) -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer(writer, 200, page([10, 39]).replace(b"]}", b', {"id": "x", "title": "no time"}]}'))

    async with web(site) as server:
        source = Source("s1", server.url())
        await store(kit).sync([source], clock.now())
        (claimed,) = await kit.store.claim(clock.now(), 1)
        await backfill(kit, source, claimed.state, START)
        await Collector(kit).look(claimed)
    assert log(kit).titles(topics.POSTS_BACKFILLED) == ["day 10"]
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["day 39", "no time"]


async def test_a_tick_that_fails_is_followed_by_the_next() -> None:
    enough, ticks = asyncio.Event(), []

    async def job() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise NotNow("database away")
        if len(ticks) == 2:
            raise ValueError("a mistake")
        enough.set()

    ticker = every(0.01, job, name="test")
    await enough.wait()
    ticker.stop()
    ticker.stop()
    assert len(ticks) == 3


async def test_a_tick_never_overtakes_the_one_before() -> None:
    inside, most, enough, runs, beats = 0, 0, asyncio.Event(), 0, asyncio.Queue[None]()

    async def slow() -> None:
        nonlocal inside, most, runs
        inside, runs = inside + 1, runs + 1
        most = max(most, inside)
        for _ in range(beats.qsize() + 5):  # so long that its next tick is due
            await beats.get()
        inside -= 1
        if runs == 3:
            enough.set()

    async def beat() -> None:
        beats.put_nowait(None)

    tickers = every(0.005, slow, name="test"), every(0.005, beat, name="beat")
    await enough.wait()
    for ticker in tickers:
        ticker.stop()
    assert most == 1
