"""评价研判: how often people agreed with the machine, and what the next training learns from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def uses(decisions: Sequence[Correction], topic_of: Mapping[str, str]) -> list[Use]:
    """What becomes of the decisions of each kind, also of a kind nobody has decided on, in the kinds' order."""
    last = latest(decisions)
    found = []
    for kind in CorrectionKind:
        of_kind = [one for one in last if one.kind is kind]
        taught = sum(1 for one in of_kind if _topic(one, topic_of))
        found.append(Use(kind, len(of_kind), sum(not one.agreed for one in of_kind), taught))
    return found


def _topic(one: Correction, topic_of: Mapping[str, str]) -> str:
    """The topic that a decision teaches; empty where it teaches none."""
    if not one.text:
        return ""
    if one.kind is CorrectionKind.TOPIC:
        return one.decided
    return topic_of.get(one.decided, "") if one.kind is CorrectionKind.DEPARTMENT else ""


def lessons(decisions: Sequence[Correction], topic_of: Mapping[str, str]) -> list[tuple[str, str]]:
    """(text, topic) pairs for training: from topics decided, and from departments that stand for one topic.

    A decided topic outweighs the one that follows from the department. In the order of the posts' keys, so that
    training on the same decisions gives the same model.
    """
    found: dict[str, tuple[str, str]] = {}
    for kind in (CorrectionKind.DEPARTMENT, CorrectionKind.TOPIC):
        for one in latest(decisions):
            topic = _topic(one, topic_of)
            if one.kind is kind and topic:
                found[one.post] = (f"{one.title}\n{one.text}", topic)
    return [found[post] for post in sorted(found)]
