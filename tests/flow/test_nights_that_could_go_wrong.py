"""Merged and parted, raised and lowered, signed, closed and reopened beside running and missed clocks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR
from services.cli.drill.runner import run
from services.cli.drill.scenario import load_scenario
from tests.flow.test_drills_give_the_ledger_the_domain_promises import Line, about, numbers, of_kind, told

NIGHTS = Path(__file__).parent / "nights"
NAMES = sorted(path.stem for path in NIGHTS.glob("*.yaml"))


_nights: dict[str, list[Line]] = {}


async def night(name: str) -> list[Line]:
    """Each passes once."""
    if name not in _nights:
        _nights[name] = [line async for line in run(load_scenario(NIGHTS / f"{name}.yaml"), CONFIG_DIR)]
    return _nights[name]


def missed_and_told(lines: list[Line]) -> Counter[tuple[str, ...]]:
    """How often each rung was told that a clock of an incident ran out."""
    calls = [x for x in of_kind(lines, "level_alerted") if x["data"]["because"].endswith(" missed")]
    clocks = [x for x in calls if "duty" in x["data"]]
    return Counter((x["incident"], x["data"]["level"], x["data"]["duty"], x["data"]["due_at"]) for x in clocks)


@pytest.mark.parametrize("name", NAMES)
async def test_every_act_is_possible_and_nobody_is_told_twice_that_a_clock_ran_out(name: str) -> None:
    lines = await night(name)
    assert not [line for line in lines if "refused" in line]
    assert set(missed_and_told(lines).values()) <= {1}


async def test_an_answer_leaves_with_the_number_it_was_recorded_on_and_the_mayor_hears_of_one_miss_once() -> None:
    lines = await night("parted")
    first, second, third = numbers(lines)
    statements = [x for x in about(lines, "duty_met", "first_statement") if x["incident"] == third]
    assert [x["data"]["met_at"] for x in statements] == ["2018-01-05T16:00:00Z"]
    assert [line["incident"] for line in about(lines, "duty_missed", "first_statement")] == [first, second]
    assert told(lines, "first_statement missed").count("principal_leader") == 1
    still_owed = about(lines, "duty_opened", "public_response", second)[-1]
    assert still_owed["data"]["reason"] == "撤销合并"


async def test_what_was_missed_is_missed_once_whatever_becomes_of_the_grade() -> None:
    lines = await night("regraded")
    assert len(about(lines, "duty_missed", "first_statement")) == 1
    lowered, resolved, *_ = about(lines, "duty_withdrawn", "follow_up")
    assert [lowered["data"]["reason"], resolved["data"]["reason"]] == ["核减（已逾期未办）", "已办结（已逾期未办）"]
    due = [line["data"]["due_at"] for line in about(lines, "duty_missed", "follow_up")]
    assert due == ["2018-01-06T16:00:00Z"]
    assert about(lines, "duty_opened", "follow_up")[-1]["data"]["due_at"] == "2018-01-08T05:00:00Z"


async def test_what_was_signed_goes_along_binds_no_graver_grade_and_holds_again_after_it() -> None:
    lines = await night("signed")
    fire, bus = numbers(lines)
    assert [line["recorded_at"] for line in about(lines, "duty_missed", "first_statement")] == ["2018-01-05T17:00:00Z"]
    ended = [
        line["data"]["reason"]
        for line in of_kind(lines, "duty_withdrawn", bus)
        if line["data"]["duty"] != "acknowledgement"
    ]
    assert ended == ["核减（已逾期未办）", "核减"]
    assert not about(lines, "duty_missed", "press_conference")
    assert not about(lines, "duty_missed", "first_statement", fire)


async def test_an_answer_of_that_time_meets_late_what_had_been_given_up_and_each_clock_is_missed_once() -> None:
    lines = await night("late")
    [response] = about(lines, "duty_met", "public_response")
    assert (response["data"]["met_at"], response["data"]["on_time"]) == ("2018-01-07T11:00:00Z", False)
    missed = Counter(line["data"]["duty"] for line in of_kind(lines, "duty_missed") if not line["data"].get("subject"))
    assert missed == {"public_response": 1, "first_statement": 1, "press_conference": 1}
