"""静默 and 隔离 reach the administrators once; collectors have names; the figures are there for Prometheus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.reading import BadConfig
from config.settings import Settings
from producers import tidy
from services.adapters.accounts import Accounts
from services.adapters.store.sources import Sources
from services.domain.delivery import Delivery, DeliveryState
from services.domain.source import Source, SourceState
from services.domain.vocabulary import Role
from services.usecases.collecting import Seen
from services.wiring import House, SteppedClock, open_house
from services.wiring.sources import (
    broke_news,
    collecting_tools,
    collector_name,
    source_metrics,
    source_store,
    tell_of_trouble,
)
from tests.collecting_kit import START

MANY = 30
REASON = "解析超过 5 秒处理器时间，已终止"


@pytest.fixture
async def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
async def house(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[House]:
    async with open_house(Settings(data_dir=tmp_path, public_url="https://huiying.example.cn/"), clock) as opened:
        yield opened


async def with_sources(house: House, states: dict[str, SourceState]) -> Sources:
    store = source_store(house)
    known = {one.source.id for one in await store.all()}
    new = [Source(i, f"http://{i}.test/", name=f"源{i}") for i in states if i not in known]
    await store.add(new, house.clock.now())
    for state in states.values():
        await store.advance(state, [])
    return store


async def told(house: House) -> list[Delivery]:
    return await house.deliveries.of_person(house.people.administrators()[0])


async def test_each_trouble_is_told_once_and_the_next_one_again(house: House, clock: SteppedClock) -> None:
    isolated = SourceState("a", START, quarantined=REASON)
    silent = SourceState("b", START, silent_since=START, last_new_at=START - timedelta(days=2))
    await with_sources(house, {"a": isolated, "b": silent, "c": SourceState("c", START)})
    assert [await tell_of_trouble(house) for _ in range(2)] == [2, 0]
    (notice,) = await told(house)
    assert (notice.draft.title, notice.draft.link) == (
        "【信息源告警】1 个静默，1 个隔离",
        "https://huiying.example.cn/sources",
    )
    assert notice.draft.lines == (f"隔离：源a，{REASON}", "静默：源b，11-20 08:00 以来没有新内容")
    clock.move_to(START + timedelta(hours=1))
    await with_sources(house, {"a": replace(isolated, quarantined=""), "b": replace(silent, silent_since=None)})
    assert await tell_of_trouble(house) == 0
    await with_sources(house, {"b": replace(silent, silent_since=clock.now())})
    assert await tell_of_trouble(house) == 1
    assert len(await told(house)) == 2


async def test_an_administrator_nothing_reaches_is_not_called_told(house: House) -> None:
    """As with incidents: without an account and an address the notice is 未送达, and the system page lists it."""
    (admin,) = house.people.administrators()
    await with_sources(house, {"b": SourceState("b", START, silent_since=START)})
    await tell_of_trouble(house)
    assert [(d.to.person, d.state) for d in await house.deliveries.given_up()] == [(admin, DeliveryState.GIVEN_UP)]
    await Accounts(house.database).add(admin, Role.SYSTEM_ADMIN, "", "Long-enough-1", START)
    await with_sources(house, {"c": SourceState("c", START, silent_since=START)})
    await tell_of_trouble(house)
    assert [d.state for d in await told(house)] == [DeliveryState.DELIVERED, DeliveryState.GIVEN_UP]


async def test_a_network_that_fails_is_one_notice_not_thousands(house: House) -> None:
    await with_sources(house, {f"s{n:02}": SourceState(f"s{n:02}", START, silent_since=START) for n in range(MANY)})
    assert await tell_of_trouble(house) == MANY
    (notice,) = await told(house)
    assert (len(notice.draft.lines), notice.draft.lines[-1]) == (21, "另有 10 个，见信息源页")


async def test_a_collector_has_its_name_again_after_it_ended_and_never_another_s(house: House) -> None:
    with collector_name(house) as one, collector_name(house) as other:
        assert one != other
    with collector_name(house) as again:
        assert again == one


async def test_a_killed_collector_takes_back_its_sources_at_once(house: House) -> None:
    with collector_name(house) as name:
        store = source_store(house, name)
        await store.add([Source("a", "http://a.test/")], START)
        assert len(await store.claim(START, 1)) == 1
    with collector_name(house) as name:
        store = source_store(house, name)
        await store.resume(START)
        assert len(await store.claim(START, 1)) == 1


async def test_the_figures_of_sources_and_parser_are_numbers(house: House) -> None:
    await with_sources(house, {"a": SourceState("a", START, quarantined=REASON), "b": SourceState("b", START)})
    async with collecting_tools(house):
        figures = await source_metrics(house)
    assert (figures["total"], figures["quarantined"]) == (2.0, 1.0)
    assert (figures["parser_opened"], figures["parser_connected"]) == (0.0, 0.0)


async def test_where_an_incident_began_is_looked_at_more_often(house: House) -> None:
    store = await with_sources(house, {"a": SourceState("a", START)})
    await broke_news(house, ["a", "no such source"])
    assert (await store.all())[0].state.broke_news_at == START


async def test_what_a_source_brought_half_a_year_ago_is_forgotten(house: House, clock: SteppedClock) -> None:
    store = await with_sources(house, {"a": SourceState("a", START)})
    await store.remember("a", [Seen("old", "h", 1, "", START), Seen("new", "h", 1, "", START + timedelta(days=100))])
    clock.move_to(START + timedelta(days=200))
    assert await tidy.forget_items(house) == 1
    assert set(await store.known("a", ["old", "new"])) == {"new"}


async def test_a_proxy_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, proxy="socks5://127.0.0.1:1080")
    async with open_house(settings) as house:
        with pytest.raises(BadConfig, match="HUIYING_PROXY"):
            async with collecting_tools(house):
                await asyncio.sleep(0)
