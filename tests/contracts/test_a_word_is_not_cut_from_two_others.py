"""A cue of two characters that belong to different words is none: there is no 供热 in 提供热水."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reading import CONFIG_DIR
from services.adapters.classifier.vocabulary import Vocabulary
from services.adapters.lexicons import Lexicons
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.signals import Cue
from services.wiring.machine import make_assessor

WINTER = datetime(2026, 1, 10, 4, tzinfo=UTC)
words = st.lists(st.lists(st.text(st.sampled_from("供热水大火锅\n"), min_size=1, max_size=4), max_size=8), max_size=4)


def assess(text: str) -> Assessment:
    (found,) = make_assessor(CONFIG_DIR).assess([Post("1", "来电", "", text, WINTER, origin="hotline")])
    return found


def rests_on(found: Assessment) -> set[str]:
    return {reason.evidence.rpartition(" ")[2] for reason in found.reasons if reason.start >= 0}


def test_hot_water_that_is_handed_out_is_no_heating() -> None:
    found = assess("家属来到安置点，志愿者为大家提供热水。")
    assert found.lead_department != "GRB"
    assert (found.watches, "供热" in rests_on(found)) == ((), False)


def test_a_big_hot_pot_restaurant_is_no_big_fire() -> None:
    assert not any("消防救援支队" in reason.evidence for reason in assess("道里区一大火锅店油烟扰民。").reasons)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("请市长热线帮忙查一下。", "请市"),
        ("服务态度不热情。", "不热"),
        ("县有关部门调查处理过了。", "查处"),
        ("政府这新政策一出来，我们都拥护。", "新政"),
        ("抢救重伤人员。", "伤人"),
    ],
)
def test_nor_are_others_that_two_words_make_by_chance(text: str, word: str) -> None:
    assert word not in rests_on(assess(text))


@pytest.mark.parametrize(
    ("text", "word"),
    [("供热不好，家里冷。", "供热"), ("供热公司不管。", "供热"), ("附近着了大火，很害怕。", "大火")],
)
def test_a_word_of_its_own_or_inside_a_longer_name_counts(text: str, word: str) -> None:
    assert word in rests_on(assess(text))


def test_a_word_that_stands_there_by_itself_later_counts() -> None:
    assert assess("志愿者提供热水。可是我家供热不好。").watches == ("供暖季",)


@given(words)
def test_a_pair_is_torn_where_two_words_meet_in_it_and_one_goes_on(texts: list[list[str]]) -> None:
    torn, at = Vocabulary([]).numbers(texts).torn, 0
    for text in texts:
        ends, whole = {0}, "".join(text)
        for word in text:
            ends.add(max(ends) + len(word))
        for start in range(len(whole) - 1):
            apart = start + 1 in ends and not {start, start + 2} <= ends
            assert torn[at + start] == apart
        at += len(whole)


def test_words_that_others_only_look_for_beforehand_are_found_anywhere() -> None:
    cues = [Cue("duty:GRB", "供热"), Cue("casualties", "供热")]
    signals, _ = Lexicons(cues, anywhere=["casualties"]).find("提供热水", 0, bytes([0, 1, 0, 0]))
    assert list(signals.hits) == ["casualties"]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("小区门口电动车乱停，道里区", "TLJ"),
        ("楼道里停满电动车，老人出不去，南岗区", "TLJ"),
        ("修鞋的老师傅摊被撵走了，道里区", "JYJ"),
        ("给道里区区长发电子邮件没人回", "YZJ"),
        ("救火车进不来胡同，道外区", "TLJ"),
        ("道里区银行街的老榆树要倒了", "JRJ"),
        ("南岗区火车站附近路面坑洼", "TLJ"),
    ],
)
def test_what_is_part_of_a_whole_word_calls_nobody(text: str, body: str) -> None:
    assert assess(text).lead_department != body


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("动车晚点三小时，电动车也没处放，哈尔滨西站没人管", "TLJ"),
        ("老师让家长买资料，老师傅都看不下去，南岗区", "JYJ"),
        ("哈尔滨火车站的厕所没水", "TLJ"),
    ],
)
def test_beside_a_whole_word_the_word_itself_counts(text: str, body: str) -> None:
    assert assess(text).lead_department == body
