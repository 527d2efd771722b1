"""监测: posts.assessed → incidents and their ledger, in one transaction a batch."""

from __future__ import annotations

from collections.abc import Sequence

from consumers.pipe import Pipe
from services.adapters import wire
from services.topics import POSTS_ASSESSED
from services.usecases.ports import Received
from services.usecases.tracking import Arrival, take_in
from services.wiring import House


def track_pipe(house: House) -> Pipe:
    """Offsets are committed after the transaction; a repeat finds its message ids already seen."""

    async def take(arrivals: Sequence[Arrival]) -> None:
        moment = await house.moment()
        async with house.store.unit() as unit:
            done = await take_in(unit, house.grouper, arrivals, house.rules, moment)
        if done.broke_at:
            from services.wiring.sources import broke_news  # the collector's parts, only once there are news

            await broke_news(house, sorted(set(done.broke_at)))

    return Pipe("track", POSTS_ASSESSED, _read, take, writes="incident, ledger, post, left_out")


def _read(received: Received) -> Arrival:
    return Arrival(received.id, *wire.decode_assessed(received.body))
