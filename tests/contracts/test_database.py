"""A database keeps its promises on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from services.adapters.database import Database
from services.usecases.ports import NotNow


@pytest.fixture(autouse=True)
async def _notes(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, words TEXT NOT NULL)"))


async def add(database: Database, number: int) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO notes VALUES (:id, :words)"), {"id": number, "words": "一句话"})


async def count(database: Database) -> int:
    async with database.read() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM notes"))).scalar_one())


async def test_what_was_written_is_there_afterwards(database: Database) -> None:
    await add(database, 1)
    assert await count(database) == 1


async def test_an_error_in_the_block_leaves_nothing_behind(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes VALUES (1, 'half')"))
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await fail_half_way()
    assert await count(database) == 0


async def test_a_cancelled_write_leaves_nothing_behind_and_does_not_block_the_next(database: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes VALUES (1, 'half')"))
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(database, 2)
    assert await count(database) == 1


async def test_forty_writers_at_once_all_get_through(database: Database) -> None:
    await asyncio.gather(*(add(database, number) for number in range(40)))
    assert await count(database) == 40


async def test_a_reader_sees_no_half_written_transaction(database: Database) -> None:
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO notes VALUES (1, 'not yet')"))
        assert await count(database) == 0
    assert await count(database) == 1


async def test_a_database_that_cannot_be_reached_is_not_now(free_port: int) -> None:
    nowhere = Database(f"postgresql+asyncpg://huiying@127.0.0.1:{free_port}/none")
    with pytest.raises(NotNow):
        async with nowhere.read():
            pass
    await nowhere.close()


async def test_a_wrong_statement_stays_the_error_it_is(database: Database) -> None:
    async def add_nothing() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO notes VALUES (1, NULL)"))

    with pytest.raises(IntegrityError, match=r"(?i)not.null") as caught:
        await add_nothing()
    assert not isinstance(caught.value, NotNow)


async def test_a_statement_that_no_database_can_do_is_not_waited_for(database: Database) -> None:
    async def ask_for_nothing() -> None:
        async with database.read() as connection:
            await connection.execute(text("SELECT * FROM there_is_no_such_table"))

    with pytest.raises(DBAPIError, match="there_is_no_such_table"):
        await ask_for_nothing()


async def test_a_server_that_can_compress_with_lz4_is_asked_to(database: Database) -> None:
    if database.is_sqlite:
        return
    async with database.read() as connection:
        offered = "SELECT 'lz4' = ANY(enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
        if (await connection.execute(text(offered))).scalar():
            assert (await connection.execute(text("SHOW default_toast_compression"))).scalar() == "lz4"
