"""评价研判: how often people agreed with the machine, and what the next training learns from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from services.domain.correction import Agreement, Correction, CorrectionKind, agreement, latest


class Corrections(Protocol):
    """Where decisions are kept."""

    async def since(self, moment: datetime) -> Sequence[Correction]:
        """The decisions made at or after the moment, oldest first."""


async def agreement_since(corrections: Corrections, moment: datetime) -> list[Agreement]:
    """Agreement per rule and label of the last decision on each post since the moment."""
    return agreement(latest(await corrections.since(moment)))


def lessons(decisions: Sequence[Correction], topic_of: Mapping[str, str]) -> list[tuple[str, str]]:
    """(text, topic) pairs for training: from topics decided, and from departments that stand for one topic.

    A decided topic outweighs the one that follows from the department. In the order of the posts' keys, so that
    training on the same decisions gives the same model.
    """
    found: dict[str, tuple[str, str]] = {}
    for kind in (CorrectionKind.DEPARTMENT, CorrectionKind.TOPIC):
        for one in latest(decisions):
            topic = one.decided if kind is CorrectionKind.TOPIC else topic_of.get(one.decided, "")
            if one.kind is kind and topic and one.text:
                found[one.post] = (f"{one.title}\n{one.text}", topic)
    return [found[post] for post in sorted(found)]
