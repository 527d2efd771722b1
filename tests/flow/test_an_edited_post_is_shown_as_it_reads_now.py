"""A post that its source edited is read, judged and corrected as it reads now; what it said before stays beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from services.adapters.store.corrections import CorrectionStore
from services.domain.correction import CorrectionKind
from services.domain.vocabulary import EventGrade, Role
from tests.console_kit import HouseThread, Visitor, until

pytestmark = pytest.mark.timeout(180)
FIRST = "哈尔滨市道里区群力一工地塔吊坍塌，现场混乱。"
SECOND = "哈尔滨市道里区群力一工地塔吊坍塌，已造成11人死亡，5人受伤。"


@dataclass
class Edited:
    """One post, edited once, and the incident that holds it."""

    office: HouseThread
    officer: Visitor
    incident: str

    @property
    def page(self) -> str:
        return self.officer.get(f"/incidents/{self.incident}").text


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edited]:
    office = HouseThread(tmp_path_factory.mktemp("edited")).start()
    officer = office.visitor(office.add("duty1", Role.DUTY_OFFICER))
    number = office.report("x9", FIRST)
    office.report("x9", SECOND)
    until(lambda: _grade(office, number) is EventGrade.II, "the edit to be heard")
    yield Edited(office, officer, number)
    office.close()


def _grade(office: HouseThread, number: str) -> EventGrade | None:
    incident = office.call(office.house.reader.incident(number))
    return incident.event_grade if incident else None


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_the_latest_wording_stands_first_with_its_own_proposal_and_reasons(edited: Edited) -> None:
    now, _, before = edited.page.partition('<details class="earlier"')
    assert "已编辑 1 次" in now
    assert SECOND in text_of(now)
    assert "Ⅱ级" in now.rpartition('class="proposal"')[2]
    assert re.search(r"<mark title=[^>]*>[^<]*11人死亡", now)
    assert "信息 <small>（1 条）" in now, "an edit is no further post"
    assert FIRST not in text_of(now).partition("信息 （1 条）")[2]
    assert FIRST in text_of(before)


def test_what_it_said_before_stays_behind_a_fold_with_its_time(edited: Edited) -> None:
    before = edited.page.partition('<details class="earlier"')[2].partition("</section>")[0]
    assert re.search(r"第 1 版 · \d\d-\d\d \d\d:\d\d:\d\d 采集，首次采集", text_of(before))
    assert "Ⅳ级" in before.rpartition('class="proposal"')[2]


def test_programs_read_every_version_with_what_the_machine_said_of_it(edited: Edited) -> None:
    program = edited.office.program("reader")
    [post] = program.get(f"/api/v1/incidents/{edited.incident}/posts").json()["posts"]
    assert (post["id"], post["edited"], post["incident"]) == ("x9", 1, edited.incident)
    told = [(v["version"], v["post"]["text"], v["assessment"]["event_grade"]) for v in post["versions"]]
    assert told == [(1, FIRST, "IV"), (2, SECOND, "II")]
    assert program.get("/api/v1/incidents/20260101-0000000000/posts").status_code == 404
    assert program.get(f"/api/v1/incidents/{edited.incident}/posts?offset=1").json() == {"posts": []}
    described = program.get("/openapi.json").json()["paths"]["/api/v1/incidents/{incident_id}/posts"]["get"]
    assert "versions" in str(described["responses"]["200"])


def test_a_correction_is_kept_against_the_proposal_on_screen_with_the_text_it_rests_on(edited: Edited) -> None:
    form = {"event_grade": "I", "opinion_grade": "I", "reason": "按现场情况"}
    assert edited.officer.act(edited.incident, "confirm_grade", **form).status_code == 303
    store = CorrectionStore(edited.office.house.database)
    made = {one.kind: one for one in edited.office.call(store.since(datetime(2020, 1, 1, tzinfo=UTC)))}
    event = made[CorrectionKind.EVENT_GRADE]
    assert (event.proposed, event.decided, event.text) == ("II", "I", SECOND)
    assert "死亡" in event.rule
    assert made[CorrectionKind.OPINION_GRADE].text == SECOND


def test_a_text_pushed_again_as_it_read_before_its_correction_is_the_latest_wording(edited: Edited) -> None:
    """A death toll that was taken back and then confirmed must not stay taken back."""
    program = edited.office.program("corrector")
    for text in (SECOND, FIRST, FIRST, SECOND):
        item = {"id": "back and forth", "source": "corrector", "text": text}
        assert program.post("/api/v1/posts", json=item).status_code == 202
    reader = edited.office.program("reader of all")

    def wordings() -> list[str]:
        posts = [
            post
            for one in reader.get("/api/v1/incidents").json()["incidents"]
            for post in reader.get(f"/api/v1/incidents/{one['id']}/posts").json()["posts"]
        ]
        told = [post["versions"] for post in posts if post["id"] == "back and forth"]
        return [" / ".join(one["post"]["text"] for one in versions) for versions in told]

    until(lambda: wordings() == [f"{SECOND} / {FIRST} / {SECOND}"], "the third wording, and no fourth for a repeat")
