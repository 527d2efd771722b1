"""The tick. APScheduler keeps no job store here and knows no deadline: those are rows, found by sweeping."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from services.usecases.ports import NotNow

# A tick left out because the last one still runs is how it should be, not a warning.
logging.getLogger("apscheduler").setLevel(logging.ERROR)
# A tick that is cancelled before its first step has not failed either.
logging.getLogger("apscheduler.executors.default").addFilter(
    lambda told: not (told.exc_info and isinstance(told.exc_info[1], asyncio.CancelledError))
)

log = structlog.get_logger(__name__)
Job = Callable[[], Awaitable[object]]


class Ticker:
    """A job that runs again and again until it is stopped."""

    def __init__(self, scheduler: AsyncIOScheduler) -> None:
        self._scheduler, self._stopped = scheduler, False

    def stop(self) -> None:
        """No tick starts after this; one that is under way is cancelled, and its transaction with it."""
        if not self._stopped:
            self._stopped = True
            self._scheduler.shutdown(wait=False)


def every(seconds: float, job: Job, *, name: str) -> Ticker:
    """Run `job` every `seconds` of real time in the running event loop, the first time after one period.

    A tick that comes while the last one still runs is left out, late ticks are never dropped but merged into one
    (LIBRARIES finding 6), and a job that fails is logged and runs again.
    """

    async def tick() -> None:
        with suppress(asyncio.CancelledError):
            await _safely(job, name)

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.start()
    trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
    scheduler.add_job(tick, trigger, id=name, misfire_grace_time=None, coalesce=True, max_instances=1)
    return Ticker(scheduler)


async def _safely(job: Job, name: str) -> None:
    try:
        await job()
    except NotNow as error:
        log.warning("tick_not_now", job=name, reason=str(error))
    except Exception:
        # A clock that stopped because one tick failed would miss every later deadline.
        log.exception("tick_failed", job=name)
