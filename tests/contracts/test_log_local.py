"""What the embedded log promises beyond the common contract."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.usecases.ports import Message, NotNow, Received
from tests.contracts.test_log import TOPIC, WAIT, ids, ids_of, messages, read


async def test_members_share_without_reading_anything_twice(sqlite_database: Database) -> None:
    log = LocalLog(sqlite_database)
    await log.publish(TOPIC, messages(400, keys=40))
    got: list[Received] = []
    async with log.subscribe(TOPIC, "g") as first, log.subscribe(TOPIC, "g") as second:
        while some := [*await first.batch(30, 0), *await second.batch(30, 0)]:
            got.extend(some)
            await first.commit(some)
            await second.commit(some)
    assert ids(got) == ids_of(messages(400))


async def test_a_partition_has_one_reader_at_a_time(sqlite_database: Database) -> None:
    log = LocalLog(sqlite_database)
    await log.publish(TOPIC, messages(40, keys=40))
    async with log.subscribe(TOPIC, "g") as first, log.subscribe(TOPIC, "g") as second:
        held = {one.partition for one in await first.batch(10, 0)}
        others = {one.partition for one in await second.batch(10, 0)}
        assert held
        assert others
        assert not held & others


async def test_a_member_that_leaves_hands_its_partitions_to_the_one_who_waits(sqlite_database: Database) -> None:
    log = LocalLog(sqlite_database, partitions=1)
    await log.publish(TOPIC, messages(5))
    async with log.subscribe(TOPIC, "g") as second:
        async with log.subscribe(TOPIC, "g") as first:
            await first.batch(10, 0)
            waiting = asyncio.create_task(second.batch(10, WAIT))
            await asyncio.sleep(0)
        assert ids(await waiting) == ids_of(messages(5))


async def test_a_failed_publish_leaves_nothing(sqlite_database: Database) -> None:
    log = LocalLog(sqlite_database)
    broken = Message("m9", "k", "not bytes")  # type: ignore[arg-type]  # what a faulty caller might do
    with pytest.raises(Exception, match=r"(?i)bytes"):
        await log.publish(TOPIC, [*messages(9), broken])
    async with log.subscribe(TOPIC, "g") as member:
        assert list(await member.batch(10, 0)) == []


async def test_tables_that_are_not_there_are_not_now(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(NotNow):
        await LocalLog(database).ready()
    await database.close()


async def test_pruning_deletes_only_what_every_group_has_finished(database: Database) -> None:
    log = LocalLog(database)
    await log.publish(TOPIC, messages(60))
    async with log.subscribe(TOPIC, "quick") as quick, log.subscribe(TOPIC, "slow") as slow:
        await read(quick, 60)
        done = await slow.batch(20, 0)
        await slow.commit(done)
        assert await log.prune(TOPIC, ["quick", "slow"]) == len(done)
        assert ids(await read(slow, 60 - len(done))) == sorted(set(ids_of(messages(60))) - set(ids(done)))


async def test_a_group_that_never_came_keeps_everything(sqlite_database: Database) -> None:
    log = LocalLog(sqlite_database)
    await log.publish(TOPIC, messages(10))
    async with log.subscribe(TOPIC, "quick") as quick:
        await read(quick, 10)
    assert await log.prune(TOPIC, ["quick", "not started yet"]) == 0


async def test_offsets_go_on_after_everything_was_pruned(sqlite_database: Database) -> None:
    log = LocalLog(sqlite_database, partitions=1)
    await log.publish(TOPIC, messages(10))
    async with log.subscribe(TOPIC, "g") as member:
        await read(member, 10)
        assert await log.prune(TOPIC, ["g"]) == 10
        await log.publish(TOPIC, messages(1, prefix="n"))
        assert [(one.id, one.offset) for one in await read(member, 1)] == [("n0", 10)]


async def test_more_partitions_later_lose_nothing(sqlite_database: Database) -> None:
    await LocalLog(sqlite_database, partitions=2).publish(TOPIC, messages(20, keys=20))
    wider = LocalLog(sqlite_database, partitions=8)
    await wider.publish(TOPIC, messages(20, keys=20, prefix="n"))
    async with wider.subscribe(TOPIC, "g") as member:
        assert len(set(ids(await read(member, 40)))) == 40
