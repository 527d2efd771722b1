"""The event grade by every threshold of every field, and by what is stated where numbers are unknown."""

from dataclasses import replace

import pytest

from config.grades import load_grades
from services.domain.casualties import read_casualties
from services.domain.severity import Grader, GradeReading
from tests.domain.severity_as_people_tell import SPOKEN
from tests.domain.severity_cases import ROWS, TEXTS

GRADER = Grader(load_grades())
NUMBERED = [
    (f"{field}-{row}-{index}-{number}", wording.replace("{n}", number), grade)
    for row, (field, wordings, pairs) in enumerate(ROWS)
    for index, wording in enumerate(wordings)
    for number, grade in (pair.split("=") for pair in pairs.split())
]


def grade_of(text: str, title: str = "") -> GradeReading:
    """By what is stated; who is only taken to be in danger is weighed by the wording too, see `suspicion`."""
    return GRADER.grade(title, text, replace(read_casualties(title, text), endangered=None))


def shown(reading: GradeReading) -> str:
    return "-" if reading.grade is None else reading.grade.value + "?" * reading.provisional


@pytest.mark.parametrize(("text", "grade"), [pytest.param(text, grade, id=name) for name, text, grade in NUMBERED])
def test_a_number_reaches_its_grade_and_no_other(text: str, grade: str) -> None:
    assert shown(grade_of(text)) == grade


@pytest.mark.parametrize(("text", "grade"), TEXTS + SPOKEN)
def test_words_reach_their_grade_or_none(text: str, grade: str) -> None:
    assert shown(grade_of(text)) == grade


def test_every_field_of_the_rules_is_in_the_table() -> None:
    assert {field for field, _, _ in ROWS} == {
        field.id for field in load_grades().fields if any(rule.conditions for rule in field.rules)
    }
    assert len(NUMBERED) >= 150


def test_the_highest_field_wins_and_all_speak() -> None:
    reading = grade_of("化学品泄漏引发爆炸,2人死亡,疏散群众12000人。")
    assert (shown(reading), reading.field) == ("II?", "environment_2014")
    assert len(reading.reasons) >= 2


def test_a_reason_cites_clause_source_and_span() -> None:
    title, text = "通报", "全市60000户停水,已停水50小时。"
    reading = grade_of(text, title)
    reason = reading.reasons[0]
    assert "分级标准(试行)" in reason.rule
    assert (title + "\n" + text)[reason.start : reason.end] == "60000户"
    assert reason.evidence == "停水,60000户"


def test_full_width_digits_count_like_any_others() -> None:
    assert shown(grade_of("某厂发生爆炸，造成１０人死亡。")) == "II"
