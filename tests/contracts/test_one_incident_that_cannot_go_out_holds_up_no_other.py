"""The outbox on both databases and both logs: what cannot be read or published waits, in order; the rest goes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import text

from services import topics
from services.adapters import wire
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.adapters.store.incidents import IncidentStore
from services.domain import incident as office
from services.domain.incident import Incident, Moment
from services.domain.ledger import Entry
from services.usecases.ports import Log
from services.usecases.relaying import BATCH, STEP_ASIDE, Outlet, relay
from tests.domain.incident.cast import OFFICER, RULES, START, Names, post, says

MOMENT = Moment(START, Names(), OFFICER)
BROKEN_AT = 4


def reported(name: str) -> Incident:
    return office.report(post(name), says(), RULES, MOMENT)


async def filed(database: Database) -> tuple[Incident, list[Incident]]:
    """One incident with more entries than a batch, the oldest of all; and others that came after it."""
    long = reported("first")
    for _ in range(BATCH + 100):
        office.consult(long, MOMENT, ["YJGL"], "统一口径")
    others = [reported(f"p{n}") for n in range(3)]
    for other in others:
        office.consult(other, Moment(START + timedelta(hours=1), Names(), OFFICER), ["YJGL"], "统一口径")
    async with IncidentStore(database).unit() as unit:
        await unit.save([long, *others])
    return long, others


def outlet(log: Log, encode: Callable[[Entry], bytes] = wire.encode_entry) -> tuple[Outlet, list[str]]:
    told: list[str] = []
    return Outlet(log, encode, lambda incident, error: told.append(incident)), told


async def relayed(database: Database, to: Outlet, after: timedelta = timedelta()) -> None:
    while await relay(IncidentStore(database), to, START + after) == BATCH:
        pass


async def published(log: Log, incidents: Sequence[Incident]) -> dict[str, list[int]]:
    """The entries on the topic by incident, in the order in which a reader meets them first."""
    found: dict[str, list[int]] = {incident.id: [] for incident in incidents}
    async with log.subscribe(topics.INCIDENTS_CHANGED, "watcher") as subscription:
        while batch := await subscription.batch(BATCH, 0.2):
            for received in batch:
                entry = wire.decode_entry(received.body)
                if entry.seq not in found[entry.incident_id]:
                    found[entry.incident_id].append(entry.seq)
    return found


async def test_rows_that_nobody_can_read_fill_no_batch(database: Database) -> None:
    long, others = await filed(database)
    async with database.write() as connection:
        spoil = "UPDATE ledger SET kind = 'nonsense' WHERE incident_id = :id AND seq >= :seq"
        await connection.execute(text(spoil), {"id": long.id, "seq": BROKEN_AT})
    log = LocalLog(database)
    await relayed(database, outlet(log)[0])
    found = await published(log, [long, *others])
    assert found.pop(long.id) == list(range(1, BROKEN_AT))
    assert found == {other.id: list(range(1, other.seq + 1)) for other in others}


async def test_what_cannot_be_published_waits_in_order_is_told_once_a_while_and_goes_out_once_it_can(
    database: Database,
) -> None:
    long, others = await filed(database)
    mended = False

    def encode(entry: Entry) -> bytes:
        if entry.incident_id == long.id and entry.seq == BROKEN_AT and not mended:
            raise ValueError("too large")
        return wire.encode_entry(entry)

    log = LocalLog(database)
    to, told = outlet(log, encode)
    for _ in range(2):
        await relayed(database, to)
    assert told == [long.id]
    found = await published(log, [long, *others])
    assert found.pop(long.id) == list(range(1, BROKEN_AT))
    assert found == {other.id: list(range(1, other.seq + 1)) for other in others}
    mended = True
    await relayed(database, to, STEP_ASIDE)
    async with IncidentStore(database).unit() as unit:
        assert await unit.unpublished(1) == []
    assert (await published(log, [long, *others]))[long.id] == list(range(1, long.seq + 1))
