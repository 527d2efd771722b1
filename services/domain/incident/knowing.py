"""What the machine has proposed and read of a matter, and what of it another matter brought along by a merge."""

from __future__ import annotations

from services.domain.incident.model import Incident, Merge

_EVENT, _OPINION = "event_grade", "opinion_grade"


def known(incident: Incident) -> dict[str, int]:
    """The highest grades proposed, as ranks, and the highest numbers read, by name."""
    return {_EVENT: incident.proposed_rank, _OPINION: incident.opinion_rank, **incident.heard}


def learn(target: Incident, brought: dict[str, int]) -> None:
    """What is known of the one is known of both: what a person has lowered stays lowered for the same numbers."""
    have = known(target)
    _keep(target, {name: max(have.get(name, 0), brought.get(name, 0)) for name in have | brought})


def forget(target: Incident, record: Merge) -> None:
    """Know only what is left without this merge, and what was read higher since: that was of this matter."""
    have, others = known(target), [m.brought for m in target.merges]
    for name, number in record.brought.items():
        own = [record.had[name]] if name in record.had else []
        joint = max([number, *own])
        for later in target.merges:
            if later.had.get(name) == joint:
                later.had = {**later.had, name: own[0]} if own else _without(later.had, name)
        if have.get(name) == joint:
            left = own + [other[name] for other in others if name in other]
            have = {**have, name: max(left)} if left else _without(have, name)
    _keep(target, have)


def _without(numbers: dict[str, int], name: str) -> dict[str, int]:
    return {other: number for other, number in numbers.items() if other != name}


def _keep(incident: Incident, numbers: dict[str, int]) -> None:
    incident.proposed_rank, incident.opinion_rank = numbers.get(_EVENT, 0), numbers.get(_OPINION, 0)
    incident.heard = _without(_without(numbers, _EVENT), _OPINION)
