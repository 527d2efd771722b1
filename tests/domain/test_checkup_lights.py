"""What the state of the house means: which light, and what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.domain import checkup
from services.domain.checkup import GIB, Light
from services.domain.roster import Shift, StandingRoster
from services.domain.vocabulary import Level

NOW = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)  # a Monday, half past nine in the morning in Harbin
RUNGS = [level for level in Level if level is not Level.DEPARTMENT]


def roster(**shorter: tuple[int, ...]) -> StandingRoster:
    """Everybody on duty all week, except at the levels named."""
    week = (1, 2, 3, 4, 5, 6, 7)
    return StandingRoster(tuple(Shift("who", level, weekdays=shorter.get(level.value, week)) for level in RUNGS))


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def test_a_full_roster_is_green() -> None:
    assert checkup.roster_covered(roster(), NOW).light is Light.GREEN


def test_an_hour_without_a_duty_officer_is_red_and_says_when() -> None:
    check = checkup.roster_covered(roster(duty_officer=(1, 2, 3, 4, 5, 6)), NOW)
    assert check.light is Light.RED
    assert "值班员有 24 小时无人（最早 03-08 00:00）" in check.found


def test_an_empty_higher_rung_is_yellow_because_it_is_skipped() -> None:
    check = checkup.roster_covered(roster(principal_leader=()), NOW)
    assert check.light is Light.YELLOW
    assert "主要负责人有 168 小时无人" in check.found


def test_a_mail_address_without_a_mail_server_is_told_with_the_setting_that_is_missing() -> None:
    check = checkup.mail_goes(["duty1"])
    assert (check.light, "duty1" in check.found, "HUIYING_SMTP_HOST" in check.advice) == (Light.YELLOW, True, True)
    assert checkup.mail_goes([]).light is Light.GREEN


def test_who_is_on_the_roster_without_an_account_cannot_acknowledge() -> None:
    check = checkup.people_known(["duty1", "duty2", "duty1"], ["duty1"])
    assert (check.light, "duty2" in check.found, "duty1" in check.found) == (Light.YELLOW, True, False)
    assert checkup.people_known(["duty1"], ["duty1", "admin1"]).light is Light.GREEN


@pytest.mark.parametrize(
    ("oldest", "light"),
    [
        (None, Light.GREEN),
        (ago(seconds=10), Light.GREEN),
        (ago(seconds=11), Light.YELLOW),
        (ago(seconds=60), Light.YELLOW),
        (ago(seconds=61), Light.RED),
    ],
)
def test_a_ledger_entry_is_relayed_within_a_minute(oldest: datetime | None, light: Light) -> None:
    assert checkup.relay_keeps_up(oldest, NOW).light is light


@pytest.mark.parametrize(
    ("due", "light"),
    [
        (None, Light.GREEN),
        (ago(hours=-5), Light.GREEN),
        (ago(seconds=60), Light.GREEN),
        (ago(seconds=61), Light.RED),
    ],
)
def test_a_moment_missed_by_more_than_a_minute_means_that_nobody_looks(due: datetime | None, light: Light) -> None:
    assert checkup.sweep_keeps_up(due, NOW).light is light


def test_how_late_is_said_in_words() -> None:
    assert "1 天 2 小时 3 分 4 秒" in checkup.sweep_keeps_up(ago(days=1, hours=2, minutes=3, seconds=4), NOW).found


def test_an_incident_that_cannot_be_settled_is_named() -> None:
    check = checkup.nothing_stuck([("20260302-AAAA", "KeyError('x')")])
    assert check.light is Light.RED
    assert "20260302-AAAA" in check.found


def test_a_message_nobody_could_read_is_red() -> None:
    assert checkup.no_dead_letters(0).light is Light.GREEN
    assert checkup.no_dead_letters(1).light is Light.RED


@pytest.mark.parametrize(("lost", "urgent", "light"), [(0, 0, Light.GREEN), (3, 0, Light.YELLOW), (3, 1, Light.RED)])
def test_an_urgent_notice_that_reached_nobody_is_red(lost: int, urgent: int, light: Light) -> None:
    assert checkup.notices_arrive(lost, urgent).light is light


@pytest.mark.parametrize(
    ("conditions", "light"),
    [
        ({}, Light.YELLOW),
        ({"正常": 9, "未采集": 1}, Light.GREEN),
        ({"正常": 9, "静默": 1}, Light.YELLOW),
        ({"出错": 9, "隔离": 1}, Light.RED),
    ],
)
def test_a_city_is_watched_as_long_as_one_source_works(conditions: dict[str, int], light: Light) -> None:
    assert checkup.sources_speak(conditions).light is light


@pytest.mark.parametrize(("free", "light"), [(5 * GIB, Light.GREEN), (5 * GIB - 1, Light.YELLOW), (GIB - 1, Light.RED)])
def test_a_full_disk_is_seen_before_it_is_full(free: int, light: Light) -> None:
    assert checkup.room_left(free, 100 * GIB).light is light


@pytest.mark.parametrize("sign", [1, -1])
def test_clocks_may_differ_by_two_seconds(sign: int) -> None:
    assert checkup.clocks_agree(sign * timedelta(seconds=2)).light is Light.GREEN
    assert checkup.clocks_agree(sign * timedelta(seconds=2.1)).light is Light.RED


def test_a_secret_that_others_can_read_is_red() -> None:
    assert checkup.secrets_are_private({}).light is Light.GREEN
    assert checkup.secrets_are_private({"smtp": 0o100600}).light is Light.GREEN
    check = checkup.secrets_are_private({"smtp": 0o100644, "duty1": 0o100600})
    assert (check.light, check.advice) == (Light.RED, "chmod 600 smtp")


def test_what_the_program_is_made_for() -> None:
    assert checkup.versions_fit((3, 11), (3, 40, 1)).light is Light.GREEN
    assert checkup.versions_fit((3, 10), (3, 40, 1)).light is Light.RED
    assert checkup.versions_fit((3, 12), (3, 34, 9)).light is Light.RED
