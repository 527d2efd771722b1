"""Join, new or ask: the verdict on one post against the posts that share a key with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from services.domain.grouping.comparing import Asked, Match, same_matter
from services.domain.grouping.details import unlike
from services.domain.grouping.policy import GroupingPolicy, Scope
from services.domain.grouping.signature import Candidate, Signature, likeness, resemblance
from services.domain.vocabulary import IncidentState


@dataclass(frozen=True, slots=True)
class Join:
    """The post belongs to this incident; `rule` says why in words, `score` how surely (0–1)."""

    incident: str
    rule: str
    score: float


@dataclass(frozen=True, slots=True)
class New:
    """No known incident fits."""


@dataclass(frozen=True, slots=True)
class Ask:
    """These may fit, the likeliest first: a person decides. Until then the post has an incident of its own."""

    candidates: tuple[tuple[str, float], ...]


Verdict = Join | New | Ask
_IDENTICAL: Match = (3.0, "内容相同")
_NEAR = 2.0
"""A copy outweighs every likeness; an exact one every near one."""
OPEN: Mapping[str, IncidentState] = MappingProxyType({})
"""No incident has ended."""
LONG = 44
"""A report with so many telling pieces is a long one."""


def decide(
    signature: Signature,
    candidates: Iterable[Candidate],
    policy: GroupingPolicy,
    ended: Mapping[str, IncidentState] = OPEN,
) -> Verdict:
    """The verdict for one post.

    1. A post that is already placed stays there.
    2. A copy, exact or near, goes where its original is, also when a person moved the original.
    3. Otherwise the likeliest incident of the same matter, unless a person barred the copy from it. Of those a person
       has resolved (`ended` tells) only an event goes on: who complains anew is owed an answer anew.
    4. What is only half likely is asked, and so is whether an answered matter has come up again.
    """
    asked = Asked(signature, policy)
    sure: dict[str, Match] = {}
    bars: dict[bool, set[str]] = {True: set(), False: set()}
    by_incident: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.signature.post == signature.post:
            return Join(candidate.incident, "已归入", 1.0)
        copy = _copy(asked, candidate)
        if copy is not None:
            bars[copy == _IDENTICAL] |= candidate.barred
            sure[candidate.incident] = max(copy, sure.get(candidate.incident, copy))
        by_incident.setdefault(candidate.incident, []).append(candidate)
    # What a person said of the very same text counts, not what he said of one that is only near it.
    barred = bars[_IDENTICAL in sure.values()]
    half: dict[str, float] = {}
    copied = not barred.issuperset(sure)
    for incident, known in by_incident.items():
        if copied or incident in barred:  # nothing outweighs a copy
            continue
        match, enough = same_matter(asked, known)
        again = incident in ended and ended[incident].answered and asked.scope is not Scope.SPOT
        if match is not None and match[0] >= enough and not again:
            sure[incident] = max(match, sure.get(incident, match))
        elif match is not None:
            half[incident] = match[0]
    return _verdict(sure, half, barred)


def same_outbreak(
    signature: Signature, candidates: Iterable[Candidate], policy: GroupingPolicy, ended: Mapping[str, IncidentState]
) -> Join | None:
    """The one open incident of this kind that began in this district in these hours, unless anything contradicts."""
    asked = Asked(signature, policy)
    began: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        lately = abs(signature.at - candidate.first_at) <= policy.outbreak_window
        if candidate.signature.outbreak == signature.outbreak and lately:
            began.setdefault(candidate.incident, []).append(candidate)
    if len(began) != 1:
        return None
    [(incident, known)] = began.items()
    others = [candidate.signature for candidate in known]
    if incident in ended or any(_other_outbreak(asked, other) for other in others):
        return None
    kind, _, _ = signature.outbreak.partition(" ")
    hours = policy.outbreak_window.total_seconds() / 3600
    return Join(incident, f"同一区县{hours:g}小时内的唯一一起{kind}，内容无矛盾", 0.5)


def _other_outbreak(asked: Asked, other: Signature) -> bool:
    """Something contradicts, or two long reports have next to nothing in common."""
    signature = asked.signature
    if asked.differs(other) or unlike(signature.details, other.details):
        return True
    long = min(len(signature.terms), len(other.terms)) >= LONG
    return long and likeness(signature, [other]) < asked.policy.same_place_ask


def _verdict(sure: dict[str, Match], half: dict[str, float], barred: set[str]) -> Verdict:
    open_to = {incident: match for incident, match in sure.items() if incident not in barred}
    if open_to:
        incident = max(open_to, key=lambda known: (open_to[known], known))
        score, rule = open_to[incident]
        return Join(incident, rule, round(min(score, 1.0), 3))
    asked = [(incident, round(score, 3)) for incident, score in half.items() if incident not in barred]
    return Ask(tuple(sorted(asked, key=lambda pair: (-pair[1], pair[0])))) if asked else New()


def _copy(asked: Asked, candidate: Candidate) -> Match | None:
    """Copies of each other: equal, or most of the text in common."""
    signature, known, policy = asked.signature, candidate.signature, asked.policy
    if known.exact == signature.exact:
        return _IDENTICAL if asked.apart(candidate) <= policy.copy_window else None
    common = resemblance(asked.pieces, known, policy.near)
    if common >= policy.near and not asked.differs(known) and asked.apart(candidate) <= policy.copy_window:
        return _NEAR + common, f"转载或改写（{common:.0%}相同）"
    return None
