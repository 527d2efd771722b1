"""全文: a summary gets the article behind it, at once or at a later look, and never holds up the news."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.adapters import wire
from services.domain.post import MAX_TEXT_BYTES
from services.domain.source import Source
from services.usecases.collecting import Article, Crowded, Outcome, Tools, backfill
from tests.collecting_kit import Asked, HandClock, answer, due, feed, log, web, with_source


async def test_a_summary_is_completed_by_its_page_and_kept(kit: Tools, clock: HandClock) -> None:
    class Page:
        async def article(self, source: Source, body: bytes, headers: Any) -> Article:
            return Article(body.decode())

    body = feed([]).replace(b"[]", b'[{"id":"a","title":"t","text":"short","summary":1,"url":"URL"}]')

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        feed_body = body.replace(b"URL", server.url("/page").encode())
        answer(writer, 200, feed_body if asked.path == "/" else b"the whole article")

    async with web(site) as server:
        await with_source(kit, server.url(), full_text=True)
        full = replace(kit, articles=Page())
        await due(full)
        clock.forward(hours=1)
        assert [o.published for o in await due(full)] == [0], "the page is not fetched again"
    (post,) = [wire.decode_post(message.body) for _, message in log(kit).published]
    assert post.text == "short\n\nthe whole article"
    assert "full_text_fetched" in post.flags


async def test_articles_that_take_too_long_do_not_hold_up_the_news(kit: Tools, clock: HandClock) -> None:
    class Slow:
        async def article(self, source: Source, body: bytes, headers: Any) -> Article:
            clock.forward(seconds=40)
            return Article("the whole article")

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        items = [{"id": str(n), "title": f"t{n}", "summary": 1, "url": server.url(f"/{n}")} for n in range(5)]
        answer(writer, 200, json.dumps({"items": items}).encode())

    async with web(site) as server:
        await with_source(kit, server.url(), full_text=True)
        await due(replace(kit, articles=Slow()))
    flags = [wire.decode_post(message.body).flags for _, message in log(kit).published]
    assert flags == [("full_text_fetched",)] * 2 + [("full_text_missing",)] * 3


async def test_what_a_page_had_to_be_repaired_of_is_on_the_post_and_a_page_too_long_is_cut(
    kit: Tools, clock: HandClock
) -> None:
    class Damaged:
        async def article(self, source: Source, body: bytes, headers: Any) -> Article:
            return Article("供热" * MAX_TEXT_BYTES, ("encoding_damaged",))

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        items = [{"id": "a", "title": "t", "text": "short", "summary": 1, "url": server.url("/page")}]
        answer(writer, 200, json.dumps({"items": items}).encode())

    async with web(site) as server:
        await with_source(kit, server.url(), full_text=True)
        await due(replace(kit, articles=Damaged()))
    (post,) = [wire.decode_post(message.body) for _, message in log(kit).published]
    assert post.flags == ("full_text_fetched", "encoding_damaged", "text_shortened")
    assert MAX_TEXT_BYTES - 4 < len(post.text.encode()) <= MAX_TEXT_BYTES


class Pages:
    """A source of `count` summaries whose pages may be out of order."""

    def __init__(self, count: int) -> None:
        self.count, self.down, self.url, self.at = count, False, "", ""
        self.asked: list[str] = []
        self.conditional = False
        self.after: dict[str, str] = {}

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        if asked.path == "/":
            more = {"summary": 1, "at": self.at}
            items = [{"id": str(n), "title": f"t{n}", "url": f"{self.url}{n}", **more} for n in range(self.count)]
            self.conditional = "if-none-match" in asked.headers
            answer(writer, 200, json.dumps({"items": items}).encode(), etag='"1"')
        else:
            self.asked.append(asked.path)
            text = f"the whole article {asked.path}".encode()
            answer(writer, 503 if self.down else 200, text, **(self.after if self.down else {}))

    async def article(self, source: Source, body: bytes, headers: Any) -> Article:
        return Article(body.decode())


async def looks_at(kit: Tools, clock: HandClock, site: Pages, looks: int) -> list[Outcome]:
    """The outcome of some looks a day apart at a source with full text."""
    outcomes: list[Outcome] = []
    async with web(site) as server:
        site.url = server.url()
        await with_source(kit, server.url(), full_text=True)
        for number in range(looks):
            site.down = site.down and number < looks - 1
            outcomes += await due(replace(kit, articles=site))
            clock.forward(days=1)
    return outcomes


async def test_a_summary_that_missed_its_article_gets_it_at_a_later_look(kit: Tools, clock: HandClock) -> None:
    site = Pages(30)
    outcomes = await looks_at(kit, clock, site, 4)
    assert [outcome.published for outcome in outcomes] == [30, 10, 0, 0]
    assert sorted(site.asked) == sorted(f"/{n}" for n in range(30)), "no page is fetched twice"
    assert site.conditional, "nothing is owed any more"
    posts = [wire.decode_post(message.body) for _, message in log(kit).published]
    latest = {post.key: post for post in posts}
    assert all("full_text_fetched" in post.flags and post.text.startswith("the whole") for post in latest.values())
    assert {post.flags for post in posts[30:]} == {("full_text_fetched", "version_2")}, "its source edited nothing"
    assert len({message.id for _, message in log(kit).published}) == 40


async def test_an_article_that_was_away_is_tried_for_again(kit: Tools, clock: HandClock) -> None:
    site = Pages(1)
    site.down = True
    assert [outcome.published for outcome in await looks_at(kit, clock, site, 3)] == [1, 0, 1]


async def test_a_server_that_asks_for_patience_at_a_page_is_left_alone_for_so_long(
    kit: Tools, clock: HandClock
) -> None:
    site = Pages(3)
    site.down, site.after = True, {"retry_after": "7200"}
    async with web(site) as server:
        site.url = server.url()
        await with_source(kit, server.url(), full_text=True)
        (first,) = await due(replace(kit, articles=site))
        assert site.asked == ["/0"]
        assert first.state.next_check_at - clock.now() >= timedelta(hours=2)
        site.down = False
        clock.at = first.state.next_check_at
        (second,) = await due(replace(kit, articles=site))
    assert (first.published, second.published, site.asked) == (3, 3, ["/0", "/0", "/1", "/2"])


async def test_another_host_s_wish_holds_up_its_pages_and_not_the_source(kit: Tools, clock: HandClock) -> None:
    site, pages = Pages(3), Pages(0)
    pages.down, pages.after = True, {"retry_after": "7200"}
    async with web(site) as server, web(pages, "127.0.0.5") as other:
        site.url = other.url(host="127.0.0.5")
        await with_source(kit, server.url(), full_text=True)
        for _ in range(3):
            (outcome,) = await due(replace(kit, articles=site))
            assert outcome.state.next_check_at - clock.now() <= timedelta(minutes=5)
            clock.forward(minutes=5)
        assert pages.asked == ["/0"]
        clock.forward(hours=2)
        await due(replace(kit, articles=site))
    assert pages.asked == ["/0", "/0"]


async def test_back_fill_stops_where_a_server_asks_for_patience_and_goes_on_from_there(
    kit: Tools, clock: HandClock
) -> None:
    site = Pages(3)
    async with web(site) as server:
        site.url, site.at = server.url(), str(clock.now() - timedelta(days=30))
        source = await with_source(kit, server.url(), full_text=True)
        (claimed,) = await kit.store.claim(clock.now(), 1)
        site.down, site.after = True, {"retry_after": "60"}
        since = clock.now() - timedelta(days=60)
        with pytest.raises(Crowded):
            await backfill(replace(kit, articles=site), source, claimed.state, since)
        assert (log(kit).published, site.asked) == ([], ["/0"])
        site.down = False
        clock.forward(seconds=61)
        assert (await backfill(replace(kit, articles=site), source, claimed.state, since)).published == 3


async def test_a_page_that_stays_away_is_given_up(kit: Tools, clock: HandClock) -> None:
    lost = Pages(2)
    async with web(lost) as server:
        lost.down, lost.url = True, server.url()
        await with_source(kit, server.url(), full_text=True)
        for _ in range(2 * kit.rules.article_tries + 2):
            await due(replace(kit, articles=lost))
            clock.forward(days=1)
    assert len(lost.asked) == 2 * kit.rules.article_tries
    assert lost.conditional
