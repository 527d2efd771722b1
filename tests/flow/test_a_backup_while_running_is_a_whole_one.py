"""`huiying up` is at work, posts come in, a backup is made; elsewhere everything is there and the ledger verifies."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import pytest

from config.settings import Settings
from services.adapters.database import Database
from services.adapters.store.audit import Audit
from services.adapters.store.filings import Finding
from services.wiring.backup import Refused, back_up, restore
from tests.real.office import Processes, Program, until

SIZE = 5


@pytest.fixture
def office(tmp_path: Path, free_port: int) -> Iterator[Processes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    folder = tmp_path / "data"
    folder.mkdir()
    environment |= {"HUIYING_DATA_DIR": str(folder), "HUIYING_PORT": str(free_port)}
    processes = Processes(environment, folder)
    yield processes
    processes.stop()


def posts(batch: int) -> list[dict[str, str]]:
    told = "南岗区学府路{n}号居民反映暖气不热，室温只有14度，希望供热部门尽快解决。"
    return [{"id": f"{batch}-{n}", "source": "市民热线", "text": told.format(n=batch * SIZE + n)} for n in range(SIZE)]


def entries(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "huiying.sqlite", timeout=30)) as database:
        found: int = database.execute("SELECT count(*) FROM ledger").fetchone()[0]
    return found


async def counted(folder: Path) -> tuple[int, int, list[Finding]]:
    database = Database(f"sqlite+aiosqlite:///{folder / 'huiying.sqlite'}")
    walk = Audit(database)
    findings = [finding async for finding in walk.findings()]
    await database.close()
    return walk.incidents, walk.entries, findings


def test_a_backup_made_while_posts_come_in_is_whole_elsewhere(office: Processes, tmp_path: Path) -> None:
    program = Program(f"http://127.0.0.1:{office.environment['HUIYING_PORT']}", "")
    program.token = office.command("user", "token", "feeder").strip()
    office.start_up()
    enough, fed = Event(), []

    def feed() -> None:
        while not enough.is_set():
            program.ask("POST", "/api/v1/posts", posts(len(fed)))
            fed.append(SIZE)

    with closing(program):
        feeding = Thread(target=feed)
        feeding.start()
        try:
            until(lambda: entries(office.folder) > 0, "posts in the ledger")
            file = tmp_path / "copy.tar.gz"
            manifest = back_up(Settings(data_dir=office.folder), file, datetime.now(UTC))
            made_after = len(fed)
            until(lambda: len(fed) > made_after, "posts that come in after the backup")
        finally:
            enough.set()
            feeding.join()
    with pytest.raises(Refused, match="正在使用"):
        restore(file, office.folder, datetime.now(UTC), force=True)
    there = tmp_path / "elsewhere"
    restore(file, there, datetime.now(UTC), force=False)
    assert asyncio.run(counted(there)) == (manifest.rows["incident"], manifest.rows["ledger"], [])
    assert 0 < manifest.rows["ledger"] == entries(there)
