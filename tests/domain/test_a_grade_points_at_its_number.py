"""事件等级: the reason of a grade highlights the number that reaches the threshold and names the event."""

from __future__ import annotations

import pytest

from config.grades import load_grades
from services.domain.assessment import Reason
from services.domain.casualties import read_casualties
from services.domain.severity import Grader

GRADER = Grader(load_grades())
# (field, words of the rule, text, what is highlighted, the word that names the event)
NUMBERS = (
    ("生产安全", "10人以上30人以下死亡", "今晨某厂发生爆炸,造成10人死亡,20人受伤。", "10人死亡", "爆炸"),
    ("生产安全", "1亿元以上直接经济损失", "5人在火灾中遇难,直接经济损失1.2亿元。", "损失1.2亿元", "火灾"),
    ("生产安全", "50人以上100人以下重伤", "客车侧翻,车上60人重伤。", "60人重伤", "侧翻"),
    ("突发环境事件", "疏散、转移人员1万人以上", "原油泄漏,转移居民12000人。", "转移居民12000人", "原油泄漏"),
    ("突发环境事件", "直接导致3人以上10人以下死亡", "水污染事件致4人死亡。", "4人死亡", "水污染"),
    ("突发公共卫生事件", "腺鼠疫", "全市报告腺鼠疫12例。", "腺鼠疫12例", "鼠疫"),
    ("食品安全", "学校食物中毒伤害人数50人以上", "小学食物中毒,60名学生呕吐,无人死亡。", "60名学生呕吐", "食物中毒"),
    ("地震", "10人以上50人以下死亡", "本次地震已造成12人死亡。", "12人死亡", "地震"),
    ("群体性事件", "", "上午群体性事件造成4人死亡。", "4人死亡", "群体性事件"),
    ("群体性事件", "", "1500人聚集在广场上访。", "1500人聚集在广场上访", "聚集"),
    ("铁路", "客运列车脱轨18辆以上", "繁忙干线客车脱轨18辆,中断铁路行车48小时。", "客车脱轨18辆", "脱轨"),
    ("事故灾难", "死亡(含失踪)", "沉船事故造成2人死亡,9人失踪。", "2人死亡,9人失踪", "沉船"),
    ("事故灾难", "停水、停气48小时以上", "全市60000户停水,已停水50小时。", "60000户", "停水"),
    ("事故灾难", "10万人以上", "山洪暴发,紧急转移群众100000人。", "转移群众100000人", "山洪"),
    ("燃气", "1000户以上1万户以下", "2000户停气,已停气24小时。", "2000户", "停气"),
    ("森林", "72小时", "森林火灾连续燃烧72小时没有得到控制。", "林火灾连续燃烧72小时", "森林火灾"),
    ("水旱", "24小时", "洪水致国家高速公路中断24小时无法恢复通行。", "高速公路中断24小时", "洪水"),
    ("自然灾害", "10人以上30人以下死亡", "山洪致12人遇难。", "12人遇难", "山洪"),
    ("治安", "3人以上10人以下死亡", "凶杀案致3人遇害。", "3人遇害", "凶杀"),
)
PRESUMED = (
    ("死亡与失踪失联合计", "渔船沉没,2人死亡,3人失联。", "2人死亡,3人失联", "沉没"),
    ("受伤100人以上", "道外区一居民楼起火,120人受伤。", "120人受伤", "起火"),
    ("受伤人数较多", "道外区一居民楼起火,12人受伤。", "12人受伤", "起火"),
    ("伤者不足10人", "道外区一居民楼起火,2人受伤。", "2人受伤", "起火"),
    ("称多人死亡", "化工厂爆炸,致多人死亡。", "多人死亡", "爆炸"),
    ("国家标准无较大和一般级", "群众聚集上访,人数达到800人。", "800人", "聚集"),
)


def reason_of(text: str, title: str = "") -> list[Reason]:
    return list(GRADER.grade(title, text, read_casualties(title, text)).reasons)


def highlighted(text: str, reason: Reason, title: str = "") -> str:
    return f"{title}\n{text}"[reason.start : reason.end]


@pytest.mark.parametrize(("field", "clause", "text", "number", "event"), NUMBERS, ids=[row[2] for row in NUMBERS])
def test_a_rule_points_at_the_number_that_reaches_it_and_names_the_event(
    field: str, clause: str, text: str, number: str, event: str
) -> None:
    reasons = reason_of(text)
    [reason, *_] = [r for r in reasons if field in r.rule.split(" · ")[0] and clause in r.rule]
    assert highlighted(text, reason) == number
    assert event in reason.evidence
    assert number in reason.evidence


@pytest.mark.parametrize(("why", "text", "number", "event"), PRESUMED, ids=[row[1] for row in PRESUMED])
def test_what_is_presumed_of_a_number_points_at_it_too(why: str, text: str, number: str, event: str) -> None:
    [reason] = [r for r in reason_of(text) if why in r.rule]
    assert highlighted(text, reason) == number
    assert event in reason.evidence


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("今天下午道里区一处工地坍塌。", "坍塌"),
        ("水污染导致哈尔滨市集中式饮用水水源地取水中断。", "水污染导致哈尔滨市集中式饮用水水源地取水中断"),
    ],
)
def test_where_no_number_decides_the_words_of_the_event_stay(text: str, word: str) -> None:
    reason = reason_of(text)[0]
    assert highlighted(text, reason) == reason.evidence == word


def test_the_number_stands_in_the_title_or_in_the_text() -> None:
    title, text = "一化工厂爆炸致10人死亡", "事故原因正在调查。"
    reason = reason_of(text, title)[0]
    assert (highlighted(text, reason, title), reason.evidence) == ("10人死亡", "爆炸,10人死亡")


def test_the_latest_number_is_the_one_that_counts() -> None:
    text = "某厂爆炸。死亡人数由3人升至12人。"
    assert highlighted(text, reason_of(text)[0]).endswith("12人")


def test_numbers_far_apart_are_not_marked_with_all_that_stands_between() -> None:
    text = "沉船事故造成2人死亡,事发水域风浪较大,搜救船只已经从上下游两个方向展开拉网式搜索,目前仍有9人失踪。"
    [reason, *_] = [r for r in reason_of(text) if "含失踪" in r.rule]
    assert highlighted(text, reason) == "9人失踪"


def test_a_number_far_down_is_pointed_at_as_well() -> None:
    text = "某厂发生爆炸。" + "现场正在清理。" * 600 + "造成12人死亡。"
    [reason] = [r for r in reason_of(text) if "10人以上30人以下死亡(生产" in r.rule]
    assert highlighted(text, reason) == "12人死亡"
