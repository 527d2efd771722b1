"""One process per role, real Kafka, real PostgreSQL: a pushed post ends as a row of the annual table.

At every point of the work roles are killed with -9 and started again; the end result is the same.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import pytest

from services.cli.roles import NAMES
from tests.real.office import PASSWORD, Person, Processes, Program, production, until

ACCOUNTS = (("duty1", "duty_officer", ""), ("yjgl", "department", "YJGL"), ("press1", "press_office", ""))
POST = {
    "id": "p1",
    "source": "市民热线",
    "title": "香坊区一化工厂发生爆炸",
    "text": "今天上午，哈尔滨市香坊区一化工厂发生爆炸，已造成12人死亡、30人受伤，救援正在进行。",
}
# Which roles die right after each step; over the seven steps every role dies, most of them more than once.
VICTIMS = {
    "push": ("assess", "track"),
    "acknowledge": ("relay", "web"),
    "assign": ("project", "notify"),
    "accept": ("supervise", "collect"),
    "publish": ("track", "relay", "web"),
    "resolve": ("project", "supervise"),
    "evaluate": ("relay", "notify", "project"),
}

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]


@pytest.fixture
def office(tmp_path: Path, kafka_bootstrap: str, postgres_url: str, free_port: int) -> Iterator[Processes]:
    environment = production(tmp_path, kafka_bootstrap, postgres_url, free_port)
    processes = Processes(environment, tmp_path)
    try:
        yield processes
    finally:
        processes.stop()


async def test_a_post_becomes_a_row_of_the_annual_table_whatever_is_killed(office: Processes) -> None:
    await asyncio.to_thread(_story, office)


def _story(office: Processes) -> None:
    with ExitStack() as opened:
        _played(office, opened)


def _played(office: Processes, opened: ExitStack) -> None:
    office.command("db", "upgrade")
    for name, role, department in ACCOUNTS:
        extra = ("--department", department) if department else ()
        office.command("user", "add", name, "--role", role, *extra, "--password-stdin", given=PASSWORD + "\n")
    base = f"http://127.0.0.1:{office.environment['HUIYING_PORT']}"
    program = opened.enter_context(closing(Program(base, office.command("user", "token", "test").strip())))
    for role in NAMES:
        office.start(role)
    officer, department = (opened.enter_context(closing(Person(base, name))) for name in ("duty1", "yjgl"))
    officer.sign_in()
    department.sign_in()

    def die(step: str) -> None:
        for role in VICTIMS[step]:
            office.kill(role)

    program.ask("POST", "/api/v1/posts", [POST])
    die("push")
    program.ask("POST", "/api/v1/posts", [POST])  # a client that is unsure sends it again
    listed = until(lambda: program.ask("GET", "/api/v1/incidents")["incidents"], "the incident on the desk")
    incident = listed[0]["id"]
    steps = (
        (officer, "acknowledge", {}),
        (officer, "assign", {"lead": "YJGL", "supporting": "WJW"}),
        (department, "accept", {}),
        (department, "publish", {"form": "statement", "channel": "政府网站", "url": "https://example.org/1"}),
        (officer, "resolve", {"disposition": "major_problem", "outcome": "调查处置情况已公布"}),
        (officer, "evaluate", {"acceptance": "较好", "opinion_before": "关注", "opinion_after": "平稳"}),
    )
    for person, act, form in steps:
        person.act(incident, act, **form)
        die(act)

    entries = program.ledger(incident)
    kinds = Counter(entry["kind"] for entry in entries)
    once = (
        "incident_reported", "level_acknowledged", "department_assigned", "assignment_accepted", "response_published",
        "incident_resolved", "evaluation_recorded",
    )  # fmt: skip
    assert {kind: kinds[kind] for kind in once} == dict.fromkeys(once, 1)
    assert kinds["post_attached"] == 0, "the same post pushed twice is one post"
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert not office.alive(), "no role ended by itself"
    assert office.killed == sum(len(roles) for roles in VICTIMS.values())

    until(
        lambda: program.ask("GET", "/api/v1/incidents?state=closed")["incidents"],
        "the desk shows the incident as closed after the last kill",
    )
    year = datetime.fromisoformat(entries[0]["occurred_at"]).year
    table = json.loads(office.command("report", "annual", "--year", str(year), "--layout", "2014"))
    rows = {row["id"]: row for row in table["rows"]}
    assert rows["2.1"]["value"] == 1
    assert rows["2.2.5"]["value"] == 1
