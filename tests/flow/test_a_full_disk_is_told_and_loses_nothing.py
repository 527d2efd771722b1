"""No file of `huiying up` may grow or be written for a while, as on a full disk. It says so, and goes on afterwards."""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from services.adapters.database import SQLITE_BUSY_MS, Database
from services.adapters.migrating import upgrade
from services.usecases.ports import NotNow
from tests.real.office import Processes, until

pytestmark = pytest.mark.timeout(300)
NOTHING = 1


@pytest.fixture
def office(tmp_path: Path, free_port: int) -> Iterator[Processes]:
    settings = {"DATA_DIR": tmp_path, "PORT": free_port}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    processes = Processes(environment | {f"HUIYING_{k}": str(v) for k, v in settings.items()}, tmp_path)
    yield processes
    processes.stop()


def limit_files(office: Processes, octets: int) -> None:
    """From now on a write beyond so many octets of any file fails."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.prlimit(office.running["up"].pid, resource.RLIMIT_FSIZE, (octets, most))


def test_what_cannot_be_written_is_refused_and_told_until_there_is_room_again(office: Processes) -> None:
    token = office.command("user", "token", "vendor").strip()
    office.start_up()
    base = f"http://127.0.0.1:{office.environment['HUIYING_PORT']}"
    headers = {"authorization": f"Bearer {token}"}
    with closing(httpx2.Client(base_url=base, headers=headers, timeout=60, trust_env=False)) as program:

        def push(number: int) -> int:
            text = f"哈尔滨市南岗区{number}号楼居民反映：暖气不热，室温只有14度，希望有关部门尽快解决。"
            return program.post(
                "/api/v1/posts", json=[{"id": f"p{number}", "source": "热线", "text": text}]
            ).status_code

        def ready() -> int:
            try:
                return program.get("/readyz").status_code
            except httpx2.TransportError:
                return 0

        until(lambda: ready() == 200, "it is ready")
        assert push(1) == 202
        limit_files(office, NOTHING)
        assert push(2) == 503
        assert ready() == 503
        assert "database" in program.get("/readyz").json()["why"]
        limit_files(office, resource.RLIM_INFINITY)
        until(lambda: ready() == 200, "it is ready again")
        assert push(2) == push(3) == 202
        until(
            lambda: sum(one["posts"] for one in program.get("/api/v1/incidents").json()["incidents"]) == 3, "all three"
        )
    assert office.alive() == {}
    assert office.terminate("up") == 0


async def test_a_process_that_seldom_writes_finds_out_all_the_same_and_at_once(tmp_path: Path) -> None:
    """In the production form the web role answers /readyz, and others write."""
    url = f"sqlite+aiosqlite:///{tmp_path}/house.sqlite"
    await upgrade(writing := Database(url))
    await writing.close()
    database = Database(url)
    lately, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (NOTHING, most))
    try:
        async with asyncio.timeout(SQLITE_BUSY_MS / 3000):
            with pytest.raises(NotNow):
                await database.try_writing()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (lately, most))
    await database.try_writing()
    await database.close()
