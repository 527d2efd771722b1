"""One process per role, real Kafka, real PostgreSQL: a pushed post ends as a row of the annual table.

At every point of the work roles are killed with -9 and started again; the end result is the same.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from services.cli.roles import NAMES
from tests.annual_kit import in_json, in_workbook
from tests.real.office import PASSWORD, Person, Processes, Program, production, until

ACCOUNTS = (("duty1", "duty_officer", ""), ("yjgl", "department", "YJGL"), ("press1", "press_office", ""))
DISASTERS = (
    ("香坊区一化工厂发生爆炸", "今天上午，哈尔滨市香坊区一化工厂发生爆炸，已造成12人死亡、30人受伤，救援正在进行。"),
    ("道里区一商场起火", "昨夜哈尔滨市道里区中央大街附近一商场起火，火势蔓延到三层，已有14人遇难，消防员仍在搜救。"),
    ("机场路大客车与货车相撞", "哈尔滨市南岗区机场路今早大雾，一辆大客车与货车相撞，造成11人死亡、9人重伤，交通中断。"),
    ("松北区在建高架桥垮塌", "松北区世茂大道在建高架桥支架垮塌，工人被埋，已确认13人死亡，哈尔滨市派出救援队伍。"),
    ("呼兰区学校食物中毒", "呼兰区一中学午餐后大批学生呕吐，哈尔滨市疾控中心介入，重症10人死亡，食堂已被封存。"),
    ("阿城区煤矿透水", "阿城区一煤矿井下透水，当班矿工未能升井，哈尔滨市确认15人遇难，抽水仍在继续。"),
    ("双城区烟花仓库殉爆", "双城区一烟花爆竹仓库连环殉爆，周边民房玻璃震碎，哈尔滨市通报16人死亡、40余人受伤。"),
    ("平房区居民楼燃气闪爆", "平房区一居民楼凌晨燃气闪爆，整个单元坍塌，哈尔滨市消防救出多人，10人不幸身亡。"),
)
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
ONCE = (
    "incident_reported", "level_acknowledged", "department_assigned", "assignment_accepted", "response_published",
    "incident_resolved", "evaluation_recorded",
)  # fmt: skip
FULL = os.environ.get("HUIYING_FULL") == "1"

pytestmark = [pytest.mark.real, pytest.mark.timeout(3600 if FULL else 600)]


@pytest.fixture
def office(tmp_path: Path, kafka_bootstrap: str, postgres_url: str, free_port: int) -> Iterator[Processes]:
    environment = production(tmp_path, kafka_bootstrap, postgres_url, free_port)
    processes = Processes(environment, tmp_path)
    try:
        yield processes
    finally:
        processes.stop()


async def test_a_post_becomes_a_row_of_the_annual_table_whatever_is_killed(office: Processes) -> None:
    await asyncio.to_thread(_played, office, [VICTIMS])


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="HUIYING_FULL=1 runs it: 56 kills, each with a session to wait out, take minutes")
async def test_every_role_is_killed_after_every_step(office: Processes) -> None:
    """Eight disasters, one after the other; throughout each the same role dies after every step."""
    await asyncio.to_thread(_played, office, [dict.fromkeys(VICTIMS, (role,)) for role in NAMES])


def _played(office: Processes, plans: Sequence[dict[str, tuple[str, ...]]]) -> None:
    """A disaster for each plan of kills; in the end each is one closed incident and one row."""
    office.command("db", "upgrade")
    for name, role, department in ACCOUNTS:
        extra = ("--department", department) if department else ()
        office.command("user", "add", name, "--role", role, *extra, "--password-stdin", given=PASSWORD + "\n")
    base = f"http://127.0.0.1:{office.environment['HUIYING_PORT']}"
    with ExitStack() as opened:
        program = opened.enter_context(closing(Program(base, office.command("user", "token", "test").strip())))
        officer, department = (opened.enter_context(closing(Person(base, name))) for name in ("duty1", "yjgl"))
        for role in NAMES:
            office.start(role)
        officer.sign_in()
        department.sign_in()
        story = Story(office, program, officer, department)
        incidents = [story.told(number, victims) for number, victims in enumerate(plans)]
        until(lambda: len(_closed(program)) == len(plans), "the desk shows every incident as closed")
    assert len(set(incidents)) == len(plans)
    assert not office.alive(), "no role ended by itself"
    assert office.killed == sum(len(roles) for victims in plans for roles in victims.values())
    year = datetime.fromisoformat(story.began).year
    annual = ("report", "annual", "--year", str(year), "--layout", "2014")
    table = office.command(*annual)
    rows = {row["id"]: row for row in json.loads(table)["rows"]}
    assert rows["2.1"]["value"] == len(plans)
    assert rows["2.2.5"]["value"] == len(plans)
    book = office.folder / "table.xlsx"
    office.command(*annual, "--format", "xlsx", "--out", str(book))
    assert in_workbook(book, [name for name, _, _ in in_json(table)]) == in_json(table)


def _closed(program: Program) -> list[Any]:
    found: list[Any] = program.ask("GET", "/api/v1/incidents?state=closed")["incidents"]
    return found


@dataclass
class Story:
    """From a pushed post to the closed incident, with somebody dying after every step."""

    office: Processes
    program: Program
    officer: Person
    department: Person
    began: str = ""

    def told(self, number: int, victims: dict[str, tuple[str, ...]]) -> str:
        """Returns the number of the incident."""
        title, text = DISASTERS[number]
        post = {"id": f"p{number}", "source": "市民热线", "title": title, "text": text}
        self.program.ask("POST", "/api/v1/posts", [post])
        self._die(victims["push"])
        self.program.ask("POST", "/api/v1/posts", [post])  # a client that is unsure sends it again
        listed = until(lambda: self._listed(title), f"the incident on the desk: {title}")
        incident = str(listed[0]["id"])
        for person, act, form in self._steps():
            person.act(incident, act, **form)
            self._die(victims[act])
        self._is_whole(incident)
        return incident

    def _listed(self, title: str) -> list[Any]:
        listed: list[Any] = self.program.ask("GET", f"/api/v1/incidents?q={title}")["incidents"]
        return listed

    def _steps(self) -> list[tuple[Person, str, dict[str, str]]]:
        return [
            (self.officer, "acknowledge", {}),
            (self.officer, "assign", {"lead": "YJGL", "supporting": "WJW"}),
            (self.department, "accept", {}),
            (self.department, "publish", {"form": "statement", "channel": "政府网站", "url": "https://example.org/1"}),
            (self.officer, "resolve", {"disposition": "major_problem", "outcome": "调查处置情况已公布"}),
            (self.officer, "evaluate", {"acceptance": "较好", "opinion_before": "关注", "opinion_after": "平稳"}),
        ]

    def _die(self, roles: Sequence[str]) -> None:
        for role in roles:
            self.office.kill(role)

    def _is_whole(self, incident: str) -> None:
        """Every step once, the post once, the numbers without a gap."""
        entries = self.program.ledger(incident)
        kinds = Counter(entry["kind"] for entry in entries)
        assert {kind: kinds[kind] for kind in ONCE} == dict.fromkeys(ONCE, 1)
        assert kinds["post_attached"] == 0, "the same post pushed twice is one post"
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
        self.began = entries[0]["occurred_at"]
