"""`until_stopped`: what ends in time ends by itself, what hangs is cancelled, and an error stays an error."""

from __future__ import annotations

import asyncio

import pytest

from services.wiring import running, until_stopped


@pytest.fixture(autouse=True)
def _short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "GRACE_SECONDS", 0.1)


def already() -> asyncio.Event:
    stop = asyncio.Event()
    stop.set()
    return stop


async def test_work_that_ends_in_time_is_not_cancelled() -> None:
    stop, done = asyncio.Event(), []

    async def work() -> None:
        stop.set()
        await asyncio.sleep(0)
        done.append("committed")

    await until_stopped(work(), stop)
    assert done == ["committed"]


async def test_work_that_hangs_is_cancelled_and_may_clean_up() -> None:
    cleaned = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append("left its group")

    await until_stopped(work(), already())
    assert cleaned == ["left its group"]


async def test_work_that_ends_by_itself_ends_without_a_signal() -> None:
    await until_stopped(asyncio.sleep(0), asyncio.Event())


async def test_an_error_is_raised_whether_stopped_or_not() -> None:
    async def work() -> None:
        raise OSError("the port is taken")

    for stop in (asyncio.Event(), already()):
        with pytest.raises(OSError, match="taken"):
            await until_stopped(work(), stop)


async def test_no_task_stays_behind() -> None:
    before = asyncio.all_tasks()
    await until_stopped(asyncio.sleep(0), asyncio.Event())
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
