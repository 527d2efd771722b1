"""incidents.changed → the desk, which the pages and the tables read."""

from __future__ import annotations

from collections.abc import Sequence

from consumers.pipe import Pipe
from services.adapters import wire
from services.domain.ledger import Entry
from services.topics import INCIDENTS_CHANGED
from services.usecases.ports import Received
from services.usecases.projecting import project
from services.wiring import House


def project_pipe(house: House) -> Pipe:
    """Idempotent: the desk may be rebuilt by reading the topic again."""

    async def take(entries: Sequence[Entry]) -> None:
        await project(house.desk, entries)

    return Pipe("project", INCIDENTS_CHANGED, _read, take, writes="desk_incident, desk_feed")


def _read(received: Received) -> Entry:
    return wire.decode_entry(received.body)
