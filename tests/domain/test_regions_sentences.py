"""≥ 0.97 of the regions found in 300 sentences with traps are right, and few are missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.gazetteer import load_gazetteer
from services.adapters.automaton import leftmost_longest
from services.domain.regions import Gazetteer, RegionReading

CASES = Path(__file__).with_name("regions_cases.txt")


def cases() -> list[tuple[str, str]]:
    lines = [line for line in CASES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [(expected, sentence) for expected, _, sentence in (line.partition("|") for line in lines)]


@pytest.fixture(scope="module", name="readings")
def every_reading() -> list[tuple[str, str, RegionReading]]:
    return read_cases()


def read_cases() -> list[tuple[str, str, RegionReading]]:
    gazetteer = Gazetteer(*load_gazetteer(), leftmost_longest)
    return [(expected, sentence, gazetteer.find("", sentence)) for expected, sentence in cases()]


def wanted(expected: str) -> set[str]:
    if expected in ("无", "外"):
        return set()
    return {"哈尔滨市" if name == "市" else name for name in expected.replace("+", ",").split(",")}


def tally(readings: list[tuple[str, str, RegionReading]]) -> tuple[int, int, int, list[str]]:
    """How many regions were found, how many of them are right, how many are named; and what is wrong."""
    found = right = named = 0
    wrong = []
    for expected, sentence, reading in readings:
        names = {region.name for region in reading.regions}
        found += len(names)
        named += len(wanted(expected))
        right += len(names & wanted(expected))
        if names != wanted(expected):
            wrong.append(f"{sentence}: {sorted(names)} instead of {sorted(wanted(expected))}")
    return found, right, named, wrong


def test_regions_are_right_and_few_are_missed(readings: list[tuple[str, str, RegionReading]]) -> None:
    found, right, named, wrong = tally(readings)
    assert len(readings) >= 300
    assert right / found >= 0.97, wrong
    assert right / named >= 0.97, wrong


def test_home_elsewhere_and_nowhere_are_told_apart(readings: list[tuple[str, str, RegionReading]]) -> None:
    meaning = {"无": None, "外": False}
    wrong = [
        f"{sentence}: {reading.home}"
        for expected, sentence, reading in readings
        if reading.home is not meaning.get(expected, True)
    ]
    assert len(wrong) / len(readings) <= 0.03, wrong
