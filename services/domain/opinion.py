"""舆情等级: the office's score card (内部规定). It grades the opinion, never the event.

A post is graded by what it says and where (`grade_opinion`); a matter by its weightiest post and by how its posts
spread (`grade_spread`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import NamedTuple

from services.domain.assessment import Reason
from services.domain.signals import LISTS, Hit, Signals
from services.domain.vocabulary import EventGrade, Focus, OpinionGrade, Sentiment

COUNTED = 500
"""No more posts of a matter are counted, and for no longer than this: enough for every step of a card."""
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Spread:
    """The posts of a matter within the card's window up to the newest, those of its last hour, and their sources."""

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
    """Points by criterion; `grades` are the totals from which each grade holds.

    A post earns points for what it says and where; `spread`, `growth` and `source_count` are a matter's, by its posts.
    """

    grades: Mapping[OpinionGrade, float]
    origins: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, float] = field(default_factory=dict)
    window: timedelta = timedelta(hours=24)
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


_Point = tuple[float, str, str, int, int]
"""Points with their rule, evidence, start and end: a `Reason` once the points are written into it."""
_SCORED = "舆情评分:"
_FOCUS = {one: f"{one.value} {one.label}" for one in Focus}


def grade_opinion(card: ScoreCard, situation: Situation) -> tuple[OpinionGrade, tuple[Reason, ...]]:
    """The opinion grade of one post, and every point as a reason."""
    points = [*_source(card, situation), *_content(card, situation)]
    reasons = [Reason(rule, _said(point, evidence), start, end) for point, rule, evidence, start, end in points]
    grade, total = _graded(card, sum([point[0] for point in points]))
    return grade, (*reasons, Reason("舆情等级", total))


# A card has few points to give, and its words are those of the lists.
@lru_cache(maxsize=4096)
def _said(point: float, evidence: str) -> str:
    return f"{point:+g} {evidence}"


def _graded(card: ScoreCard, total: float) -> tuple[OpinionGrade, str]:
    for grade, threshold in card.ladder:
        if total >= threshold:
            return grade, f"{total:g} 分,{threshold:g} 分起为{grade.label}"
    return OpinionGrade.IV, f"{total:g} 分,{OpinionGrade.IV.label}"


def earned(reasons: Iterable[Reason]) -> tuple[tuple[str, float], ...]:
    """What a post earned by these reasons of `grade_opinion`: each criterion with its points."""
    scored = [reason for reason in reasons if reason.rule.startswith(_SCORED)]
    return tuple([(one.rule.removeprefix(_SCORED), float(one.evidence.partition(" ")[0])) for one in scored])


def grade_spread(
    card: ScoreCard, own: Iterable[tuple[str, float]], spread: Spread
) -> tuple[OpinionGrade, tuple[str, ...]]:
    """The opinion grade of a matter whose weightiest post earned `own`, and every point in words."""
    hours = f"{card.window / timedelta(hours=1):g} 小时"
    criteria = (
        ("传播", card.spread, spread.posts, f"{hours}内 {{}} 条"),
        ("增速", card.growth, spread.growth, "1 小时内 {} 条"),
        ("来源数", card.source_count, spread.sources, f"{hours}内 {{}} 个来源"),
    )
    points = list(own)
    said = [f"{name} {point:+g}" for name, point in points]
    for name, steps, number, words in criteria:
        point = max((step.points for step in steps if number >= step.at_least), default=0.0)
        if point:
            points.append((name, point))
            said.append(f"{name} {point:+g}({words.format(number)})")
    grade, total = _graded(card, sum(point for _, point in points))
    return grade, (*said, total)


def _source(card: ScoreCard, situation: Situation) -> list[_Point]:
    weight = card.sources.get(situation.source, card.origins.get(situation.origin, 0.0))
    return [(weight, "舆情评分:来源", f"来源 {situation.source or situation.origin}", -1, -1)] if weight else []


def _content(card: ScoreCard, situation: Situation) -> list[_Point]:
    found, scored = _sensitive(card, situation.signals)
    for one in situation.focus:
        if points := card.focus.get(one):
            found.append((points, "舆情评分:收集重点", _FOCUS[one], -1, -1))
    if situation.sentiment is Sentiment.NEGATIVE and card.emotion:
        found.append((round(card.emotion * situation.strength, 1), "舆情评分:情绪", "负面情绪", -1, -1))
    if situation.emerging and card.emerging and (hit := _fresh(situation.signals.of("emerging"), scored)):
        found.append((card.emerging, "舆情评分:苗头性", *hit[:3]))
    if situation.event_grade is not None and (points := card.event.get(situation.event_grade)):
        found.append((points, "舆情评分:突发事件", f"{situation.event_grade.label}突发事件", -1, -1))
    return found


def _sensitive(card: ScoreCard, signals: Signals) -> tuple[list[_Point], list[str]]:
    """Sensitive lists that spoke, up to the card's limit, and the word each scored by: none scores for two lists."""
    found: list[_Point] = []
    scored: list[str] = []
    left = card.sensitivity_limit
    for name, points in card.sensitivity.items():
        if left > 0 and name in signals.hits and (hit := _fresh(signals.hits[name], scored)) is not None:
            found.append((min(points, left), f"舆情评分:敏感内容({LISTS.get(name, name)})", *hit[:3]))
            scored.append(hit.word)
            left -= points
    return found, scored


def _fresh(hits: Sequence[Hit], scored: Sequence[str]) -> Hit | None:
    """The first whose word has not scored, neither by itself nor as a part of a longer one (强拆, 暴力强拆)."""
    if hits and not scored:
        return hits[0]
    return next((hit for hit in hits if not any(hit.word in word or word in hit.word for word in scored)), None)
