"""情感倾向, by words with negation: what the writer feels, not whether he is right."""

from __future__ import annotations

from services.domain.assessment import Reason
from services.domain.signals import Hit, Signals, cite
from services.domain.vocabulary import Sentiment

NEGATIONS = ("不", "没", "无", "未", "别")


def read_sentiment(text: str, signals: Signals) -> tuple[Sentiment, float, Reason]:
    """The sentiment, its strength from 0 to 1, and the word that weighs most."""
    negative: list[Hit] = list(signals.of("negative"))
    positive: list[Hit] = []
    for hit in signals.of("positive"):
        (negative if _negated(text, hit) else positive).append(hit)
    bad, good = _worth(negative), _worth(positive)
    total = bad + good
    if not total or abs(bad - good) < 1:
        return Sentiment.NEUTRAL, 0.0, Reason("情感", "没有明显倾向")
    chosen, kind = (negative, Sentiment.NEGATIVE) if bad > good else (positive, Sentiment.POSITIVE)
    strength = abs(bad - good) / (total + 2)
    return kind, round(strength, 3), cite("情感", max(chosen, key=lambda hit: hit.weight))


def _worth(hits: list[Hit]) -> float:
    return sum({hit.word: hit.weight for hit in hits}.values())


def _negated(text: str, hit: Hit) -> bool:
    return text[max(0, hit.start - 2) : hit.start].endswith(NEGATIONS)
