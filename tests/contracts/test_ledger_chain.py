"""Whatever is done to the ledger behind the program's back, the audit names incident and seq."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from services.adapters import migrating
from services.adapters.database import Database
from services.adapters.store import audit
from services.adapters.store.audit import INCIDENT, LEDGER, Anchor, Audit
from services.adapters.store.chain import START as CHAIN_START
from services.adapters.store.chain import link
from services.adapters.store.incidents import POST, IncidentStore
from services.domain import incident as office
from services.usecases.ports import Filed
from tests.domain.incident.cast import OFFICER, minutes, post, reported, says


@pytest.fixture
async def filed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Five incidents with a ledger each, over several pages, saved in two steps as people do."""
    monkeypatch.setattr(audit, "PAGE", 2)
    await file_five(database)
    return database


async def file_five(database: Database) -> list[str]:
    store = IncidentStore(database)
    matters = [reported(name=f"p{number}") for number in range(1, 6)]
    async with store.unit() as unit:
        await unit.save([matter.incident for matter in matters])
        filed = zip(range(1, 6), matters, strict=True)
        await unit.file_posts([Filed(post(f"p{number}"), says(), matter.incident.id) for number, matter in filed])
    numbers = [matter.incident.id for matter in matters]
    async with store.unit() as unit:
        loaded = await unit.load(numbers)
        for matter in matters:
            matter.incident, matter.now = loaded[matter.incident.id], matter.now + minutes(5)
            matter.do(office.acknowledge, OFFICER)
        await unit.save(list(loaded.values()))
        for matter in matters:
            matter.do(office.assign, OFFICER, "YJGL")
        await unit.save(list(loaded.values()))
    return numbers


async def found(database: Database, anchors: Sequence[Anchor] = ()) -> list[tuple[str, int]]:
    return [(f.incident, f.seq) async for f in Audit(database).findings(anchors)]


async def rows(database: Database, incident: str) -> list[dict[str, Any]]:
    query = select(LEDGER).where(LEDGER.c.incident_id == incident).order_by(LEDGER.c.seq)
    async with database.read() as connection:
        return [dict(row) for row in (await connection.execute(query)).mappings()]


async def some(database: Database) -> tuple[str, int]:
    """An incident in the middle, and its last seq."""
    query = select(LEDGER.c.incident_id, func.max(LEDGER.c.seq)).group_by(LEDGER.c.incident_id).order_by(
        LEDGER.c.incident_id
    )  # fmt: skip
    async with database.read() as connection:
        incident, last = (await connection.execute(query)).all()[2]
    return incident, last


async def run(database: Database, statement: Any) -> None:
    async with database.write() as connection:
        await connection.execute(statement)


def entry(incident: str, seq: int) -> Any:
    return (LEDGER.c.incident_id == incident) & (LEDGER.c.seq == seq)


async def test_an_untouched_ledger_is_whole(filed: Database) -> None:
    walk = Audit(filed)
    assert [f async for f in walk.findings()] == []
    assert walk.incidents == 5
    async with filed.read() as connection:
        assert walk.entries == (await connection.execute(select(func.count()).select_from(LEDGER))).scalar_one()


async def test_relaying_is_no_change(filed: Database) -> None:
    await run(filed, update(LEDGER).values(published_us=1))
    assert await found(filed) == []


@pytest.mark.parametrize(
    "change", [{"data": b'{"due_at":"2018-01-01T00:00:00Z"}'}, {"actor": "nobody"}, {"occurred_us": 1}]
)
async def test_a_changed_entry_is_named(filed: Database, change: dict[str, Any]) -> None:
    incident, _ = await some(filed)
    await run(filed, update(LEDGER).where(entry(incident, 2)).values(**change))
    assert await found(filed) == [(incident, 2)]


async def test_a_changed_entry_with_a_hash_of_its_own_is_noticed_at_the_next(filed: Database) -> None:
    incident, _ = await some(filed)
    first, second, *_ = await rows(filed, incident)
    second["actor"] = "nobody"
    forged = link(first["hash"], second)
    await run(filed, update(LEDGER).where(entry(incident, 2)).values(actor="nobody", hash=forged))
    assert await found(filed) == [(incident, 3)]


STRANGE = [
    "data = cast(data AS TEXT)",
    "data = 7",
    "hash = 'abc'",
    "recorded_us = 'gestern'",
    "seq = 'zwei'",
    "kind = x'00'",
]


