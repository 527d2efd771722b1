"""Migrating an empty database gives exactly the tables the program works with."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from services.adapters import migrating
from services.adapters.database import Database
from services.adapters.migrating import FOLDER, newest
from services.adapters.tables.every import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite+aiosqlite:///{tmp_path / 'empty.sqlite'}"


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    database = Database(empty_url)
    yield database
    await database.close()


def differences(connection: Connection) -> Any:
    return compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata)


async def test_an_empty_database_is_migrated_to_exactly_the_tables(empty: Database) -> None:
    assert not await migrating.is_current(empty)
    await migrating.upgrade(empty)
    async with empty.read() as connection:
        assert await connection.run_sync(differences) == []
    assert await migrating.is_current(empty)


async def test_migrating_again_changes_nothing(empty: Database) -> None:
    await migrating.upgrade(empty)
    await migrating.upgrade(empty)
    assert await migrating.is_current(empty)


async def test_processes_that_start_together_migrate_one_after_the_other(empty_url: str) -> None:
    starting = [Database(empty_url) for _ in range(4)]
    await asyncio.gather(*(migrating.upgrade(database) for database in starting))
    assert all([await migrating.is_current(database) for database in starting])
    for database in starting:
        await database.close()


async def test_rows_that_would_point_nowhere_stop_the_migration(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'broken.sqlite'}")
    async with migrating._exclusively(database) as connection:
        await connection.execute(text("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
        await connection.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent (id))"))
        await connection.execute(text("INSERT INTO child VALUES (7)"))
    with pytest.raises(migrating.BrokenReferences, match="child"):
        await migrating.upgrade(database)
    assert not await migrating.is_current(database)
    await database.close()


def test_the_newest_version_is_the_one_that_alembic_would_migrate_to() -> None:
    assert newest() == ScriptDirectory(str(FOLDER)).get_current_head()
