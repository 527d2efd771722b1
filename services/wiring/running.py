"""Running roles: until SIGTERM or SIGINT, with the logs set up."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TextIO, cast

import structlog

from config.settings import Settings, load_settings
from services.wiring.house import House, open_house

Role = Callable[[House, str, asyncio.Event], Awaitable[None]]


class _Stderr:
    """Whatever stderr is when something is written, not what it was when logging was set up."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def set_up_logs(settings: Settings) -> None:
    """JSON lines on stderr; stdout belongs to results."""
    level = getattr(logging, settings.log_level.upper())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, _Stderr())),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    # A tick left out because the last one still runs is how the clock is meant to work.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def stop_on_signals() -> asyncio.Event:
    """Set by SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    return stop


async def run_alone(role: str, run: Role) -> None:
    """One role in this process, against the configured database and log."""
    settings = load_settings()
    set_up_logs(settings)
    stop = stop_on_signals()
    async with open_house(settings) as house:
        structlog.get_logger().info("started", role=role)
        await run(house, role, stop)
    structlog.get_logger().info("stopped", role=role)
