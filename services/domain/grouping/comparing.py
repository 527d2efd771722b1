"""How one post compares with others: what both name, what tells them apart, and what both are about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum

from services.domain.grouping.details import NOTHING, TOLLS, contradict, one_scene, outgrew, same_owner
from services.domain.grouping.naming import other_names
from services.domain.grouping.policy import EMERGENCY, GroupingPolicy, Scope
from services.domain.grouping.signature import Candidate, Signature, likeness, resemblance

Match = tuple[float, str]
"""How surely two are one matter, and by which rule."""
_Enough = tuple[float, float, str]
"""From which likeness on posts join or are asked, by which rule."""
_NO_TIME = timedelta()
_PLACE, _NAME, _SUBJECT = "同一地点、同一事由", "同一名称、同一事由", "同一事由"
WIDE = ("路", "街", "大道", "号线", "村", "屯", "高速")
"""Places so wide that two matters there are often two."""


class About(Enum):
    """Whether two posts are about the same; perhaps: one names in passing what the other is about, or says nothing."""

    THE_SAME = 2
    PERHAPS = 1
    ANOTHER = 0


class Asked:
    """The post that is to be placed, with what every comparison needs of it."""

    __slots__ = (
        "aside",
        "details",
        "divisions",
        "names",
        "pieces",
        "places",
        "policy",
        "scope",
        "signature",
        "subjects",
    )

    def __init__(self, signature: Signature, policy: GroupingPolicy) -> None:
        self.signature, self.policy = signature, policy
        self.scope = policy.scope_of(signature.kind) if signature.kind else None
        self.pieces = frozenset(signature.shingles)
        self.places, self.names = frozenset(signature.places), frozenset(signature.names)
        self.divisions, self.details = frozenset(signature.divisions), signature.details
        self.subjects, self.aside = frozenset(signature.subjects), frozenset(signature.aside)

    def shared(self, other: Signature) -> frozenset[str]:
        """The places that both name."""
        return self.places.intersection(other.places)

    def at_heart(self, other: Signature) -> bool:
        """What each names first is a place of both."""
        return self.signature.places[0] in other.places and other.places[0] in self.places

    def same_name(self, other: Signature) -> bool:
        """Both bear one name, in no other district and with no other details."""
        if self.names.isdisjoint(other.names) or self.other_district(other):
            return False
        return not (self.details and self.against(other))

    def other_district(self, other: Signature) -> bool:
        """Both name districts, and none in common."""
        return bool(self.divisions and other.divisions and self.divisions.isdisjoint(other.divisions))

    def differs(self, other: Signature, ignoring: frozenset[str] = NOTHING) -> bool:
        """Other districts, places or details but the ignored: likeness alone does not make them one matter."""
        if self.other_district(other) or self.elsewhere(other):
            return True
        return bool(self.details) and self.against(other, ignoring)

    def of_one_form(self, other: Signature) -> bool:
        """Most of their text is in common, but where one has a name the other has another one."""
        if resemblance(self.pieces, other, self.policy.near) < self.policy.near:
            return False
        return bool(other_names(self.signature.letters, other.letters))

    def stranger(self, other: Signature) -> bool:
        """They differ, and neither kind nor place nor name is known to be of both: nothing could make them one."""
        if self.scope is not None and other.kind == self.signature.kind:
            return False
        return self.places.isdisjoint(other.places) and self.names.isdisjoint(other.names) and self.differs(other)

    def elsewhere(self, other: Signature) -> bool:
        """Both name places, and none in common, nor one scene by their details."""
        if not self.places or not other.places or not self.places.isdisjoint(other.places):
            return False
        return not (self.details and other.details and one_scene(self.details, other.details, self.policy))

    def against(self, other: Signature, ignoring: frozenset[str] = NOTHING) -> bool:
        """The details of one contradict those of the other; a toll does not where one says within days that it rose."""
        if not other.details or other.kind != self.signature.kind:
            return False
        if not contradict(self.details, other.details, self.policy, ignoring):
            return False
        lately = abs(self.signature.at - other.at) <= self.policy.event_window
        rose = outgrew(self.details, other.details) or outgrew(other.details, self.details)
        return not (lately and rose) or contradict(self.details, other.details, self.policy, ignoring | TOLLS)

    def about(self, other: Signature) -> About:
        """Whether both are about the same."""
        if not self.subjects or not other.subjects:
            return About.PERHAPS
        if not self.subjects.isdisjoint(other.subjects):
            return About.THE_SAME
        passing = self.subjects.isdisjoint(other.aside) and self.aside.isdisjoint(other.subjects)
        return About.ANOTHER if passing else About.PERHAPS

    def apart(self, candidate: Candidate) -> timedelta:
        """Time between the post and the incident's span; zero inside it."""
        at = self.signature.at
        if candidate.first_at <= at <= candidate.last_at:
            return _NO_TIME
        return max(at - candidate.last_at, candidate.first_at - at)


