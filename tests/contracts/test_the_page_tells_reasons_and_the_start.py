"""What the page says of a reason: wide marks, one colon, the source by its name, numbers as they were written.

And by which rule the clocks count: a person who has entered an earlier start must not read that the system set it.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest

from config.policy import load_policy
from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment, Reason
from services.domain.incident import Incident
from services.domain.post import ORIGINS, Post
from services.usecases.ports import Filed
from services.web.telling import CAME_BY, marked, origin_told, reason_told, start_told, topics_told

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
NAMES = {"baixing": "百姓留言板"}


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        (Reason("主责:供热办(谁主管谁负责)", "暖气", 3, 5), "主责 · 供热办（谁主管谁负责）：暖气"),
        (
            Reason("主责:供热办(谁主管谁负责) · 哈办发〔2017〕13号 四(二)", "暖气", 3, 5),
            "主责 · 供热办（谁主管谁负责） · 哈办发〔2017〕13号 四（二）：暖气",
        ),
        (Reason("主题:环境保护", "浓烟 34%,把握不大", 3, 5), "主题 · 环境保护：浓烟 34%，把握不大"),
        (Reason("伤亡:受伤", "损失1,200万元", 0, 8), "伤亡 · 受伤：损失1,200万元"),
        (Reason("舆情评分:来源", "+2 来源 baixing"), "舆情评分 · 来源：+2 来源 百姓留言板"),
        (Reason("疑似不实", "疑似不实,待人工核实", 0, 4), "疑似不实：疑似不实，待人工核实"),
        (Reason("舆情评分:敏感内容(重大问题)", "+12 伤亡", 4, 6), "舆情评分 · 敏感内容（重大问题）：+12 伤亡"),
        (Reason("相关性:本市渠道", "hotline"), "相关性 · 本市渠道：热线工单"),
        (Reason("舆情等级", ""), "舆情等级"),
    ],
)
def test_a_reason_is_a_line_to_read(reason: Reason, line: str) -> None:
    assert reason_told(reason, NAMES) == line


@pytest.mark.parametrize(
    ("source", "origin", "vendor", "line"),
    [
        ("baixing", "feed", "", "来源：百姓留言板 · 经由：订阅源"),
        ("baixing", "feed", "百姓留言板", "来源：百姓留言板 · 经由：订阅源"),
        ("北方晚报", "push", "monitor", "来源：北方晚报 · 经由：程序推送（monitor）"),
        ("市民来电", "manual", "duty1", "来源：市民来电 · 经由：人工录入（duty1）"),
        ("hotline", "hotline", "微信", "来源：hotline · 经由：热线工单（微信）"),
        ("monitor", "push", "monitor", "来源：monitor · 经由：程序推送"),
    ],
)
def test_a_post_says_where_it_stood_and_how_it_came(source: str, origin: str, vendor: str, line: str) -> None:
    post = Post("1", source, "停水", "停水三天", datetime(2026, 11, 22, 2, tzinfo=UTC), origin=origin, vendor=vendor)
    assert origin_told(post, NAMES) == line


def test_the_second_topic_stands_beside_the_first() -> None:
    assert topics_told({"城乡建设": 0.21, "商贸旅游": 0.62, "交通运输": 0.1}) == "62%，其次 城乡建设 21%"
    assert topics_told({"城乡建设": 0.998, "商贸旅游": 0.002}) == "100%"


def test_every_way_a_post_can_come_has_a_chinese_name() -> None:
    assert set(CAME_BY) == set(ORIGINS)


def test_the_start_is_said_to_be_whose_it_is() -> None:
    seen = datetime(2026, 11, 22, 2, tzinfo=UTC)
    incident = Incident("20261122-0", "停水", seen, seen, load_policy().rules)
    assert start_told(incident) == "系统首次采集；可录入更早时间"
    incident.started_at -= timedelta(hours=1)
    assert start_told(incident) == "早于首次采集，依据见台账"
    incident.quiet = True
    assert start_told(incident) == "历史补录，不计时"


def test_a_mark_names_the_rules_that_point_at_it_and_runs_nothing() -> None:
    reasons = (
        Reason("处置:重大问题", "死亡", 5, 7),
        Reason('专项:"><b>', "人死", 4, 6),
        Reason("主题:交通", "车<祸", 1, 4),
    )
    post = Post("1", "晚报", "", "车<祸3人死亡", NOON)
    page = marked(Filed(post, Assessment(True, "交通", {}, "GAJ", reasons=reasons), "1"))
    assert page == (
        '\n<mark title="主题:交通">车&lt;祸</mark>'
        '<mark title="专项：&#34;&gt;&lt;b&gt;；处置：重大问题">3人死</mark>亡'.replace("主题:", "主题：")
    )


def test_a_title_that_is_the_beginning_of_the_text_is_shown_once_with_its_marks_in_the_text() -> None:
    reasons = (Reason("主题:交通", "车祸", 0, 2), Reason("处置:重大问题", "死", 9, 10), Reason("伤亡", "3人", 2, 4))
    post = Post("1", "晚报", "车祸3人", "车祸3人死亡", NOON)
    page = marked(Filed(post, Assessment(True, "交通", {}, "GAJ", reasons=reasons), "1"))
    assert re.sub("<[^>]*>", "", page) == "车祸3人死亡"
    assert re.findall("<mark[^>]*>([^<]*)", page) == ["车祸", "3人", "死"]


@pytest.mark.parametrize("number", ["12人死亡", "１２人死亡", "十二人死亡"])
def test_the_page_marks_the_number_of_the_grade_as_it_was_written(assessor: MachineAssessor, number: str) -> None:
    post = Post("p", "新华网", "", f"今晨,哈尔滨市道外区一家工厂发生爆炸，造成{number}。", NOON)
    [found] = assessor.assess([post])
    marks = re.findall(r'<mark title="([^"]*)">([^<]*)</mark>', marked(Filed(post, found, "i")))
    [said] = [words for title, words in marks if "事件等级II 生产安全" in title]
    assert said == number
    [line] = {reason_told(r, NAMES) for r in found.reasons if "10人以上30人以下死亡（生产" in reason_told(r, NAMES)}
    assert "：爆炸，" in line
