"""What every test shares: real databases and a real broker, each started once per run."""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NoReturn

import asyncpg
import pytest

import services.adapters.tables.every  # noqa: F401 - importing it registers every table
from services.adapters.database import Database
from services.adapters.kafka import KafkaLog, Layout
from services.adapters.locallog import LocalLog
from services.usecases.ports import Log
from tests.real import broker, postgres, servers

TEMPLATE = "huiying_template"
_missing: set[str] = set()


def pytest_configure(config: pytest.Config) -> None:
    if servers.RUN_DIR not in os.environ:
        servers.begin_run()
        config.stash[_owner] = True


def pytest_unconfigure(config: pytest.Config) -> None:
    if config.stash.get(_owner, False):
        servers.end_run()


_owner = pytest.StashKey[bool]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Says a figure that an issue or HARDENING names; the run ends with all of them. The same words are counted."""
    return lambda words: request.node.user_properties.append(("figure", words))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The figures, and one loud line for each part that could not be had."""
    passed = terminalreporter.stats.get("passed", [])
    figures = Counter(words for report in passed for name, words in report.user_properties if name == "figure")
    if figures:
        terminalreporter.section("figures")
    for words, times in figures.items():
        terminalreporter.write_line(f"{words}{f'：{times} ×' if times > 1 else ''}")
    reasons = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", []) if report.longrepr}
    for reason in sorted(reason for reason in reasons if "NOT run" in reason):
        terminalreporter.write_line(f"!!! {reason.removeprefix('Skipped: ')}", red=True, bold=True)


def required(name: str, start: Any) -> dict[str, Any]:
    """The shared server `name`; where it cannot be had: skip loudly, or fail when CI=true."""
    try:
        return servers.once(name, start)
    except servers.Missing as missing:
        unavailable(missing)


def unavailable(missing: servers.Missing) -> NoReturn:
    reason = f"missing: {missing}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def free_port() -> int:
    return servers.free_port()


@pytest.fixture(scope="session")
def kafka_bootstrap() -> str:
    """`host:port` of a real Kafka shared by the run. Use topic names of your own."""
    return str(required("kafka", broker.start_shared)["bootstrap"])


@pytest.fixture(scope="session")
def postgres_port() -> int:
    return int(required("postgres", postgres.start_shared)["port"])


@pytest.fixture
async def postgres_url(postgres_port: int) -> AsyncIterator[str]:
    """A fresh, empty PostgreSQL database of this test's own, dropped afterwards."""
    name = f"test_{uuid.uuid4().hex}"
    await _administer(postgres_port, f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres.url(postgres_port, name)
    await _administer(postgres_port, f"DROP DATABASE {name} WITH (FORCE)")


async def _administer(port: int, statement: str) -> None:
    connection = await asyncpg.connect(postgres.dsn(port, "postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def sqlite_database(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite file of this test's own with every table."""
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'huiying.sqlite'}")
    await database.create_all()
    yield database
    await database.close()


@pytest.fixture
async def postgres_database(postgres_url: str) -> AsyncIterator[Database]:
    """A PostgreSQL database of this test's own with every table."""
    database = Database(postgres_url)
    await database.create_all()
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real)])
def database(request: pytest.FixtureRequest) -> Database:
    """The test runs twice: on a SQLite file and on a real PostgreSQL, tables created fresh."""
    chosen: Database = request.getfixturevalue(f"{request.param}_database")
    return chosen


@pytest.fixture
def local_logs(sqlite_database: Database) -> Callable[[], Log]:
    return lambda: LocalLog(sqlite_database)


@pytest.fixture
def postgres_logs(postgres_database: Database) -> Callable[[], Log]:
    return lambda: LocalLog(postgres_database)


@pytest.fixture
async def kafka_logs(kafka_bootstrap: str) -> AsyncIterator[Callable[[], Log]]:
    """Logs whose topics and groups are this test's own, by a prefix."""
    prefix = f"t{uuid.uuid4().hex[:8]}."
    opened: list[KafkaLog] = []

    def open_one() -> Log:
        opened.append(KafkaLog(kafka_bootstrap, prefix=prefix, patience=20.0))
        return opened[-1]

    await KafkaLog(kafka_bootstrap, prefix=prefix).ensure_topics(layout=Layout(allow_unsafe=True))
    yield open_one
    for log in opened:
        await log.close()


@pytest.fixture(params=["local", pytest.param("kafka", marks=pytest.mark.real)])
def open_log(request: pytest.FixtureRequest) -> Callable[[], Log]:
    """Each call opens the same log once more, as another process would. All of `services.topics` exist."""
    logs: Callable[[], Log] = request.getfixturevalue(f"{request.param}_logs")
    return logs


@pytest.fixture
def log(open_log: Callable[[], Log]) -> Log:
    """The test runs twice: on the embedded log and on a real Kafka."""
    return open_log()
