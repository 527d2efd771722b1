"""监测: assessed posts become incidents or join one."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Protocol

from services.domain.assessment import Assessment
from services.domain.incident import Incident, Moment, attach, report, revise
from services.domain.policy import Rules
from services.domain.post import Post
from services.domain.relevance import left_out_by
from services.usecases.ports import Filed, Unit

CONSUMER = "track"
PART, AT_A_STRETCH = 70, 10
"""So many incidents are written at a time, and reckoned before anything else has its turn."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One assessed post as it came off the topic."""

    message_id: str
    post: Post
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a post belongs: the number of its incident, old or new, and incidents a person should compare it with.

    `because` is the rule by which it joined an old one, in words.
    """

    incident_id: str
    candidates: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True, slots=True)
class Grouped:
    """What was decided on a batch: a placement per post, in order. `remember` keeps it, once, in the same unit."""

    placements: Sequence[Placement]
    remember: Callable[[], Coroutine[Any, Any, None]]


class Grouper(Protocol):
    """Decides which posts are of the same matter, across processes, through the store."""

    async def place(self, unit: Unit, posts: Sequence[tuple[Post, Assessment]]) -> Grouped:
        """Posts of one call see each other; those of the next see what was remembered of it."""


@dataclass(slots=True)
class Tracked:
    """What became of a batch."""

    repeated: int = 0
    irrelevant: int = 0
    reported: int = 0
    attached: int = 0
    edited: int = 0
    broke_at: tuple[str, ...] = field(default=(), compare=False)
    """The sources at which new incidents began."""


async def take_in(unit: Unit, grouper: Grouper, arrivals: Sequence[Arrival], rules: Rules, moment: Moment) -> Tracked:
    """Take in a batch, in one transaction.

    1. drop what this consumer has done before; 2. keep the irrelevant out of the store; 3. decide for each new post
    where it belongs; 4. report new incidents, attach to old ones; 5. keep the posts, and of those on file what was
    edited: an edit is another version of its post, never another post, and its incident hears of it; 6. count the
    irrelevant by the rule that left them out – last, because those rows are everybody's.
    """
    fresh = await unit.unseen(CONSUMER, [a.message_id for a in arrivals])
    unread = [a for a in arrivals if a.message_id in fresh]
    new, known, left_out = _sorted(unread, await unit.holders([a.post.key for a in unread]))
    done = Tracked(irrelevant=left_out.total())
    if new:
        await _take_new(unit, grouper, new, Circumstances(rules, moment), done)
    if known:
        done.edited = await _take_edits(unit, known, moment)
    done.repeated = len(arrivals) - done.irrelevant - len(new) - done.edited
    if left_out:
        await unit.count_left_out(left_out)
    return done


def _sorted(unread: Sequence[Arrival], on_file: Mapping[str, str]) -> tuple[list[Arrival], list[Arrival], Counter[str]]:
    """What is to be tracked, each post as it was first collected; what comes after it under the same key; the rest."""
    new: dict[str, Arrival] = {}
    known = []
    left_out: Counter[str] = Counter()
    for arrival in unread:
        if arrival.post.key in on_file or arrival.post.key in new:
            known.append(arrival)
        elif arrival.assessment.relevant:
            new[arrival.post.key] = arrival
        else:
            left_out[left_out_by(arrival.assessment)] += 1
    return list(new.values()), known, left_out


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under which rules, and when."""

    rules: Rules
    moment: Moment


@dataclass(slots=True)
class Matter:
    """The posts of one batch that belong to one incident, in order; `incident` is None until it is reported."""

    number: str
    incident: Incident | None
    posts: list[tuple[Arrival, Placement]] = field(default_factory=list)


async def _take_new(
    unit: Unit, grouper: Grouper, new: Sequence[Arrival], circumstances: Circumstances, done: Tracked
) -> None:
    """Part by part: while the database writes one, the next is reckoned."""
    grouped = await grouper.place(unit, [(a.post, a.assessment) for a in new])
    incidents = await _load_carrying(unit, [p.incident_id for p in grouped.placements])
    matters = _matters(new, grouped.placements, incidents)
    began = [matter for matter in matters if matter.incident is None]
    done.reported, done.attached = len(began), len(new) - len(began)
    done.broke_at = tuple(matter.posts[0][0].post.source for matter in began)
    writing = grouped.remember()
    size = ceil(len(matters) / ceil(len(matters) / PART))  # alike: none is long in writing with nothing to reckon
    for at in range(0, len(matters), size):
        part = matters[at : at + size]
        await _meanwhile(writing, _reckon(part, circumstances))
        writing = _write(unit, part)
    await writing


def _matters(
    new: Sequence[Arrival], placements: Sequence[Placement], incidents: Mapping[str, Incident]
) -> list[Matter]:
    matters: dict[str, Matter] = {}
    for arrival, placement in zip(new, placements, strict=True):
        incident = incidents.get(placement.incident_id)
        number = incident.id if incident else placement.incident_id
        matters.setdefault(number, Matter(number, incident)).posts.append((arrival, placement))
    return sorted(matters.values(), key=lambda matter: matter.incident is None)  # most parts need one statement less


async def _reckon(matters: Sequence[Matter], circumstances: Circumstances) -> None:
    """Report or attach."""
    moment = circumstances.moment
    for number, matter in enumerate(matters):
        if not number % AT_A_STRETCH:
            await asyncio.sleep(0)  # what is being written goes on, and so does whatever else waits
        for arrival, placement in matter.posts:
            if matter.incident is None:
                matter.incident = report(arrival.post, arrival.assessment, circumstances.rules, moment)
                matter.incident.candidates = placement.candidates
            else:
                attach(matter.incident, arrival.post, arrival.assessment, moment, placement.because)


async def _write(unit: Unit, matters: Sequence[Matter]) -> None:
    await unit.save([matter.incident for matter in matters if matter.incident])
    await unit.file_posts([Filed(a.post, a.assessment, matter.number) for matter in matters for a, _ in matter.posts])


async def _meanwhile(writing: Coroutine[Any, Any, None], reckoning: Coroutine[Any, Any, None]) -> None:
    """Both at once: the database writes, this process reckons. Neither outlasts the other."""
    written = asyncio.create_task(writing)
    try:
        await reckoning
    except asyncio.CancelledError:
        written.cancel()
        raise
    finally:
        await asyncio.wait([written])
    await written


async def _take_edits(unit: Unit, known: Sequence[Arrival], moment: Moment) -> int:
    kept = await unit.keep_versions([(a.post, a.assessment) for a in known])
    holders = await unit.holders([post.key for _, post, _ in kept])
    incidents = await _load_carrying(unit, sorted(set(holders.values())))
    for version, post, assessment in kept:
        revise(incidents[holders[post.key]], post, assessment, moment, version)
    await unit.save(list({i.id: i for i in incidents.values() if i.changes}.values()))
    return len(kept)


async def _load_carrying(unit: Unit, incident_ids: Sequence[str]) -> dict[str, Incident]:
    """Incidents by the number asked for; a merged number leads to the incident that carries it now."""
    found = await unit.load(incident_ids)
    while missing := sorted({i.merged_into for i in found.values() if i.merged_into} - set(found)):
        found |= await unit.load(missing)
    return {number: _carrying(found, incident) for number, incident in found.items()}


def _carrying(found: dict[str, Incident], incident: Incident) -> Incident:
    return _carrying(found, found[incident.merged_into]) if incident.merged_into else incident
