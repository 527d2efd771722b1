"""Join, new or ask: the verdict on one post against the posts that share a key with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from services.domain.grouping.details import contradict, same_owner, unlike
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
_Match = tuple[float, str]
_NO_TIME = timedelta()
_PLACE, _NAME, _SUBJECT = "同一地点、同一事由", "同一名称、同一事由", "同一事由"
_IDENTICAL: _Match = (3.0, "内容相同")
_NEAR = 2.0
"""A copy outweighs every likeness; an exact one every near one."""
OPEN: Mapping[str, IncidentState] = MappingProxyType({})
"""No incident has ended."""
LONG = 44
"""A report with so many telling pieces is a long one."""
WIDE = ("路", "街", "大道", "号线", "村", "屯", "高速")
"""Places so wide that two matters there are often two."""


class _Asked:
    """The post that is to be placed, with what every comparison needs of it."""

    __slots__ = ("details", "divisions", "names", "pieces", "places", "policy", "scope", "signature")

    def __init__(self, signature: Signature, policy: GroupingPolicy) -> None:
        self.signature, self.policy = signature, policy
        self.scope = policy.scope_of(signature.kind) if signature.kind else None
        self.pieces = frozenset(signature.shingles)
        self.places, self.names = frozenset(signature.places), frozenset(signature.names)
        self.divisions, self.details = frozenset(signature.divisions), signature.details

    def shared(self, other: Signature) -> frozenset[str]:
        """The places that both name."""
        return self.places.intersection(other.places)

    def same_name(self, other: Signature) -> bool:
        if self.names.isdisjoint(other.names) or self.other_district(other):
            return False
        return not (self.details and self.against(other))

    def other_district(self, other: Signature) -> bool:
        return bool(self.divisions and other.divisions and self.divisions.isdisjoint(other.divisions))

    def differs(self, other: Signature) -> bool:
        """Other districts, places or details: likeness alone does not make them one matter."""
        if self.other_district(other) or (self.places and other.places and self.places.isdisjoint(other.places)):
            return True
        return bool(self.details) and self.against(other)

    def against(self, other: Signature) -> bool:
        """The details of one contradict those of the other."""
        same_kind = bool(other.details) and other.kind == self.signature.kind
        return same_kind and contradict(self.details, other.details)

    def apart(self, candidate: Candidate) -> timedelta:
        """Time between the post and the incident's span; zero inside it."""
        at = self.signature.at
        if candidate.first_at <= at <= candidate.last_at:
            return _NO_TIME
        return max(at - candidate.last_at, candidate.first_at - at)


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
    asked = _Asked(signature, policy)
    sure: dict[str, _Match] = {}
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
        match, enough = _same_matter(asked, known)
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
    asked = _Asked(signature, policy)
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


def _other_outbreak(asked: _Asked, other: Signature) -> bool:
    """Something contradicts, or two long reports have next to nothing in common."""
    signature = asked.signature
    if asked.differs(other) or unlike(signature.details, other.details):
        return True
    long = min(len(signature.terms), len(other.terms)) >= LONG
    return long and likeness(signature, [other]) < asked.policy.same_place_ask


def _verdict(sure: dict[str, _Match], half: dict[str, float], barred: set[str]) -> Verdict:
    open_to = {incident: match for incident, match in sure.items() if incident not in barred}
    if open_to:
        incident = max(open_to, key=lambda known: (open_to[known], known))
        score, rule = open_to[incident]
        return Join(incident, rule, round(min(score, 1.0), 3))
    asked = [(incident, round(score, 3)) for incident, score in half.items() if incident not in barred]
    return Ask(tuple(sorted(asked, key=lambda pair: (-pair[1], pair[0])))) if asked else New()


def _copy(asked: _Asked, candidate: Candidate) -> _Match | None:
    """Copies of each other: equal, or most of the text in common."""
    signature, known, policy = asked.signature, candidate.signature, asked.policy
    if known.exact == signature.exact:
        return _IDENTICAL if asked.apart(candidate) <= policy.copy_window else None
    common = resemblance(asked.pieces, known, policy.near)
    if common >= policy.near and not asked.differs(known) and asked.apart(candidate) <= policy.copy_window:
        return _NEAR + common, f"转载或改写（{common:.0%}相同）"
    return None


def _same_matter(asked: _Asked, known: list[Candidate]) -> tuple[_Match | None, float]:
    """The same matter in other words: place, subject and time. How like it is, and how like it must be to join."""
    kind, scope, policy = asked.signature.kind, asked.scope, asked.policy
    apart = asked.apart(known[0])
    others = [candidate.signature for candidate in known]
    alike_kind = scope is not None and any(other.kind == kind for other in others)
    if scope is not Scope.SPOT and alike_kind and apart <= policy.window_of(kind):
        rule = _by_kind(asked, [other for other in others if other.kind == kind])
        if rule is not None:
            return (1.0, f"{rule}：{kind}"), 0.0
    if scope is Scope.SPOT:
        others = [other for other in others if not asked.other_district(other)]
    window = policy.event_window if scope is Scope.SPOT and alike_kind else policy.place_window
    # As an event goes on its reports share ever fewer words: rising figures, causes, the bereaved.
    if window is policy.event_window and apart <= window and any(_one_spot(asked, other) for other in others):
        return (1.0, f"同一地点的同一事件：{kind}"), 0.0
    here, (join, ask, rule) = _comparable(asked, others)
    if rule == _SUBJECT:
        window = policy.matter_window
    alike = likeness(asked.signature, here, ask) if here and apart <= window else 0.0
    return ((alike, rule) if alike >= ask else None), join


def _by_kind(asked: _Asked, others: list[Signature]) -> str | None:
    """By which rule the others, of the same kind and in its window, are the same matter; None where they are not."""
    signature = asked.signature
    if asked.scope is Scope.OWNER:
        here = (other for other in others if not asked.other_district(other))
        same = any(same_owner(signature.details, other.details) for other in here)
        return "同一单位的同一事项" if same else None
    if asked.scope is Scope.DISTRICT:
        near = [other for other in others if not asked.divisions.isdisjoint(other.divisions)]
        alike = bool(near) and likeness(signature, near) >= asked.policy.same_place_ask
        return "同一区县的同一事项" if alike else None
    return "同一事项"


def _comparable(asked: _Asked, others: list[Signature]) -> tuple[list[Signature], tuple[float, float, str]]:
    """Those of the others that count, and from which likeness on posts join or are asked, by which rule."""
    policy = asked.policy
    if asked.places and (here := [other for other in others if asked.shared(other)]):
        wide = all(place.endswith(WIDE) for other in here for place in asked.shared(other))
        return here, (policy.same_road_join if wide else policy.same_place_join, policy.same_place_ask, _PLACE)
    if asked.names and (here := [other for other in others if asked.same_name(other)]):
        elsewhere = all(asked.differs(other) for other in here)
        return here, (policy.join if elsewhere else policy.same_name_join, policy.same_name_ask, _NAME)
    return [other for other in others if not asked.differs(other)], (policy.join, policy.ask, _SUBJECT)


def _one_spot(asked: _Asked, other: Signature) -> bool:
    """The same kind of event at a place in common that is no mere road or village."""
    return asked.signature.kind == other.kind and any(not place.endswith(WIDE) for place in asked.shared(other))
