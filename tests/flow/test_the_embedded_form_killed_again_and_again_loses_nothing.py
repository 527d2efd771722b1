"""`huiying up` is killed with -9 in the midst of its work; every accepted post is filed once, every ledger whole."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.real.office import Processes, Program, until

BATCHES, SIZE, KILL_EVERY = 12, 20, 3
STREETS = ("经纬街", "果戈里大街", "长江路", "红旗大街", "和兴路", "学府路", "珠江路", "公滨路")


@pytest.fixture
def office(tmp_path: Path, free_port: int) -> Iterator[Processes]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    environment |= {"HUIYING_DATA_DIR": str(tmp_path), "HUIYING_PORT": str(free_port)}
    processes = Processes(environment, tmp_path)
    yield processes
    processes.stop()


def post(number: int) -> dict[str, str]:
    street = STREETS[number % len(STREETS)]
    text = f"哈尔滨市南岗区{street}{number}号居民反映暖气不热，室温只有14度，希望供热部门尽快解决。"
    return {"id": f"p{number}", "source": "市民热线", "text": text}


def query(folder: Path, statement: str) -> list[tuple[object, ...]]:
    database = sqlite3.connect(folder / "huiying.sqlite", timeout=30)
    try:
        return database.execute(statement).fetchall()
    finally:
        database.close()


def test_killed_while_posts_come_in(office: Processes) -> None:
    program = Program(f"http://127.0.0.1:{office.environment['HUIYING_PORT']}", "")
    program.token = office.command("user", "token", "feeder").strip()
    office.start_up()
    with closing(program):
        for batch in range(BATCHES):
            program.ask("POST", "/api/v1/posts", [post(batch * SIZE + n) for n in range(SIZE)])
            if batch % KILL_EVERY == KILL_EVERY - 1:
                office.kill("up")

    def settled() -> bool:
        [(filed,)] = query(office.folder, "SELECT count(*) FROM post")
        [(waiting,)] = query(office.folder, "SELECT count(*) FROM ledger WHERE published_us IS NULL")
        [(listed,)] = query(office.folder, "SELECT count(*) FROM desk_feed")
        [(entries,)] = query(office.folder, "SELECT count(*) FROM ledger")
        return filed == BATCHES * SIZE and waiting == 0 and listed == entries

    until(settled, "every accepted post on file and every entry on the desk")
    assert office.killed == BATCHES // KILL_EVERY
    gaps = query(
        office.folder, "SELECT incident_id FROM ledger GROUP BY 1 HAVING max(seq) <> count(*) OR min(seq) <> 1"
    )
    assert gaps == []
    counted = query(office.folder, "SELECT count(*) FROM ledger WHERE kind IN ('incident_reported', 'post_attached')")
    assert counted == [(BATCHES * SIZE,)], "each post is reported or attached exactly once"
    assert query(office.folder, "SELECT count(*) FROM dead_letter") == [(0,)]
