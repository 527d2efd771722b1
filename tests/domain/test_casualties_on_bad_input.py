"""Whatever comes in, the readers answer; what they answer stays inside the text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.grades import load_grades
from services.domain.casualties import read_casualties
from services.domain.severity import Grader

GRADER = Grader(load_grades())
_WORDS = (
    "死亡,受伤,失踪,3人,十余,至少,其中,另有,无人员伤亡,损失,万元,疏散,火灾,爆炸,地震,级,升至,由,共,去年,如果,"
    "1,亿,千,名,食物中毒,停气,户,小时"
)
_PIECES = st.sampled_from([*re.split(",", _WORDS), "。", ",", "(", ")"])


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(max_size=20), st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map("".join)))
def test_any_text_gives_an_answer_with_spans_inside_it(title: str, text: str) -> None:
    reading = read_casualties(title, text)
    grade = GRADER.grade(title, text, reading)
    full = title + "\n" + text
    for reason in reading.reasons + grade.reasons:
        assert -1 <= reason.start <= reason.end <= len(full)
    for value in (reading.casualties.deaths, reading.casualties.injuries, reading.casualties.direct_loss_yuan):
        assert value is None or value >= 0


@pytest.mark.parametrize(
    "text", ["", "死", "3", "😀😀", "Ten people died.", "死亡", "3人", "损失", "死亡3", "ئۆلدى", "사망 3명"]
)
def test_short_and_foreign_texts_state_nothing(text: str) -> None:
    counts = read_casualties("", text).casualties
    assert (counts.missing, counts.direct_loss_yuan) == (None, None)


@pytest.mark.parametrize(
    "unit", ["死", "3", "一", "3人死亡", "损失3", "(", "多人", "地震3", "食物中毒3人", "停气", "死亡。"]
)
def test_a_megabyte_of_one_thing_is_answered(unit: str) -> None:
    text = unit * (1024 * 1024 // (3 * len(unit)))
    reading = read_casualties("", text)
    assert GRADER.grade("", text, reading) is not None
