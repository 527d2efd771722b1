"""What a civil servant edits is read as written, or refused at start: file, key and reason."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from config.policy import duration, load_policy
from config.reading import CONFIG_DIR, BadConfig
from config.roster import load_roster
from services.domain.vocabulary import DutyKind, Level

POLICY = (CONFIG_DIR / "policy.toml").read_text(encoding="utf-8")
ROSTER = (CONFIG_DIR / "roster.toml").read_text(encoding="utf-8")
SHIFT = '[[shift]]\nperson = "a"\nlevel = "duty_officer"\n'


def edited(tmp_path: Path, text: str, name: str = "policy.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def test_the_rules_that_ship_are_those_of_the_plan() -> None:
    rules = load_policy().rules
    limits = {kind: (rules.limit(kind, True), rules.limit(kind, False)) for kind in DutyKind}
    hours, minutes = (lambda h: timedelta(hours=h)), (lambda m: timedelta(minutes=m))
    assert limits == {
        DutyKind.FIRST_STATEMENT: (hours(5), hours(5)),
        DutyKind.PRESS_CONFERENCE: (hours(24), hours(24)),
        DutyKind.PUBLIC_RESPONSE: (hours(48), hours(48)),
        DutyKind.FOLLOW_UP: (hours(24), hours(24)),
        DutyKind.ACKNOWLEDGEMENT: (minutes(10), minutes(30)),
        DutyKind.ACCEPTANCE: (minutes(30), hours(2)),
    }
    assert rules.acknowledgement_lapses == (minutes(30), hours(2))
    assert [(s.share, s.levels) for s in rules.steps] == [
        (0.5, (Level.DEPARTMENT,)),
        (0.75, (Level.DUTY_LEADER,)),
        (0.9, (Level.PRESS_OFFICE,)),
    ]


def test_a_changed_limit_is_the_new_rule(tmp_path: Path) -> None:
    path = edited(tmp_path, replaced(POLICY, 'first_statement = "5h"', 'first_statement = "90m"'))
    assert load_policy(path).rules.first_statement == timedelta(minutes=90)


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ('first_statement = "5h"', 'first_statment = "5h"', "statutory", "first_stat"),
        ('first_statement = "5h"', 'first_statement = "0h"', "statutory.first_statement", "not a duration"),
        ('first_statement = "5h"', 'first_statement = "-5h"', "statutory.first_statement", "not a duration"),
        ('first_statement = "5h"', 'first_statement = "5 Stunden"', "statutory.first_statement", "not a duration"),
        ('first_statement = "5h"', 'first_statement = "9999999999d"', "statutory.first_statement", "not a duration"),
        ('first_statement = "5h"', "first_statement = 5", "statutory.first_statement", "str"),
        ('acknowledgement = ["10m", "30m"]', 'acknowledgement = ["40m", "30m"]', "internal.acknowledgement", "longer"),
        ('acknowledgement = ["10m", "30m"]', 'acknowledgement = ["10m"]', "internal.acknowledgement", "length"),
        ('rule = "first_collected"', 'rule = "first_published"', "start.rule", "unknown"),
        ("share = 0.75", "share = 0.50", "ladder.steps", "rise"),
        ("share = 0.90", "share = 1.0", "ladder.steps", "between"),
        ("share = 0.50", "share = nan", "ladder.steps", "between"),
        ('levels = ["duty_leader"]', 'levels = ["duty_lader"]', "ladder.steps", "duty_lader"),
        ('levels = ["duty_leader"]', "levels = []", "ladder.steps", "nobody"),
        ('missed = ["press_office", "leader_in_charge"]', "missed = []", "ladder.missed", "nobody"),
        ("[internal]", "[internal", "-", ""),
        ("[start]", '[beginning]\nrule = "x"\n[start]', "beginning", "unknown"),
    ],
)
def test_a_policy_that_cannot_be_right_is_refused(tmp_path: Path, old: str, new: str, key: str, reason: str) -> None:
    path = edited(tmp_path, replaced(POLICY, old, new))
    with pytest.raises(BadConfig) as refused:
        load_policy(path)
    assert refused.value.path == path
    assert key in refused.value.key
    assert reason in refused.value.reason
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_policy_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="not found"):
        load_policy(tmp_path / "policy.toml")


@pytest.mark.parametrize("text", ["1m", "48h", "20d"])
def test_durations_are_minutes_hours_and_days(text: str) -> None:
    assert duration(text) == timedelta(**{{"m": "minutes", "h": "hours", "d": "days"}[text[-1]]: int(text[:-1])})


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        (SHIFT + 'weekday = [1]\n', "shift[0]", "weekday"),
        (SHIFT + "weekdays = [0]\n", "shift[0]", "weekdays"),
        (SHIFT + "weekdays = []\n", "shift[0]", "weekdays"),
        (SHIFT + SHIFT + "begins = 24\n", "shift[1]", "begins"),
        (SHIFT + "ends = 0\n", "shift[0]", "ends"),
        (SHIFT.replace("duty_officer", "officer"), "shift[0].level", "officer"),
        (SHIFT.replace('"a"', '" "'), "shift[0]", "person"),
        (SHIFT.replace('person = "a"\n', ""), "shift[0]", "person"),
        (SHIFT + 'department = "WJW"\n', "shift[0]", "department"),
        (SHIFT.replace("duty_officer", "department"), "shift[0]", "department"),
        ('shift = []\nperson = [{name = "a", mail = "a@example.gov.cn"}]\n', "person[0]", "mail"),
    ],
)  # fmt: skip
def test_a_roster_that_cannot_be_right_is_refused(tmp_path: Path, text: str, key: str, reason: str) -> None:
    path = edited(tmp_path, text, "roster.toml")
    with pytest.raises(BadConfig) as refused:
        load_roster(path)
    assert refused.value.path == path
    assert key in refused.value.key
    assert reason in refused.value.reason


def test_the_roster_that_ships_is_read() -> None:
    assert load_roster().standing.shifts
    assert "webhook" in ROSTER
