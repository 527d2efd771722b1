"""What grouping remembers, on every database: found by key, shared by processes, and a person's acts kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
from sqlalchemy import insert

from config.grouping import load_grouping
from services.adapters.database import Database
from services.adapters.store import grouping as store
from services.adapters.store.signatures import pack, unpack
from services.adapters.tables.incidents import IncidentRow
from services.domain.grouping import Candidate, GroupingStore, Join, Placed, Pool, Signature
from services.domain.vocabulary import IncidentState

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=90)
POLICY = load_grouping()


def signature(post: str, exact: int = 1, after: timedelta = timedelta()) -> Signature:
    numbers = tuple(range(exact, exact + 8))
    return Signature(
        post=post,
        at=NOON + after,
        exact=exact,
        near=(exact + 100, exact + 101),
        matter=(2**62 + exact,),
        shingles=numbers,
        terms=numbers,
        weights=(255,) * 8,
        places=("金色家园",),
        names=(7, 2**32 - 1),
        divisions=("230102",),
        kind="供热",
        subjects=("供热", "物业"),
        aside=("电梯",),
        marks=("处:金色家园",),
        letters="金色家园3号楼k12处𠮷",
    )


async def put(database: Database, *placed: Placed) -> None:
    async with database.write() as connection:
        await store.remember(connection, placed)


async def find(database: Database, wanted: Sequence[Signature], since: datetime = LONG_AGO) -> list[Candidate]:
    async with database.write() as connection:
        return await store.candidates(connection, wanted, since)


async def incident_for(database: Database, wanted: Signature) -> str | None:
    verdict = Pool(POLICY, await find(database, [wanted])).decide(wanted)
    return verdict.incident if isinstance(verdict, Join) else None


def test_the_module_is_the_store_that_tracking_asks_for() -> None:
    port: GroupingStore = store
    assert port is store


async def test_a_post_comes_back_whole_by_any_of_its_keys(database: Database) -> None:
    kept = signature("a")
    await put(database, Placed(kept, "I-1"))
    for key in kept.keys:
        assert await find(database, [Signature("b", NOON, key)]) == [Candidate(kept, "I-1", NOON, NOON)]
    assert await find(database, [Signature("b", NOON, 999)]) == []


def test_what_was_kept_before_subjects_were_read_is_still_known() -> None:
    whole = signature("a")
    older = msgspec.msgpack.encode(msgspec.msgpack.decode(pack(whole))[:-4])
    assert unpack("a", older) == replace(whole, subjects=(), aside=(), marks=(), letters="")
    without_letters = msgspec.msgpack.encode(msgspec.msgpack.decode(pack(whole))[:-1])
    assert unpack("a", without_letters) == replace(whole, letters="")


async def test_the_window_is_the_incidents_last_post_not_the_posts_own_time(database: Database) -> None:
    await put(database, Placed(signature("old"), "I-1"))
    await put(database, Placed(signature("late", 50, timedelta(days=5)), "I-1"))
    found = await find(database, [signature("new")], NOON + timedelta(days=4))
    assert [(c.signature.post, c.first_at, c.last_at) for c in found] == [("old", NOON, NOON + timedelta(days=5))]
    assert await find(database, [signature("new")], NOON + timedelta(days=6)) == []


async def test_a_post_remembered_twice_stays_where_it_was(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"))
    await put(database, Placed(signature("a"), "I-2"), Placed(signature("b", 50), "I-2"))
    assert [c.incident for c in await find(database, [signature("x")])] == ["I-1"]


async def test_an_echo_is_kept_without_keys(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"), Placed(signature("b"), "I-1", echo=True))
    assert [c.signature.post for c in await find(database, [signature("x")])] == ["a"]
    async with database.read() as connection:
        assert await store.posts_of(connection, "I-1") == ["a", "b"]


async def test_only_the_newest_posts_of_a_common_key_come_back(database: Database) -> None:
    await put(database, *[Placed(signature(f"{number:02}"), f"I-{number}") for number in range(20)])
    found = await find(database, [Signature("x", NOON, 1)])
    assert [c.signature.post for c in found] == [f"{number:02}" for number in range(12, 20)]


async def test_after_a_merge_what_matched_the_source_joins_the_target(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"), Placed(signature("b", 50, timedelta(days=2)), "I-2"))
    async with database.write() as connection:
        await store.merge(connection, "I-1", "I-2")
    assert await incident_for(database, signature("copy of a")) == "I-2"
    found = await find(database, [signature("x")])
    assert (found[0].first_at, found[0].last_at) == (NOON, NOON + timedelta(days=2))


async def test_after_a_split_a_copy_follows_the_person_and_not_the_machine(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"), Placed(signature("b"), "I-1"))
    async with database.write() as connection:
        await store.split(connection, ["b"], "I-1", "I-9")
        await store.split(connection, ["a"], "I-1", "I-9")
    found = await find(database, [signature("copy")])
    assert {(c.incident, c.barred) for c in found} == {("I-9", frozenset({"I-1"}))}
    assert await incident_for(database, signature("copy")) == "I-9"


async def test_a_merge_back_lifts_the_bar_of_the_split(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"))
    async with database.write() as connection:
        await store.split(connection, ["a"], "I-1", "I-9")
        await store.merge(connection, "I-9", "I-1")
    assert [(c.incident, c.barred) for c in await find(database, [signature("x")])] == [("I-1", frozenset())]


async def test_what_is_barred_from_one_incident_is_barred_from_what_it_was_merged_into(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"), Placed(signature("b", 50), "I-2"))
    async with database.write() as connection:
        await store.bar(connection, "I-1", "I-2")
        await store.bar(connection, "I-1", "I-2")
        await store.merge(connection, "I-2", "I-3")
    assert [c.barred for c in await find(database, [signature("x")])] == [frozenset({"I-2", "I-3"})]
    async with database.write() as connection:
        await store.split(connection, ["b"], "I-3", "I-2")
    assert "I-2" in (await find(database, [signature("x")]))[0].barred, "undone, what was said of it still stands"


async def test_a_declined_pair_is_barred_from_one_side_until_that_is_taken_back(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"), Placed(signature("c", 50), "I-1"), Placed(signature("b"), "I-2"))
    async with database.write() as connection:
        await store.bar(connection, "I-1", "I-2")
    found = {c.signature.post: c.barred for c in await find(database, [signature("x"), signature("y", 50)])}
    assert found == {"a": frozenset({"I-2"}), "c": frozenset({"I-2"}), "b": frozenset()}
    async with database.write() as connection:
        await store.unbar(connection, "I-1", "I-2")
    assert {c.barred for c in await find(database, [signature("x"), signature("y", 50)])} == {frozenset()}


async def test_which_incidents_have_ended_and_how_is_one_question(database: Database) -> None:
    async with database.write() as connection:
        for state in IncidentState:
            answers = [{"published_at": at.isoformat()} for at in (NOON - timedelta(days=2), NOON)]
            body = json.dumps({"publications": answers}).encode()
            row = {"id": state.value, "version": 1, "state": state.value, "ledger_hash": b"", "body": body}
            await connection.execute(insert(IncidentRow).values(row))
        asked = ["reported", "assigned", "responded", "resolved", "dismissed", "merged", "unknown"]
        found = await store.ended(connection, asked)
        assert await store.ended(connection, []) == {}
    assert found == {"responded": NOON, "resolved": None, "dismissed": None, "merged": None}


async def test_what_is_over_is_forgotten_and_nothing_else(database: Database) -> None:
    await put(database, Placed(signature("a"), "I-1"), Placed(signature("b", 50, timedelta(days=9)), "I-2"))
    async with database.write() as connection:
        assert await store.forget(connection, NOON + timedelta(days=1)) == 1
        assert await store.forget(connection, NOON + timedelta(days=1)) == 0
    found = await find(database, [signature("x"), signature("y", 50)])
    assert [c.signature.post for c in found] == ["b"]
