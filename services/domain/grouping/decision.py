"""Join, new or ask: the verdict on one post against the posts that share a key with it."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from services.domain.grouping.comparing import Asked, Match, same_matter
from services.domain.grouping.copies import Copies
from services.domain.grouping.details import (
    NEWS,
    NOTHING,
    TOLLS,
    alike,
    called_rumour,
    of_that_disaster,
    one_scene,
    outgrew,
    unlike,
)
from services.domain.grouping.policy import GroupingPolicy, Scope
from services.domain.grouping.signature import Candidate, Signature, likeness
from services.domain.zone import SHANGHAI


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
Ended = Mapping[str, datetime | None]
"""The incidents that are no longer open (None), and those that were answered, with the time of the last answer."""
OPEN: Ended = MappingProxyType({})
"""No incident has ended."""
LONG = 44
"""A report with so many telling pieces is a long one."""


def decide(
    signature: Signature,
    candidates: Iterable[Candidate],
    policy: GroupingPolicy,
    ended: Ended = OPEN,
) -> Verdict:
    """The verdict for one post.

    1. A post that is already placed stays there.
    2. A copy, exact or near, goes where its original is, also when a person moved the original. Two posts by one form
       that name another spot, firm, number, day, hour or toll are no copies (see `Copies`).
    3. Otherwise the likeliest incident of the same matter, unless a person barred the copy from it. Of those a person
       has resolved or dismissed, or answered long before this post (`ended` tells), only an event goes on: who
       complains anew is owed an answer, and one household's false alarm says nothing of the next district's.
    4. What is only half likely is asked, and so is whether a matter that is over has come up again.
    """
    asked = Asked(signature, policy)
    copies = Copies(asked)
    by_incident: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.signature.post == signature.post:
            return Join(candidate.incident, "已归入", 1.0)
        copies.see(candidate)
        by_incident.setdefault(candidate.incident, []).append(candidate)
    copies.weigh()
    sure, half, barred = copies.sure, copies.half, copies.barred
    copied = not barred.issuperset(sure)
    for incident, known in by_incident.items():
        if copied or incident in barred:  # nothing outweighs a copy
            continue
        match, enough = same_matter(asked, known)
        if enough and incident in copies.formed:
            enough = math.inf
        again = asked.scope is not Scope.SPOT and _over(incident, ended, asked)
        if match is not None and match[0] >= enough and not again:
            sure[incident] = max(match, sure.get(incident, match))
        elif match is not None:
            half[incident] = max(match[0], half.get(incident, 0.0))
    return _verdict(sure, half, barred)


def _over(incident: str, ended: Ended, asked: Asked) -> bool:
    """Whether a complaint of that time about this matter is a new one."""
    if incident not in ended:
        return False
    answered = ended[incident]
    return answered is None or answered < asked.signature.at - asked.policy.answered_for


def same_outbreak(
    signature: Signature, candidates: Iterable[Candidate], policy: GroupingPolicy, ended: Collection[str]
) -> Join | Ask | None:
    """The open incident of this kind in this district that this post is of, or those a person should compare it with.

    1. The only one that began in these hours, unless anything contradicts; 2. days later the only one whose toll this
    post says has risen, where both name the same place or thing; 3. otherwise those that only a toll or each other
    speaks against are asked, those whose toll is less than what this post says there is by now (已致), and those of
    these days at the same spot or of a disaster that it names; 4. a rumour and its denial are asked.
    """
    asked, kind = Asked(signature, policy), signature.outbreak.partition(" ")[0]
    known: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        if candidate.signature.outbreak == signature.outbreak and asked.apart(candidate) <= policy.event_window:
            known.setdefault(candidate.incident, []).append(candidate)
    if kind not in policy.outbreaks:
        return _risen_alike(asked, known, ended)
    lately = [incident for incident, some in known.items() if _began_lately(asked, some)]
    if len(lately) == 1 and lately[0] not in ended and _one_outbreak(asked, known[lately[0]]):
        hours = policy.outbreak_window.total_seconds() / 3600
        return Join(lately[0], f"同一区县{hours:g}小时内的唯一一起{kind}，内容无矛盾", 0.5)
    more = [incident for incident, some in known.items() if incident not in ended and _risen(asked, some, False)]
    risen = [some for some in more if _risen(asked, known[some]) and _named(asked, known[some], alone=len(known) == 1)]
    if len(risen) == 1:
        return Join(risen[0], f"同一区县的唯一一起{kind}，伤亡数字上升", 0.5)
    near = [some for some in lately if some not in ended and _one_outbreak(asked, known[some], TOLLS)]
    of_it = [some for some in known if some not in ended and _of_it(asked, known[some])]
    return Ask(tuple((some, 0.5) for some in dict.fromkeys(near + more + of_it))) if near or more or of_it else None


def _risen_alike(asked: Asked, known: Mapping[str, list[Candidate]], ended: Collection[str]) -> Join | Ask | None:
    """Of events too many to be known by kind and district, the one in like words whose toll, it says, has risen.

    It joins where both name one place or the other is of that day or the day before; what only says so is asked.
    """
    risen = [incident for incident, some in known.items() if incident not in ended and _risen(asked, some)]
    enough = asked.policy.same_road_join
    here = [some for some in risen if any(asked.shared(one.signature) or _next_day(asked, one) for one in known[some])]
    like = [some for some in here if likeness(asked.signature, [one.signature for one in known[some]]) >= enough]
    if len(like) == 1:
        return Join(like[0], "同一区县的事件，伤亡数字上升", 0.5)
    return Ask(tuple((some, 0.5) for some in like or risen)) if risen else None


def _next_day(asked: Asked, known: Candidate) -> bool:
    day, before = (at.astimezone(SHANGHAI).date() for at in (asked.signature.at, known.signature.at))
    return abs(day - before) <= timedelta(days=1)


def _began_lately(asked: Asked, known: list[Candidate]) -> bool:
    return any(abs(asked.signature.at - one.first_at) <= asked.policy.outbreak_window for one in known)


def _risen(asked: Asked, known: list[Candidate], surely: bool = True) -> bool:
    """The post says that the incident's toll has become more, and nothing else contradicts."""
    rose = any(outgrew(asked.signature.details, one.signature.details, surely) for one in known)
    return rose and _one_outbreak(asked, known, NEWS)


