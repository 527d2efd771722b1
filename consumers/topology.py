"""The topology as ONE table: which consumer reads which topic, what it calls, what it writes."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Sequence

from consumers.assess import assess_pipe
from consumers.notify import deliver, notify_pipe
from consumers.pipe import Pipe, Worker
from consumers.project import project_pipe
from consumers.track import track_pipe
from services.topics import POSTS_BACKFILLED, POSTS_COLLECTED
from services.wiring import House

PIPES: dict[str, Sequence[Callable[[House], Pipe]]] = {
    "assess": (
        lambda house: assess_pipe(house, POSTS_COLLECTED),
        lambda house: assess_pipe(house, POSTS_BACKFILLED),
    ),
    "track": (track_pipe,),
    "notify": (notify_pipe,),
    "project": (project_pipe,),
}


def workers(house: House, role: str) -> list[Worker]:
    """The workers of one role."""
    return [Worker(make(house), house.log, house.dead_letters, house.clock) for make in PIPES[role]]


def _warm_up(house: House, role: str) -> None:
    """Load what is costly before the first message comes, not while it waits."""
    needed = {"assess": "assessor", "track": "grouper"}.get(role)
    if needed:
        getattr(house, needed)
        gc.freeze()  # what was loaded stays: looking through it again and again costs tracking a tenth of its time


async def run(house: House, role: str, stop: asyncio.Event) -> None:
    """Consume until `stop` is set; what is under way is finished and committed first."""
    await asyncio.to_thread(_warm_up, house, role)
    running = workers(house, role)
    async with asyncio.TaskGroup() as group:
        for worker in running:
            group.create_task(worker.run())
        if role == "notify":
            group.create_task(deliver(house, stop))
        await stop.wait()
        for worker in running:
            worker.stopping.set()
