"""The clocks as ONE table: what each role does again and again. A clock's libraries are loaded when it starts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from services.wiring import House

Clock = Callable[[House, asyncio.Event], Coroutine[Any, Any, None]]


async def _collect(house: House, stop: asyncio.Event) -> None:
    from producers import collect

    await collect.run(house, stop)


async def _supervise(house: House, stop: asyncio.Event) -> None:
    from producers import supervise

    await supervise.run(house, stop)


async def _tidy(house: House, stop: asyncio.Event) -> None:
    from producers import tidy

    await tidy.run(house, stop)


async def _relay(house: House, stop: asyncio.Event) -> None:
    from producers import relay

    await relay.run(house, stop)


CLOCKS: dict[str, Sequence[Clock]] = {
    "collect": (_collect,),
    "supervise": (_supervise, _tidy),
    "relay": (_relay,),
}


async def run(house: House, role: str, stop: asyncio.Event) -> None:
    """Everything one role does by the clock, until `stop` is set."""
    async with asyncio.TaskGroup() as group:
        for clock in CLOCKS[role]:
            group.create_task(clock(house, stop))
