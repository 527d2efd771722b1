"""The memory of sources, on SQLite and on PostgreSQL: leases, hosts, items, definitions."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from services.adapters.database import Database
from services.adapters.store.sources import Sources
from services.domain.source import BoardSelectors, Refusal, Source, SourceKind, SourceState
from services.usecases.collecting import Seen
from tests.collecting_kit import START

LATER = START + timedelta(minutes=10)
AFTER_LEASE = LATER + timedelta(seconds=121)


def source(number: int, host: str = "") -> Source:
    return Source(id=f"s{number}", url=f"http://{host or f'h{number}.test'}/feed/{number}")


def seen(item: str, digest: str = "h1", version: int = 1) -> Seen:
    return Seen(item, digest, version, f"http://a.test/{item}", START)


@pytest.fixture
def one(database: Database) -> Sources:
    return Sources(database, "one")


@pytest.fixture
def two(database: Database) -> Sources:
    return Sources(database, "two")


async def ids(store: Sources, at: object = LATER, limit: int = 100) -> list[str]:
    return [claimed.source.id for claimed in await store.claim(at, limit)]  # type: ignore[arg-type]  # always a time


async def test_what_was_stored_comes_back_as_it_was(one: Sources) -> None:
    board = BoardSelectors("li.item", link="a.title", next_page="a.next", max_pages=3)
    given = Source("b", "http://a.test/", "信箱", SourceKind.BOARD, board=board, options=(("folder", "INBOX"),))
    await one.sync([given], START)
    state = SourceState("b", LATER, "etag", "modified", "hash", "cursor", 300.5, 900.25, START, START, START, START)
    state = replace(state, failures_in_row=2, failure_weight=1.25, last_error="连接失败", silent_since=START)
    state = replace(state, reading_since=START, refused=(Refusal("a.csv", "第 2 行：缺少正文", START),))
    await one.advance(state, [])
    (kept,) = await one.all()
    assert (kept.source, kept.state) == (given, state)


async def test_a_source_is_looked_at_by_one_collector_only(one: Sources, two: Sources) -> None:
    await one.sync([source(n) for n in range(40)], START)
    taken = await asyncio.gather(*(store.claim(LATER, 10) for store in (one, two) * 4))
    counts = Counter(claimed.source.id for batch in taken for claimed in batch)
    assert set(counts.values()) == {1}
    assert len(counts) == 40


async def test_one_host_is_one_collector_s_while_it_is_being_asked(one: Sources, two: Sources) -> None:
    await one.sync([source(n, "same.test") for n in range(4)] + [source(9)], START)
    assert await ids(one, limit=1) == ["s0"]
    assert await ids(two) == ["s9"]
    assert await ids(one) == ["s1", "s2", "s3"]


async def test_the_lease_of_a_collector_that_died_runs_out(one: Sources, two: Sources) -> None:
    await one.sync([source(1)], START)
    assert await ids(one) == ["s1"]
    assert await ids(two, AFTER_LEASE - timedelta(seconds=2)) == []
    assert await ids(two, AFTER_LEASE) == ["s1"]


async def test_a_restarted_collector_takes_back_what_it_held(one: Sources) -> None:
    await one.sync([source(1)], START)
    assert await ids(one) == ["s1"]
    await one.resume(LATER)
    assert await ids(one) == ["s1"]


async def test_a_collector_that_lost_its_lease_does_not_take_it_from_the_next(one: Sources, two: Sources) -> None:
    await one.sync([source(1)], START)
    (mine,) = await one.claim(LATER, 1)
    await two.claim(AFTER_LEASE, 1)
    await one.advance(replace(mine.state, next_check_at=AFTER_LEASE, etag="stale"), [seen("a")])
    assert await ids(one, AFTER_LEASE + timedelta(seconds=1)) == []
    assert (await one.all())[0].state.etag == ""
    assert set(await one.known("s1", ["a"])) == {"a"}, "what was published is remembered all the same"


async def test_the_most_overdue_source_comes_first(one: Sources) -> None:
    await one.sync([source(n) for n in range(3)], START)
    for claimed in await one.claim(LATER, 3):
        late = timedelta(minutes={"s0": 3, "s1": 1, "s2": 2}[claimed.source.id])
        await one.advance(replace(claimed.state, next_check_at=LATER + late), [])
    assert await ids(one, LATER + timedelta(hours=1)) == ["s1", "s2", "s0"]


async def test_items_are_remembered_by_source_with_their_latest_version(one: Sources) -> None:
    await one.sync([source(1), source(2)], START)
    first, second = await one.claim(LATER, 2)
    many = [seen(f"i{n}") for n in range(1000)]
    await asyncio.gather(one.advance(first.state, many), one.advance(second.state, [seen("i1", "other")]))
    await one.advance(first.state, [seen("i1", "h2", 2)])
    known = await one.known("s1", [f"i{n}" for n in range(1200)])
    assert len(known) == 1000
    assert (known["i1"].content_hash, known["i1"].version) == ("h2", 2)
    assert (await one.known("s2", ["i1"]))["i1"].content_hash == "other"
    assert (await one.items_since(START)) == {"s1": 1000, "s2": 1}
    assert await one.forget(START + timedelta(days=1)) == 1001


async def test_words_are_found_again_under_another_address_for_as_long_as_asked(one: Sources, two: Sources) -> None:
    await one.sync([source(1), source(2)], START)
    await one.remember("s1", [seen("a", "words"), replace(seen("b", "words", 3), post_id="a")])
    again = replace(seen("b", "words", 3), post_id="a")
    assert await one.same_words("s1", ["words", "others"], START) == {"words": [seen("a", "words"), again]}
    assert (await one.known("s1", ["b"]))["b"].post_id == "a"
    assert await two.same_words("s2", ["words"], START) == {}, "mirrors are another source's posts"
    assert await one.same_words("s1", ["words"], START + timedelta(seconds=1)) == {}
    assert await one.items_since(START) == {"s1": 1}, "an address more is not a post more"


async def test_looks_that_end_together_are_all_remembered(one: Sources) -> None:
    await one.sync([source(n) for n in range(50)], START)
    claimed = await one.claim(LATER, 50)
    later = [replace(c.state, etag=c.source.id, next_check_at=LATER + timedelta(hours=1)) for c in claimed]
    await asyncio.gather(*(one.advance(state, [seen("a"), seen("b")]) for state in later))
    assert [c.state.etag for c in await one.all()] == [c.source.id for c in await one.all()]
    assert set((await one.items_since(START)).values()) == {2}
    assert await ids(one) == []


async def test_a_postponed_source_is_due_again_later(one: Sources) -> None:
    await one.sync([source(1)], START)
    await one.claim(LATER, 1)
    await one.postpone("s1", LATER + timedelta(seconds=30))
    assert await ids(one, LATER + timedelta(seconds=29)) == []
    assert await ids(one, LATER + timedelta(seconds=30)) == ["s1"]


async def test_a_source_taken_out_of_the_file_rests_and_keeps_its_memory(one: Sources) -> None:
    await one.sync([source(1), source(2)], START)
    (first, _) = await one.claim(LATER, 2)
    await one.advance(first.state, [seen("a")])
    await one.sync([source(2)], LATER)
    assert [claimed.source.id for claimed in await one.all()] == ["s2"]
    await one.sync([source(1), source(2)], LATER)
    assert await ids(one, AFTER_LEASE) == ["s1", "s2"]
    assert set(await one.known("s1", ["a"])) == {"a"}


async def test_the_file_leaves_alone_what_the_console_added(one: Sources) -> None:
    await one.add([source(7)], START)
    await one.sync([source(1)], START)
    assert [claimed.source.id for claimed in await one.all()] == ["s1", "s7"]


async def test_a_changed_address_is_asked_anew_without_the_old_marks(one: Sources) -> None:
    await one.sync([source(1)], START)
    (claimed,) = await one.claim(LATER, 1)
    await one.advance(replace(claimed.state, etag="old", next_check_at=LATER + timedelta(days=1)), [])
    await one.sync([replace(source(1), url="http://new.test/")], LATER)
    (again,) = await one.claim(LATER + timedelta(seconds=1), 1)
    assert (again.source.url, again.state.etag) == ("http://new.test/", "")


async def test_news_that_broke_here_survives_the_look_under_way(one: Sources) -> None:
    await one.sync([source(1)], START)
    (claimed,) = await one.claim(LATER, 1)
    await one.broke_news(["s1"], LATER)
    await one.advance(claimed.state, [])
    assert (await one.all())[0].state.broke_news_at == LATER


async def test_a_row_the_database_refuses_does_not_undo_its_neighbours(one: Sources, database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("SQLite takes any text")
    await one.sync([source(1), source(2)], START)
    good, bad = await one.claim(LATER, 2)
    broken = replace(bad.state, last_error="NUL\0")
    results = await asyncio.gather(
        one.advance(good.state, [seen("a")]), one.advance(broken, []), return_exceptions=True
    )
    assert [type(result).__name__ for result in results] == ["NoneType", "DBAPIError"]
    assert set(await one.known("s1", ["a"])) == {"a"}
