"""The one database, opened: its address from the settings, its tables brought up to date."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config.reading import BadConfig
from config.settings import Settings
from services.adapters.database import Database
from services.adapters.migrating import AnotherVersion, upgrade


@asynccontextmanager
async def opened_database(settings: Settings, *, migrate: bool = True) -> AsyncIterator[Database]:
    """The database with this version's tables; its connections are closed at the end.

    Raises:
        BadConfig: an address that is none, or a database of another version.
        NotNow: it cannot be reached.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = _at(settings)
    try:
        if migrate:
            await _migrated(database)
        yield database
    finally:
        await database.close()


def _at(settings: Settings) -> Database:
    """Raises BadConfig for an address that is none, or of a database this program does not speak to."""
    where = Path("environment")
    try:
        url = database_url(settings)
        driver = make_url(url).drivername
    except (ArgumentError, OSError) as error:
        raise BadConfig(where, "HUIYING_DATABASE_URL", str(error)) from error
    if driver not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise BadConfig(where, "HUIYING_DATABASE_URL", f"“{driver}” is not postgresql+asyncpg or sqlite+aiosqlite")
    return Database(url)


async def _migrated(database: Database) -> None:
    try:
        await upgrade(database)
    except AnotherVersion as error:
        raise BadConfig(Path("database"), "alembic_version", f"made by another version of huiying: {error}") from error


def database_url(settings: Settings) -> str:
    """The SQLAlchemy URL, with the password from its file where one is named."""
    if not settings.database_url:
        return f"sqlite+aiosqlite:///{settings.data_dir / 'huiying.sqlite'}"
    url = make_url(settings.database_url)
    if settings.database_password_file is not None:
        url = url.set(password=settings.database_password_file.read_text(encoding="utf-8").strip())
    return url.render_as_string(hide_password=False)
