"""`huiying backup` and `restore`, assembled: an embedded installation in one file, and back."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import aclosing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from config.settings import Settings
from services.adapters.backup import (
    BadBackup,
    InUse,
    Manifest,
    copy_database,
    counts,
    pack,
    require_idle,
    unpack,
    usable,
)
from services.adapters.database import Database
from services.adapters.migrating import AnotherVersion, upgrade
from services.adapters.store.audit import Audit
from services.adapters.store.filings import Finding

DATABASE, CONFIG = "huiying.sqlite", "config"
NOT_CONFIG = shutil.ignore_patterns("*.py", "*.pyc", "__pycache__")


class Refused(Exception):
    """Nothing was done; the message says what to do instead."""


class BrokenLedger(Exception):
    """The ledger in the backup is not what was once written; nothing was restored."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.incident} #{finding.seq}: {finding.reason}")


def back_up(settings: Settings, file: Path, now: datetime) -> Manifest:
    """Write database and configuration of an embedded installation into `file`, while it runs.

    Raises:
        Refused: on PostgreSQL (with the command to run), or where there is nothing to back up.
    """
    if settings.database_url:
        raise Refused(f"数据在 PostgreSQL 中，请运行：{dump_command(make_url(settings.database_url), file)}")
    source = settings.data_dir / DATABASE
    if not source.is_file():
        raise Refused(f"{source} 不存在，没有可备份的数据")
    if not file.parent.is_dir():
        raise Refused(f"{file.parent} 不存在")
    with tempfile.TemporaryDirectory(prefix=".huiying-backup-", dir=file.parent) as scratch:
        folder = Path(scratch)
        copy_database(source.absolute(), folder / DATABASE)
        shutil.copytree(settings.config_dir, folder / CONFIG, ignore=NOT_CONFIG)
        return pack(folder, file, now.isoformat(), counts(folder / DATABASE))


def dump_command(url: URL, file: Path) -> str:
    """What to type where PostgreSQL keeps the data; the password comes from ~/.pgpass or PGPASSFILE."""
    plain = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return f"pg_dump --format=custom --file={file} '{plain}'"


def restore(file: Path, data_dir: Path, now: datetime, *, force: bool) -> Manifest:
    """Put a backup into `data_dir`. What lies there is moved aside with `force`, never deleted.

    1. unpack beside it and check every file; 2. let SQLite check the database; 3. verify the chain of every ledger;
    4. move into place.

    Raises:
        Refused: the folder is not empty, or in use.
        BadBackup: the file is damaged or no backup.
        BrokenLedger: a ledger in it was changed.
    """
    _check_target(data_dir, force)
    data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=data_dir) as scratch:
        folder = Path(scratch)
        manifest = unpack(file, folder)
        if complaint := usable(folder / DATABASE):
            raise BadBackup(f"{DATABASE}: {complaint}")
        asyncio.run(_verify(folder / DATABASE))
        _move_aside(data_dir, folder, now)
        for path in sorted(folder.iterdir()):
            path.rename(data_dir / path.name)
    return manifest


def _check_target(data_dir: Path, force: bool) -> None:
    if data_dir.exists() and not data_dir.is_dir():
        raise Refused(f"{data_dir} 不是目录")
    if not data_dir.is_dir() or not any(data_dir.iterdir()):
        return
    if not force:
        raise Refused(f"{data_dir} 不是空目录；确需覆盖请加 --force，原有内容会移到其中的 replaced-… 目录")
    try:
        require_idle(data_dir / DATABASE)
    except InUse as error:
        raise Refused(f"{data_dir} 正在使用，请先停止服务（{error}）") from error


async def _verify(file: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{file}")
    try:
        await upgrade(database)  # a backup of an earlier version gets the tables of this one
        async with aclosing(Audit(database).findings()) as findings:
            finding = await anext(findings, None)
    except AnotherVersion as error:
        raise BadBackup(f"{DATABASE}: 由更新版本的程序写成（{error}）") from error
    finally:
        await database.close()
    if finding:
        raise BrokenLedger(finding)


def _move_aside(data_dir: Path, scratch: Path, now: datetime) -> None:
    before = [path for path in data_dir.iterdir() if path != scratch and not path.name.startswith("replaced-")]
    if before:
        aside = data_dir / f"replaced-{now:%Y%m%dT%H%M%S%f}"
        aside.mkdir()
        for path in before:
            path.rename(aside / path.name)
