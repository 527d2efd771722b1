"""Every role of the service by name, and how to run one or all of them in this process.

A role's parts are imported when it runs, beside the loop: its process stays small, and the web answers meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from services.wiring import House

Run = Callable[["House", asyncio.Event], Awaitable[None]]
_one_at_a_time = Lock()


async def _parts(module: str) -> Any:
    """The module, imported in a thread."""

    def imported() -> Any:
        with _one_at_a_time:
            return import_module(module)

    return await asyncio.to_thread(imported)


def _consumer(role: str) -> Run:
    async def consuming(house: House, stop: asyncio.Event) -> None:
        topology = await _parts("consumers.topology")
        await topology.run(house, role, stop)

    return consuming


def _producer(role: str) -> Run:
    async def producing(house: House, stop: asyncio.Event) -> None:
        schedule = await _parts("producers.schedule")
        await _parts(f"producers.{role}")  # its clock finds it loaded
        await schedule.run(house, role, stop)

    return producing


async def web(house: House, stop: asyncio.Event, ready: Callable[[str], None] = lambda _address: None) -> None:
    """Serve the console until `stop` is set."""
    server = await _parts("services.web.server")
    await server.run(house, stop, ready)


ROLES: dict[str, Run] = {
    **{role: _producer(role) for role in ("collect", "supervise", "relay")},
    **{role: _consumer(role) for role in ("assess", "track", "notify", "project")},
    "web": web,
}
NAMES = tuple(ROLES)


def _raised_below(_trouble: Exception) -> None:
    return


async def run_all(
    house: House,
    stop: asyncio.Event,
    ready: Callable[[str], None],
    failed: Callable[[Exception], None] = _raised_below,
) -> None:
    """Everything at once. If a role ends by an error, all are stopped in good order, and then the error is raised.

    The web comes first: while it answers already, the others load what they need. `failed` is told of an error at once:
    a role that hangs may keep the others from ending.
    """
    answering, troubles = asyncio.Event(), list[Exception]()

    async def watched(run: Run) -> None:
        try:
            await run(house, stop)
        except Exception as trouble:  # noqa: BLE001 - raised below, when nothing runs any more
            troubles.append(trouble)
            failed(trouble)
            stop.set()
        finally:
            answering.set()

    def announce(address: str) -> None:
        answering.set()
        ready(address)

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(watched(partial(web, ready=announce)))
            await answering.wait()
            for name, run in ROLES.items():
                if name != "web" and not stop.is_set():
                    group.create_task(watched(run))
    except asyncio.CancelledError:
        if not troubles:  # else whoever stopped us in the end is to know why it came to that
            raise
    if troubles:
        raise ExceptionGroup("roles that ended by an error", troubles)
