"""config/grades.toml: what must be in it, and what is refused with file, key and reason."""

from pathlib import Path

import pytest

from config.grades import GRADES_FILE, as_shipped, load_grades
from config.reading import BadConfig
from services.domain.vocabulary import EventGrade

_FIELD = """
[[field]]
id = "fire"
name = "火灾"
source = "条例"
status = "已核实"
words = ["火灾"]
rule = [
  { grade = "III", clause = "3人以上10人以下死亡", where = [{ metric = "deaths", min = 3, max = 10 }] },
  { grade = "IV", clause = "3人以下死亡", where = [{ metric = "deaths", max = 3 }] },
]
"""
_METRIC = """
[[metric]]
id = "hours"
name = "小时"
match = ["燃烧{n}小时"]
"""


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "grades.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfig) as caught:
        load_grades(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_a_small_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "grades.toml"
    path.write_text(_FIELD + _METRIC, encoding="utf-8")
    rules = load_grades(path)
    assert [rule.grade for rule in rules.fields[0].rules] == [EventGrade.III, EventGrade.IV]
    assert rules.fields[0].rules[0].source == "条例"


@pytest.mark.parametrize(
    ("find", "replace", "complaint"),
    [
        ('name = "火灾"', 'name = "火灾"\nlevel = 1', "level"),
        ("min = 3, max = 10", "min = 3, mx = 10", "mx"),
        ("min = 3, max = 10", "min = 10, max = 3", "impossible range"),
        ("min = 3, max = 10", "min = 3, max = 3", "impossible range"),
        ("min = 3, max = 10", "min = -3, max = 10", "impossible range"),
        (", min = 3, max = 10", "", "neither min nor max"),
        ("min = 3, max = 10", "min = 2, max = 10", "overlap"),
        ('grade = "III"', 'grade = "V"', "V"),
        ('grade = "IV"', 'grade = "I"', "asks for more"),
        ('metric = "deaths", min', 'metric = "deathz", min', "unknown metric deathz"),
        ('where = [{ metric = "deaths", max = 3 }]', 'match = ["("]', "broken pattern"),
        ('where = [{ metric = "deaths", max = 3 }]', 'status = "已核实"', "needs where or match"),
        ('words = ["火灾"]', "words = []", "needs words"),
        ('words = ["火灾"]', 'words = ["火灾"]\nreplaces = ["flood"]', "unknown field flood"),
        ('match = ["燃烧{n}小时"]', 'match = ["燃烧小时"]', "without {n}"),
        ('match = ["燃烧{n}小时"]', 'match = ["{n}小时("]', "broken pattern"),
        ('match = ["燃烧{n}小时"]', 'match = ["燃烧{n}小时"]\nnear = ["("]', "near: broken pattern"),
        ('id = "hours"', 'id = "hours"\nunit = "h"', "unit"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused(tmp_path: Path, find: str, replace: str, complaint: str) -> None:
    assert find in _FIELD + _METRIC
    assert complaint in refused(tmp_path, (_FIELD + _METRIC).replace(find, replace, 1))


def test_the_patterns_of_a_file_are_tried_unless_it_says_what_the_shipped_one_says(tmp_path: Path) -> None:
    load_grades(GRADES_FILE)
    copied, own = tmp_path / "copied.toml", tmp_path / "own.toml"
    copied.write_bytes(GRADES_FILE.read_bytes())
    own.write_text(_FIELD, encoding="utf-8")
    assert as_shipped(GRADES_FILE)
    assert as_shipped(copied)
    assert not as_shipped(own)
    assert not as_shipped(tmp_path / "absent.toml")


def test_a_missing_file_and_an_empty_one_are_refused(tmp_path: Path) -> None:
    assert "no field" in refused(tmp_path, "")
    with pytest.raises(BadConfig, match="file not found"):
        load_grades(tmp_path / "absent.toml")


def test_two_fields_with_one_id_are_refused(tmp_path: Path) -> None:
    assert "two fields" in refused(tmp_path, _FIELD + _FIELD)


def test_every_rule_of_the_shipped_file_names_its_source_and_how_sure_it_is() -> None:
    rules = load_grades(GRADES_FILE)
    assert len(rules.fields) == 15
    for field in rules.fields:
        assert all(rule.clause and rule.source and rule.status for rule in field.rules)


def test_the_superseded_environment_rules_are_not_used() -> None:
    assert "environment_2011" not in {field.id for field in load_grades().fields}


def test_a_field_may_use_the_words_of_another_and_of_no_unknown_one(tmp_path: Path) -> None:
    other = _FIELD.replace('"fire"', '"all"').replace('words = ["火灾"]', 'words = ["停水"]\nwords_of = ["fire"]')
    path = tmp_path / "grades.toml"
    path.write_text(_FIELD + other + _METRIC, encoding="utf-8")
    assert load_grades(path).fields[1].words == ("停水", "火灾")
    assert "unknown field" in refused(tmp_path, _FIELD + other.replace('["fire"]', '["flood"]') + _METRIC)
