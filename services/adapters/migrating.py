"""Bring a database to the tables of this version of the program.

1. Take the lock: two processes that start at once migrate one after the other.
2. Run every version file that is missing, and mark it, in one transaction; guard the ledger against changes.
3. On SQLite, check the foreign keys before committing (they are off meanwhile, because a table is changed by
   copying it, and dropping the old one would otherwise delete what points to it).

`python -m services.adapters.migrating "what changed"` writes a version file from the tables (`make migration`).
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.adapters.database import SQLITE_BUSY_MS, Database
from services.adapters.ledger_guard import guard

FOLDER = Path(__file__).with_name("migrations")
ADVISORY_LOCK = 0x68756979  # "huiy": any number nobody else on the server uses


class BrokenReferences(Exception):
    """A migration would leave rows that point nowhere; nothing was changed."""


async def upgrade(database: Database) -> None:
    """Migrate to the newest version; nothing happens when the database is there already.

    Raises:
        BrokenReferences: the rows would not fit; the transaction is rolled back.
    """
    async with _exclusively(database) as connection:
        await connection.run_sync(_run, lambda config: command.upgrade(config, "head"))
        await connection.run_sync(guard)
        if database.is_sqlite:
            await _check_references(connection)


async def is_current(database: Database) -> bool:
    """Whether the database has every version file of this program."""
    async with database.read() as connection:
        return await connection.run_sync(_version) == ScriptDirectory.from_config(_config()).get_current_head()


async def create(message: str) -> None:
    """Write the version file that leads from the existing ones to the tables as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/empty.sqlite")
        await upgrade(database)
        async with _exclusively(database) as connection:
            await connection.run_sync(_run, lambda config: command.revision(config, message, autogenerate=True))
        await database.close()


def _run(connection: Connection, action: Callable[[Config], Any]) -> None:
    config = _config()
    config.attributes["connection"] = connection
    action(config)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@asynccontextmanager
async def _exclusively(database: Database) -> AsyncIterator[AsyncConnection]:
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
            yield connection
        return
    engine = _sqlite_without_references(database.url)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


def _sqlite_without_references(url: str) -> AsyncEngine:
    engine = create_async_engine(url)

    @event.listens_for(engine.sync_engine, "connect")
    def _settings(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (f"busy_timeout={SQLITE_BUSY_MS}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def _check_references(connection: AsyncConnection) -> None:
    broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
    if broken:
        raise BrokenReferences(f"{len(broken)} rows point nowhere, the first in table {broken[0][0]}")


if __name__ == "__main__":
    asyncio.run(create(sys.argv[1]))
