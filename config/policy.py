"""`policy.toml` → the rules an incident starts under. Impossible values are refused at start."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.policy import DeskRules, Rules, Step
from services.domain.vocabulary import Level

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Statutory(Section, frozen=True):
    first_statement: str
    press_conference: str
    public_response: str


class Internal(Section, frozen=True):
    follow_up: str
    acknowledgement: tuple[str, str]
    acceptance: tuple[str, str]
    acknowledgement_lapses: tuple[str, str]


class Start(Section, frozen=True):
    rule: str


class StepRow(Section, frozen=True):
    share: float
    levels: tuple[Level, ...]


class Ladder(Section, frozen=True):
    steps: tuple[StepRow, ...]
    missed: tuple[Level, ...]
    missed_urgent: tuple[Level, ...]
    at_once: tuple[Level, ...]
    acceptance_missed: tuple[Level, ...]


class Desk(Section, frozen=True):
    soon: str
    told_for: str
    brief_ahead: str


class PolicyFile(Section, frozen=True):
    statutory: Statutory
    internal: Internal
    start: Start
    ladder: Ladder
    desk: Desk


class Policy(NamedTuple):
    """`rules` are frozen into every incident that starts; `desk` holds for whoever looks at it now."""

    rules: Rules
    desk: DeskRules


def duration(text: str) -> timedelta:
    """`"90m"`, `"5h"`, `"2d"`. Raises ValueError for anything else or for nothing at all."""
    match = re.fullmatch(r"(\d{1,5})([mhd])", text)
    if match is None or int(match[1]) == 0:
        raise ValueError(f"“{text}” is not a duration such as 10m, 5h or 2d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def load_policy(path: Path = CONFIG_DIR / "policy.toml") -> Policy:
    """Raises BadConfig naming file, key and reason."""
    file = read_toml(path, PolicyFile, as_shipped=("desk",))
    desk = {name: _duration(path, f"desk.{name}", getattr(file.desk, name)) for name in Desk.__struct_fields__}
    return Policy(_rules(path, file), DeskRules(**desk))


def _rules(path: Path, file: PolicyFile) -> Rules:
    if file.start.rule != "first_collected":
        raise BadConfig(path, "start.rule", f"“{file.start.rule}” is unknown; known: first_collected")
    for name in ("missed", "at_once", "acceptance_missed"):
        if not getattr(file.ladder, name):
            raise BadConfig(path, f"ladder.{name}", "names nobody")
    first_statement = _duration(path, "statutory.first_statement", file.statutory.first_statement)
    press_conference = _duration(path, "statutory.press_conference", file.statutory.press_conference)
    if first_statement > press_conference:
        raise BadConfig(path, "statutory.first_statement", "must not be longer than press_conference")
    return Rules(
        first_statement=first_statement,
        press_conference=press_conference,
        public_response=_duration(path, "statutory.public_response", file.statutory.public_response),
        follow_up=_duration(path, "internal.follow_up", file.internal.follow_up),
        acknowledgement=_pair(path, "internal.acknowledgement", file.internal.acknowledgement),
        acceptance=_pair(path, "internal.acceptance", file.internal.acceptance),
        acknowledgement_lapses=_pair(path, "internal.acknowledgement_lapses", file.internal.acknowledgement_lapses),
        steps=_steps(path, file.ladder.steps),
        missed=file.ladder.missed,
        missed_urgent=file.ladder.missed_urgent,
        at_once=file.ladder.at_once,
        acceptance_missed=file.ladder.acceptance_missed,
        start=file.start.rule,
    )


def _duration(path: Path, key: str, text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise BadConfig(path, key, str(error)) from error


def _pair(path: Path, key: str, pair: tuple[str, str]) -> tuple[timedelta, timedelta]:
    urgent, other = (_duration(path, key, text) for text in pair)
    if urgent > other:
        raise BadConfig(path, key, "the limit for grade I/II (first) must not be longer than the other")
    return urgent, other


def _steps(path: Path, rows: tuple[StepRow, ...]) -> tuple[Step, ...]:
    shares = [row.share for row in rows]
    if any(not 0 < share < 1 for share in shares) or shares != sorted(set(shares)):
        raise BadConfig(path, "ladder.steps", "shares must rise and lie between 0 and 1")
    if not all(row.levels for row in rows):
        raise BadConfig(path, "ladder.steps", "a step names nobody")
    return tuple(Step(row.share, row.levels) for row in rows)
