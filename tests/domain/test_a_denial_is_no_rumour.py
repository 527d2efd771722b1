"""疑似不实 is a hint about what somebody spreads: an official denial has none, a question whether it is true keeps it.

A rumour that the text itself denies is 虚假和不实信息: it is answered and handed over (四(四)).
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.vocabulary import Disposition, Focus, OpinionGrade
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def assess(text: str) -> Assessment:
    (found,) = make_assessor(CONFIG_DIR).assess([Post("1", "某论坛", "", text, NOON, origin="board")])
    return found


def why(found: Assessment) -> list[str]:
    return [one.evidence for one in found.reasons if one.rule.startswith("处置:")]


@pytest.mark.parametrize(
    "text",
    [
        "哈尔滨发布：网传停水为不实信息。",
        "警方辟谣：朋友圈疯传的道里区抢孩子一事不属实。",
        "关于网传我市自来水污染的传言，经核实为谣言，请勿转发扩散。",
    ],
)
def test_an_official_denial_is_not_suspected_but_to_be_answered_and_handed_over(text: str) -> None:
    found = assess(text)
    assert not found.suspected_false
    assert found.disposition is Disposition.FALSE_INFORMATION
    assert why(found) == ["已辟谣,回应并移交"]
    assert Focus.F6 in found.focus


@pytest.mark.parametrize(
    "text",
    [
        "听说道里区要停水三天，内部消息，是不是谣言？",
        "听说道里区要停水三天，内部消息，是谣言吗",
        "听说道里区要停水三天，内部消息，是真的吗",
        "听说要停热一个月，赶紧转，请官方出来辟谣！",
        "听说要停热一个月，朋友圈都在说，至今没有官方回应。",
    ],
)
def test_who_asks_whether_it_is_true_keeps_the_hint(text: str) -> None:
    found = assess(text)
    assert found.suspected_false
    assert "疑似不实,待人工核实" in [one.evidence for one in found.reasons]


def test_the_dead_of_a_debunked_rumour_are_no_grave_problem_and_no_heat() -> None:
    found = assess("网传道外区发生爆炸致30人死亡，警方辟谣：系谣言。")
    assert (found.event_grade, found.disposition) == (None, Disposition.FALSE_INFORMATION)
    assert found.opinion_grade is OpinionGrade.IV


def test_the_dead_that_the_denial_confirms_are() -> None:
    found = assess("网传道外区发生爆炸致30人死亡，经核实为谣言，目前确认2人死亡。")
    assert found.disposition is Disposition.MAJOR_PROBLEM


def test_who_contradicts_his_landlord_denies_no_rumour() -> None:
    assert assess("物业答复说已经维修，与事实不符，楼道还在漏水。").disposition is Disposition.DIFFICULTY
