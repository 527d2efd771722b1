"""Running roles until SIGTERM or SIGINT, and ending soon after it whatever hangs."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextlib import suppress
from types import ModuleType
from typing import Any

import structlog

from config.settings import load_settings
from services.wiring.config_files import read_at_start
from services.wiring.house import House, open_house
from services.wiring.logs import set_up_logs

Role = Callable[[House, str, asyncio.Event], Awaitable[None]]
log = structlog.get_logger(__name__)
GRACE_SECONDS = 3.0
LAST_SECONDS = 4.5


def stop_on_signals() -> asyncio.Event:
    """Set by SIGTERM or SIGINT. The process ends within five seconds after it, whatever hangs."""
    stop = asyncio.Event()

    def heard() -> None:
        stop.set()
        leave_at_last()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, heard)
    return stop


async def until_stopped(work: Coroutine[Any, Any, None], stop: asyncio.Event) -> None:
    """Run `work`, the whole of a process, and end soon after `stop` is set.

    1. What is under way may end. 2. What takes longer than the grace (a member that waits for its group, a notice to a
    server that does not answer) is cancelled: nothing of it is committed, and it is done again after the next start.
    3. What cannot even be cancelled, because a frozen server does not say good-bye, ends with the process.
    """
    running, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({running, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if stop.is_set():
        await asyncio.wait({running}, timeout=GRACE_SECONDS)
        running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def leave_at_last(code: int = 0, reason: str = "") -> None:
    """End the process by this code if it has not ended soon; `reason` is the line that nobody else could write then.

    A thread, because the event loop itself may be what hangs; a process that ends in time takes it along.
    """
    last = threading.Timer(LAST_SECONDS, _leave, (code, reason))
    last.daemon = True
    last.start()


def _leave(code: int, reason: str) -> None:
    log.warning("left what hangs", why="a server does not answer; what was under way is done again")
    if reason:
        print(reason, file=sys.stderr)
    sys.stderr.flush()
    os._exit(code)


def run_from_arguments(table: ModuleType, roles: Iterable[str], run: Role) -> None:
    """`python -m PACKAGE ROLE`: one of the roles of this table in this process, until SIGTERM."""
    parser = argparse.ArgumentParser(prog=f"python -m {table.__package__}", description=table.__doc__)
    parser.add_argument("role", choices=sorted(roles))
    asyncio.run(_run_alone(parser.parse_args().role, run))


async def _run_alone(role: str, run: Role) -> None:
    """One role in this process, against the configured database and log."""
    settings = load_settings()
    set_up_logs(settings)
    stop = stop_on_signals()
    read_at_start(settings.config_dir, {role})

    async def work() -> None:
        async with open_house(settings) as house:
            log.info("started", role=role)
            await run(house, role, stop)

    await until_stopped(work(), stop)
    log.info("stopped", role=role)
