"""A post as grouping sees it: hashes of what it says, and the places and matters it names.

These are values: `Final` keeps them from being changed, checked before the program runs. A batch makes thousands of
them, and one that is frozen while it runs takes four times as long to make.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

_ROUNDING = 1e-9


@dataclass(slots=True, unsafe_hash=True)
class Signature:
    """What is kept of a post for grouping: hashes of its text, and the letters of a brief one.

    `post` is the post's key, `at` when it was published (or collected). `exact` is equal for copies.
    `near` are keys that reprints share, `matter` keys that posts about one place or one city-wide matter share: posts
    without a common key are never compared. `shingles` is a sorted sample of the text's pieces (32 bits each); `terms`
    are the most telling pieces beside the places, with `weights` (1–255). `places` are finer places, title first;
    `names` pieces of what looks like a proper name (rare, in title and text); `divisions` codes of districts and
    counties, or names of other cities where only those are named; `kind` is the matter's name from the policy ("" when
    none is recognised). `outbreak` is kind and district of a graded event that is rare enough to be known by them, and
    `details` what tells it from another (see `details`); both empty for everything else. `subjects` is what the post is
    about by the policy's words, `aside` what else it speaks of more than once. `marks` are what a form leaves open
    (see `marks`): posts in like words that differ in them are not copies. `letters` are those of a brief text, without
    punctuation, to find what two by one form name differently (see `naming`); "" for a longer one.
    """

    post: Final[str]
    at: Final[datetime]
    exact: Final[int]
    near: Final[tuple[int, ...]] = ()
    matter: Final[tuple[int, ...]] = ()
    shingles: Final[tuple[int, ...]] = ()
    terms: Final[tuple[int, ...]] = ()
    weights: Final[tuple[int, ...]] = ()
    places: Final[tuple[str, ...]] = ()
    names: Final[tuple[int, ...]] = ()
    divisions: Final[tuple[str, ...]] = ()
    kind: Final[str] = ""
    outbreak: Final[str] = ""
    details: Final[tuple[str, ...]] = ()
    subjects: Final[tuple[str, ...]] = ()
    aside: Final[tuple[str, ...]] = ()
    marks: Final[tuple[str, ...]] = ()
    letters: Final[str] = ""
    keys: tuple[int, ...] = field(init=False, compare=False, repr=False)
    """Everything to look it up by, without repetition."""

    _weighed: tuple[dict[int, int], float] | None = field(init=False, compare=False, repr=False, default=None)

    def __post_init__(self) -> None:
        self.keys = tuple(dict.fromkeys((self.exact, *self.near, *self.matter)))

    @property
    def weighed(self) -> tuple[dict[int, int], float]:
        """Weight by term, and their length as a vector; kept, for a post is compared with several."""
        if self._weighed is None:
            self._weighed = dict(zip(self.terms, self.weights, strict=True)), math.hypot(*self.weights)
        return self._weighed


@dataclass(slots=True, unsafe_hash=True)
class Candidate:
    """A remembered post, the incident it is in, and when that incident had its first and last post.

    `barred` are incidents that a person said this post does not belong to.
    """

    signature: Final[Signature]
    incident: Final[str]
    first_at: Final[datetime]
    last_at: Final[datetime]
    barred: Final[frozenset[str]] = frozenset()


@dataclass(slots=True, unsafe_hash=True)
class Placed:
    """A post and the incident it was put into; an `echo` equals a post that is there already and needs no keys."""

    signature: Final[Signature]
    incident: Final[str]
    echo: Final[bool] = False


def resemblance(pieces: frozenset[int], other: Signature, least: float = 0.0) -> float:
    """Share of common pieces (Jaccard, estimated from the samples), 0–1; 0 where it is below `least`.

    `pieces` are the shingles of the one text.
    """
    both = pieces.intersection(other.shingles)
    if not both:
        return 0.0
    size = min(len(pieces), len(other.shingles))
    if len(both) < least * size:  # nearly every pair
        return 0.0
    return len(both.intersection(sorted(pieces.union(other.shingles))[:size])) / size


def likeness(signature: Signature, others: Sequence[Signature], least: float = 0.0) -> float:
    """Cosine of the weighted terms against those of the others taken together, 0–1; anything below `least` may be 0.

    Two short posts on one matter often share few words; a post and the few before it share enough.
    """
    own, length = signature.weighed
    product, squares = 0, 0.0
    for other in others:
        its, its_length = other.weighed
        product += sum([own[term] * its[term] for term in own.keys() & its.keys()])
        squares += its_length * its_length
    if not product:  # every second pair
        return 0.0
    if len(others) == 1:
        return product / (length * others[0].weighed[1])
    # No weight is negative: together the others are at least as long as if they had nothing in common.
    if product < (least - _ROUNDING) * length * math.sqrt(squares):
        return 0.0
    profile: dict[int, int] = {}
    for other in others:
        for term, weight in other.weighed[0].items():
            profile[term] = profile.get(term, 0) + weight
    return product / (length * math.hypot(*profile.values()))
