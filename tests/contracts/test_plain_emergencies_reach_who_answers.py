"""A killing goes to the police, a flood is no accident at work: body, kind of event, focus and disposition."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.vocabulary import Disposition, EventGrade, Focus, Sentiment

PLAIN = (
    ("哈尔滨：一死三伤！道里区凌晨命案", "GAJ", "治安刑事案件"),
    ("一名男子在道里区中央大街被捅伤，送医后不治身亡。", "GAJ", "治安刑事案件"),
    ("今晨香坊区发生一起持刀伤人案，造成4人死亡。", "GAJ", "治安刑事案件"),
    ("道外区居民楼爆燃，死亡人数已达6人。", "YJGL", "生产安全事故"),
    ("呼兰区一饭店闪爆，3人死亡。", "YJGL", "生产安全事故"),
    ("尚志市洪水致两名干部殉职", "YJGL", "自然灾害"),
    ("五常市山洪冲毁民房，造成3人死亡。", "YJGL", "自然灾害"),
)


def assessed(assessor: MachineAssessor, text: str, source: str = "某网") -> Assessment:
    return assessor.assess([Post("p", source, "", text, datetime(2026, 11, 20, 4, tzinfo=UTC))])[0]


@pytest.mark.parametrize(("text", "body", "kind"), PLAIN)
def test_an_emergency_reaches_who_answers_under_its_own_kind(
    assessor: MachineAssessor, text: str, body: str, kind: str
) -> None:
    found = assessed(assessor, text)
    assert found.lead_department == body
    assert next(r.rule for r in found.reasons if r.rule.startswith("事件等级")).split(" ")[1] == kind
    assert Focus.F4 in found.focus
    assert found.disposition is Disposition.MAJOR_PROBLEM


def test_a_slogan_about_killings_is_no_killing(assessor: MachineAssessor) -> None:
    assert assessed(assessor, "道里公安分局坚持命案必破，连续三年命案积案清零。").event_grade is None


def test_people_frozen_to_death_are_an_emergency_and_a_major_problem(assessor: MachineAssessor) -> None:
    found = assessed(assessor, "哈尔滨一小区停暖，造成2名老人冻死。")
    assert (found.event_grade, found.disposition) == (EventGrade.IV, Disposition.MAJOR_PROBLEM)
    only_said = assessed(assessor, "哈尔滨一小区停暖，快冻死了，请领导解决。")
    assert (only_said.event_grade, only_said.disposition) == (None, Disposition.DIFFICULTY)


RUMOURS = (
    "据可靠消息哈尔滨明天要地震，速转。",
    "紧急扩散：道里区自来水被投毒，千万别喝。",
    "速转！南岗区某商场有炸弹。",
)
IRONIC = (
    "真是好政府啊，暖气13度还收全款，供热办太敬业了！",
    "城管局：小区门口垃圾留了三个月，真是太为民服务了，给你们点赞呵呵",
    "修了半年的路还在修，好一个高效便民。",
)


@pytest.mark.parametrize("text", RUMOURS)
def test_the_marks_of_a_rumour_are_a_hint_of_one(assessor: MachineAssessor, text: str) -> None:
    found = assessed(assessor, text)
    assert found.suspected_false
    assert found.disposition is Disposition.FALSE_INFORMATION


def test_an_earthquake_of_tomorrow_is_none(assessor: MachineAssessor) -> None:
    assert assessed(assessor, RUMOURS[0]).event_grade is None


@pytest.mark.parametrize("text", IRONIC)
def test_praise_that_is_meant_as_blame_is_negative(assessor: MachineAssessor, text: str) -> None:
    assert assessed(assessor, text).sentiment is Sentiment.NEGATIVE


@pytest.mark.parametrize("text", ["供热办师傅太敬业了，真心感谢，给你们点赞！", "真是太感谢了，三个月的难题解决了。"])
def test_praise_that_is_meant_stays_praise(assessor: MachineAssessor, text: str) -> None:
    assert assessed(assessor, text).sentiment is Sentiment.POSITIVE


def test_a_source_with_the_citys_name_speaks_of_the_citys_bodies(assessor: MachineAssessor) -> None:
    assert assessed(assessor, IRONIC[1], "哈尔滨新闻网").relevant
    assert not assessed(assessor, "城管局长谈小说创作", "哈尔滨新闻网").relevant