def _named(asked: Asked, known: list[Candidate], alone: bool) -> bool:
    """Both name a spot in common; where no other event is known, something that burned or fell is enough."""
    told = asked.signature.details
    return any(
        one_scene(told, one.signature.details, asked.policy) or (alone and alike(told, one.signature.details))
        for one in known
    )


def _of_it(asked: Asked, known: list[Candidate]) -> bool:
    """The post may be of this event of the last days: one of them calls it a rumour, or they name one spot."""
    told, policy = asked.signature.details, asked.policy
    if any(asked.differs(one.signature, NEWS) for one in known):
        return False
    if called_rumour(told) or any(called_rumour(one.signature.details) for one in known):
        return True
    details = [one.signature.details for one in known]
    return any(one_scene(told, one, policy) or of_that_disaster(told, one, policy) for one in details)


def _one_outbreak(asked: Asked, known: list[Candidate], ignoring: frozenset[str] = NOTHING) -> bool:
    """Nothing contradicts, nobody calls it a rumour, and of two long reports they have something in common."""
    return not any(_other_outbreak(asked, one.signature, ignoring) for one in known)


def _other_outbreak(asked: Asked, other: Signature, ignoring: frozenset[str]) -> bool:
    """Something contradicts, one calls it a rumour, or two long reports have next to nothing in common."""
    signature = asked.signature
    if called_rumour(signature.details) or called_rumour(other.details):
        return True
    if asked.differs(other, ignoring) or unlike(signature.details, other.details) or asked.of_one_form(other):
        return True
    long = min(len(signature.terms), len(other.terms)) >= LONG
    return long and likeness(signature, [other]) < asked.policy.same_place_ask


def _verdict(sure: dict[str, Match], half: dict[str, float], barred: set[str]) -> Verdict:
    if not sure and not half:
        return New()
    open_to = {incident: match for incident, match in sure.items() if incident not in barred}
    if open_to:
        incident = max(open_to, key=lambda known: (open_to[known], known))
        score, rule = open_to[incident]
        return Join(incident, rule, round(min(score, 1.0), 3))
    asked = [(incident, round(score, 3)) for incident, score in half.items() if incident not in barred]
    return Ask(tuple(sorted(asked, key=lambda pair: (-pair[1], pair[0])))) if asked else New()
