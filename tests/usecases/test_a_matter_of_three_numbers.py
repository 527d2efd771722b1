"""合并: what had taken in another comes into a third, and leaves it again whole; on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.domain.incident import Moment, Refused
from services.domain.post import Post
from services.usecases.handling import Command, perform
from tests.domain.incident.cast import OFFICER, START, Names, hours, post
from tests.usecases.test_tracking import arrival, taken

LAMPS = replace(post("a"), title="道里区路灯不亮", text="道里区友谊路路灯坏了一个月，晚上很黑，请尽快维修。")
WATER = replace(post("b"), title="香坊区停水", text="香坊区公滨路自来水停水三天，居民用水困难，请尽快解决。")
BUSES = replace(post("c"), title="南岗区公交车", text="南岗区学府路公交车等了一个小时都不来，请增加班次。")


@pytest.fixture
async def numbers(database: Database) -> list[str]:
    """Of lamps, water and buses: the lamps were merged into the water, and that into the buses."""
    await taken(database, arrival(LAMPS), arrival(WATER), arrival(BUSES))
    lamps, water, buses = [await number_of(database, one) for one in (LAMPS, WATER, BUSES)]
    await act(database, water, "merge", 1, other=lamps)
    await act(database, buses, "merge", 2, other=water)
    return [lamps, water, buses]


async def number_of(database: Database, one: Post) -> str:
    async with IncidentStore(database).unit() as unit:
        return (await unit.holders([one.key]))[one.key]


async def act(database: Database, number: str, act: str, after: float, **given: object) -> None:
    async with IncidentStore(database).unit() as unit:
        await perform(unit, Command(act, number, given), Moment(START + hours(after), Names(), OFFICER))


async def held(database: Database, number: str) -> tuple[str, ...]:
    async with IncidentStore(database).unit() as unit:
        return (await unit.load([number]))[number].numbers


async def test_all_three_lead_to_the_one_and_two_of_them_leave_together(database: Database, numbers: list[str]) -> None:
    lamps, water, buses = numbers
    assert await held(database, buses) == (buses, water, lamps)
    await act(database, buses, "split", 3, incident=water)
    assert await held(database, buses) == (buses,)
    assert await held(database, water) == (water, lamps)


async def test_a_copy_follows_the_first_out_of_the_third(database: Database, numbers: list[str]) -> None:
    _, water, buses = numbers
    before = replace(LAMPS, id="a2", source="另一网站", collected_at=START + hours(3))
    after = replace(LAMPS, id="a3", source="又一网站", collected_at=START + hours(5))
    await taken(database, arrival(before))
    assert await number_of(database, before) == buses
    await act(database, buses, "split", 4, incident=water)
    await taken(database, arrival(after))
    assert [await number_of(database, one) for one in (before, after)] == [water, water]


async def test_a_post_of_the_first_is_parted_with_only_by_way_of_the_second(
    database: Database, numbers: list[str]
) -> None:
    _, water, buses = numbers
    with pytest.raises(Refused, match=f"属于并入的{water}，请先撤销该合并"):
        await act(database, buses, "split", 3, posts=[LAMPS.key])
