"""礼貌: to one host two requests at once and two seconds between them, also where they had to wait for a place."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from services.adapters.fetch.politeness import Politeness
from services.usecases.collecting import Crowded


class HandTime:
    """Seconds that pass when somebody waits for them."""

    def __init__(self) -> None:
        self.at = 1000.0

    def now(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += seconds


async def test_requests_to_one_host_are_two_seconds_apart() -> None:
    time, starts = HandTime(), []
    polite = Politeness(now=time.now, pause=time.pause)
    for _ in range(5):
        async with polite.turn("a.test"):
            starts.append(time.now())
        async with polite.turn("b.test"):
            pass
    assert min(later - earlier for earlier, later in pairwise(starts)) >= 2.0


async def test_a_host_is_asked_by_two_at_once_and_no_third() -> None:
    polite, inside, leave = Politeness(spacing=0), [], asyncio.Event()

    async def visit() -> None:
        async with polite.turn("a.test"):
            inside.append(1)
            await leave.wait()

    visits = [asyncio.create_task(visit()) for _ in range(3)]
    await some_steps()
    assert len(inside) == 2
    leave.set()
    await asyncio.gather(*visits)
    assert len(inside) == 3


@pytest.mark.parametrize("occupied", ["both places of the host", "all places there are"])
async def test_those_who_waited_for_a_place_still_start_two_seconds_apart(occupied: str) -> None:
    time, starts, leave = HandTime(), list[float](), asyncio.Event()
    polite = Politeness(now=time.now, pause=time.pause, places=(2, 1))

    async def stay(host: str) -> None:
        async with polite.turn(host):
            await leave.wait()

    async def visit() -> None:
        async with polite.turn("a.test"):
            starts.append(time.now())

    hosts = ["a.test"] * 2 if occupied == "both places of the host" else ["b.test", "c.test"]
    visits = [asyncio.create_task(stay(host)) for host in hosts]
    await some_steps()
    visits += [asyncio.create_task(visit()) for _ in range(3)]
    await some_steps()
    assert starts == []
    time.at += 15
    leave.set()
    await asyncio.gather(*visits)
    assert [later - earlier for earlier, later in pairwise(starts)] == [2.0, 2.0]


async def some_steps() -> None:
    """Everybody gets as far as they can."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_turn_that_is_too_far_away_is_refused_and_not_queued() -> None:
    leave = asyncio.Event()

    async def at_last(seconds: float) -> None:
        await leave.wait()

    async def visit() -> None:
        async with polite.turn("a.test"):
            pass

    polite = Politeness(spacing=2.0, now=HandTime().now, pause=at_last)
    visits = [asyncio.create_task(visit()) for _ in range(11)]
    await some_steps()
    with pytest.raises(Crowded) as caught:
        await visit()
    assert caught.value.seconds == pytest.approx(22.0)
    for one in visits:
        one.cancel()
    await asyncio.gather(*visits, return_exceptions=True)


async def test_hosts_known_to_be_slow_share_a_few_places_and_leave_the_rest_alone() -> None:
    polite, leave, inside = Politeness(spacing=0, places=(2, 1)), asyncio.Event(), []

    async def visit(host: str) -> None:
        async with polite.turn(host):
            inside.append(host)
            await leave.wait()

    for host in ("slow1", "slow2"):
        async with polite.turn(host):
            polite.remember(host, slow=True)
    visits = [asyncio.create_task(visit(host)) for host in ("slow1", "slow2", "good1", "good2")]
    await some_steps()
    assert sorted(inside) == ["good1", "good2", "slow1"]
    leave.set()
    await asyncio.gather(*visits)
