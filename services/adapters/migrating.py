"""Bring a database to the tables of this version of the program.

1. Take the lock: two processes that start at once migrate one after the other.
2. Where the database is not at the newest version: run every version file that is missing, and mark it, in one
   transaction. Guard the ledger against changes.
3. On SQLite, check the foreign keys before committing (they are off meanwhile, because a table is changed by
   copying it, and dropping the old one would otherwise delete what points to it).

`python -m services.adapters.migrating "what changed"` writes a version file from the tables (`make migration`).
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database, sqlite_engine
from services.adapters.ledger_guard import guard

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).with_name("migrations")
_REVISION = re.compile(r'^(down_)?revision\b[^=\n]*=\s*"(\w+)"', re.MULTILINE)
ADVISORY_LOCK = 0x68756979  # "huiy": any number nobody else on the server uses


class AnotherVersion(Exception):
    """The database was made by a version of the program that this one does not know."""


class BrokenReferences(Exception):
    """A migration would leave rows that point nowhere; nothing was changed."""


async def upgrade(database: Database) -> None:
    """Migrate to the newest version; nothing happens when the database is there already.

    Raises:
        AnotherVersion: nothing was changed.
        BrokenReferences: the rows would not fit; the transaction is rolled back.
    """
    async with _exclusively(database) as connection:
        if not await connection.run_sync(_is_newest):
            await connection.run_sync(_migrate)
            if database.is_sqlite:
                await _check_references(connection)
        await connection.run_sync(guard)


async def is_current(database: Database) -> bool:
    """Whether the database has every version file of this program."""
    async with database.read() as connection:
        return await connection.run_sync(_is_newest)


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest()]


def newest() -> str:
    """The version no other file leads on from. Read as text: Alembic takes longer to load than all else at a start."""
    files = [file.read_text(encoding="utf-8") for file in FOLDER.glob("versions/*.py")]
    named = [(down, version) for file in files for down, version in _REVISION.findall(file)]
    [last] = {version for down, version in named if not down} - {version for down, version in named if down}
    return str(last)


async def create(message: str) -> None:
    """Write the version file that leads from the existing ones to the tables as they are now."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/empty.sqlite")
        await upgrade(database)
        async with _exclusively(database) as connection:
            await connection.run_sync(_write_version, message)
        await database.close()


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.util import CommandError

    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise AnotherVersion(str(error)) from error


def _write_version(connection: Connection, message: str) -> None:
    from alembic import command

    command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.attributes["connection"] = connection
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return config


@asynccontextmanager
async def _exclusively(database: Database) -> AsyncIterator[AsyncConnection]:
    if not database.is_sqlite:
        async with database.write() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ADVISORY_LOCK})
            yield connection
        return
    engine = sqlite_engine(database.url, "BEGIN IMMEDIATE", pool_size=1, references=False)
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def _check_references(connection: AsyncConnection) -> None:
    broken = (await connection.execute(text("PRAGMA foreign_key_check"))).all()
    if broken:
        raise BrokenReferences(f"{len(broken)} rows point nowhere, the first in table {broken[0][0]}")


if __name__ == "__main__":
    asyncio.run(create(sys.argv[1]))
