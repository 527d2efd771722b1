"""A copy of the embedded database while it is being written to, by SQLite's own backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


class InUse(Exception):
    """Another process has the database open."""


def copy_database(source: Path, target: Path) -> None:
    """A snapshot in one step: writers go on meanwhile, and the copy holds none of what they do after it began."""
    readable = f"{source.as_uri()}?mode=ro"
    with closing(sqlite3.connect(readable, uri=True, timeout=30)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, complete by itself


def usable(file: Path) -> str:
    """Empty when SQLite finds the file in order, otherwise its first complaint."""
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
            said: str = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if said == "ok" else said


def counts(file: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = sorted(name for (name,) in named)
        return {t: database.execute(f'SELECT count(*) FROM "{t}"').fetchone()[0] for t in tables}


def require_idle(file: Path) -> None:
    """Raises InUse while any process has this database open: a connection in WAL mode keeps a shared lock."""
    if not file.exists():
        return
    with closing(sqlite3.connect(file, timeout=0.5, isolation_level=None)) as database:
        try:
            database.execute("PRAGMA locking_mode=EXCLUSIVE")
            database.execute("BEGIN EXCLUSIVE")
            database.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            raise InUse(f"{file}: {error}") from error
        except sqlite3.DatabaseError:
            return  # damaged: that is what a restore is for
