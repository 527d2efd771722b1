"""What every log promises: the embedded one on SQLite and PostgreSQL, and a real Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import pytest

from services.topics import POSTS_ASSESSED, POSTS_COLLECTED
from services.usecases.ports import Log, Message, Received, Subscription

WAIT = 20.0
TOPIC = POSTS_COLLECTED
OpenLog = Callable[[], Log]


@pytest.fixture(
    params=["local", pytest.param("postgres", marks=pytest.mark.real), pytest.param("kafka", marks=pytest.mark.real)]
)
def open_log(request: pytest.FixtureRequest) -> OpenLog:
    logs: OpenLog = request.getfixturevalue(f"{request.param}_logs")
    return logs


def messages(count: int, keys: int = 7, prefix: str = "m") -> list[Message]:
    return [Message(f"{prefix}{number}", f"source:{number % keys}", b"%d" % number) for number in range(count)]


async def read(member: Subscription, count: int, commit: bool = True) -> list[Received]:
    """At least `count` messages, however many batches that takes."""
    found: list[Received] = []
    async with asyncio.timeout(WAIT):
        while len(found) < count:
            some = await member.batch(100, 1.0)
            if commit:
                await member.commit(some)
            found.extend(some)
    return found


def ids(received: Sequence[Received]) -> list[str]:
    return sorted(one.id for one in received)


async def test_what_is_published_comes_back_as_it_was(log: Log) -> None:
    sent = [Message("编号-1", "来源:甲", "正文 ☂".encode()), Message("2", "", b"")]
    await log.publish(TOPIC, sent)
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 2)
    assert {(one.id, one.key, one.body, one.topic) for one in got} == {
        (one.id, one.key, one.body, TOPIC) for one in sent
    }


async def test_messages_of_one_key_keep_their_order_over_many_publishes(log: Log) -> None:
    sent = messages(300)
    for start in range(0, 300, 30):
        await log.publish(TOPIC, sent[start : start + 30])
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 300)
    for key in {one.key for one in sent}:
        assert [one.id for one in got if one.key == key] == [one.id for one in sent if one.key == key]


async def test_offsets_of_a_partition_only_grow(log: Log) -> None:
    await log.publish(TOPIC, messages(50))
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 50)
    for partition in {one.partition for one in got}:
        offsets = [one.offset for one in got if one.partition == partition]
        assert offsets == sorted(set(offsets))


async def test_a_batch_is_never_larger_than_asked(log: Log) -> None:
    await log.publish(TOPIC, messages(50))
    async with log.subscribe(TOPIC, "g") as member:
        assert len(await member.batch(7, WAIT)) <= 7


async def test_waiting_for_nothing_gives_nothing(log: Log) -> None:
    async with log.subscribe(TOPIC, "g") as member:
        assert list(await member.batch(10, 0.2)) == []


async def test_publishing_nothing_is_allowed(log: Log) -> None:
    await log.publish(TOPIC, [])


async def test_who_waits_gets_what_is_published_meanwhile(log: Log) -> None:
    async with log.subscribe(TOPIC, "g") as member:
        waiting = asyncio.create_task(member.batch(10, WAIT))
        await asyncio.sleep(0)
        await log.publish(TOPIC, messages(1))
        assert ids(await waiting) == ["m0"]


async def test_a_publish_by_another_process_reaches_who_waits(open_log: OpenLog) -> None:
    here, elsewhere = open_log(), open_log()
    async with here.subscribe(TOPIC, "g") as member:
        waiting = asyncio.create_task(member.batch(10, WAIT))
        await asyncio.sleep(0)
        await elsewhere.publish(TOPIC, messages(1))
        assert ids(await waiting) == ["m0"]


async def test_rewind_gives_again_what_was_not_committed(log: Log) -> None:
    await log.publish(TOPIC, messages(40))
    async with log.subscribe(TOPIC, "g") as member:
        first = await read(member, 40, commit=False)
        await member.rewind()
        again = await read(member, 40)
    assert ids(again) == ids(first)


async def test_rewind_does_not_give_again_what_was_committed(log: Log) -> None:
    await log.publish(TOPIC, messages(40))
    async with log.subscribe(TOPIC, "g") as member:
        done = await member.batch(15, WAIT)
        await member.commit(done)
        await member.batch(10, WAIT)
        await member.rewind()
        rest = await read(member, 40 - len(done))
    assert ids([*done, *rest]) == ids_of(messages(40))


def ids_of(sent: Sequence[Message]) -> list[str]:
    return sorted(one.id for one in sent)


async def test_a_part_of_a_batch_can_be_committed(log: Log) -> None:
    await log.publish(TOPIC, messages(20, keys=1))
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 20, commit=False)
        await member.commit(got[:8])
        await member.rewind()
        assert [one.id for one in await read(member, 12)] == [one.id for one in got[8:]]


async def test_commits_survive_reopening(open_log: OpenLog) -> None:
    await open_log().publish(TOPIC, messages(30))
    async with open_log().subscribe(TOPIC, "g") as member:
        done = await member.batch(12, WAIT)
        await member.commit(done)
    async with open_log().subscribe(TOPIC, "g") as member:
        rest = await read(member, 30 - len(done))
    assert ids([*done, *rest]) == ids_of(messages(30))


async def test_leaving_without_commit_gives_everything_to_the_next(open_log: OpenLog) -> None:
    await open_log().publish(TOPIC, messages(30))
    async with open_log().subscribe(TOPIC, "g") as member:
        await member.batch(12, WAIT)
    async with open_log().subscribe(TOPIC, "g") as member:
        assert ids(await read(member, 30)) == ids_of(messages(30))


async def test_two_members_of_a_group_lose_nothing_between_them(log: Log) -> None:
    got: list[Received] = []

    async def work(member: Subscription) -> None:
        while len({one.id for one in got}) < 400:
            some = await member.batch(20, 0.5)
            got.extend(some)
            await member.commit(some)

    async with log.subscribe(TOPIC, "g") as first, log.subscribe(TOPIC, "g") as second:
        await log.publish(TOPIC, messages(400, keys=40))
        async with asyncio.timeout(WAIT):
            await asyncio.gather(work(first), work(second))
    assert sorted({one.id for one in got}) == ids_of(messages(400))


async def test_a_second_member_joining_in_the_middle_loses_nothing(log: Log) -> None:
    await log.publish(TOPIC, messages(200, keys=40))
    got: list[Received] = []
    async with log.subscribe(TOPIC, "g") as first:
        early = await first.batch(20, WAIT)
        async with log.subscribe(TOPIC, "g") as second:
            await first.commit(early)
            got.extend(early)
            async with asyncio.timeout(WAIT):
                while len({one.id for one in got}) < 200:
                    for member in (first, second):
                        some = await member.batch(50, 0.2)
                        got.extend(some)
                        await member.commit(some)
    assert sorted({one.id for one in got}) == ids_of(messages(200))


async def test_two_groups_each_get_everything(log: Log) -> None:
    await log.publish(TOPIC, messages(25))
    async with log.subscribe(TOPIC, "one") as first, log.subscribe(TOPIC, "other") as second:
        assert ids(await read(first, 25)) == ids(await read(second, 25)) == ids_of(messages(25))


async def test_topics_do_not_mix(log: Log) -> None:
    await log.publish(POSTS_ASSESSED, messages(3, prefix="other"))
    await log.publish(TOPIC, messages(3))
    async with log.subscribe(TOPIC, "g") as member:
        assert ids(await read(member, 3)) == ids_of(messages(3))


async def test_a_message_of_one_megabyte_passes(log: Log) -> None:
    body = bytes(range(256)) * 4096
    await log.publish(TOPIC, [*messages(3), Message("big", "source:0", body), *messages(3, prefix="n")])
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 7)
    assert next(one for one in got if one.id == "big").body == body


async def test_a_repeated_publish_is_recognisable_by_its_id(log: Log) -> None:
    await log.publish(TOPIC, messages(10))
    await log.publish(TOPIC, messages(10))
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 20)
    assert {one.id for one in got} == set(ids_of(messages(10)))


async def test_publishing_from_many_tasks_at_once_loses_nothing(log: Log) -> None:
    await asyncio.gather(*(log.publish(TOPIC, messages(20, prefix=f"{task}-")) for task in range(20)))
    async with log.subscribe(TOPIC, "g") as member:
        assert len(set(ids(await read(member, 400)))) == 400


async def test_lag_counts_what_is_not_committed(log: Log) -> None:
    await log.publish(TOPIC, messages(30))
    async with log.subscribe(TOPIC, "g") as member:
        got = await read(member, 30, commit=False)
        assert await member.lag() == 30
        await member.commit(got)
        assert await member.lag() == 0


async def test_a_working_log_is_ready(log: Log) -> None:
    await log.ready()