@pytest.mark.parametrize("change", STRANGE)
async def test_what_a_hand_left_in_a_type_of_its_own_is_named_and_the_rest_is_checked(
    sqlite_database: Database, change: str
) -> None:
    numbers = sorted(await file_five(sqlite_database))
    edited = f"UPDATE ledger SET {change} WHERE incident_id = :incident AND seq = 2"
    async with sqlite_database.write() as connection:
        await connection.execute(text(edited), {"incident": numbers[1]})
        await connection.execute(
            text("UPDATE ledger SET actor = 'x' WHERE incident_id = :i AND seq = 1"), {"i": numbers[3]}
        )
        head = "UPDATE incident SET ledger_seq = 'x', ledger_hash = 'x' WHERE id = :i"
        await connection.execute(text(head), {"i": numbers[4]})
    wrong = await found(sqlite_database)
    assert numbers[1] in {incident for incident, _ in wrong}
    assert (numbers[3], 1) in wrong
    assert {incident for incident, _ in wrong} == {numbers[1], numbers[3], numbers[4]}
    assert len([anchor async for anchor in Audit(sqlite_database).anchors()]) == len(numbers)


async def test_a_deleted_entry_is_named(filed: Database) -> None:
    incident, _ = await some(filed)
    await run(filed, delete(LEDGER).where(entry(incident, 3)))
    assert await found(filed) == [(incident, 3)]


async def test_entries_in_another_order_are_named(filed: Database) -> None:
    incident, _ = await some(filed)
    for old, new in ((2, 1000), (3, 2), (1000, 3)):
        await run(filed, update(LEDGER).where(entry(incident, old)).values(seq=new))
    assert {(incident, 2), (incident, 3)} <= set(await found(filed))


async def test_a_cut_tail_is_noticed(filed: Database) -> None:
    incident, last = await some(filed)
    await run(filed, delete(LEDGER).where(LEDGER.c.incident_id == incident, LEDGER.c.seq >= last - 1))
    assert await found(filed) == [(incident, last - 1)]


async def test_a_whole_ledger_gone_is_noticed(filed: Database) -> None:
    incident, _ = await some(filed)
    await run(filed, delete(LEDGER).where(LEDGER.c.incident_id == incident))
    assert await found(filed) == [(incident, 1)]


async def test_an_entry_added_by_hand_is_noticed(filed: Database) -> None:
    incident, last = await some(filed)
    row = (await rows(filed, incident))[-1]
    row |= {"seq": last + 1, "hash": link(row["hash"], row | {"seq": last + 1})}
    await run(filed, insert(LEDGER).values(**row))
    assert await found(filed) == [(incident, last + 1)]


async def test_a_ledger_without_its_incident_is_noticed(filed: Database) -> None:
    incident, last = await some(filed)
    await run(filed, delete(INCIDENT).where(INCIDENT.c.id == incident))
    assert await found(filed) == [(incident, last)]


async def test_a_ledger_written_anew_as_a_whole_is_noticed_by_what_was_kept_elsewhere(filed: Database) -> None:
    anchors = [a async for a in Audit(filed).anchors()]
    incident, last = await some(filed)
    before = CHAIN_START.hash
    for row in await rows(filed, incident):
        row |= {"actor": "nobody"}
        row["hash"] = before = link(before, row)
        await run(filed, update(LEDGER).where(entry(incident, row["seq"])).values(**row))
    await run(filed, update(INCIDENT).where(INCIDENT.c.id == incident).values(ledger_hash=before))
    assert await found(filed) == [], "the chain itself is consistent again"
    assert await found(filed, anchors) == [(incident, last)]


async def test_an_incident_removed_without_a_trace_is_noticed_by_what_was_kept_elsewhere(filed: Database) -> None:
    anchors = [a async for a in Audit(filed).anchors()]
    incident, last = await some(filed)
    await run(filed, delete(LEDGER).where(LEDGER.c.incident_id == incident))
    await run(filed, delete(INCIDENT).where(INCIDENT.c.id == incident))
    assert await found(filed) == [(incident, 0)], "its post is left, which no chain knows"
    await run(filed, delete(POST).where(POST.c.incident_id == incident))
    assert await found(filed) == []
    assert await found(filed, anchors) == [(incident, last)]


async def test_what_was_recorded_after_the_anchors_is_no_finding(filed: Database) -> None:
    anchors = [a async for a in Audit(filed).anchors()]
    incident, _ = await some(filed)
    matter = reported()
    async with IncidentStore(filed).unit() as unit:
        matter.incident, matter.now = (await unit.load([incident]))[incident], matter.now + minutes(9)
        matter.do(office.remind, OFFICER)
        await unit.save([matter.incident])
    assert await found(filed, anchors) == []


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path / 'service.sqlite'}"


@pytest.fixture
async def migrated(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    await migrating.upgrade(database)
    yield database
    await database.close()


async def test_a_database_in_service_refuses_to_change_its_ledger(migrated: Database) -> None:
    incident, *_ = await file_five(migrated)
    attempts = [
        delete(LEDGER).where(entry(incident, 1)),
        update(LEDGER).where(entry(incident, 1)).values(actor="nobody"),
        update(LEDGER).where(entry(incident, 1)).values(data=b"{}", published_us=1),
        update(LEDGER).where(entry(incident, 1)).values(seq=99),
    ]
    for attempt in attempts:
        with pytest.raises(DBAPIError, match="only ever added to"):
            await run(migrated, attempt)
    await run(migrated, update(LEDGER).values(published_us=1))
    assert await found(migrated) == []
