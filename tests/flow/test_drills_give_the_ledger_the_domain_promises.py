"""One scenario for each duty, through the whole embedded system on a fast-forwarded clock."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import json

from config.reading import CONFIG_DIR
from services.cli.drill.runner import run
from services.cli.drill.scenario import load_scenario
from services.domain.incident import ACTS

ROOT = Path(__file__).parents[2]
SCENARIOS = Path(__file__).parent / "scenarios"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
START = datetime(2018, 1, 5, tzinfo=UTC)
Line = dict[str, Any]
_drilled: dict[str, list[Line]] = {}


async def drilled(name: str) -> list[Line]:
    """Each runs once here; that it would run the same again is a test of its own."""
    if name not in _drilled:
        _drilled[name] = [line async for line in run(load_scenario(SCENARIOS / f"{name}.yaml"), CONFIG_DIR)]
    return _drilled[name]


def of_kind(lines: list[Line], kind: str, incident: str = "") -> list[Line]:
    return [line for line in lines if line.get("kind") == kind and incident in ("", line["incident"])]


def about(lines: list[Line], kind: str, duty: str, incident: str = "") -> list[Line]:
    return [line for line in of_kind(lines, kind, incident) if line["data"].get("duty") == duty]


def numbers(lines: list[Line]) -> list[str]:
    """The incidents, in the order in which they were reported."""
    return [line["incident"] for line in of_kind(lines, "incident_reported")]


def kinds(lines: list[Line], incident: str) -> list[str]:
    return [line["kind"] for line in lines if line.get("incident") == incident]


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


async def test_a_candidate_is_declined_on_both_numbers_and_by_nobody_but_the_duty_room() -> None:
    lines = await drilled("declined")
    one, two = numbers(lines)
    pair = {"incident": two, "candidate": one}
    for number in (one, two):
        told = [line["data"] for line in of_kind(lines, "candidate_declined", number)]
        assert told == [pair, pair | {"undo": "decline"}]
    assert [line["refused"] for line in lines if "refused" in line] == ["decline"]


async def test_merged_matters_are_one_and_part_again_with_what_was_answered_for_each() -> None:
    lines = await drilled("merged_and_split")
    one, two, three = numbers(lines)
    merged = [(line["data"]["into"], line["data"]["from"]) for line in of_kind(lines, "incidents_merged", one)]
    assert merged == [(one, two), (one, three)]
    assert about(lines, "duty_met", "public_response", one), "an answer on either number is one for both"
    undone, taken_out = of_kind(lines, "posts_split", one)
    assert (undone["data"]["to"], undone["data"]["undo"]) == (two, "merge")
    assert after(about(lines, "duty_met", "public_response", two)[0]) == timedelta(hours=1, minutes=59)
    assert (taken_out["data"]["to"], len(taken_out["data"]["posts"])) == (three, 1)
    opened = about(lines, "duty_opened", "public_response", one)
    assert [at(line["data"]["due_at"]) - START for line in opened] == [timedelta(hours=48)] * 2
    assert after(about(lines, "duty_missed", "public_response", one)[0]) == timedelta(hours=48)


async def test_neither_another_lead_nor_a_consultation_stops_a_clock_and_only_a_reason_lowers_a_grade() -> None:
    lines = await drilled("handed_on")
    [handed] = of_kind(lines, "lead_transferred")
    assert (handed["data"]["from"], handed["data"]["to"], handed["data"]["held_seconds"]) == ("XFJY", "YJGL", 3600)
    [conferred] = of_kind(lines, "consultation_recorded")
    assert conferred["data"]["participants"] == ["XFJY", "YJGL"]
    assert told(lines, "reminded by hand") == ["department"]
    assert told(lines, "escalated by hand") == ["leader_in_charge"]
    assert told(lines, "first_statement 75%") == ["duty_leader"]
    assert [(line["refused"], line["why"]) for line in lines if "refused" in line] == [
        ("confirm_grade", "降低等级须写明理由")
    ]
    withdrawn = [line["data"]["duty"] for line in of_kind(lines, "duty_withdrawn")]
    assert withdrawn == ["first_statement", "press_conference"]
    [met] = about(lines, "duty_met", "public_response")
    assert (after(met), met["data"]["on_time"]) == (timedelta(hours=47), True)


async def test_an_earlier_start_counts_an_exemption_is_signed_and_what_comes_up_again_runs_again() -> None:
    lines = await drilled("closed_and_reopened")
    fire, heating = numbers(lines)
    [moved] = of_kind(lines, "start_moved")
    assert at(moved["data"]["from"]) - at(moved["data"]["to"]) == timedelta(hours=1)
    [met] = about(lines, "duty_met", "first_statement")
    assert after(met) == timedelta(hours=4), "three hours after the report, four after the alarm came in"
    [exempted] = of_kind(lines, "duty_exempted")
    assert (exempted["data"]["duty"], exempted["data"]["signed_by"]) == ("press_conference", "principal_leader")
    assert not about(lines, "duty_missed", "press_conference")
    assert [kind for kind in kinds(lines, fire) if kind.startswith("incident_")] == [
        "incident_reported", "incident_resolved", "incident_reopened", "incident_resolved"
    ]  # fmt: skip
    assert told(lines, "reopened") == ["duty_officer"]
    assert len(about(lines, "duty_opened", "follow_up", fire)) == 3, "by the answer, by 重启, by 无新情况"
    assert "incident_dismissed" in kinds(lines, heating)
    assert not about(lines, "duty_missed", "public_response", heating)


async def test_every_act_is_carried_out_in_some_scenario() -> None:
    done: set[str] = set()
    for name in NAMES:
        refused = {(line["refused"], at(line["at"])) for line in await drilled(name) if "refused" in line}
        steps = load_scenario(SCENARIOS / f"{name}.yaml").steps
        done |= {step.act for step in steps if step.act and (step.act, step.at) not in refused}
    assert done == set(ACTS)


@pytest.mark.parametrize("name", NAMES)
async def test_every_line_has_the_shape_of_the_contract_and_the_ledger_has_no_gap(name: str) -> None:
    lines = await drilled(name)
    entries = [line for line in lines if "kind" in line]
    assert all(set(e) == {"seq", "incident", "kind", "occurred_at", "recorded_at", "actor", "data"} for e in entries)
    assert all(set(line) == {"refused", "at", "why"} for line in lines if "kind" not in line)
    for number in numbers(lines):
        seqs = [e["seq"] for e in entries if e["incident"] == number]
        assert seqs == list(range(1, len(seqs) + 1))


async def test_the_same_scenario_gives_the_same_ledger_byte_for_byte_in_another_process() -> None:
    """With another seed for hashes: what came out of a set in its own order would differ."""
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    command = [sys.executable, "-m", "tests.flow.drill_process", *(str(SCENARIOS / f"{name}.yaml") for name in NAMES)]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
    printed, _ = await process.communicate()
    assert process.returncode == 0
    there = {text.partition("\n")[0]: text.partition("\n")[2] for text in printed.decode().split("== ")[1:]}
    here = {name: "".join(json.encode(line).decode() + "\n" for line in await drilled(name)) for name in NAMES}
    assert [name for name in NAMES if here[name] != there[name]] == []


async def test_a_slip_is_refused_in_words_and_the_run_goes_on() -> None:
    lines = await drilled("slips")
    why = [line["why"] for line in lines if "refused" in line]
    expected = ("event_grad", "5", "发布时间不", "发布时间不", "起点时间不", "bogus", "移交时间不", "向公众交代")
    assert len(why) == len(expected), why
    assert all(word in reason for word, reason in zip(expected, why, strict=True)), why
    [published] = [line for line in lines if line.get("kind") == "response_published"]
    assert published["data"]["channel"] == "微博"
    assert [line["kind"] for line in lines if line.get("kind") == "incident_resolved"]


async def test_a_grade_that_a_person_lowered_rises_with_more_dead_not_with_the_same_and_some_hurt() -> None:
    lines = await drilled("lowered")
    [matter] = numbers(lines)
    proposed = [(line["occurred_at"], line["data"]["event_grade"]) for line in of_kind(lines, "grade_proposed", matter)]
    assert [grade for _, grade in proposed] == ["II", "II"]
    assert at(proposed[1][0]) - at(proposed[0][0]) == timedelta(hours=2)
