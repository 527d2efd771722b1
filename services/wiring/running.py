"""Running roles: until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable

import structlog

from config.settings import load_settings
from services.wiring.house import House, open_house
from services.wiring.logs import set_up_logs

Role = Callable[[House, str, asyncio.Event], Awaitable[None]]


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
