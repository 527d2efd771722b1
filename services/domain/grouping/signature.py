"""A post as grouping sees it: hashes of what it says, and the places and matters it names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Signature:
    """What is kept of a post for grouping. Hashes only: the text cannot be read back from them.

    `post` is the post's key, `at` when it was published (or collected). `exact` is equal for copies.
    `near` are keys that reprints share, `matter` keys that posts about one place or one city-wide matter share: posts
    without a common key are never compared. `shingles` is a sorted sample of the text's pieces (32 bits each); `terms`
    are the most telling pieces beside the places, with `weights` (1–255). `places` are finer places, title first;
    `names` pieces of what looks like a proper name (rare, in title and text); `divisions` codes of districts and
    counties, or names of other cities where only those are named; `kind` is the matter's name from the policy ("" when
    none is recognised).
    """

    post: str
    at: datetime
    exact: int
    near: tuple[int, ...] = ()
    matter: tuple[int, ...] = ()
    shingles: tuple[int, ...] = ()
    terms: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    names: tuple[int, ...] = ()
    divisions: tuple[str, ...] = ()
    kind: str = ""

    @property
    def keys(self) -> tuple[int, ...]:
        """Everything to look it up by, without repetition."""
        return tuple(dict.fromkeys((self.exact, *self.near, *self.matter)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A remembered post, the incident it is in, and when that incident had its first and last post.

    `barred` are incidents that a person said this post does not belong to.
    """

    signature: Signature
    incident: str
    first_at: datetime
    last_at: datetime
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placed:
    """A post and the incident it was put into; an `echo` equals a post that is there already and needs no keys."""

    signature: Signature
    incident: str
    echo: bool = False


def resemblance(left: Signature, right: Signature) -> float:
    """Share of common pieces (Jaccard, estimated from the samples), 0–1."""
    if not left.shingles or not right.shingles:
        return 0.0
    both = set(left.shingles).intersection(right.shingles)
    if not both:  # nearly every pair
        return 0.0
    size = min(len(left.shingles), len(right.shingles))
    union = sorted({*left.shingles, *right.shingles})[:size]
    return len(both.intersection(union)) / size


def likeness(signature: Signature, others: Sequence[Signature]) -> float:
    """Cosine of the weighted terms against those of the others taken together, 0–1.

    Two short posts on one matter often share few words; a post and the few before it share enough.
    """
    profile: dict[int, int] = {}
    for other in others:
        for term, weight in zip(other.terms, other.weights, strict=True):
            profile[term] = profile.get(term, 0) + weight
    if profile.keys().isdisjoint(signature.terms):
        return 0.0
    product = sum(
        profile.get(term, 0) * weight for term, weight in zip(signature.terms, signature.weights, strict=True)
    )
    return product / (math.hypot(*signature.weights) * math.hypot(*profile.values())) if product else 0.0
