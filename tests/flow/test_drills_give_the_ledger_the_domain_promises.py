"""One scenario for each duty, through the whole embedded system on a fast-forwarded clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.reading import CONFIG_DIR
from services.cli.drill.runner import run
from services.cli.drill.scenario import load_scenario

SCENARIOS = Path(__file__).parent / "scenarios"
Line = dict[str, Any]


async def drilled(name: str) -> list[Line]:
    return [line async for line in run(load_scenario(SCENARIOS / f"{name}.yaml"), CONFIG_DIR)]


def about(lines: list[Line], kind: str, duty: str) -> list[Line]:
    return [line for line in lines if line.get("kind") == kind and line["data"].get("duty") == duty]


def told(lines: list[Line], because: str) -> list[str]:
    return [x["data"]["level"] for x in lines if x.get("kind") == "level_alerted" and x["data"]["because"] == because]


def after(line: Line, field: str = "occurred_at") -> timedelta:
    """How long after the incident's start, as the duty counts it."""
    return at(line[field]) - at(line["data"]["started_at"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def test_no_statement_within_five_hours_wakes_everyone_up_to_the_principal_leader() -> None:
    lines = await drilled("first_statement")
    [missed] = about(lines, "duty_missed", "first_statement")
    assert after(missed) == timedelta(hours=5)
    assert missed["occurred_at"] == missed["data"]["due_at"]
    assert told(lines, "first_statement 50%") == ["department"]
    assert told(lines, "first_statement 75%") == ["duty_leader"]
    assert told(lines, "first_statement 90%") == ["press_office"]
    assert told(lines, "first_statement missed") == ["press_office", "leader_in_charge", "principal_leader"]
    [met] = about(lines, "duty_met", "first_statement")
    assert (at(met["data"]["met_at"]) - at(met["data"]["started_at"]), met["data"]["on_time"]) == (
        timedelta(hours=6),
        False,
    )


async def test_a_press_conference_counts_by_when_it_was_held_not_by_when_it_was_entered() -> None:
    lines = await drilled("press_conference")
    [missed] = about(lines, "duty_missed", "press_conference")
    assert after(missed) == timedelta(hours=24)
    [met] = about(lines, "duty_met", "press_conference")
    assert met["data"]["on_time"]
    assert met["data"]["late_recorded"]
    assert after(met) == timedelta(hours=22)


async def test_everything_else_is_answered_within_48_hours_and_closes_only_with_an_answer() -> None:
    lines = await drilled("public_response")
    refusals = [line for line in lines if "refused" in line]
    assert [line["refused"] for line in refusals] == ["resolve"]
    [met] = about(lines, "duty_met", "public_response")
    assert met["data"]["on_time"]
    assert not about(lines, "duty_missed", "public_response")
    kinds = [line["kind"] for line in lines if "kind" in line]
    assert kinds.index("response_published") < kinds.index("incident_resolved") < kinds.index("evaluation_recorded")


async def test_silence_after_the_first_statement_is_itself_overdue() -> None:
    lines = await drilled("follow_up")
    opened = about(lines, "duty_opened", "follow_up")
    assert [at(o["data"]["due_at"]) - at(o["data"]["started_at"]) for o in opened] == [timedelta(hours=24)] * 2
    [met] = about(lines, "duty_met", "follow_up")
    assert met["data"]["reason"]
    [missed] = about(lines, "duty_missed", "follow_up")
    assert at(missed["occurred_at"]) - at(opened[0]["data"]["started_at"]) == timedelta(hours=42)
    assert told(lines, "follow_up missed") == ["press_office", "leader_in_charge"]


async def test_an_unanswered_call_goes_to_the_next_person_and_then_to_the_duty_leader() -> None:
    lines = await drilled("acknowledgement")
    missed = about(lines, "duty_missed", "acknowledgement")
    assert [at(m["occurred_at"]) - at(lines[0]["occurred_at"]) for m in missed] == [
        timedelta(minutes=30),
        timedelta(minutes=60),
    ]
    assert told(lines, "acknowledgement missed") == ["duty_officer", "duty_leader"]
    [expired] = [line for line in lines if line.get("kind") == "acknowledgement_expired"]
    assert at(expired["occurred_at"]) - at(lines[0]["occurred_at"]) == timedelta(minutes=70 + 120)


async def test_an_assignment_not_accepted_calls_the_press_office_and_a_return_stops_no_clock() -> None:
    lines = await drilled("acceptance")
    [missed] = about(lines, "duty_missed", "acceptance")
    assert after(missed) == timedelta(hours=2)
    assert told(lines, "acceptance missed") == ["press_office"]
    [returned] = [line for line in lines if line.get("kind") == "assignment_returned"]
    assert returned["data"]["held_seconds"] == timedelta(hours=2, minutes=50).total_seconds()
    assert after(about(lines, "duty_missed", "public_response")[0]) == timedelta(hours=48)


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
async def test_every_line_has_the_shape_of_the_contract_and_the_ledger_has_no_gap(name: str) -> None:
    lines = await drilled(name)
    entries = [line for line in lines if "kind" in line]
    assert all(set(e) == {"seq", "incident", "kind", "occurred_at", "recorded_at", "actor", "data"} for e in entries)
    assert all(set(line) == {"refused", "at", "why"} for line in lines if "kind" not in line)
    assert [e["seq"] for e in entries] == list(range(1, len(entries) + 1))


async def test_the_same_scenario_gives_the_same_ledger() -> None:
    assert await drilled("first_statement") == await drilled("first_statement")


async def test_a_slip_is_refused_in_words_and_the_run_goes_on() -> None:
    lines = await drilled("slips")
    why = [line["why"] for line in lines if "refused" in line]
    expected = ("event_grad", "5", "发布时间不", "发布时间不", "起点时间不", "bogus", "移交时间不", "向公众交代")
    assert len(why) == len(expected), why
    assert all(word in reason for word, reason in zip(expected, why, strict=True)), why
    [published] = [line for line in lines if line.get("kind") == "response_published"]
    assert published["data"]["channel"] == "微博"
    assert [line["kind"] for line in lines if line.get("kind") == "incident_resolved"]
