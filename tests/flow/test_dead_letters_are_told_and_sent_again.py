"""`huiying run project` on messages it cannot do: it stops when all are bad, and does again what a new version can."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.adapters import wire
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.adapters.migrating import upgrade
from services.adapters.store.deadletters import DeadLetters
from services.domain.ledger import Entry
from services.domain.vocabulary import EntryKind
from services.topics import INCIDENTS_CHANGED
from services.usecases.ports import Message, Received
from tests.real.office import Processes, until

NOW = datetime(2026, 1, 13, 2, tzinfo=UTC)
DEAD_IN_A_ROW = 1_000


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'huiying.sqlite'}")
    await upgrade(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def office(tmp_path: Path, database: Database) -> AsyncIterator[Processes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    processes = Processes(environment | {"HUIYING_DATA_DIR": str(tmp_path)}, tmp_path)
    yield processes
    await asyncio.to_thread(processes.stop)


def entry(seq: int) -> Message:
    told = Entry("20260113-aaaaaaaaaa", seq, EntryKind.DUTY_REMINDED, NOW, NOW, "duty1", {})
    return Message(told.message_id, told.incident_id, wire.encode_entry(told))


async def test_a_program_that_can_read_nothing_stops_and_says_so(office: Processes, database: Database) -> None:
    """Another day's messages: what it buried before it stopped can be sent again, the rest still waits on the topic."""
    log = LocalLog(database)
    await log.publish(INCIDENTS_CHANGED, [Message(f"m{n}", f"k{n}", b'{"v": 7}') for n in range(2 * DEAD_IN_A_ROW)])
    office.start("project")
    code = await asyncio.to_thread(office.running.pop("project").wait, 60)
    assert code == 1
    last = (office.folder / "project.log").read_text(encoding="utf-8").splitlines()[-1]
    assert last.startswith("huiying: project: ")
    assert "schema version 7" in last
    buried = await DeadLetters(database).count()
    assert buried <= DEAD_IN_A_ROW
    async with log.subscribe(INCIDENTS_CHANGED, "project") as subscription:
        assert await subscription.lag() == 2 * DEAD_IN_A_ROW - buried


async def test_what_an_older_version_buried_is_sent_again_and_done(office: Processes, database: Database) -> None:
    letters = DeadLetters(database)
    await letters.bury("project", [(received(n, entry(n)), "schema version 1") for n in (1, 2, 3)], NOW)
    assert "已重新投递 3 条" in await asyncio.to_thread(office.command, "deadletters", "replay")
    assert await letters.count() == 0
    office.start("project")
    await asyncio.to_thread(until, lambda: on_the_desk(office) == [1, 2, 3], "the entries on the desk, in order")


def received(offset: int, message: Message) -> Received:
    return Received(INCIDENTS_CHANGED, 0, offset, message.id, message.key, message.body)


def on_the_desk(office: Processes) -> list[int]:
    """The numbers of the entries, in the order in which they reached the desk."""
    with closing(sqlite3.connect(office.folder / "huiying.sqlite", timeout=30)) as database:
        rows = database.execute("SELECT message_id FROM desk_feed ORDER BY position").fetchall()
    return [int(name.rpartition(":")[2]) for (name,) in rows]
