"""传播和增速: how the posts of a matter spread raises its opinion grade, never its event grade."""

from __future__ import annotations

from bisect import bisect_left, insort
from datetime import timedelta

from services.domain.assessment import Assessment
from services.domain.incident.grading import rank
from services.domain.incident.model import Heat, Incident, Moment
from services.domain.opinion import COUNTED, LONGEST, Spread, earned, grade_spread
from services.domain.post import Post
from services.domain.vocabulary import EntryKind

_HOUR = int(timedelta(hours=1).total_seconds())
_LONGEST = int(LONGEST.total_seconds())


def hear(heat: Heat, post: Post, assessment: Assessment) -> None:
    """One more post is heard. Back-filled ones are of another day and spread nothing now."""
    if post.backfill:
        return
    own = earned(assessment.reasons)
    if _total(own) > _total(heat.earned):
        heat.earned = own
    at = int(post.collected_at.timestamp())
    insort(heat.posts, at)
    heat.sources[post.source] = max(at, heat.sources.get(post.source, at))
    _forget(heat)


def combine(target: Heat, source: Heat) -> None:
    """Two incidents are one: their posts are heard together."""
    if _total(source.earned) > _total(target.earned):
        target.earned = source.earned
    target.posts = sorted(target.posts + source.posts)
    for name, at in source.sources.items():
        target.sources[name] = max(at, target.sources.get(name, at))
    _forget(target)


def spread_of(heat: Heat, window: timedelta) -> Spread:
    """The spread up to the newest post, whenever it is asked for: a late reading finds what was there to be found."""
    if not heat.posts:
        return Spread()
    newest = heat.posts[-1]
    since = newest - int(window.total_seconds())
    return Spread(
        posts=len(heat.posts) - bisect_left(heat.posts, since),
        growth=len(heat.posts) - bisect_left(heat.posts, newest - _HOUR),
        sources=sum(at >= since for at in heat.sources.values()),
    )


def raise_by_spread(incident: Incident, moment: Moment) -> None:
    """Raise the opinion grade where the spread says more than any post did, and than the machine ever proposed."""
    if moment.card is None:
        return
    grade, because = grade_spread(moment.card, incident.heat.earned, spread_of(incident.heat, moment.card.window))
    if rank(grade) <= max(rank(incident.opinion_grade), incident.opinion_rank):
        return
    incident.opinion_grade, incident.opinion_rank = grade, rank(grade)
    data = {"event_grade": incident.event_grade, "opinion_grade": grade, "provisional": incident.provisional}
    incident.record(EntryKind.GRADE_PROPOSED, moment, data | {"because": because})


def _total(points: tuple[tuple[str, float], ...]) -> float:
    return sum([point for _, point in points])


def _forget(heat: Heat) -> None:
    """Only what a card can count is kept."""
    if not heat.posts:
        return
    oldest = heat.posts[-1] - _LONGEST
    del heat.posts[: max(bisect_left(heat.posts, oldest), len(heat.posts) - COUNTED)]
    heat.sources = {name: at for name, at in heat.sources.items() if at >= heat.posts[0]}
