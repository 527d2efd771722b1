"""The shipped assessor on real configuration: its reasons point into the post, and no input makes it fail."""

from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from services.adapters.assessor import READ_LIMIT, MachineAssessor
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.vocabulary import Disposition, EventGrade, Focus

WINTER = datetime(2026, 11, 20, 4, tzinfo=UTC)
MEBIBYTE = 1024 * 1024


def post(title: str, text: str = "", origin: str = "push") -> Post:
    return Post("p", "某网", title, text, WINTER, origin=origin)


def one(assessor: MachineAssessor, title: str, text: str = "", origin: str = "push") -> Assessment:
    return assessor.assess([post(title, text, origin)])[0]


def evidence(found: Assessment, whole: str, rule: str) -> list[str]:
    return [whole[r.start : r.end] for r in found.reasons if r.rule.startswith(rule) and r.start >= 0]


def test_a_heating_complaint_goes_to_the_heating_office(assessor: MachineAssessor) -> None:
    title, text = "哈尔滨道里区暖气不热", "我家室温只有十三度,多次投诉供热公司没人管,请领导解决。"
    found = one(assessor, title, text)
    assert found.relevant
    assert found.lead_department == "GRB"
    assert "230102" in [region.code for region in found.regions]
    assert Focus.F2 in found.focus
    assert found.disposition is Disposition.DIFFICULTY
    assert found.watches == ("供暖季",)
    assert evidence(found, f"{title}\n{text}", "主责")


def test_an_explosion_with_deaths_is_graded_and_its_numbers_are_shown(assessor: MachineAssessor) -> None:
    title, text = "哈尔滨香坊区一工厂发生爆炸", "事故已造成3人死亡,12人受伤,救援仍在进行。"
    found = one(assessor, title, text)
    assert found.event_grade is EventGrade.III
    assert (found.casualties.deaths, found.casualties.injuries) == (3, 12)
    assert Focus.F4 in found.focus
    assert any("3人" in words for words in evidence(found, f"{title}\n{text}", "伤亡"))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("世界杯决赛今晚打响", "两支球队争夺冠军,球迷期待进球。"),
        ("全场五折优惠", "限时促销,加微信领优惠券,欢迎选购。"),
        ("感谢信", "感谢公交司机拾金不昧,送上锦旗。"),
        ("沈阳市一小区停水三天", "沈阳市民反映家中停水。"),
    ],
)
def test_what_is_not_ours_is_left_out_and_still_answered(assessor: MachineAssessor, title: str, text: str) -> None:
    found = one(assessor, title, text)
    assert not found.relevant
    assert found.topic
    assert found.lead_department


@pytest.mark.parametrize("width", ["道里区暖气不热", "道裡區暖氣不熱", "㍿①道里区暖气不热ﬁ"])
def test_reasons_point_into_the_text_as_it_was_written(assessor: MachineAssessor, width: str) -> None:
    title, text = f"哈爾濱{width}", "㎡室溫只有１３度,請領導解決!"
    whole = f"{title}\n{text}"
    found = one(assessor, title, text)
    assert found.lead_department == "GRB"
    for words in evidence(found, whole, "主责"):
        assert words in ("暖气", "暖氣", "室溫")


def test_a_post_is_judged_the_same_alone_and_in_a_batch(assessor: MachineAssessor) -> None:
    posts = [post(f"道里区第{n}小区停水", "自来水停了三天㎡" * (n % 3)) for n in range(300)]
    alone = [assessor.assess([one])[0] for one in posts[::60]]
    together = assessor.assess(posts)[::60]
    for left, right in zip(alone, together, strict=True):
        assert left.lead_department == right.lead_department
        assert left.reasons == right.reasons
        assert left.topic_scores == pytest.approx(right.topic_scores, abs=1e-3)


ODD = {
    "empty": "",
    "one character": "冷",
    "a blank": " \n ",
    "emoji": "😀🔥👨‍👩‍👧‍👦" * 40,
    "English": "The heating in our building has failed again. " * 20,
    "Uyghur": "ئۈرۈمچى شەھىرى " * 50,
    "Korean": "하얼빈시 난방 문제 " * 50,
    "traditional": "哈爾濱道裡區暖氣不熱,請領導解決。",
    "mixed widths": "１２人死亡，３４人受伤,直接损失５６７８万元ＡＢＣ",
    "cut inside a numeral": "哈尔滨爆炸致一百二十",
    "lone surrogates": "死亡\ud83d人\udc00受伤",
    "NUL and controls": "停水\x00\x01\x7f停电",
    "combining": "é̂" * 500,
    "numbers only": "9" * 5000,
    "all the numerals": "零一二三四五六七八九十百千万亿" * 300,
    "brackets": "((((（（（（[[[[" * 500,
    "all punctuation": "。,;!?、" * 2000,
    "deaths without end": "3人死亡," * 4000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_input_gets_an_answer(assessor: MachineAssessor, name: str) -> None:
    for title, text in ((ODD[name], ""), ("", ODD[name]), (ODD[name], ODD[name])):
        check(one(assessor, title, text), f"{title}\n{text}")


@pytest.mark.parametrize("sign", ["死", "一", "a", "㎡", "😀", "。", "区"])
def test_a_mebibyte_of_one_character_is_read_up_to_a_limit_and_says_so(assessor: MachineAssessor, sign: str) -> None:
    text = sign * (MEBIBYTE // len(sign.encode()))
    found = one(assessor, "", text)
    check(found, f"\n{text}")
    assert any(str(READ_LIMIT) in reason.evidence for reason in found.reasons)


def check(found: Assessment, whole: str) -> None:
    """Every field answered, every span inside the text, the scores a distribution."""
    assert found.lead_department
    assert found.topic in found.topic_scores
    assert sum(found.topic_scores.values()) == pytest.approx(1, abs=0.01)
    for reason in found.reasons:
        assert (reason.start, reason.end) == (-1, -1) or 0 <= reason.start < reason.end <= len(whole)


PIECES = st.sampled_from(
    [
        "3人",
        "死亡",
        "失踪",
        "三十余",
        "受伤",
        "亿元",
        "道里区",
        "哈尔滨",
        "爆炸",
        "。",
        "\n",
        "由",
        "升至",
        "无",
        "暖气",
        "㎡",
    ]
)
TEXTS = st.one_of(
    st.text(alphabet=st.characters(), max_size=120),
    st.lists(PIECES, max_size=30).map("".join),
    st.lists(st.one_of(PIECES, st.text(alphabet=st.characters(), max_size=8)), max_size=15).map("".join),
)


# HUIYING_FULL=1 assesses a hundred thousand posts of random characters: minutes of work.
TOGETHER = 25
EXAMPLES = 4_000 if os.environ.get("HUIYING_FULL") == "1" else 60
POSTS = st.lists(st.tuples(st.one_of(st.just(""), TEXTS), TEXTS), min_size=TOGETHER, max_size=TOGETHER)


@seed(20170101)
@settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(texts=POSTS)
def test_no_text_makes_it_fail(assessor: MachineAssessor, texts: list[tuple[str, str]]) -> None:
    for (title, text), found in zip(texts, assessor.assess([post(*one) for one in texts]), strict=True):
        check(found, f"{title}\n{text}")
