"""督办 may run more than once: what one sweeper holds, no other visits, on either database."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.domain import incident as office
from services.domain.incident import Moment
from services.domain.vocabulary import EntryKind, EventGrade
from services.usecases.supervising import Sweep, sweep
from tests.domain.incident.cast import RULES, START, Names, minutes, post, says

DUE = START + minutes(10)
COUNT = 12


async def kept(database: Database) -> list[str]:
    found = [
        office.report(post(f"p{n}"), says(EventGrade.II, deaths=10), RULES, Moment(START, Names()))
        for n in range(COUNT)
    ]
    async with IncidentStore(database).unit() as unit:
        await unit.save(found)
    return [one.id for one in found]


async def swept(database: Database) -> Sweep:
    def stop(number: str, error: Exception) -> None:
        raise AssertionError(number) from error

    return await sweep(IncidentStore(database), Moment(DUE, Names()), stop)


async def missed(database: Database) -> Counter[str]:
    async with IncidentStore(database).unit() as unit:
        entries = await unit.unpublished(10_000)
    return Counter(e.incident_id for e in entries if e.kind is EntryKind.DUTY_MISSED)


async def test_two_sweepers_at_once_settle_every_incident_once_between_them(database: Database) -> None:
    numbers = await kept(database)
    other = Database(database.url)
    try:
        found = await asyncio.gather(swept(database), swept(other))
    finally:
        await other.close()
    assert sum(one.settled for one in found) == COUNT
    assert await missed(database) == dict.fromkeys(numbers, 1)


async def test_an_incident_settled_meanwhile_is_nobodys_any_more(database: Database) -> None:
    number, *_ = await kept(database)
    assert (await swept(database)).settled == COUNT
    async with IncidentStore(database).unit() as unit:
        assert await unit.claim(number, DUE) is None


@pytest.mark.real
async def test_what_one_sweeper_holds_the_other_passes_over_without_waiting(postgres_database: Database) -> None:
    number, *_ = await kept(postgres_database)
    other = Database(postgres_database.url)
    try:
        async with IncidentStore(other).unit() as unit:
            assert await unit.claim(number, DUE) is not None
            assert (await asyncio.wait_for(swept(postgres_database), 20)).settled == COUNT - 1
    finally:
        await other.close()
    assert (await swept(postgres_database)).settled == 1
