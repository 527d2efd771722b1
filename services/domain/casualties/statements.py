"""Mentions of one sentence → one statement: parts summed, totals preferred, 其中 left inside its whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from services.domain.casualties.pairing import Mention

DEATHS, MISSING, SERIOUS, INJURIES, LOSS, EVACUATED = (
    "deaths",
    "missing",
    "serious_injuries",
    "injuries",
    "direct_loss_yuan",
    "evacuated",
)
_SIMPLE = {"death": DEATHS, "missing": MISSING, "serious": SERIOUS, "evacuated": EVACUATED, "loss": LOSS}
_HURT = ("serious", "light", "injury")


class Count(NamedTuple):
    """A number of one sentence with the span it rests on (offsets in the whole text)."""

    value: int
    bound: str
    start: int
    end: int
    updated: bool = False
    corrected: bool = False
    added: bool = False


@dataclass(slots=True)
class Statement:
    """What one sentence says, by field name of Casualties; `light` injuries where it counts the injured in parts."""

    counts: dict[str, Count] = field(default_factory=dict)
    title: bool = False
    light: Count | None = None


def state(mentions: list[Mention], offset: int) -> Statement:
    """The statement that the mentions of one sentence make together; `offset` is where the sentence begins."""
    statement = Statement(title=offset == 0)
    mentions = _without_idle_none(mentions)
    first = min([m.start for m in mentions], default=0)
    kinds = {m.field for m in mentions}
    for kind, name in _SIMPLE.items():
        count = _count([m for m in mentions if m.field == kind], offset) if kind in kinds else None
        if count is not None:
            statement.counts[name] = count if count.start == offset + first else count._replace(added=False)
    injuries = None if kinds.isdisjoint(_HURT) else _injuries(mentions, offset)
    if "hospital" in kinds:
        injuries = _with_taken(injuries, _count([m for m in mentions if m.field == "hospital"], offset))
    if injuries is not None:
        statement.counts[INJURIES] = injuries
    if "light" in kinds and "injury" not in kinds:
        statement.light = _count([m for m in mentions if m.field == "light" and not m.within], offset)
    return statement


def _with_taken(injuries: Count | None, taken: Count | None) -> Count | None:
    """14人住院治疗,2人重症: more are in hospital than counted as hurt. Who says that nobody is hurt is believed."""
    if injuries is None or taken is None:
        return injuries or taken
    return taken if 0 < injuries.value < taken.value else injuries


def _without_idle_none(mentions: list[Mention]) -> list[Mention]:
    """除1人轻伤外无人员伤亡: beside somebody hurt, "nobody" speaks of the others."""
    none = [m for m in mentions if m.value == 0 and m.field == "injury"]
    if none and any(m.value and m.field in _HURT for m in mentions):
        return [m for m in mentions if m not in none]
    return mentions


def _count(mentions: list[Mention], offset: int) -> Count | None:
    chosen = [m for m in mentions if not m.within] or mentions
    stated = [m for m in chosen if m.value is not None]
    if not stated:
        return None
    for special in ([m for m in stated if m.corrected or m.updated], [m for m in stated if m.total]):
        if special:
            return _sum(special[-1:], offset, vague=False)
    verbs = [m for m in stated if not m.noun] or stated[:1]
    verbs += [m for m in stated if m.noun and m.added and m not in verbs]
    return _sum(_distinct(verbs), offset, vague=len(stated) < len(chosen))


def _distinct(mentions: list[Mention]) -> list[Mention]:
    """A stated none says nothing beside a number."""
    return [m for m in mentions if m.value] or mentions[:1]


def _sum(mentions: list[Mention], offset: int, vague: bool) -> Count:
    if len(mentions) == 1:
        _, value, bound, start, end, _, added, _, updated, corrected, _, _ = mentions[0]
        bound = bound or ("at_least" if vague else "")
        return Count(value or 0, bound, offset + start, offset + end, updated, corrected, added)
    bounds = [m.bound for m in mentions if m.bound]
    return Count(
        value=sum(m.value or 0 for m in mentions),
        bound=bounds[0] if bounds else "at_least" if vague else "",
        start=offset + min(m.start for m in mentions),  # two ways of reading found them, not in order
        end=offset + max(m.end for m in mentions),
        updated=any(m.updated for m in mentions),
        corrected=any(m.corrected for m in mentions),
    )


def _injuries(mentions: list[Mention], offset: int) -> Count | None:
    """All the injured: the general count, or serious and light ones together."""
    general = [m for m in mentions if m.field == "injury"]
    whole = _count(general, offset)
    serious = [m for m in mentions if m.field == "serious"]
    if whole is None:
        parts = [m for m in mentions if m.field in _HURT]
        return _count(parts, offset)
    outside = [m for m in serious if not m.within]
    light = [m for m in mentions if m.field == "light" and not m.within and m.value]
    first = min(m.start for m in general)
    beside = [m for m in outside if m.value and m.start < first and not any(g.total for g in general)] + light
    if not beside or whole.value == 0:
        return whole
    extra = sum(m.value or 0 for m in beside)
    return Count(whole.value + extra, whole.bound, offset + min(beside[0].start, first), whole.end, whole.updated)
