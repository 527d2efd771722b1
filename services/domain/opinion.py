"""舆情等级: the office's score card (内部规定). It grades the opinion, never the event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.domain.assessment import Reason
from services.domain.signals import Signals, cite
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


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Situation:
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


def grade_opinion(card: ScoreCard, situation: Situation) -> tuple[OpinionGrade, tuple[Reason, ...]]:
    """The opinion grade, and every point as a reason."""
    points = [*_source(card, situation), *_spread(card, situation.spread), *_content(card, situation)]
    total = sum(point for point, _ in points)
    reasons = [
        Reason(reason.rule, f"{point:+g} {reason.evidence}", reason.start, reason.end) for point, reason in points
    ]
    for grade in OpinionGrade:
        if grade in card.grades and total >= card.grades[grade]:
            reasons.append(Reason("舆情等级", f"{total:g} 分,{card.grades[grade]:g} 分起为{grade.label}"))
            return grade, tuple(reasons)
    reasons.append(Reason("舆情等级", f"{total:g} 分,{OpinionGrade.IV.label}"))
    return OpinionGrade.IV, tuple(reasons)


def _source(card: ScoreCard, situation: Situation) -> list[tuple[float, Reason]]:
    weight = card.sources.get(situation.source, card.origins.get(situation.origin, 0.0))
    return [(weight, Reason("舆情评分:来源", f"来源 {situation.source or situation.origin}"))] if weight else []


def _spread(card: ScoreCard, spread: Spread) -> list[tuple[float, Reason]]:
    criteria = (
        ("舆情评分:传播", card.spread, spread.posts, "同一事项信息 {} 条"),
        ("舆情评分:增速", card.growth, spread.growth, "最近一小时新增 {} 条"),
        ("舆情评分:来源数", card.source_count, spread.sources, "来源 {} 个"),
    )
    found = []
    for rule, steps, number, words in criteria:
        points = max((step.points for step in steps if number >= step.at_least), default=0.0)
        if points:
            found.append((points, Reason(rule, words.format(number))))
    return found


def _content(card: ScoreCard, situation: Situation) -> list[tuple[float, Reason]]:
    found = _sensitive(card, situation.signals)
    found += [
        (card.focus[one], Reason("舆情评分:收集重点", f"{one.value} {one.label}"))
        for one in situation.focus
        if card.focus.get(one)
    ]
    if situation.sentiment is Sentiment.NEGATIVE and card.emotion:
        found.append((round(card.emotion * situation.strength, 1), Reason("舆情评分:情绪", "负面情绪")))
    if situation.emerging and card.emerging:
        found.append((card.emerging, cite("舆情评分:苗头性", situation.signals.any(("emerging",)))))
    if situation.event_grade is not None and card.event.get(situation.event_grade):
        found.append(
            (card.event[situation.event_grade], Reason("舆情评分:突发事件", f"{situation.event_grade.label}突发事件"))
        )
    return found


def _sensitive(card: ScoreCard, signals: Signals) -> list[tuple[float, Reason]]:
    """Sensitive lists that spoke, up to the card's limit."""
    found, left = [], card.sensitivity_limit
    for name, points in card.sensitivity.items():
        hit = signals.any((name,))
        if hit is not None and left > 0:
            found.append((min(points, left), cite("舆情评分:敏感内容", hit)))
            left -= points
    return found
