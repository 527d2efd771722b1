"""A backup is whole or it is refused; a restore never overwrites what it was not told to."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sqlite3
import stat
import tarfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from config.reading import CONFIG_DIR
from config.settings import Settings
from services.adapters import migrating
from services.adapters.backup import BadBackup
from services.adapters.database import Database
from services.adapters.store.incidents import IncidentStore
from services.cli import app
from services.usecases.ports import Filed
from services.wiring.backup import BrokenLedger, Refused, back_up, restore
from services.wiring.database import database_url
from tests.domain.incident.cast import post, reported, says

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with one incident and the shipped configuration."""
    (tmp_path / "data").mkdir()
    settings = Settings(data_dir=tmp_path / "data")
    asyncio.run(_fill(settings))
    return settings


async def _fill(settings: Settings) -> None:
    database = Database(database_url(settings))
    await migrating.upgrade(database)
    async with IncidentStore(database).unit() as unit:
        matter = reported().incident
        await unit.save([matter])
        await unit.file_posts([Filed(post(), says(), matter.id)])
    await database.close()


@pytest.fixture
def file(settings: Settings, tmp_path: Path) -> Path:
    back_up(settings, tmp_path / "copy.tar.gz", NOW)
    return tmp_path / "copy.tar.gz"


def query(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(statement).fetchall()
        connection.commit()
        return rows


def rebuilt(file: Path, change: Callable[[tarfile.TarInfo, bytes], tuple[tarfile.TarInfo, bytes] | None]) -> Path:
    """The backup with each member passed through `change`."""
    made = file.with_name("changed.tar.gz")
    with tarfile.open(file) as old, tarfile.open(made, "w:gz") as new:
        for member in old:
            stream = old.extractfile(member)
            assert stream is not None
            if kept := change(member, stream.read()):
                member, content = kept
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return made


def test_everything_comes_back_in_another_place(file: Path, tmp_path: Path) -> None:
    manifest = restore(file, tmp_path / "elsewhere", NOW, force=False)
    there = tmp_path / "elsewhere"
    assert manifest.rows["incident"] == 1
    for table, count in manifest.rows.items():
        assert query(there / "huiying.sqlite", f"SELECT count(*) FROM {table}") == [(count,)]
    assert (there / "config/policy.toml").read_bytes() == (CONFIG_DIR / "policy.toml").read_bytes()
    assert (there / "config/model/topics.npz").exists()
    assert sorted(path.name for path in there.iterdir()) == ["config", "huiying.sqlite"]


def test_only_the_owner_reads_a_backup_and_what_comes_of_it(file: Path, tmp_path: Path) -> None:
    restore(file, tmp_path / "elsewhere", NOW, force=False)
    for path in (file, tmp_path / "elsewhere/huiying.sqlite"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def test_a_backup_that_cannot_be_finished_leaves_the_last_one_alone(
    settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = file.read_bytes()
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        back_up(settings, file, NOW)
    assert file.read_bytes() == before
    assert [p.name for p in file.parent.iterdir() if p.name.startswith(".")] == []


def test_a_folder_with_something_in_it_is_refused_and_with_force_moved_aside(file: Path, settings: Settings) -> None:
    (settings.data_dir / "note.txt").write_text("mine")
    with pytest.raises(Refused, match="--force"):
        restore(file, settings.data_dir, NOW, force=False)
    restore(file, settings.data_dir, NOW, force=True)
    [aside] = settings.data_dir.glob("replaced-*")
    assert (aside / "note.txt").read_text() == "mine"
    assert (aside / "huiying.sqlite").exists()
    assert query(settings.data_dir / "huiying.sqlite", "SELECT count(*) FROM incident") == [(1,)]


def test_a_folder_in_use_is_refused_even_with_force(file: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(settings.data_dir / "huiying.sqlite")) as running:
        running.execute("SELECT count(*) FROM incident").fetchone()
        with pytest.raises(Refused, match="停止服务"):
            restore(file, settings.data_dir, NOW, force=True)


def test_a_tampered_ledger_is_not_restored(settings: Settings, tmp_path: Path) -> None:
    database = settings.data_dir / "huiying.sqlite"
    query(database, "DROP TRIGGER ledger_unchanged")
    query(database, "UPDATE ledger SET actor = 'nobody' WHERE seq = 2")
    back_up(settings, tmp_path / "bad.tar.gz", NOW)
    with pytest.raises(BrokenLedger, match="#2"):
        restore(tmp_path / "bad.tar.gz", tmp_path / "elsewhere", NOW, force=False)
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.2, 0.99])
def test_a_file_cut_short_is_refused(file: Path, tmp_path: Path, share: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(BadBackup):
        restore(file, tmp_path / "elsewhere", NOW, force=False)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_changed_file_is_refused(file: Path, tmp_path: Path) -> None:
    def change(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        wanted = member.name == "config/policy.toml"
        return member, content.replace(b"5", b"6", 1) if wanted else content

    with pytest.raises(BadBackup, match=r"policy\.toml"):
        restore(rebuilt(file, change), tmp_path / "elsewhere", NOW, force=False)


def test_a_missing_file_is_refused(file: Path, tmp_path: Path) -> None:
    made = rebuilt(file, lambda member, content: None if member.name == "config/policy.toml" else (member, content))
    with pytest.raises(BadBackup, match=r"policy\.toml"):
        restore(made, tmp_path / "elsewhere", NOW, force=False)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "config/../../outside"])
def test_a_name_that_leads_outside_is_refused_even_where_the_manifest_names_it(
    file: Path, tmp_path: Path, name: str
) -> None:
    def change(member: tarfile.TarInfo, content: bytes) -> tuple[tarfile.TarInfo, bytes]:
        if member.name == "manifest.json":
            manifest = json.loads(content)
            manifest["files"][name] = manifest["files"].pop("config/policy.toml")
            content = json.dumps(manifest).encode()
        elif member.name == "config/policy.toml":
            member.name = name
        return member, content

    with pytest.raises(BadBackup, match="不允许"):
        restore(rebuilt(file, change), tmp_path / "elsewhere", NOW, force=False)
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_something_else_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.tar.gz"
    with tarfile.open(other, "w:gz") as archive:
        archive.add(CONFIG_DIR / "policy.toml", "policy.toml")
    with pytest.raises(BadBackup, match="清单"):
        restore(other, tmp_path / "elsewhere", NOW, force=False)
    with pytest.raises(BadBackup):
        restore(tmp_path / "nothing", tmp_path / "elsewhere", NOW, force=False)


def test_on_postgresql_the_command_to_run_is_named_without_the_password(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql+asyncpg://office:hidden@db.example:5433/huiying")
    with pytest.raises(Refused) as refused:
        back_up(settings, tmp_path / "copy", NOW)
    command = f"pg_dump --format=custom --file={tmp_path / 'copy'} 'postgresql://office@db.example:5433/huiying'"
    assert str(refused.value).endswith(command)


def test_bad_use_is_one_line_and_exit_code_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUIYING_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HUIYING_DATA_DIR", str(tmp_path / "nowhere"))
    for arguments in (["backup", str(tmp_path / "x.tar.gz")], ["restore", str(tmp_path / "nothing.tar.gz")]):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 2
        assert len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith("huiying: ")
