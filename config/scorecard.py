"""The opinion score card: `scorecard.toml` → `services.domain.opinion.ScoreCard`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from msgspec import field
from msgspec.structs import asdict

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.opinion import COUNTED, LONGEST, ScoreCard, Step
from services.domain.post import ORIGINS
from services.domain.signals import LISTS
from services.domain.vocabulary import EventGrade, Focus, OpinionGrade

FILE = CONFIG_DIR / "scorecard.toml"
MOST_POINTS = 1000
_IDENTIFIERS = {name: one for one, name in LISTS.items()}
"""A list may be called by the name that people read or by its identifier in signals.toml."""


class _Step(Section, frozen=True, kw_only=True):
    at_least: float
    points: float


class _Window(Section, frozen=True, kw_only=True):
    hours: float


class _Sensitivity(Section, frozen=True, kw_only=True):
    limit: float
    lists: dict[str, float]


class _Content(Section, frozen=True, kw_only=True):
    emotion: float
    emerging: float


class _Grades(Section, frozen=True, kw_only=True):
    I: float  # noqa: E741 - the grade's statutory name is the Roman numeral
    II: float
    III: float


class _File(Section, frozen=True, kw_only=True):
    grades: _Grades
    origins: dict[str, float]
    sources: dict[str, float] = field(default_factory=dict)
    window: _Window
    spread: list[_Step]
    growth: list[_Step]
    source_count: list[_Step]
    sensitivity: _Sensitivity
    focus: dict[Focus, float]
    content: _Content
    event: dict[EventGrade, float]


def load_scorecard(path: Path = FILE) -> ScoreCard:
    """The card.

    Raises:
        BadConfig: an unknown key, points below 0, a step that is none, or a grade that needs more than a higher one.
    """
    read = read_toml(path, _File)
    if not read.grades.I > read.grades.II > read.grades.III > 0:
        raise BadConfig(path, "grades", "I must need more points than II, II more than III, all above 0")
    if not 1 <= read.window.hours <= LONGEST / timedelta(hours=1):
        raise BadConfig(path, "window.hours", f"from 1 to {LONGEST / timedelta(hours=1):g} hours are counted")
    _check(path, read)
    if any(step.at_least > COUNTED for step in (*read.spread, *read.growth)):
        raise BadConfig(path, "spread", f"no more than {COUNTED} posts are counted")
    return ScoreCard(
        grades={OpinionGrade.I: read.grades.I, OpinionGrade.II: read.grades.II, OpinionGrade.III: read.grades.III},
        origins=read.origins,
        sources=read.sources,
        window=timedelta(hours=read.window.hours),
        spread=_steps(read.spread),
        growth=_steps(read.growth),
        source_count=_steps(read.source_count),
        sensitivity={_IDENTIFIERS.get(name, name): points for name, points in read.sensitivity.lists.items()},
        sensitivity_limit=read.sensitivity.limit,
        focus=read.focus,
        emotion=read.content.emotion,
        emerging=read.content.emerging,
        event=read.event,
    )


def _check(path: Path, read: _File) -> None:
    for origin in read.origins:
        if origin not in ORIGINS:
            raise BadConfig(path, f"origins.{origin}", f"unknown origin; there are {', '.join(ORIGINS)}")
    for name in read.sensitivity.lists:
        if name not in LISTS and name not in _IDENTIFIERS:
            named = ", ".join(f"{one} ({identifier})" for identifier, one in LISTS.items())
            raise BadConfig(
                path, f"sensitivity.lists.{name}", f"signals.toml has no list of this name; there are {named}"
            )
        if name in LISTS and LISTS[name] in read.sensitivity.lists:
            raise BadConfig(path, f"sensitivity.lists.{name}", f"the same list as {LISTS[name]}: it would score twice")
    tables: dict[str, Mapping[Any, float]] = {
        "grades": asdict(read.grades),
        "origins": read.origins,
        "sources": read.sources,
        "sensitivity": {"limit": read.sensitivity.limit},
        "sensitivity.lists": read.sensitivity.lists,
        "focus": read.focus,
        "content": asdict(read.content),
        "event": read.event,
    }
    for table, rows in tables.items():
        for name, points in rows.items():
            _check_points(path, f"{table}.{name}", points)
    for name in ("spread", "growth", "source_count"):
        _check_steps(path, name, getattr(read, name))


def _check_points(path: Path, key: str, points: float) -> None:
    if not 0 <= points <= MOST_POINTS:
        raise BadConfig(path, key, f"points must be from 0 to {MOST_POINTS}")


def _check_steps(path: Path, name: str, steps: Sequence[_Step]) -> None:
    least, points = 0.0, 0.0
    for number, step in enumerate(steps):
        _check_points(path, f"{name}[{number}].points", step.points)
        if not step.at_least > least:
            raise BadConfig(path, f"{name}[{number}].at_least", "must be above 0 and rise from step to step")
        if step.points < points:
            raise BadConfig(path, f"{name}[{number}].points", "must not fall from step to step: more would count less")
        least, points = step.at_least, step.points


def _steps(read: list[_Step]) -> tuple[Step, ...]:
    return tuple(Step(one.at_least, one.points) for one in read)
