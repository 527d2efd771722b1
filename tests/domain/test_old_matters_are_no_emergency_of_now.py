"""往事: verdicts, anniversaries, inquiries and dated stories get no event grade; what is fresh keeps its own."""

from __future__ import annotations

from datetime import date

import pytest

from config.grades import load_grades
from services.domain.casualties import read_casualties
from services.domain.severity import Grader, GradeReading
from services.domain.vocabulary import EventGrade

GRADER = Grader(load_grades())
TODAY = date(2026, 11, 20)

OLD = (
    ("酒店火灾案一审宣判", "2018年8月，松北区一家酒店发生火灾，造成20人死亡。今天，法院作出一审判决。"),
    ("酒店火灾案宣判", "市中级人民法院今天公开宣判，该起火灾造成20人死亡，被告人获刑七年。"),
    ("爆炸案二审维持原判", "2021年6月，香坊区某工厂发生爆炸，致9人死亡。"),
    ("检察机关提起公诉", "检察院依法对平房区某公司爆炸案提起公诉。案发时造成3人死亡。"),
    ("爆炸案逃犯落网", "潜逃多年后，依兰县煤矿瓦斯爆炸致8人死亡案的逃犯在外地落网。"),
    ("大火五周年祭", "五年前的今天，道里区一处仓库燃起大火，5名消防员牺牲。"),
    ("纪念抗洪胜利二十五周年", "1998年松花江特大洪水，十余万军民上堤抢险。"),
    ("事故调查报告公布", "应急管理局今日公布某粮库坍塌事故调查报告。2025年4月2日发生的该起事故造成3人死亡。"),
    ("应急局公布典型案例", "某年3月，呼兰区一养老院起火，造成4人死亡。"),
    ("档案里的城市", "2003年3月，道外区一市场发生火灾，造成15人死亡。"),
    ("", "2018年8月25日，松北区一酒店火灾造成20人死亡。今天我们整改消防。"),
    ("", "2018年8月25日，松北区一酒店发生火灾。大火造成20人死亡。今天我们学习了通报。"),
    ("", "2018年8月25日的火灾造成20人死亡，今天我们整改消防，请领导放心。"),
    ("一座矿的一生", "2009年11月21日，矿井发生瓦斯爆炸，108人遇难。矿区后来改成了公园。"),
)  # fmt: skip

FRESH = (
    ("道外区居民楼起火", "今天凌晨，道外区一居民楼发生火灾，造成3人死亡。该楼2019年曾发生火灾。", EventGrade.III),
    ("宣判次日涉事工厂再次爆炸", "香坊区一工厂今天上午发生爆炸，已致2人死亡。2021年爆炸案昨日宣判。", EventGrade.IV),
    ("持刀伤人嫌犯落网", "11月18日，南岗区发生持刀伤人案，致3人死亡，嫌犯当日落网。", EventGrade.III),
    ("厂房起火", "2026年11月19日23时许，香坊区一厂房起火，致4人死亡。", EventGrade.III),
    ("居民楼起火", "道外区一栋建于1998年的居民楼起火，3人死亡。", EventGrade.III),
    ("老楼起火致3死", "该楼于1987年交付使用，2003年曾经失火。此次火灾造成3人死亡。", EventGrade.III),
    ("纪念日前夕发生爆炸", "纪念活动在即。江边一仓库19日发生爆炸，造成12人死亡。", EventGrade.II),
    ("", "2018年8月25日，松北区一酒店火灾造成20人死亡。今天，道里区发生火灾，3人死亡。", EventGrade.III),
    ("", "今天，道里区发生火灾致3人死亡，2018年该处也曾失火。", EventGrade.III),
    ("", "2018年，该厂曾经爆炸。此次爆炸造成3人死亡。", EventGrade.III),
    ("", "道里区发生火灾，1人受伤。背景：1994年外地一剧院火灾造成325人死亡。", EventGrade.IV),
    ("法院门前发生爆炸", "昨日庭审期间，法院门前停车场一辆轿车爆炸。截至目前，爆炸已造成3人死亡。", EventGrade.III),
)  # fmt: skip


def graded(title: str, text: str, on: date | None = TODAY) -> GradeReading:
    return GRADER.grade(title, text, read_casualties(title, text, on), None, on)


@pytest.mark.parametrize(("title", "text"), OLD, ids=[title for title, _ in OLD])
def test_an_old_matter_gets_no_grade(title: str, text: str) -> None:
    assert graded(title, text).grade is None


@pytest.mark.parametrize(("title", "text", "grade"), FRESH, ids=[title for title, _, _ in FRESH])
def test_a_fresh_emergency_keeps_its_grade_beside_old_ones(title: str, text: str, grade: EventGrade) -> None:
    assert graded(title, text).grade is grade


def test_a_date_is_old_only_against_the_day_of_the_report() -> None:
    text = "2018年8月25日，松北区一家酒店发生火灾，造成20人死亡。"
    assert graded("酒店火灾", text, date(2018, 8, 26)).grade is EventGrade.II
    assert graded("", text, None).grade is EventGrade.II
    assert graded("", text).grade is None


def test_the_dead_of_long_ago_are_named_but_not_counted() -> None:
    reading = read_casualties("", "2018年8月25日，松北区一酒店火灾造成20人死亡。今天道里区火灾致1人死亡。", TODAY)
    assert reading.casualties.deaths == 1
    assert [(r.rule, r.evidence) for r in reading.reasons][-1] == ("伤亡:往事,不计入本事件", "20人死亡")


def test_new_years_eve_is_not_last_year_on_new_years_day() -> None:
    text = "2025年12月31日深夜，道里区一厂房爆炸，3人死亡。"
    assert graded("", text, date(2026, 1, 1)).grade is EventGrade.III


def test_the_reason_says_why_there_is_no_grade() -> None:
    [reason] = graded(*OLD[0]).reasons
    assert reason.rule == "事件等级:往事,不提等级"
    assert f"{OLD[0][0]}\n{OLD[0][1]}"[reason.start : reason.end] == reason.evidence
