"""HARDENING F10 to its end: a hundred mirrors are one incident, an edit opens none, the past rings no bell."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from services.domain.ledger import Entry
from services.domain.source import Source
from services.domain.vocabulary import EntryKind
from services.usecases.collecting import backfill
from services.wiring import House, SteppedClock, open_house
from tests.collecting_kit import LOOPBACK, START, Asked, answer, web
from tests.flow.town_kit import digested, looked_at, unhurried

MIRRORS = 100
TEXT = (
    "哈尔滨市南岗区经纬街某小区三号楼自十一月十五日起暖气不热，室内温度只有十四度，"
    "多次拨打供热公司电话无人处理，家中有老人和孩子，请有关部门尽快解决。"
)


class Page:
    """One letter as every mirror shows it, under a guid and an address of its own."""

    def __init__(self) -> None:
        self.title, self.at = "南岗区经纬街供暖不热", "Sun, 22 Nov 2026 07:55:00 +0800"

    async def __call__(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        place = asked.path.strip("/")
        link = f"http://mirror{place}.example.cn/a/1.html?utm_source={place}"
        item = f"<guid>{place}-{self.title}</guid><link>{link}</link><title>{self.title}</title>"
        item += f"<description>{TEXT}</description><pubDate>{self.at}</pubDate>"
        answer(writer, 200, f"<rss version='2.0'><channel><item>{item}</item></channel></rss>".encode())


@pytest.fixture
async def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
async def house(tmp_path: Path, clock: SteppedClock) -> AsyncIterator[House]:
    async with open_house(Settings(data_dir=tmp_path, allowed_networks=LOOPBACK), clock) as opened:
        yield opened


def counted(ledger: list[Entry]) -> Counter[EntryKind]:
    return Counter(entry.kind for entry in ledger)


async def test_a_hundred_mirrors_are_one_incident_and_an_edit_opens_no_second(
    house: House, clock: SteppedClock, figure: Callable[[str], None]
) -> None:
    page = Page()
    async with web(page) as server:
        sources = [Source(f"m{n}", server.url(f"/{n}")) for n in range(MIRRORS)]
        await looked_at(house, sources)
        first = counted(await digested(house))
        assert (first[EntryKind.INCIDENT_REPORTED], first[EntryKind.POST_ATTACHED]) == (1, MIRRORS - 1)
        assert first[EntryKind.DUTY_OPENED] > 0
        page.title = "南岗区经纬街供暖不热（更新）"
        clock.move_to(START + timedelta(days=1))
        edited = await looked_at(house, sources)
    assert [outcome.published for outcome in edited] == [1] * MIRRORS, "edits go out as versions"
    after = counted(await digested(house))
    assert after[EntryKind.INCIDENT_REPORTED] == 1
    figure("F10 a hundred mirrors and an edit: one incident, the edit a version")


async def test_an_explosion_shown_where_a_street_lamp_was_is_an_incident_of_its_own(
    house: House, clock: SteppedClock
) -> None:
    shown = ("哈尔滨市南岗区经纬街路灯不亮", "哈尔滨市南岗区经纬街路灯不亮一周，请有关部门维修")

    async def live(asked: Asked, writer: asyncio.StreamWriter) -> None:
        item = (
            f"<title>{shown[0]}</title><link>http://news.example.cn/live/</link><description>{shown[1]}</description>"
        )
        answer(writer, 200, f"<rss version='2.0'><channel><item>{item}</item></channel></rss>".encode())

    async with web(live) as server:
        await looked_at(house, [Source("live", server.url())])
        assert counted(await digested(house))[EntryKind.INCIDENT_REPORTED] == 1
        shown = ("哈尔滨市道里区燃气爆炸已致3人死亡", "哈尔滨市道里区一小区今日燃气爆炸，已致3人死亡，9人受伤")
        clock.move_to(START + timedelta(days=1))
        await looked_at(house, [Source("live", server.url())])
    assert counted(await digested(house))[EntryKind.INCIDENT_REPORTED] == 2


async def test_what_is_filled_back_is_grouped_but_opens_no_duty_and_calls_nobody(
    house: House, clock: SteppedClock
) -> None:
    page = Page()
    page.at = "Sun, 01 Nov 2026 07:55:00 +0800"
    async with web(page) as server, unhurried(house) as tools:
        for number in range(3):
            source = Source(f"m{number}", server.url(f"/{number}"))
            await tools.store.add([source], clock.now())  # type: ignore[attr-defined]  # the real store has it
            (claimed,) = await tools.store.claim(clock.now(), 1)
            done = await backfill(tools, source, claimed.state, START - timedelta(days=30))
            assert done.published == 1
    ledger = counted(await digested(house))
    assert (ledger[EntryKind.INCIDENT_REPORTED], ledger[EntryKind.POST_ATTACHED]) == (1, 2)
    assert ledger[EntryKind.DUTY_OPENED] == ledger[EntryKind.LEVEL_ALERTED] == 0
