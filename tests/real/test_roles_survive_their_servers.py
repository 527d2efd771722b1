"""The roles at work while Kafka or PostgreSQL is frozen, or dies and comes back on the same port and data.

Posts are pushed all the while. Nobody restarts a role; nothing accepted is lost and nothing is done twice; /readyz
tells what is the matter while it is, and that it is over when it is over.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from threading import Event
from typing import Any

import asyncpg
import httpx2
import pytest

from services.cli.roles import NAMES
from tests.conftest import unavailable
from tests.real import servers
from tests.real.broker import Cluster, Node, wait_until_ready
from tests.real.feeder import BATCH, Feeder
from tests.real.office import PASSWORD, PATIENCE_SECONDS, Person, Processes, production, until
from tests.real.postgres import Postgres

FULL = os.environ.get("HUIYING_FULL") == "1"
# HUIYING_FULL=1 waits a minute and takes each fault alone: then sessions end, publishes are given up, and clients are
# replaced. Else a fault lasts until it was noticed, for time's sake.
OUTAGE_SECONDS = 60.0 if FULL else 0.0

pytestmark = [pytest.mark.real, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def broker() -> Iterator[Cluster]:
    try:
        cluster = Cluster()
    except servers.Missing as missing:
        unavailable(missing)
    cluster.start()
    try:
        asyncio.run(wait_until_ready(cluster.bootstrap))
        yield cluster
    finally:
        cluster.close()


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    try:
        postgres = Postgres.create()
    except servers.Missing as missing:
        unavailable(missing)
    postgres.start()
    try:
        yield postgres
    finally:
        postgres.stop()
        shutil.rmtree(postgres.folder, ignore_errors=True)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, broker: Cluster, database: Postgres) -> Iterator[Processes]:
    """All eight roles."""
    folder = tmp_path_factory.mktemp("office")
    environment = production(folder, broker.bootstrap, database.url("postgres"), servers.free_port())
    processes = Processes(environment, folder)
    account = ("user", "add", "duty1", "--role", "duty_officer", "--password-stdin")
    processes.command(*account, given=PASSWORD + "\n")
    try:
        for role in NAMES:
            processes.start(role)
        yield processes
    finally:
        processes.stop()


def base(office: Processes) -> str:
    return f"http://127.0.0.1:{office.environment['HUIYING_PORT']}"


def query(database: Postgres, statement: str) -> list[tuple[Any, ...]]:
    async def ask() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(database.dsn("postgres"))
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(ask())


def count(database: Postgres, statement: str) -> int:
    return int(query(database, f"SELECT count(*) FROM {statement}")[0][0])


# Rows are locked in the order in which the roles lock them.
EVERYTHING_DUE = """
    WITH due AS (SELECT id FROM incident WHERE next_due_us IS NOT NULL ORDER BY id FOR UPDATE)
    UPDATE incident SET next_due_us = 0 FROM due WHERE incident.id = due.id
"""
WAITING = """
    WITH entry AS (SELECT *, incident_id || ':' || seq AS name FROM ledger WHERE recorded_us <= {last})
    SELECT 1 FROM entry WHERE published_us IS NULL
    UNION ALL SELECT 1 FROM incident WHERE next_due_us = 0
    UNION ALL SELECT 1 FROM entry WHERE kind = 'level_alerted' AND name NOT IN (SELECT message_id FROM delivery)
    UNION ALL SELECT 1 FROM entry WHERE name NOT IN (SELECT message_id FROM desk_feed)
    LIMIT 1
"""


# In one look: what nobody was told was accepted may still be on its way.
FILED_AND_SHOWN = """
    SELECT (SELECT count(*) FROM ledger WHERE kind IN ('incident_reported', 'post_attached'))
         = (SELECT count(*) FROM post), (SELECT count(*) FROM desk_feed) = (SELECT count(*) FROM ledger)
