"""A PostgreSQL that crashes under writers: they get `NotNow`, go on by themselves, and nothing committed is lost."""

from __future__ import annotations

import asyncio
import shutil
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from services.adapters.database import KEEPALIVE, Database
from services.usecases.ports import NotNow
from tests.conftest import unavailable
from tests.real.postgres import Postgres
from tests.real.servers import Missing

pytestmark = pytest.mark.real
CRASHES = 5


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A server of this test's own, to be crashed."""
    try:
        server = Postgres.create()
    except Missing as missing:
        unavailable(missing)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(server.folder, ignore_errors=True)


class Writers:
    """They write numbers, repeat on `NotNow`, and remember what was acknowledged."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.acknowledged: set[int] = set()
        self.refused = 0
        self.stopping = False
        self.progress = asyncio.Condition()

    async def write(self, first: int, step: int) -> None:
        number = first
        while not self.stopping:
            try:
                async with self.database.write() as connection:
                    await connection.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": number})
            except NotNow:
                self.refused += 1
            else:
                self.acknowledged.add(number)
            number += step
            async with self.progress:
                self.progress.notify_all()

    async def until(self, more: int) -> None:
        goal = len(self.acknowledged) + more
        async with self.progress:
            await self.progress.wait_for(lambda: len(self.acknowledged) >= goal)


async def test_an_immediate_stop_under_writers_loses_nothing_committed(own_postgres: Postgres) -> None:
    database = Database(own_postgres.url("postgres"))
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE numbers (n BIGINT PRIMARY KEY)"))
    writers = Writers(database)
    async with asyncio.timeout(90), asyncio.TaskGroup() as tasks:
        for first in range(4):
            tasks.create_task(writers.write(first, 4))
        for _ in range(CRASHES):
            await writers.until(50)
            await asyncio.to_thread(own_postgres.stop, signal.SIGQUIT)
            await asyncio.to_thread(own_postgres.start)
        await writers.until(50)
        writers.stopping = True
    async with database.read() as connection:
        kept = set((await connection.scalars(text("SELECT n FROM numbers"))).all())
    assert writers.refused > 0
    assert writers.acknowledged <= kept
    await database.close()


async def test_a_server_that_vanishes_without_a_word_is_noticed_by_the_kernel(postgres_url: str) -> None:
    database = Database(postgres_url)
    async with database.read() as connection:
        adapted: Any = (await connection.get_raw_connection()).driver_connection
        wire = adapted._transport.get_extra_info("socket")
        assert wire.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
        assert {option: wire.getsockopt(socket.IPPROTO_TCP, option) for option in KEEPALIVE} == KEEPALIVE
    await database.close()


async def test_a_standby_that_only_reads_is_not_now(postgres_url: str) -> None:
    """After a fail-over the old address may lead to a server that refuses to write, until somebody corrects it."""
    name = make_url(postgres_url).database
    database = Database(postgres_url)
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE numbers (n BIGINT PRIMARY KEY)"))
        await connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    await database.close()

    async def write() -> None:
        async with database.write() as connection:
            await connection.execute(text("INSERT INTO numbers VALUES (1)"))

    with pytest.raises(NotNow, match="read-only"):
        await write()
    await database.close()


@pytest.mark.parametrize(("part", "value"), [("username", "nobody_here"), ("database", "nowhere")])
async def test_a_server_that_does_not_let_us_in_is_not_now(postgres_url: str, part: str, value: str) -> None:
    """A password that was changed, a database that is being restored: nothing that a message could be blamed for."""
    url = make_url(postgres_url).set(**{part: value})
    database = Database(url.render_as_string(hide_password=False))
    with pytest.raises(NotNow, match=value):
        async with database.read():
            pass
    await database.close()
