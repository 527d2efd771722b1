"""值班表: who is on duty when, in Harbin's time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from config.roster import load_roster
from services.domain.roster import Shift, StandingRoster, gaps
from services.domain.vocabulary import Level
from services.domain.zone import SHANGHAI

MONDAY = datetime(2017, 10, 2, tzinfo=SHANGHAI)
OFFICER = Level.DUTY_OFFICER


def at(day: int, hour: float) -> datetime:
    """An hour of a day of the first week of October 2017; day 1 is the Monday."""
    return MONDAY + timedelta(days=day - 1, hours=hour)


def test_people_are_called_in_their_order() -> None:
    roster = StandingRoster((Shift("second", OFFICER, order=2), Shift("first", OFFICER, order=1)))
    assert roster.people(OFFICER, at(1, 3)) == ("first", "second")


def test_two_turns_of_one_person_are_one_person() -> None:
    roster = StandingRoster((Shift("a", OFFICER), Shift("b", OFFICER, order=2), Shift("a", OFFICER, order=3)))
    assert roster.people(OFFICER, at(1, 3)) == ("a", "b")


@pytest.mark.parametrize(
    ("hour", "on_duty"), [(7.99, False), (8, True), (17.99, True), (18, False)]
)  # fmt: skip
def test_a_day_shift_begins_and_ends_on_the_hour(hour: float, on_duty: bool) -> None:
    assert Shift("a", OFFICER, begins=8, ends=18).covers(at(1, hour)) is on_duty


@pytest.mark.parametrize(
    ("day", "hour", "on_duty"),
    [(1, 17.9, False), (1, 18, True), (2, 7.9, True), (2, 8, False), (2, 18, False), (1, 3, False)],
)
def test_a_night_shift_belongs_to_the_weekday_it_began_on(day: int, hour: float, on_duty: bool) -> None:
    monday_night = Shift("a", OFFICER, weekdays=(1,), begins=18, ends=8)
    assert monday_night.covers(at(day, hour)) is on_duty


def test_the_hour_is_that_of_harbin_wherever_the_server_stands() -> None:
    midnight_utc = datetime.fromisoformat("2017-10-02T00:30:00+00:00")  # 08:30 in Harbin
    assert Shift("a", OFFICER, begins=8, ends=9).covers(midnight_utc)


def test_a_turn_from_eight_to_eight_is_the_whole_day_round() -> None:
    roster = StandingRoster((Shift("a", OFFICER, begins=8, ends=8),))
    assert gaps(roster, [OFFICER], [at(1, h) for h in range(24)]) == []


def test_the_hours_nobody_covers_are_named() -> None:
    roster = StandingRoster((Shift("a", OFFICER, begins=8, ends=20), Shift("b", Level.DUTY_LEADER)))
    hours = [at(1, 7), at(1, 12), at(1, 21)]
    assert gaps(roster, [OFFICER, Level.DUTY_LEADER], hours) == [(OFFICER, at(1, 7)), (OFFICER, at(1, 21))]


def test_each_department_has_its_own_people() -> None:
    roster = StandingRoster((Shift("w1", Level.DEPARTMENT, "WJW"), Shift("y1", Level.DEPARTMENT, "YJGL")))
    assert roster.people(Level.DEPARTMENT, at(1, 3), "YJGL") == ("y1",)
    assert roster.people(Level.DEPARTMENT, at(1, 3)) == ()


def test_the_roster_that_ships_has_no_gap_at_any_hour_of_the_week() -> None:
    levels = [level for level in Level if level is not Level.DEPARTMENT]
    assert gaps(load_roster(), levels, [at(day, hour) for day in range(1, 8) for hour in range(24)]) == []


def test_a_department_nobody_is_named_for_is_reached_at_its_code() -> None:
    assert load_roster().people(Level.DEPARTMENT, at(1, 3), "YJGL") == ("yjgl",)
    assert load_roster().people(Level.DEPARTMENT, at(1, 3)) == ()
