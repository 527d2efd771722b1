"""`huiying up` on SQLite takes a flood of posts at once while pages are open and commands write beside it.

Pages are answered meanwhile, memory stays bounded, no command finds the database locked. A SIGTERM in the midst of it
ends the process in order, and what was under way is done after the next start: everything once, nothing lost.
"""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

import httpx2
import pytest

from config.reading import CONFIG_DIR
from tests.real.office import PASSWORD, Person, Processes, Program, until

FULL = os.environ.get("HUIYING_FULL") == "1"
# HUIYING_FULL=1 pushes ten thousand: half a minute of work. Else enough for the work to go on beside the commands.
FLOOD = 10_000 if FULL else 1_000
AT_ONCE = 500
LATER = 500
IMPORTED = 40
GROWTH_MIB = 200
MATTERS = (
    "暖气不热，室温只有14度",
    "路灯不亮，夜里看不清路",
    "井盖丢失，十分危险",
    "垃圾没有人清运",
    "停水两天没有通知",
)
DRILL = Path(__file__).with_name("scenarios") / "acknowledgement.yaml"
OPML = '<opml version="2.0"><body><outline text="市报" xmlUrl="http://news.example.com/rss"/></body></opml>'
HANGING = "delivery WHERE channel = 'webhook' AND state = 'sending'"
FILED = "ledger WHERE kind IN ('incident_reported', 'post_attached')"

pytestmark = pytest.mark.timeout(600)


