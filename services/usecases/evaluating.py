"""评价研判: how often people agreed with the machine, and what the next training learns from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.correction import Agreement, Correction, CorrectionKind, agreement, latest
from services.domain.lessons import Lessons

GRAVE = ("I", "II")


class Corrections(Protocol):
    """Where decisions are kept."""

    async def since(self, moment: datetime) -> Sequence[Correction]:
        """The decisions made at or after the moment, oldest first."""


async def agreement_since(corrections: Corrections, moment: datetime) -> list[Agreement]:
    """Agreement per rule and label of the last decision on each post since the moment."""
    return agreement(latest(await corrections.since(moment)))


async def overruled_since(corrections: Corrections, moment: datetime) -> list[Correction]:
    """The last decisions since the moment that differ from the proposal, with their texts, by kind and rule."""
    differing = (one for one in latest(await corrections.since(moment)) if not one.agreed)
    return sorted(differing, key=lambda one: (one.kind.value, one.rule, one.at, one.post))


@dataclass(frozen=True, slots=True)
class Use:
    """What training makes of the decisions of one kind: the last one on each post counts."""

    kind: CorrectionKind
    decided: int
    overruled: int
    taught: int


def uses(decisions: Sequence[Correction], learned: Lessons, topics: Sequence[tuple[str, str]]) -> list[Use]:
    """What becomes of the decisions of each kind, also of a kind nobody has decided on, in the kinds' order.

    `learned` and `topics` are what was learned from them.
    """
    last = latest(decisions)
    taught = Counter({CorrectionKind.TOPIC: len(topics)})
    for text in learned.texts:
        taught[text.kind] += len(text.posts)
    found = []
    for kind in CorrectionKind:
        of_kind = [one for one in last if one.kind is kind]
        found.append(Use(kind, len(of_kind), sum(not one.agreed for one in of_kind), taught[kind]))
    return found


def for_the_owners(decisions: Sequence[Correction]) -> list[tuple[str, str, str, int]]:
    """(rule, proposed, decided, posts) of the grades that were overruled: for whoever keeps the rules, most first."""
    grades = (CorrectionKind.EVENT_GRADE, CorrectionKind.OPINION_GRADE)
    counts = Counter(
        (one.rule, one.proposed, one.decided) for one in latest(decisions) if one.kind in grades and not one.agreed
    )
    return sorted(((*way, count) for way, count in counts.items()), key=lambda told: (-told[3], told))


def grave_lessons(decisions: Sequence[Correction]) -> list[tuple[str, bool]]:
    """(text, whether a person put it to I or II) for the suspicion by wording, in the order of the posts' keys."""
    grades = {one.post: one for one in latest(decisions) if one.kind is CorrectionKind.EVENT_GRADE and one.text}
    return [(f"{one.title}\n{one.text}", one.decided in GRAVE) for _, one in sorted(grades.items())]


def lessons(decisions: Sequence[Correction]) -> list[tuple[str, str]]:
    """(text, topic) pairs for the topic model: from decided topics alone.

    Who answers says nothing certain about the topic: a canteen where children fall ill is 教育文体 and answered for by
    the market's supervisors. In the order of the posts' keys, so that the same decisions give the same model.
    """
    topics = {one.post: one for one in latest(decisions) if one.kind is CorrectionKind.TOPIC and one.text}
    return [(f"{one.title}\n{one.text}", one.decided) for _, one in sorted(topics.items())]
