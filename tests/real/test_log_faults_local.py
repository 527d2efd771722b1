"""A process killed in the midst of publishing: every acknowledged batch is there, and none by half."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from tests.real.servers import stop

TOPIC = "posts.collected"
ROWS = 50

PUBLISHER = f"""
import asyncio, sys
import services.adapters.tables.every
from services.adapters.database import Database
from services.adapters.locallog import LocalLog
from services.usecases.ports import Message

async def main():
    log = LocalLog(Database(sys.argv[1]))
    number = 0
    while True:
        batch = [Message(f"{{number}}-{{row}}", f"source:{{row}}", b"x" * 1000) for row in range({ROWS})]
        await log.publish("{TOPIC}", batch)
        print(number, flush=True)
        number += 1

asyncio.run(main())
"""


def publish_until_killed(url: str, batches: int) -> int:
    """Kill -9 a publishing process after so many acknowledged batches; the number it acknowledged in all."""
    process = subprocess.Popen([sys.executable, "-c", PUBLISHER, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for _ in range(batches):
        process.stdout.readline()
    stop(process.pid, signal.SIGKILL)
    rest = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    return int(rest[-1]) + 1 if rest else batches


async def test_a_publisher_killed_at_work_leaves_whole_acknowledged_batches(tmp_path: Path) -> None:
    for batches in (1, 7, 40):
        database = Database(f"sqlite+aiosqlite:///{tmp_path / f'killed{batches}.sqlite'}")
        await database.create_all()
        acknowledged = await asyncio.to_thread(publish_until_killed, database.url, batches)
        counts = await rows_per_batch(LocalLog(database))
        assert set(counts.values()) == {ROWS}
        assert {str(number) for number in range(acknowledged)} <= counts.keys()
        await database.close()


async def rows_per_batch(log: LocalLog) -> Counter[str]:
    counts: Counter[str] = Counter()
    async with log.subscribe(TOPIC, "g") as member:
        while some := await member.batch(1000, 0):
            counts.update(one.id.partition("-")[0] for one in some)
    return counts


async def test_two_processes_publishing_at_once_lose_nothing(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'two.sqlite'}")
    await database.create_all()
    both = await asyncio.gather(*(asyncio.to_thread(publish_until_killed, database.url, 20) for _ in range(2)))
    counts = await rows_per_batch(LocalLog(database))
    assert sum(counts.values()) >= sum(both) * ROWS
    assert sum(counts.values()) % ROWS == 0
    await database.close()