"""


def catch_up(database: Postgres, feeder: Feeder) -> None:
    """Wait until everything accepted by now is tracked, relayed, shown and told, and no clock is behind.

    Posts go on coming in meanwhile: a moment at which nothing at all is under way may never come.
    """
    accepted = feeder.accepted * BATCH
    until(lambda: count(database, "post") >= accepted, "everything accepted has its place")
    last = query(database, "SELECT coalesce(max(recorded_us), 0) FROM ledger")[0][0]
    until(lambda: not query(database, WAITING.format(last=last)), "everything is relayed, told and shown")


@dataclass(frozen=True)
class Fault:
    """How a server goes away, what happens to it while it is away, and how it comes back."""

    begin: Callable[[], None]
    worsen: Callable[[], None]
    end: Callable[[], None]


def fault_of(name: str, node: Node, postgres: Postgres) -> Fault:
    faults = {
        "kafka frozen and killed": Fault(node.freeze, node.kill, node.start),
        "postgres frozen and killed": Fault(postgres.freeze, postgres.kill, postgres.start),
        "kafka frozen": Fault(node.freeze, nothing, node.thaw),
        "kafka killed": Fault(node.kill, nothing, node.start),
        "postgres frozen": Fault(postgres.freeze, nothing, postgres.thaw),
        "postgres crashed": Fault(lambda: postgres.stop(signal.SIGQUIT), nothing, postgres.start),
    }
    return faults[name]


def nothing() -> None:
    """It is just away."""


FAULTS = ["kafka frozen and killed", "postgres frozen and killed"]
if FULL:
    FAULTS += ["kafka frozen", "kafka killed", "postgres frozen", "postgres crashed"]


@pytest.fixture(scope="module")
def feeder(office: Processes) -> Iterator[Feeder]:
    feeder = Feeder(base(office))
    with closing(feeder.client):
        until(lambda: feeder.trouble() == "", "the console answers")
        feeder.token = office.command("user", "token", "feeder").strip()
        feeder.feeding.start()
        yield feeder
        feeder.stop()


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_away_for_a_while(
    name: str, office: Processes, broker: Cluster, database: Postgres, feeder: Feeder
) -> None:
    fault, server = fault_of(name, broker.nodes[0], database), name.split()[0]
    query(database, EVERYTHING_DUE)
    until(lambda: feeder.accepted > 3, "posts are accepted before the fault")
    catch_up(database, feeder)
    begun = time.monotonic()
    fault.begin()
    try:
        until(lambda: feeder.blames(server), "/readyz tells what is the matter")
        fault.worsen()
        until(lambda: time.monotonic() > begun + OUTAGE_SECONDS, "the outage has been long enough")
        until(lambda: feeder.blames(server), "/readyz tells it still")
    finally:
        fault.end()
    until(lambda: feeder.trouble() == "", "/readyz tells that it is over")
    query(database, EVERYTHING_DUE)
    before = feeder.accepted
    until(lambda: feeder.accepted > before + 3, "posts are accepted again")
    catch_up(database, feeder)
    assert office.alive() == {}, "no role ended"


def test_every_role_ends_at_a_sigterm_in_the_midst_of_its_work(office: Processes, feeder: Feeder) -> None:
    """Posts come in and a page is open. What was under way is done after the next start."""
    office.wait_until_started()
    accepted = feeder.accepted
    with closing(Person(base(office), "duty1")) as person, ThreadPoolExecutor() as pages:
        person.sign_in()
        page = pages.submit(heard, person, opened := Event())
        until(lambda: opened.is_set() and feeder.accepted > accepted + 3, "the page is open and posts come in")
        assert stopped(office) == dict.fromkeys(NAMES, 0)
        assert page.result().startswith(b"event: time"), "the page was open, and was ended in order"
    for role in NAMES:
        office.start(role)


def test_nothing_was_lost_and_nothing_done_twice(office: Processes, database: Postgres, feeder: Feeder) -> None:
    feeder.stop()
    catch_up(database, feeder)
    until(lambda: query(database, FILED_AND_SHOWN) == [(True, True)], "each post is filed once, each entry shown once")
    assert count(database, "post") >= feeder.accepted * BATCH
    assert count(database, "dead_letter") == 0
    gaps = "SELECT incident_id FROM ledger GROUP BY 1 HAVING max(seq) <> count(*) OR min(seq) <> 1"
    assert query(database, gaps) == []
    assert office.alive() == {}


def test_every_role_ends_at_a_sigterm_even_when_no_server_answers(
    office: Processes, broker: Cluster, database: Postgres
) -> None:
    """The last test: nobody starts them again."""
    office.wait_until_started()
    broker.nodes[0].freeze()
    database.freeze()
    try:
        assert stopped(office) == dict.fromkeys(NAMES, 0)
    finally:
        broker.nodes[0].thaw()
        database.thaw()


def stopped(office: Processes) -> dict[str, int]:
    """SIGTERM to every role at once, as when the machine is shut down; their exit codes."""
    with ThreadPoolExecutor(len(NAMES)) as operators:
        return dict(zip(NAMES, operators.map(office.terminate, NAMES), strict=True))


def heard(person: Person, opened: Event) -> bytes:
    """All that an open page hears until the server ends it; a connection that is cut is an error."""
    client, said = httpx2.Client(timeout=PATIENCE_SECONDS, trust_env=False, cookies=person.client.cookies), b""
    with client, client.stream("GET", person.base + "/live") as answer:
        for some in answer.iter_bytes():
            opened.set()
            said += some
    return said
