"""舆情等级: the office's score card (内部规定). It grades the opinion, never the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from services.domain.assessment import Reason
from services.domain.signals import Signals
from services.domain.vocabulary import EventGrade, Focus, OpinionGrade, Sentiment


@dataclass(frozen=True, slots=True)
class Spread:
    """What the caller knows of the spread in the last hours; zeros where nothing is known.

    `posts` counts posts of the same matter, `growth` those of the last hour, `sources` the distinct sources.
    """

    posts: int = 0
    growth: int = 0
    sources: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """From `at_least` on, `points`."""

    at_least: float
    points: float


@dataclass(frozen=True)
class ScoreCard:
    """Points by criterion; `grades` are the totals from which each grade holds."""

    grades: Mapping[OpinionGrade, float]
    origins: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, float] = field(default_factory=dict)
    spread: Sequence[Step] = ()
    growth: Sequence[Step] = ()
    source_count: Sequence[Step] = ()
    sensitivity: Mapping[str, float] = field(default_factory=dict)
    sensitivity_limit: float = 30.0
    focus: Mapping[Focus, float] = field(default_factory=dict)
    emotion: float = 0.0
    emerging: float = 0.0
    event: Mapping[EventGrade, float] = field(default_factory=dict)

    @cached_property
    def ladder(self) -> list[tuple[OpinionGrade, float]]:
        """The grades with their totals, the gravest first."""
        return [(grade, self.grades[grade]) for grade in OpinionGrade if grade in self.grades]


class Situation(NamedTuple):
    """What the card is applied to."""

    source: str
    origin: str
    signals: Signals
    focus: Sequence[Focus] = ()
    sentiment: Sentiment = Sentiment.NEUTRAL
    strength: float = 0.0
    emerging: bool = False
    event_grade: EventGrade | None = None
    spread: Spread = Spread()


_Point = tuple[float, str, str, int, int]
"""Points with their rule, evidence, start and end: a `Reason` once the points are written into it."""
_NO_WORD = ("", -1, -1)
_FOCUS = {one: f"{one.value} {one.label}" for one in Focus}


def grade_opinion(card: ScoreCard, situation: Situation) -> tuple[OpinionGrade, tuple[Reason, ...]]:
    """The opinion grade, and every point as a reason."""
    points = [*_source(card, situation), *_spread(card, situation.spread), *_content(card, situation)]
    total = sum(point[0] for point in points)
    reasons = [Reason(rule, f"{point:+g} {evidence}", start, end) for point, rule, evidence, start, end in points]
    for grade, threshold in card.ladder:
        if total >= threshold:
            reasons.append(Reason("舆情等级", f"{total:g} 分,{threshold:g} 分起为{grade.label}"))
            return grade, tuple(reasons)
    reasons.append(Reason("舆情等级", f"{total:g} 分,{OpinionGrade.IV.label}"))
    return OpinionGrade.IV, tuple(reasons)


def _source(card: ScoreCard, situation: Situation) -> list[_Point]:
    weight = card.sources.get(situation.source, card.origins.get(situation.origin, 0.0))
    return [(weight, "舆情评分:来源", f"来源 {situation.source or situation.origin}", -1, -1)] if weight else []


def _spread(card: ScoreCard, spread: Spread) -> list[_Point]:
    criteria = (
        ("舆情评分:传播", card.spread, spread.posts, "同一事项信息 {} 条"),
        ("舆情评分:增速", card.growth, spread.growth, "最近一小时新增 {} 条"),
        ("舆情评分:来源数", card.source_count, spread.sources, "来源 {} 个"),
    )
    found = []
    for rule, steps, number, words in criteria:
        points = max((step.points for step in steps if number >= step.at_least), default=0.0)
        if points:
            found.append((points, rule, words.format(number), -1, -1))
    return found


def _content(card: ScoreCard, situation: Situation) -> list[_Point]:
    found = _sensitive(card, situation.signals)
    for one in situation.focus:
        if points := card.focus.get(one):
            found.append((points, "舆情评分:收集重点", _FOCUS[one], -1, -1))
    if situation.sentiment is Sentiment.NEGATIVE and card.emotion:
        found.append((round(card.emotion * situation.strength, 1), "舆情评分:情绪", "负面情绪", -1, -1))
    if situation.emerging and card.emerging:
        hit = situation.signals.first("emerging")
        found.append((card.emerging, "舆情评分:苗头性", *(hit[:3] if hit else _NO_WORD)))
    if situation.event_grade is not None and (points := card.event.get(situation.event_grade)):
        found.append((points, "舆情评分:突发事件", f"{situation.event_grade.label}突发事件", -1, -1))
    return found


def _sensitive(card: ScoreCard, signals: Signals) -> list[_Point]:
    """Sensitive lists that spoke, up to the card's limit."""
    found: list[_Point] = []
    left = card.sensitivity_limit
    for name, points in card.sensitivity.items():
        hit = signals.first(name)
        if hit is not None and left > 0:
            found.append((min(points, left), "舆情评分:敏感内容", hit.word, hit.start, hit.end))
            left -= points
    return found
