"""收集: only what is new is published, before anything is remembered; edits keep their identity."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from producers.collect import Collecting
from services import topics
from services.adapters import wire
from services.domain.identity import content_hash
from services.domain.source import BoardSelectors, Refusal, Source, SourceKind, SourceState
from services.usecases.collecting import Collector, Entry, Outcome, Result, Seen, Taken, Tools
from services.usecases.ports import NotNow
from tests.collecting_kit import (
    START,
    Asked,
    HandClock,
    KeptLog,
    answer,
    due,
    feed,
    log,
    store,
    web,
    with_source,
)


class Site:
    """A page that can be changed, with an ETag for its content."""

    def __init__(self, body: bytes, **headers: str) -> None:
        self.body, self.headers, self.status = body, headers, 200

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        tag = f'"{hash(self.body)}"'
        if asked.headers.get("if-none-match") == tag:
            answer(writer, 304)
        else:
            answer(writer, self.status, self.body, etag=tag, **self.headers)


async def test_a_second_look_publishes_only_what_is_new(kit: Tools, clock: HandClock) -> None:
    site = Site(feed([("a", "供暖不热"), ("b", "道路积雪")]))
    async with web(site) as server:
        await with_source(kit, server.url())
        first = await due(kit)
        site.body = feed([("c", "停水通知"), ("a", "供暖不热")])
        clock.forward(hours=1)
        second = await due(kit)
    assert [o.published for o in first + second] == [2, 1]
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["供暖不热", "道路积雪", "停水通知"]


async def test_an_unchanged_page_costs_one_conditional_request(kit: Tools, clock: HandClock) -> None:
    async with web(Site(feed([("a", "供暖不热")]))) as server:
        await with_source(kit, server.url())
        await due(kit)
        clock.forward(hours=1)
        outcomes = await due(kit)
        assert "if-none-match" in server.asked[-1].headers
    assert [(o.result, o.published) for o in outcomes] == [(Result.UNCHANGED, 0)]


@pytest.mark.parametrize("headers", [{}, {"etag": '"1"'}])
async def test_a_feed_that_asked_for_an_hour_is_left_alone_for_an_hour_also_while_it_does_not_change(
    kit: Tools, clock: HandClock, headers: dict[str, str]
) -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        known = "if-none-match" in asked.headers
        answer(writer, 304 if known else 200, b"" if known else feed([("a", "供暖不热")], ttl=3600), **headers)

    async with web(site) as server:
        await with_source(kit, server.url())
        for _ in range(3):
            (outcome,) = await due(kit)
            assert outcome.state.next_check_at - clock.now() == timedelta(hours=1)
            clock.at = outcome.state.next_check_at


async def test_an_edited_item_is_a_version_of_the_same_post(kit: Tools, clock: HandClock) -> None:
    site = Site(feed([("a", "3人受伤")]))
    async with web(site) as server:
        await with_source(kit, server.url())
        for title in ("5人受伤", "3人受伤"):
            await due(kit)
            site.body = feed([("a", title)])
            clock.forward(hours=1)
        await due(kit)
    messages = [message for _, message in log(kit).published]
    posts = [wire.decode_post(message.body) for message in messages]
    assert {post.key for post in posts} == {posts[0].key}
    assert [post.flags for post in posts] == [(), ("edited", "version_2"), ("edited", "version_3")]
    assert len({message.id for message in messages}) == 3, "a text changed back is news again"


async def test_what_was_remembered_without_its_words_learns_them_at_the_next_look(kit: Tools, clock: HandClock) -> None:
    site = Site(feed([("a", "路灯不亮")]))
    async with web(site) as server:
        await with_source(kit, server.url())
        await store(kit).remember("s1", [Seen("a", content_hash("路灯不亮", ""), 1, "", clock.now())])
        assert [o.published for o in await due(kit)] == [0]
        site.body = feed([("a", "燃气爆炸三人死亡")])
        clock.forward(hours=1)
        await due(kit)
    (post,) = [wire.decode_post(message.body) for _, message in log(kit).published]
    assert (post.title, post.flags) == ("燃气爆炸三人死亡", ())


async def test_nothing_is_remembered_before_everything_is_published(kit: Tools, clock: HandClock) -> None:
    class Down(KeptLog):
        async def publish(self, topic: str, messages: Sequence[Any]) -> None:
            if messages:
                raise NotNow("log is down")

    async with web(Site(feed([("a", "供暖不热")]))) as server:
        await with_source(kit, server.url())
        with pytest.raises(NotNow):
            await due(replace(kit, log=Down()))  # type: ignore[arg-type]  # only publish is used
        assert (await store(kit).all())[0].state.etag == ""
        clock.forward(seconds=10)
        assert [o.published for o in await due(kit)] == [1]


async def test_a_crash_between_publishing_and_remembering_repeats_the_same_message(
    kit: Tools, clock: HandClock
) -> None:
    class Crash(Exception):
        pass

    async def crash(state: SourceState, seen: Sequence[Seen]) -> None:
        raise Crash

    async with web(Site(feed([("a", "供暖不热")]))) as server:
        await with_source(kit, server.url())
        claimed = await store(kit).claim(clock.now(), 1)
        memory = {"known": store(kit).known, "same_words": store(kit).same_words, "advance": staticmethod(crash)}
        broken = replace(kit, store=type("Broken", (), memory)())
        with pytest.raises(Crash):
            await Collector(broken).look(claimed[0])
        clock.forward(seconds=121)
        await due(kit)
    ids = [message.id for _, message in log(kit).published]
    assert len(ids) == 2
    assert len(set(ids)) == 1


async def test_the_next_look_is_set_before_anything_is_fetched(kit: Tools, clock: HandClock) -> None:
    await with_source(kit, "http://127.0.0.1:9/")
    await store(kit).claim(clock.now(), 1)
    assert (await store(kit).all())[0].state.next_check_at >= START + timedelta(minutes=2)
    assert await store(kit).claim(clock.now(), 1) == []


async def test_what_is_no_feed_is_an_error_on_the_source_and_is_tried_later(kit: Tools, clock: HandClock) -> None:
    async with web(Site(b"<html>hello")) as server:
        await with_source(kit, server.url())
        (outcome,) = await due(kit)
    assert (outcome.result, outcome.state.last_error) == (Result.FAILED, "内容不是信息源格式")
    assert outcome.state.next_check_at > clock.now()
    assert outcome.state.etag == ""


async def test_a_new_source_s_old_items_start_no_clock(kit: Tools, clock: HandClock) -> None:
    body = feed([]).replace(b"[]", b'[{"id":"old","title":"o","at":"2026-11-01T00:00:00Z"},{"id":"n","title":"n"}]')
    async with web(Site(body)) as server:
        await with_source(kit, server.url())
        await due(kit)
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["n"]
    assert log(kit).titles(topics.POSTS_BACKFILLED) == ["o"]
    backfilled = [wire.decode_post(m.body) for topic, m in log(kit).published if topic == topics.POSTS_BACKFILLED]
    assert [post.backfill for post in backfilled] == [True]


async def test_pages_of_a_board_are_followed_up_to_the_limit(kit: Tools, clock: HandClock) -> None:
    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        number = int(asked.path.strip("/") or 1)
        answer(writer, 200, feed([(f"p{number}", f"page {number}")], next=server.url(f"/{number + 1}")))

    async with web(site) as server:
        await with_source(kit, server.url("/1"), kind=SourceKind.BOARD, board=BoardSelectors("li", max_pages=3))
        await due(kit)
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["page 1", "page 2", "page 3"]


async def test_a_look_that_outlives_its_lease_is_not_started_a_second_time(kit: Tools, clock: HandClock) -> None:
    leave = asyncio.Event()

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await leave.wait()
        answer(writer, 200, feed([("a", "供暖不热")]))

    async with web(site) as server:
        await with_source(kit, server.url())
        collecting = Collecting(Collector(kit), store(kit), clock)
        first = await collecting.tick()
        clock.forward(seconds=121)
        second = await collecting.tick()
        leave.set()
        await collecting.finish()
        assert len(server.asked) == 1
    assert (first, second) == (1, 0)
    assert log(kit).titles(topics.POSTS_COLLECTED) == ["供暖不热"]


async def test_what_a_box_had_to_leave_out_is_told_on_the_source_for_a_week(kit: Tools, clock: HandClock) -> None:
    class Letters:
        async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
            entry = Entry("m1", "", "来信", "供暖不热", "", None, "", (), False)
            refused = Refusal("7:2", "第 2 号邮件超过 5 MiB，未读取", now)
            return Taken((), "7:1") if cursor else Taken((entry,), "7:1", (refused,))

    letters = replace(kit, boxes={SourceKind.MAILBOX: Letters()})
    await with_source(kit, "imaps://mail.test/INBOX", kind=SourceKind.MAILBOX)
    (first,) = await due(letters)
    clock.forward(hours=1)
    (second,) = await due(letters)
    clock.forward(days=7)
    (last,) = await due(letters)
    assert (first.published, first.state.last_error) == (1, "第 2 号邮件超过 5 MiB，未读取")
    assert (second.published, second.state.last_error, second.state.cursor) == (0, first.state.last_error, "7:1")
    assert (first.notes, second.notes, last.state.last_error) == ((first.state.last_error,), (), "")


async def test_an_error_of_our_own_does_not_stop_the_other_sources(kit: Tools, clock: HandClock) -> None:
    class Buggy:
        async def parse(self, source: Source, *rest: Any) -> Any:
            if source.id == "bad":
                raise ZeroDivisionError
            return await kit.parser.parse(source, *rest)

    seen: list[Outcome] = []
    async with web(Site(feed([("a", "供暖不热")]))) as server:
        await store(kit).sync([Source("bad", server.url()), Source("good", server.url())], clock.now())
        clock.forward(seconds=1)
        collecting = Collecting(Collector(replace(kit, parser=Buggy())), store(kit), clock, observe=seen.append)
        assert await collecting.tick() == 2
        await collecting.finish()
    assert {o.source.id: o.result for o in seen} == {"bad": Result.FAILED, "good": Result.NEW}