def same_matter(asked: Asked, known: list[Candidate]) -> tuple[Match | None, float]:
    """The same matter in other words: place, subject and time. How like it is, and how like it must be to join.

    Where one is an event and the other a standing matter, or is not known to be an emergency, no likeness is enough.
    """
    others = [candidate.signature for candidate in known]
    if all(map(asked.stranger, others)):  # nearly every incident
        return None, math.inf
    alike = [other for other in others if _may_be_one(asked.signature.kind, other.kind, asked.policy.events)]
    match, enough = _likest(asked, known, alike or others)
    return match, enough if alike else math.inf


def _may_be_one(kind: str, other: str, events: Mapping[str, bool]) -> bool:
    """False for an event and a standing matter, and for an emergency and what has no kind (a lift that often fails)."""
    if kind == other:
        return True
    if {kind, other} == {EMERGENCY, ""}:
        return False
    event = events.get(kind)
    return event is None or events.get(other, event) is event


def _likest(asked: Asked, known: list[Candidate], others: list[Signature]) -> tuple[Match | None, float]:
    kind, scope, policy = asked.signature.kind, asked.scope, asked.policy
    apart = asked.apart(known[0])
    event = scope is Scope.SPOT or kind == EMERGENCY
    alike_kind = (event or scope is not None) and kind in [other.kind for other in others]
    if alike_kind and not event and apart <= policy.window_of(kind):
        rule = _by_kind(asked, [other for other in others if other.kind == kind])
        if rule is not None:
            return (1.0, f"{rule}：{kind}"), 0.0
    if scope is Scope.SPOT:
        others = [other for other in others if not asked.other_district(other)]
    window = policy.event_window if event and alike_kind else policy.place_window
    # As an event goes on its reports share ever fewer words: rising figures, causes, the bereaved.
    if scope is Scope.SPOT and alike_kind and apart <= window:
        spots = {place for other in others if other.kind == kind for place in asked.shared(other)}
        if any(not place.endswith(WIDE) for place in spots):
            return (1.0, f"同一地点的同一事件：{kind}"), 0.0
        if (
            spots
            and apart <= policy.outbreak_window
            and kind in policy.outbreaks
            and not any(map(asked.against, others))
        ):
            return (1.0, f"同一条路上的同一事件：{kind}"), policy.join
    # Of crashes on one road there are often two in one morning: more than their likeness is needed.
    here, (join, ask, rule) = _comparable(asked, others, apart <= policy.lately_window and scope is not Scope.SPOT)
    if rule == _SUBJECT:
        window = policy.matter_window
    elif not ask and apart > policy.matter_window:
        ask = policy.same_place_ask
    alike = likeness(asked.signature, here, ask) if here and apart <= window else 0.0
    return ((alike, rule) if alike >= ask else None), join


def _by_kind(asked: Asked, others: list[Signature]) -> str | None:
    """By which rule the others, of the same kind and in its window, are the same matter; None where they are not."""
    signature = asked.signature
    if asked.scope is Scope.OWNER:
        here = (other for other in others if not asked.other_district(other))
        same = any(same_owner(signature.details, other.details) for other in here)
        return "同一单位的同一事项" if same else None
    if asked.scope is Scope.DISTRICT:
        near = [other for other in others if not asked.divisions.isdisjoint(other.divisions)]
        near = [other for other in near if not asked.against(other)] if asked.details else near
        alike = bool(near) and likeness(signature, near) >= asked.policy.same_place_ask
        return "同一区县的同一事项" if alike else None
    return "同一事项"


def _comparable(asked: Asked, others: list[Signature], lately: bool) -> tuple[list[Signature], _Enough]:
    """Those of the others that count, and from which likeness on posts join or are asked, by which rule.

    Who writes of one place and one thing within hours (`lately`) saw the same, in whatever words.
    """
    policy = asked.policy
    if asked.places and (here := [other for other in others if not asked.places.isdisjoint(other.places)]):
        wide = all(place.endswith(WIDE) for other in here for place in asked.shared(other))
        join = policy.same_road_join if wide else policy.same_place_join
        sure = join if wide or not any(map(asked.at_heart, here)) else policy.same_place_ask
        sure = min(sure, policy.lately_join) if lately else sure
        return _about_the_same(asked, here, (join, policy.same_place_ask, _PLACE), sure)
    if asked.names and (here := [other for other in others if asked.same_name(other)]):
        elsewhere = all(asked.differs(other) for other in here)
        join = policy.join if elsewhere else policy.same_name_join
        return _about_the_same(asked, here, (join, policy.same_name_ask, _NAME), join)
    return [other for other in others if not asked.differs(other)], (policy.join, policy.ask, _SUBJECT)


def _about_the_same(
    asked: Asked, here: list[Signature], enough: _Enough, sure: float
) -> tuple[list[Signature], _Enough]:
    """Those of one place or name that may be about the same; where most are not, place or name counts for nothing.

    Where they surely are, `sure` is likeness enough; posts that both lead with one place are asked in whatever words.
    """
    join, ask, rule = enough
    about = [asked.about(other) for other in here]
    same = [other for other, it in zip(here, about, strict=True) if it is not About.ANOTHER]
    if 2 * len(same) < len(here):
        return here, (max(join, asked.policy.join), ask, rule)
    plain = 2 * about.count(About.THE_SAME) >= len(same)
    return same, (sure if plain else join + asked.policy.aside_more, 0.0 if sure < join else ask, rule)
