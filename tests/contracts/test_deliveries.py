"""Delivery rows on both databases: written once, claimed once, outcome kept."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from config.channels import load_retry
from services.adapters.database import Database
from services.adapters.store.deliveries import DeliveryStore
from services.domain.delivery import Address, Delivery, DeliveryState, Outcome, Result, delivery_id
from services.domain.notice import Draft

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
LEASE = timedelta(seconds=60)


def delivery(message: str, person: str = "甲", urgent: bool = False) -> Delivery:
    draft = Draft("20260302-aa", "标题", ("事由：新事件",), "", NOW, urgent)
    name = delivery_id(message, person, "email")
    return Delivery(name, message, Address(person, "email", "a@example.org"), draft, NOW, next_attempt_at=NOW)


async def add(database: Database, *rows: Delivery) -> DeliveryStore:
    store = DeliveryStore(database)
    async with database.write() as connection:
        await store.within(connection).add(rows)
    return store


async def test_a_row_is_read_back_as_it_was_written(database: Database) -> None:
    row = delivery("m:1")
    store = await add(database, row, row)
    assert await store.of_incident("20260302-aa") == [row]
    async with database.write() as connection:
        assert await store.within(connection).known([row.id, "none"]) == {row.id}


async def test_what_is_due_is_claimed_once_and_the_urgent_first(database: Database) -> None:
    later = replace(delivery("m:3"), next_attempt_at=NOW + timedelta(seconds=1))
    store = await add(database, delivery("m:1"), delivery("m:2", urgent=True), later)
    first, second = await asyncio.gather(store.claim(NOW, LEASE, 10, "email"), store.claim(NOW, LEASE, 10, "email"))
    assert sorted(d.message_id for d in [*first, *second]) == ["m:1", "m:2"]
    assert [d.message_id for d in first or second] == ["m:2", "m:1"]
    assert {(d.state, d.attempts, d.again) for d in [*first, *second]} == {(DeliveryState.SENDING, 1, False)}


async def test_a_claim_that_ran_out_is_taken_again_and_marked(database: Database) -> None:
    store = await add(database, delivery("m:1"))
    await store.claim(NOW, LEASE, 10, "email")
    assert await store.claim(NOW + LEASE - timedelta(seconds=1), LEASE, 10, "email") == []
    [taken] = await store.claim(NOW + LEASE, LEASE, 10, "email")
    assert (taken.attempts, taken.again) == (2, True)


async def test_an_outcome_is_kept_and_a_failure_waits_for_its_time(database: Database) -> None:
    store = await add(database, delivery("m:1"))
    [claimed] = await store.claim(NOW, LEASE, 10, "email")
    failed = claimed.after(Outcome(Result.REFUSED, "421", "busy"), NOW, load_retry())
    await store.settle(failed)
    assert await store.of_incident("20260302-aa") == [failed]
    assert await store.next_due() == NOW + timedelta(seconds=10)
    assert await store.counts() == {"waiting": 1}
    [claimed] = await store.claim(NOW + timedelta(seconds=10), LEASE, 10, "email")
    lost = claimed.after(Outcome(Result.REFUSED, "550", "no"), NOW, replace(load_retry(), attempts=2))
    await store.settle(lost)
    assert await store.given_up() == [lost]
    assert await store.next_due() is None


async def test_each_channel_claims_its_own(database: Database) -> None:
    """A provider that hangs must not hold the rows of another."""
    robot = replace(delivery("m:2"), id="other", to=Address("甲", "wecom", "https://robot.example"))
    store = await add(database, delivery("m:1"), robot)
    assert sorted(await store.due(NOW)) == [("email", "a@example.org"), ("wecom", "https://robot.example")]
    assert [d.message_id for d in await store.claim(NOW, LEASE, 10, "wecom")] == ["m:2"]
    assert await store.due(NOW) == [("email", "a@example.org")]


async def test_each_receiver_may_be_claimed_for_by_itself(database: Database) -> None:
    hooks = [
        replace(delivery(f"m:{n}"), id=f"d{n}", to=Address("甲", "webhook", f"https://{where}.example/in"))
        for n, where in enumerate(("one", "one", "other"))
    ]
    store = await add(database, *hooks)
    claimed = await store.claim(NOW, LEASE, 10, "webhook", "https://one.example/in")
    assert [d.message_id for d in claimed] == ["m:0", "m:1"]
    assert await store.due(NOW) == [("webhook", "https://other.example/in")]


async def test_an_outcome_that_comes_after_the_claim_ran_out_overwrites_no_later_one(database: Database) -> None:
    store = await add(database, delivery("m:1"))
    [slow] = await store.claim(NOW, LEASE, 10, "email")
    [second] = await store.claim(NOW + LEASE, LEASE, 10, "email")
    sent = second.after(Outcome(Result.DELIVERED, "250"), NOW + LEASE, load_retry())
    await store.settle(slow.after(Outcome(Result.UNKNOWN, "timeout"), NOW + LEASE, load_retry()))
    await store.settle(sent)
    await store.settle(slow.after(Outcome(Result.UNKNOWN, "timeout"), NOW + LEASE, load_retry()))
    assert await store.of_incident("20260302-aa") == [sent]
