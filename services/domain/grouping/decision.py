"""Join, new or ask: the verdict on one post against the posts that share a key with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from services.domain.grouping.policy import GroupingPolicy, Scope
from services.domain.grouping.signature import Candidate, Signature, likeness, resemblance


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
_Match = tuple[float, str]
_EXACT, _NEAR = 3.0, 2.0
"""A copy outweighs every likeness; an exact one every near one."""
WIDE = ("路", "街", "大道", "号线", "村", "屯", "高速")
"""Places so wide that two matters there are often two."""


def decide(signature: Signature, candidates: Iterable[Candidate], policy: GroupingPolicy) -> Verdict:
    """The verdict for one post.

    1. A post that is already placed stays there.
    2. A copy, exact or near, goes where its original is, also when a person moved the original.
    3. Otherwise the likeliest incident of the same matter, unless a person barred the copy from it.
    4. What is only half likely is asked.
    """
    sure: dict[str, _Match] = {}
    barred: set[str] = set()
    by_incident: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.signature.post == signature.post:
            return Join(candidate.incident, "已归入", 1.0)
        copy = _copy(signature, candidate, policy)
        if copy is not None:
            barred |= candidate.barred
            sure[candidate.incident] = max(copy, sure.get(candidate.incident, copy))
        by_incident.setdefault(candidate.incident, []).append(candidate)
    half: dict[str, float] = {}
    for incident, known in by_incident.items():
        match, enough = _same_matter(signature, known, policy)
        if match is not None and match[0] >= enough:
            sure[incident] = max(match, sure.get(incident, match))
        elif match is not None:
            half[incident] = match[0]
    return _verdict(sure, half, barred)


def _verdict(sure: dict[str, _Match], half: dict[str, float], barred: set[str]) -> Verdict:
    open_to = {incident: match for incident, match in sure.items() if incident not in barred}
    if open_to:
        incident = max(open_to, key=lambda known: (open_to[known], known))
        score, rule = open_to[incident]
        return Join(incident, rule, round(min(score, 1.0), 3))
    asked = [(incident, round(score, 3)) for incident, score in half.items() if incident not in barred]
    return Ask(tuple(sorted(asked, key=lambda pair: (-pair[1], pair[0])))) if asked else New()


def _copy(signature: Signature, candidate: Candidate, policy: GroupingPolicy) -> _Match | None:
    """Copies of each other: equal, or most of the text in common."""
    known = candidate.signature
    if _apart(signature, candidate) > policy.copy_window:
        return None
    if known.exact == signature.exact:
        return _EXACT, "内容相同"
    common = resemblance(signature, known)
    if common >= policy.near and not _differ(signature, known):
        return _NEAR + common, f"转载或改写（{common:.0%}相同）"
    return None


def _same_matter(signature: Signature, known: list[Candidate], policy: GroupingPolicy) -> tuple[_Match | None, float]:
    """The same matter in other words: place, subject and time. How like it is, and how like it must be to join."""
    apart = _apart(signature, known[0])
    kinds = {candidate.signature.kind for candidate in known if candidate.signature.kind}
    scope = policy.scope_of(signature.kind)
    if scope is Scope.CITY and signature.kind in kinds and apart <= policy.matter_window:
        return (1.0, f"同一事项：{signature.kind}"), 0.0
    others = [candidate.signature for candidate in known]
    if scope is Scope.SPOT:
        others = [other for other in others if not _other_district(signature, other)]
    event = scope is Scope.SPOT and signature.kind in kinds
    window = policy.event_window if event else policy.place_window
    here = [other for other in others if _shared(signature, other)]
    # As an event goes on its reports share ever fewer words: rising figures, causes, the bereaved.
    if event and apart <= window and any(_one_spot(signature, other) for other in here):
        return (1.0, f"同一地点的同一事件：{signature.kind}"), 0.0
    join, ask, rule = policy.same_place_join, policy.same_place_ask, "同一地点、同一事由"
    if here and all(place.endswith(WIDE) for other in here for place in _shared(signature, other)):
        join = policy.same_road_join
    if not here:
        here = [other for other in others if _same_name(signature, other)]
        join, ask, rule = policy.same_name_join, policy.same_name_ask, "同一名称、同一事由"
        if all(_differ(signature, other) for other in here):
            join = policy.join
    if not here:
        here = [other for other in others if not _differ(signature, other)]
        window, join, ask, rule = policy.matter_window, policy.join, policy.ask, "同一事由"
    alike = likeness(signature, here) if here and apart <= window else 0.0
    return ((alike, rule) if alike >= ask else None), join


def _shared(left: Signature, right: Signature) -> set[str]:
    return set(left.places).intersection(right.places)


def _one_spot(left: Signature, right: Signature) -> bool:
    """The same kind of event at a place in common that is no mere road or village."""
    return left.kind == right.kind and any(not place.endswith(WIDE) for place in _shared(left, right))


def _same_name(left: Signature, right: Signature) -> bool:
    return not set(left.names).isdisjoint(right.names) and not _other_district(left, right)


def _other_district(left: Signature, right: Signature) -> bool:
    return bool(left.divisions and right.divisions and set(left.divisions).isdisjoint(right.divisions))


def _differ(left: Signature, right: Signature) -> bool:
    """Other districts, or other places: likeness alone does not make them one matter."""
    return _other_district(left, right) or bool(left.places and right.places and not _shared(left, right))


def _apart(signature: Signature, candidate: Candidate) -> timedelta:
    """Time between the post and the incident's span; zero inside it."""
    return max(signature.at - candidate.last_at, candidate.first_at - signature.at, timedelta())
