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


def decide(signature: Signature, candidates: Iterable[Candidate], policy: GroupingPolicy) -> Verdict:
    """The verdict for one post.

    1. A post that is already placed stays there.
    2. A copy, exact or near, goes where its original is, also when a person moved the original.
    3. Otherwise the likeliest incident of the same matter, unless a person barred the copy from it.
    4. What is only half likely is asked.
    """
    sure: dict[str, _Match] = {}
    half: dict[str, float] = {}
    barred: set[str] = set()
    for candidate in candidates:
        known = candidate.signature
        if known.post == signature.post:
            return Join(candidate.incident, "已归入", 1.0)
        copy = _copy(signature, candidate, policy)
        if copy is not None:
            barred |= candidate.barred
        match, surely = (copy, True) if copy is not None else _same_matter(signature, candidate, policy)
        if match is None:
            continue
        if surely:
            sure[candidate.incident] = max(match, sure.get(candidate.incident, match))
        else:
            half[candidate.incident] = max(match[0], half.get(candidate.incident, 0.0))
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
        return 3.0, "内容相同"
    common = resemblance(signature, known)
    if common >= policy.near and not _differ(signature, known):
        return 2.0 + common, f"转载或改写（{common:.0%}相同）"
    return None


def _same_matter(signature: Signature, candidate: Candidate, policy: GroupingPolicy) -> tuple[_Match | None, bool]:
    """The same matter in other words: place, subject and time."""
    known = candidate.signature
    apart = _apart(signature, candidate)
    scope = policy.scope_of(signature.kind) if signature.kind == known.kind else None
    if scope is Scope.CITY and apart <= policy.matter_window:
        return (1.0, f"同一事项：{signature.kind}"), True
    alike = likeness(signature, known)
    if _shared(signature, known):
        window = policy.event_window if Scope.SPOT in _scopes(signature, known, policy) else policy.place_window
        if apart > window:
            return None, False
        if alike >= policy.same_place_join:
            return (1.0 + alike, "同一地点、同一事由"), True
        return ((alike, ""), False) if alike >= policy.same_place_ask else (None, False)
    if apart > policy.matter_window or _differ(signature, known):
        return None, False
    if alike >= policy.join:
        return (alike, "同一事由"), True
    return ((alike, ""), False) if alike >= policy.ask else (None, False)


def _scopes(left: Signature, right: Signature, policy: GroupingPolicy) -> set[Scope | None]:
    return {policy.scope_of(left.kind), policy.scope_of(right.kind)}


def _shared(left: Signature, right: Signature) -> set[str]:
    return set(left.places).intersection(right.places)


def _differ(left: Signature, right: Signature) -> bool:
    """Both name places and no place is the same."""
    if left.places and right.places:
        return not _shared(left, right)
    return bool(left.divisions and right.divisions and not set(left.divisions).intersection(right.divisions))


def _apart(signature: Signature, candidate: Candidate) -> timedelta:
    """Time between the post and the incident's span; zero inside it."""
    return max(signature.at - candidate.last_at, candidate.first_at - signature.at, timedelta())
