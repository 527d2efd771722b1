"""Every role of the service by name, and how to run one or all of them in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from consumers import topology
from producers import relay, supervise
from services.wiring import House

Run = Callable[[House, asyncio.Event], Awaitable[None]]


def _consumer(role: str) -> Run:
    return lambda house, stop: topology.run(house, role, stop)


async def supervising(house: House, stop: asyncio.Event) -> None:
    """Sweep what is due, and every hour tidy up."""
    from producers import tidy  # knows grouping and sources, which the other roles do not need

    async with asyncio.TaskGroup() as group:
        group.create_task(supervise.run(house, stop))
        group.create_task(tidy.run(house, stop))


async def collecting(house: House, stop: asyncio.Event) -> None:
    """Look at the sources until `stop` is set."""
    from producers import collect  # the other roles run without the readers of feeds and sheets

    await collect.run(house, stop)


async def web(house: House, stop: asyncio.Event, ready: Callable[[str], None] = lambda _address: None) -> None:
    """Serve the console until `stop` is set."""
    from services.web import server  # the other roles run without the web's libraries

    await server.run(house, stop, ready)


ROLES: dict[str, Run] = {
    "collect": collecting,
    "supervise": supervising,
    "relay": relay.run,
    **{role: _consumer(role) for role in topology.PIPES},
    "web": web,
}
NAMES = tuple(ROLES)


async def run_all(house: House, stop: asyncio.Event, ready: Callable[[str], None]) -> None:
    """Everything at once. If one role ends by an error, all are stopped and the error is raised."""
    async with asyncio.TaskGroup() as group:
        for name, run in ROLES.items():
            started = partial(web, ready=ready) if name == "web" else run
            group.create_task(_watched(name, started, house, stop))


async def _watched(name: str, run: Run, house: House, stop: asyncio.Event) -> None:
    try:
        await run(house, stop)
    except BaseException:
        stop.set()
        raise
