"""The whole assessment against plain sentences: what happened now and here is graded, nothing else wakes anybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment
from services.domain.post import Post
from tests.contracts.graded_sentences import TABLES as GRADED
from tests.contracts.graded_sentences import Row
from tests.contracts.harmless_sentences import TABLES as HARMLESS
from tests.contracts.misheard_sentences import TABLES as MISHEARD
from tests.contracts.plight_sentences import TABLES as PLIGHT
from tests.contracts.remembered_sentences import TABLES as REMEMBERED
from tests.contracts.travelling_sentences import TABLES as TRAVELLING
from tests.contracts.untrue_sentences import TABLES as UNTRUE

MORNING = datetime(2026, 11, 22, 0, tzinfo=UTC)
ROWS = [
    pytest.param(row, id=f"{name}-{at}")
    for name, rows in {**GRADED, **HARMLESS, **MISHEARD, **PLIGHT, **REMEMBERED, **TRAVELLING, **UNTRUE}.items()
    for at, row in enumerate(rows)
]


def assessed(assessor: MachineAssessor, text: str) -> Assessment:
    return assessor.assess([Post("p", "市民推送", "", text, MORNING, published_at=MORNING)])[0]


def shown(found: Assessment) -> str:
    return "-" if found.event_grade is None else found.event_grade.value + "?" * found.provisional


@pytest.mark.parametrize("row", ROWS)
def test_a_sentence_is_graded_by_what_happened_now_and_here(assessor: MachineAssessor, row: Row) -> None:
    found = assessed(assessor, row[0])
    assert shown(found) in row[1].split("|")
    if len(row) == 3:
        assert found.relevant is row[2]
    spans = [(one.start, one.end) for one in found.reasons if one.start >= 0]
    assert all(start < end <= len(row[0]) + 1 for start, end in spans)


OWN_DOORS = (
    ("楼下饭店爆炸，13人死亡！", "II"),
    ("长春来的货车在我们小区撞人，4人死亡。", "III?"),
    ("长春市一化工厂爆炸致5人死亡。", "III?"),
    ("哈尔滨消防去长春支援，长春大火13人死亡。", "-"),
)


ELSEWHERE_BY_OUR_DOORS = (
    "上海浦东一商场发生火灾，造成35人死亡。",
    "转：上海火灾，35人死亡",
    "国内要闻：北京一医院火灾29人死亡，太吓人了",
    "上海一商场火灾，造成35人死亡。哈尔滨消防提醒注意安全",
    "缅甸地震，2000人死亡",
)


@pytest.mark.parametrize("origin", ["hotline", "board", "mailbox"])
@pytest.mark.parametrize("text", ELSEWHERE_BY_OUR_DOORS)
def test_a_disaster_of_another_place_told_by_our_own_doors_wakes_nobody_unasked(
    assessor: MachineAssessor, text: str, origin: str
) -> None:
    found = assessor.assess([Post("p", "本市渠道", "", text, MORNING, origin=origin)])[0]
    assert found.relevant
    assert found.event_grade is None or found.provisional


@pytest.mark.parametrize(("text", "grade"), OWN_DOORS)
def test_what_the_hotline_tells_of_another_place_is_for_a_person_to_settle(
    assessor: MachineAssessor, text: str, grade: str
) -> None:
    found = assessor.assess([Post("p", "热线", "", text, MORNING, origin="hotline")])[0]
    assert (found.relevant, shown(found)) == (True, grade)


def test_a_drill_plays_what_it_says_wherever_it_says_so(assessor: MachineAssessor) -> None:
    post = Post("p", "演练", "", "某省某市一化工厂爆炸，已致12人死亡。", MORNING, origin="drill")
    assert shown(assessor.assess([post])[0]) == "II"


@pytest.mark.parametrize("row", ROWS)
def test_a_title_that_repeats_the_beginning_changes_nothing(assessor: MachineAssessor, row: Row) -> None:
    found = assessor.assess([Post("p", "市民推送", row[0][:30], row[0], MORNING, published_at=MORNING)])[0]
    assert shown(found) in row[1].split("|")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("网传哈尔滨自来水被投毒，死了十几个人", "治安刑事案件"),
        ("道外区一男子纵火，烧死4人", "治安刑事案件"),
        ("通河县发生洪水，4人被淹死", "自然灾害"),
        ("平房区一轿车冲入人群，致5人死亡", "伤亡事件(性质待定)"),
        ("道里区出大事了，死了十三个人", "伤亡事件(性质待定)"),
    ],
)
def test_no_law_is_cited_for_what_it_does_not_govern(assessor: MachineAssessor, text: str, field: str) -> None:
    graded = [one.rule for one in assessed(assessor, text).reasons if one.rule.startswith("事件等级")]
    assert field in graded[0]
    assert "条文内部规定" in graded[0]
    assert not any("生产安全事故 · " in rule and "已核实" in rule for rule in graded)


@pytest.mark.parametrize(("filling", "dead"), [(4_500, 12), (5_800, 12), (6_500, None)])
def test_a_long_text_is_graded_as_far_as_its_dead_are_counted(
    assessor: MachineAssessor, filling: int, dead: int | None
) -> None:
    digest = "今日要闻汇总，市民关心的供暖情况良好。" * (filling // 20 + 1)
    found = assessed(assessor, f"{digest[:filling]}\n道里区爆炸致12人死亡。")
    assert found.casualties.deaths == dead
    assert shown(found) == ("-" if dead is None else "II")
