"""督办: the sweep settles what is due, and a row that breaks steps aside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.domain import incident as office
from services.domain.incident import Incident, Moment
from services.domain.vocabulary import EntryKind, EventGrade
from services.usecases.supervising import STEP_ASIDE, sweep
from tests.domain.incident.cast import RULES, START, Names, hours, minutes, post, says


async def kept(database: Database, *names: str) -> list[Incident]:
    incidents = [
        office.report(post(name), says(EventGrade.II, deaths=10), RULES, Moment(START, Names())) for name in names
    ]
    async with IncidentStore(database).unit() as unit:
        await unit.save(incidents)
    return incidents


async def swept(database: Database, at: datetime) -> tuple[int, int, list[str]]:
    broken: list[str] = []
    done = await sweep(IncidentStore(database), Moment(at, Names()), lambda number, _: broken.append(number))
    return done.settled, done.stepped_aside, broken


async def missed(database: Database, number: str) -> list[tuple[str, datetime, datetime]]:
    async with IncidentStore(database).unit() as unit:
        entries = await unit.unpublished(10_000)
    found = [e for e in entries if e.incident_id == number and e.kind is EntryKind.DUTY_MISSED]
    return [(e.data["duty"], e.occurred_at, e.recorded_at) for e in found]


async def test_what_became_due_while_nobody_looked_is_noticed_once_with_both_times(sqlite_database: Database) -> None:
    [incident] = await kept(sqlite_database, "p1")
    at = START + hours(6)
    assert await swept(sqlite_database, at) == (1, 0, [])
    assert await swept(sqlite_database, at) == (0, 0, [])
    assert await missed(sqlite_database, incident.id) == [
        ("acknowledgement", START + minutes(10), at),
        ("first_statement", START + hours(5), at),
    ]


async def test_before_anything_is_due_nothing_is_touched(sqlite_database: Database) -> None:
    await kept(sqlite_database, "p1")
    assert await swept(sqlite_database, START + minutes(9)) == (0, 0, [])


async def test_a_row_that_breaks_steps_aside_and_the_others_go_on(sqlite_database: Database) -> None:
    bad, good = await kept(sqlite_database, "p1", "p2")
    async with sqlite_database.write() as connection:
        await connection.execute(text("UPDATE incident SET body = '{}' WHERE id = :id"), {"id": bad.id})
    at = START + minutes(10)
    assert await swept(sqlite_database, at) == (1, 1, [bad.id])
    assert await swept(sqlite_database, at) == (0, 0, [])
    assert [duty for duty, _, _ in await missed(sqlite_database, good.id)] == ["acknowledgement"]
    assert await swept(sqlite_database, at + STEP_ASIDE) == (0, 1, [bad.id])
