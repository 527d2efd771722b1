"""重大问题 and 敏感内容 rest on what is told to have happened: not on what is denied, averted, played or unknown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR, BadConfig
from config.scorecard import FILE, load_scorecard
from services.domain.assessment import Assessment
from services.domain.opinion import ScoreCard, Situation, grade_opinion
from services.domain.post import Post
from services.domain.sentiment import read_sentiment
from services.domain.signals import LISTS, Hit, Signals
from services.domain.stating import stated
from services.domain.vocabulary import Disposition, OpinionGrade, Sentiment
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def assess(text: str, title: str = "") -> Assessment:
    (found,) = make_assessor(CONFIG_DIR).assess([Post("1", "来电", title, text, NOON, origin="hotline")])
    return found


def scored(found: Assessment) -> list[str]:
    return [one.evidence for one in found.reasons if one.rule.startswith("舆情评分:敏感内容")]


@pytest.mark.parametrize(
    "text",
    [
        "道里区一小区发生火灾，已被扑灭，无人员伤亡。",
        "南岗区路面塌陷，所幸无人伤亡。",
        "香坊区一厂房着火，未造成任何人员伤亡，原因待查。",
        "道外区煤气罐爆炸，没有人员受伤、死亡。",
        "阿城区锅炉房起火，尚未收到人员伤亡报告。",
        "墙皮脱落，请尽快维修，以免造成人员伤亡。",
        "这次起火有没有人员伤亡？",
        "道外区一仓库发生爆炸，伤亡情况正在核实。",
        "道外区一仓库发生爆炸，人员伤亡情况不明。",
    ],
)
def test_denied_averted_and_unknown_casualties_are_no_grave_problem(text: str) -> None:
    found = assess(text)
    assert found.disposition is not Disposition.MAJOR_PROBLEM
    assert not any("伤亡" in one or "死亡" in one for one in scored(found))


@pytest.mark.parametrize(
    ("text", "grave"),
    [
        ("法院今日宣判：2021年道外区火灾致12人死亡案", False),
        ("今年第一季度全市火灾死亡5人", False),
        ("上半年全市工矿商贸事故死亡11人，同比减少2人", False),
        ("我父亲去年在工地死亡，法院一审判决不公", True),
        ("香坊区发生命案，两人死亡", True),
        ("今年第一季度全市火灾死亡5人，今天道里区又有一家饭店起火，致1人死亡。", True),
    ],
)
def test_the_dead_of_a_verdict_and_of_statistics_are_no_grave_problem(text: str, grave: bool) -> None:
    assert (assess(text).disposition is Disposition.MAJOR_PROBLEM) is grave


def test_an_exercise_is_no_grave_problem_however_many_die_in_it() -> None:
    found = assess("哈尔滨市开展地震应急演练，模拟楼房倒塌造成30人死亡，检验救援能力。", "我市举行地震应急演练")
    assert found.disposition is not Disposition.MAJOR_PROBLEM
    assert scored(found) == []


@pytest.mark.parametrize(
    "text",
    [
        "道里区一小区发生火灾，造成2人死亡。",
        "南岗区交通事故造成人员死亡，死亡原因正在调查。",
        "昨天的火灾无人员伤亡，今天又着火，造成人员伤亡。",
        "无人机坠落砸中行人，造成1人死亡。",
        "未成年人死亡，家长要求给个说法。",
        "这个采砂场背后是否有保护伞？",
    ],
)
def test_stated_casualties_are(text: str) -> None:
    assert assess(text).disposition is Disposition.MAJOR_PROBLEM


def test_a_word_denied_first_and_stated_later_is_pointed_at_where_it_is_stated() -> None:
    full = "\n第一起无人员伤亡。第二起造成重大伤亡。"
    signals = Signals({"major": [Hit("伤亡", full.find("伤亡"), full.find("伤亡") + 2, 1.0)]})
    (hit,) = stated("", full[1:], full, signals).of("major")
    assert hit.start == full.rfind("伤亡")


def test_one_word_never_scores_twice_and_every_point_names_its_list() -> None:
    found = assess("道里区一工地发生坍塌，造成人员伤亡。")
    assert scored(found) == ["+12 伤亡", "+8 坍塌"]
    rules = [one.rule for one in found.reasons if one.rule.startswith("舆情评分:敏感内容")]
    assert rules == ["舆情评分:敏感内容(重大问题)", "舆情评分:敏感内容(突发事件与灾害)"]


def test_a_word_inside_one_that_has_scored_scores_no_more() -> None:
    card = ScoreCard(grades={OpinionGrade.III: 30}, sensitivity={"major": 12, "credibility": 6})
    signals = Signals({"major": [Hit("暴力强拆", 0, 4, 1.0)], "credibility": [Hit("强拆", 2, 4, 1.0)]})
    _, reasons = grade_opinion(card, Situation("", "", signals))
    assert [one.evidence for one in reasons] == ["+12 暴力强拆", "12 分,一般舆情"]


def test_the_card_is_written_in_the_names_that_people_read_and_still_takes_identifiers(tmp_path: Path) -> None:
    assert set(load_scorecard().sensitivity) <= set(LISTS)
    written = FILE.read_text(encoding="utf-8")
    assert not any(f"\n{identifier} = " in written for identifier in LISTS if identifier != "emerging")
    own = tmp_path / "scorecard.toml"
    own.write_text(written.replace('"重大问题" = 12', "major = 12"), encoding="utf-8")
    assert load_scorecard(own).sensitivity == load_scorecard().sensitivity
    own.write_text(written.replace('"重大问题" = 12', '"重大问题" = 12\nmajor = 12'), encoding="utf-8")
    with pytest.raises(BadConfig, match="twice"):
        load_scorecard(own)


@pytest.mark.parametrize(
    ("text", "word", "feeling"),
    [
        ("多次反映没有改善", "改善", Sentiment.NEGATIVE),
        ("问题没有得到及时解决", "及时解决", Sentiment.NEGATIVE),
        ("从来没见过什么改善", "改善", Sentiment.NEGATIVE),
        ("环境不断改善", "改善", Sentiment.POSITIVE),
        ("对结果特别满意", "满意", Sentiment.POSITIVE),
        ("不得不点赞", "点赞", Sentiment.POSITIVE),
    ],
)
def test_praise_that_is_denied_is_blame(text: str, word: str, feeling: Sentiment) -> None:
    at = text.find(word)
    assert read_sentiment(text, Signals({"positive": [Hit(word, at, at + len(word), 1.0)]}))[0] is feeling
