"""The opinion score card: `scorecard.toml` → `services.domain.opinion.ScoreCard`."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec import field

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.opinion import COUNTED, LONGEST, ScoreCard, Step
from services.domain.vocabulary import EventGrade, Focus, OpinionGrade

FILE = CONFIG_DIR / "scorecard.toml"


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
    """The card, or `BadConfig` where a lower grade would need more points than a higher one."""
    read = read_toml(path, _File)
    if not read.grades.I > read.grades.II > read.grades.III > 0:
        raise BadConfig(path, "grades", "I must need more points than II, II more than III, all above 0")
    if not 1 <= read.window.hours <= LONGEST / timedelta(hours=1):
        raise BadConfig(path, "window.hours", f"from 1 to {LONGEST / timedelta(hours=1):g} hours are counted")
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
        sensitivity=read.sensitivity.lists,
        sensitivity_limit=read.sensitivity.limit,
        focus=read.focus,
        emotion=read.content.emotion,
        emerging=read.content.emerging,
        event=read.event,
    )


def _steps(read: list[_Step]) -> tuple[Step, ...]:
    return tuple(Step(one.at_least, one.points) for one in read)