def post(number: int) -> dict[str, str]:
    matter = MATTERS[number % len(MATTERS)]
    text = f"哈尔滨市南岗区{number}号楼居民反映：{matter}，希望有关部门尽快解决。"
    return {"id": f"p{number}", "source": "市民热线", "text": text}


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes every connection and never says a word: a source is there, and a webhook."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1024)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def office(tmp_path: Path, free_port: int, silent: str) -> Iterator[Processes]:
    folder, config = tmp_path / "data", tmp_path / "config"
    folder.mkdir()
    shutil.copytree(CONFIG_DIR, config, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with (config / "sources.toml").open("a", encoding="utf-8") as sources:
        sources.write(f'\n[[sources]]\nid = "silent"\nurl = "{silent}/rss"\n')
    with (config / "roster.toml").open("a", encoding="utf-8") as roster:
        roster.write(f'\n[[person]]\nname = "duty1"\nwebhook = "{silent}/hook"\n')
    settings = {"DATA_DIR": folder, "CONFIG_DIR": config, "PORT": free_port, "ALLOWED_NETWORKS": '["127.0.0.0/8"]'}
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    processes = Processes(environment | {f"HUIYING_{k}": str(v) for k, v in settings.items()}, folder)
    processes.command("user", "add", "duty1", "--role", "duty_officer", "--password-stdin", given=PASSWORD + "\n")
    yield processes
    processes.stop()


def count(office: Processes, what: str) -> int:
    with closing(sqlite3.connect(office.folder / "huiying.sqlite", timeout=30)) as database:
        found: int = database.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
    return found


@dataclass
class Watcher:
    """Somebody who looks at the list and at /readyz all the while, with two pages open that hear the alarm."""

    office: Processes
    person: Person
    answers: set[int] = field(default_factory=set)
    largest_mib: float = 0.0
    enough: Event = field(default_factory=Event)

    def look(self) -> None:
        with httpx2.Client(timeout=30, trust_env=False, cookies=self.person.client.cookies) as client:
            while not self.enough.wait(0.5):
                for path in ("/readyz", "/"):
                    self.answers.add(client.get(self.person.base + path).status_code)
                self.largest_mib = max(self.largest_mib, self.office.resident_mib("up"))

    def listen(self) -> bytes:
        """All that an open page hears, until the server ends it in order."""
        client = httpx2.Client(timeout=30, trust_env=False, cookies=self.person.client.cookies)
        with client, client.stream("GET", self.person.base + "/live") as answer:
            return b"".join(answer.iter_bytes())


def commands(folder: Path) -> Sequence[tuple[tuple[str, ...], str]]:
    """What operators type while the service runs."""
    rows = [f"{n},第{n}号来件,南岗区{n}号院居民反映停水三天没有通知,2026-11-20 08:05" for n in range(IMPORTED)]
    (folder / "export.csv").write_text("\n".join(["工单编号,标题,诉求内容,受理时间", *rows]), encoding="utf-8")
    (folder / "list.opml").write_text(OPML, encoding="utf-8")
    usual = [
        (("import", "hotline", str(folder / "export.csv")), ""),
        (("user", "add", "leader1", "--role", "duty_leader", "--password-stdin"), PASSWORD + "\n"),
        (("source", "import", str(folder / "list.opml")), ""),
        (("drill", str(DRILL)), ""),
    ]
    table = str(folder / "table.xlsx")
    of_unit = ("--unit", "XFJY", "--year", "2025", "--layout", "2014")
    more = [
        (("backup", str(folder / "backup.tar.gz")), ""),
        (("report", "annual", *of_unit, "--format", "xlsx", "--out", table), ""),
        (("user", "token", "second"), ""),
        (("import", "figures", table, *of_unit), ""),
        (("deadletters", "replay"), ""),
        (("user", "disable", "leader1"), ""),
        (("audit", "verify"), ""),
    ]
    return usual + more if FULL else usual


def test_a_flood_with_commands_beside_it_and_a_stop_in_the_midst(office: Processes, tmp_path: Path) -> None:
    base = f"http://127.0.0.1:{office.environment['HUIYING_PORT']}"
    token = office.command("user", "token", "feeder").strip()
    office.start_up()
    with closing(Program(base, token)) as program, closing(Person(base, "duty1")) as person:
        person.sign_in()
        watcher = Watcher(office, person)
        idle_mib = office.resident_mib("up")
        with ThreadPoolExecutor() as sessions:
            heard = [sessions.submit(watcher.listen) for _ in range(2)]
            looking = Thread(target=watcher.look)
            looking.start()
            try:
                for first in range(0, FLOOD, AT_ONCE):
                    program.ask("POST", "/api/v1/posts", [post(n) for n in range(first, first + AT_ONCE)])
                typing = commands(tmp_path)
                for done in [sessions.submit(typed, office, half) for half in (typing[::2], typing[1::2])]:
                    done.result()
                until(lambda: count(office, FILED) == FLOOD + IMPORTED, "every post is filed")
            finally:
                watcher.enough.set()
                looking.join()
            assert watcher.answers == {200}
            assert watcher.largest_mib < idle_mib + GROWTH_MIB
            until(lambda: count(office, HANGING), "a notice is under way to a server that does not answer")
            program.ask("POST", "/api/v1/posts", [post(FLOOD + n) for n in range(LATER)])
            until(lambda: count(office, FILED) > FLOOD + IMPORTED, "the work on the second flood has begun")
            assert office.terminate("up") == 0
            for page in heard:
                assert b"incident_reported" in page.result()
    assert "Traceback" not in (office.folder / "up.log").read_text(encoding="utf-8")
    office.start_up()
    until(lambda: count(office, FILED) == FLOOD + IMPORTED + LATER, "what was under way is done")
    until(lambda: count(office, "desk_feed") == count(office, "ledger"), "the desk shows everything")
    assert count(office, "post") == FLOOD + IMPORTED + LATER
    assert count(office, "dead_letter") == 0
    assert count(office, "account") == 2
    assert count(office, "source WHERE host = 'news.example.com'") == 1
    if FULL:
        office.command("restore", str(tmp_path / "backup.tar.gz"), "--data-dir", str(tmp_path / "elsewhere"))


def typed(office: Processes, some: Sequence[tuple[tuple[str, ...], str]]) -> None:
    for arguments, given in some:
        office.command(*arguments, given=given)
