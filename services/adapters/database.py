"""One database behind one small face: SQLite (embedded) or PostgreSQL (production)."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

from sqlalchemy import Table, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only
from sqlmodel import SQLModel

from services.usecases.ports import NotNow

SQLITE_BUSY_MS = 30_000
_PRIMARY = 0xFF
"""The bits of SQLite's extended error codes that say which error it is."""
_CACHE_KIB = 16_384
"""Of an engine's connections together: a batch that is grouped changes some 8 MiB of a large table's pages."""
_CHECKPOINT_PAGES = 8_192
"""The log is written back into the file when it has so many pages (32 MiB), not after every large batch.

What was committed is on disk in the log before: `synchronous=FULL`.
"""
PROVEN_S = 10
"""For so long a small write that was tried says that writing is possible."""
# A peer that has not answered the kernel for a minute is gone. In seconds; the last in milliseconds.
_LIMITS = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3, "TCP_USER_TIMEOUT": 60_000}
KEEPALIVE = {getattr(socket, name): value for name, value in _LIMITS.items() if hasattr(socket, name)}


class Database:
    """Connections to the one database.

    `write()` is a transaction that commits at the end of the block or not at all. On SQLite it begins IMMEDIATE and
    writers in this process queue on a lock, so that a writer never fails half-way because another came first.
    `read()` is a consistent snapshot. A connection that breaks raises `NotNow`: the caller pauses and tries again.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._lock = asyncio.Lock()
        self._proven = 0.0
        if self.is_sqlite:
            self._writer = sqlite_engine(url, "BEGIN IMMEDIATE", pool_size=1)
            self._reader = sqlite_engine(url, "BEGIN", pool_size=4)
        else:
            self._writer = self._reader = _postgres_engine(url)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: everything in the block, or nothing."""
        in_turn = self._lock if self.is_sqlite else nullcontext()
        try:
            async with in_turn, _translating(), self._writer.begin() as connection:
                yield connection
        except NotNow:
            self._proven = 0.0
            raise

    async def try_writing(self) -> None:
        """Do a small write that changes nothing, unless that was tried just now; one of nothing at all proves nothing.

        Raises:
            NotNow: it cannot be done. A disk is full, say: everything can be read and nothing kept.
        """
        if self._proven and (time.monotonic() - self._proven < PROVEN_S or self._lock.locked()):
            return  # who holds the lock would be refused himself
        async with self.write() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        self._proven = time.monotonic()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A snapshot for reading; nothing written here is kept."""
        async with _translating(), self._reader.connect() as connection:
            yield connection

    def insert(self, table: Table) -> Any:
        """The dialect's INSERT, for `on_conflict_do_nothing` and `on_conflict_do_update`."""
        if self.is_sqlite:
            from sqlalchemy.dialects import sqlite  # only the one that is spoken is loaded

            return sqlite.insert(table)
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)

    async def create_all(self) -> None:
        """Create every table that is missing (tests and drills; `huiying db upgrade` migrates real data)."""
        async with self.write() as connection:
            await connection.run_sync(SQLModel.metadata.create_all)

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


@asynccontextmanager
async def _translating() -> AsyncIterator[None]:
    """A lost connection is `NotNow`; a statement that is wrong stays the error it is."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
            raise  # SQLite's word for a statement that it cannot do, now or later
        raise NotNow(f"database: {error.orig}") from error
    except DBAPIError as error:
        if error.connection_invalidated or _passes(error):
            raise NotNow(f"database: {error.orig}") from error
        raise
    except PoolTimeout as error:
        raise NotNow(f"database: {error}") from error
    except (ConnectionError, OSError) as error:
        raise NotNow(f"database: {error}") from error


# SQLSTATE classes (two characters) and codes that speak of the server and not of the statement, however long it takes:
# connection, sign-in, no such database, resources, in use, stopping or starting, its disk; a lost race, a deadlock, a
# server that only reads since a fail-over, a transaction that it ended for being idle.
PASSING = ("08", "28", "3D", "53", "55", "57", "58", "40001", "40P01", "25006", "25P03")


def _passes(error: DBAPIError) -> bool:
    """The same statement may be done later: nothing is wrong with it."""
    return str(getattr(error.orig, "sqlstate", None) or "").startswith(PASSING)


# Bodies of some two kilobytes, a few a post: pglz, the default, takes the server a quarter of its time in tracking.
# Nothing to set on a server without LZ4 (before 14, or built without).
_COMPRESSION = """
SELECT set_config(name, 'lz4', false) FROM pg_settings
WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)
"""


def _postgres_engine(url: str) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _settings(dbapi_connection: Any, _record: Any) -> None:
        # A server whose machine vanished sends no good-bye: without these a role would wait for its answer for ever.
        raw = dbapi_connection.driver_connection._transport.get_extra_info("socket")
        if raw.family != socket.AF_UNIX:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in KEEPALIVE.items():
                raw.setsockopt(socket.IPPROTO_TCP, option, value)
        cursor = dbapi_connection.cursor()
        cursor.execute(_COMPRESSION)
        cursor.close()
        dbapi_connection.commit()  # a setting made in a transaction that is given up is forgotten

    return engine


def _write_ahead(cursor: Any) -> None:
    """Switch to WAL. Of processes that make one file together SQLite refuses some at once, for fear of a deadlock
    (busy_timeout does not hold there): they ask again while they might have waited.
    """
    deadline = time.monotonic() + SQLITE_BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & _PRIMARY != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            await_only(asyncio.sleep(0.01))


def sqlite_engine(url: str, begin: str, pool_size: int, *, references: bool = True) -> AsyncEngine:
    """Transactions start with `begin`. Without `references` a table may be copied and dropped: only for migrations."""
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0, pool_timeout=60)

    @event.listens_for(engine.sync_engine, "connect")
    def _settings(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={SQLITE_BUSY_MS}")  # first: what follows may have to wait, too
        _write_ahead(cursor)
        for pragma in (
            "synchronous=FULL",
            f"foreign_keys={'ON' if references else 'OFF'}",
            f"cache_size=-{_CACHE_KIB // pool_size}",
            f"wal_autocheckpoint={_CHECKPOINT_PAGES}",
            "journal_size_limit=67108864",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
