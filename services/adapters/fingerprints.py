"""Text → `Signature`: hashed pieces of the text, with numpy so that a post costs well under a millisecond."""

from __future__ import annotations

import hashlib
import itertools
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.domain.assessment import Assessment, Region
from services.domain.grouping import GroupingPolicy, Signature
from services.domain.post import Post
from services.domain.regions import Gazetteer

BUCKETS = 1 << 18
"""Size of the table of how common each pair of characters is."""
_NEAR_KEYS, _NEAR_WIDTH = 5, 8
_SHINGLES, _SHINGLE_WIDTH = 32, 4
_TERMS = 48
_TITLE_TIMES = 3
_PLACES = 4
_NAMES, _NAME_WIDTH = 4, 4
_NAME_COMMON, _NAME_MEAN = 130, 90
"""How common the pairs of a name may be, each and on average; read off the names of estates in petitions."""
_PLACE_COMMON = 110
_CUT = "\0"
_HEAD = 20_000
"""Characters of a text that count: a megabyte of one post must not hold up the others."""

Words = NDArray[np.uint64]


class Fingerprints:
    """Signs posts. `commonness`: per bucket of character pairs, how common a pair is (0 unseen … 255 in every text).

    `muted` are names that every post may carry (the city's districts): they tell neither place nor subject apart.
    """

    def __init__(
        self, gazetteer: Gazetteer, policy: GroupingPolicy, commonness: NDArray[np.uint8], muted: Iterable[str] = ()
    ) -> None:
        self._gazetteer = gazetteer
        self._policy = policy
        self._common = commonness.copy()
        for name in muted:
            self._common[_windows(codes(squeeze(name)), 2) % BUCKETS] = 255
        self._rarity = (1.0 - self._common / 255.0) ** 1.5

    def sign(self, post: Post, assessment: Assessment | None = None) -> Signature:
        """The signature of one post; `assessment` saves reading the regions a second time where it is at hand."""
        text = post.text[:_HEAD]
        reading = self._gazetteer.find(post.title, text)
        regions = assessment.regions if assessment is not None else reading.regions
        places = tuple(itertools.islice(filter(self._telling, reading.places), _PLACES))
        title, body = squeeze(post.title), squeeze(text)
        points = codes(title + body)
        kind = self._kind(post.title, text)
        terms, weights = self._terms(title, body, places)
        names = self._names(title, body)
        return Signature(
            post=post.key,
            at=post.published_at or post.collected_at,
            exact=_key("text", title + "\n" + body),
            near=_smallest_keys(_windows(points, _NEAR_WIDTH)),
            matter=_matter_keys(places, names, kind),
            shingles=_sample(_windows(points, _SHINGLE_WIDTH)),
            terms=terms,
            weights=weights,
            places=places,
            names=names,
            divisions=_divisions(regions) or reading.elsewhere[:_PLACES],
            kind=kind,
        )

    def _telling(self, place: str) -> bool:
        """False for what only looks like a place's name (很多|业主): no pair of its characters is rare."""
        return int(self._common[_windows(codes(place), 2) % BUCKETS].min(initial=255)) <= _PLACE_COMMON

    def _kind(self, title: str, text: str) -> str:
        """The matter that the title names, else the one the text names most."""
        for matter in self._policy.matters:
            if any(word in title for word in matter.words):
                return matter.name
        counts = {m.name: sum(text.count(word) for word in m.words) for m in self._policy.matters}
        best = max(counts, key=lambda name: counts[name], default="")
        return best if best and counts[best] >= 2 else ""

    def _terms(self, title: str, body: str, places: Sequence[str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The most telling pairs of characters and their weights; places are compared by name, so they are cut out."""
        for place in map(squeeze, places):
            title, body = title.replace(place, _CUT), body.replace(place, _CUT)
        points = codes(title + _CUT + body)
        pairs = _windows(points, 2)
        times = np.ones(len(pairs))
        times[: len(title)] = _TITLE_TIMES
        times[(points[:-1] == 0) | (points[1:] == 0)] = 0.0
        terms, inverse = np.unique(pairs, return_inverse=True)
        weight = np.sqrt(np.bincount(inverse, times, len(terms))) * self._rarity[terms % BUCKETS]
        order = np.argsort(-weight, kind="stable")[:_TERMS]
        order = order[weight[order] > 0]
        if not len(order):
            return (), ()
        scaled = np.maximum(1, np.rint(255 * weight[order] / weight[order[0]])).astype(np.int64)
        return tuple((terms[order] >> np.uint64(32)).tolist()), tuple(scaled.tolist())

    def _names(self, title: str, body: str) -> tuple[int, ...]:
        """What an estate, firm or scheme is called: rare runs of the title, those the text repeats if there are any."""
        points = codes(title)
        runs = _windows(points, _NAME_WIDTH)
        if not len(runs):
            return ()
        common = self._common[_windows(points, 2) % BUCKETS].astype(np.int64)
        around = np.lib.stride_tricks.sliding_window_view(common, _NAME_WIDTH - 1)
        rare = (around.max(axis=1) <= _NAME_COMMON) & (around.sum(axis=1) <= _NAME_MEAN * (_NAME_WIDTH - 1))
        found = np.flatnonzero(rare).tolist()
        said = [at for at in found if title[at : at + _NAME_WIDTH] in body] or found
        return tuple(sorted({int(runs[at]) >> 32 for at in said})[:_NAMES])


def squeeze(text: str) -> str:
    """Letters, digits and characters only, widths and case made equal: what a copy keeps when its layout changes."""
    folded = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return "".join(filter(str.isalnum, folded.lower()))


def codes(text: str) -> Words:
    """Code points of the text; lone surrogates, which no reprint carries, are left out."""
    return np.frombuffer(text.encode("utf-32-le", "ignore"), dtype=np.uint32).astype(np.uint64)


def _windows(points: Words, width: int) -> Words:
    """A 64-bit hash for each run of `width` characters (none for a shorter text)."""
    count = len(points) - width + 1
    if count <= 0:
        return np.zeros(0, dtype=np.uint64)
    rolled = np.zeros(count, dtype=np.uint64)
    for offset in range(width):
        rolled = rolled * np.uint64(0x9E3779B97F4A7C15) + points[offset : offset + count]
    return _mix(rolled)


def _mix(values: Words) -> Words:
    """The finalizer of splitmix64, so that near values get far hashes."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = values ^ (values >> np.uint64(31))
    return mixed


def _smallest_keys(hashes: Words) -> tuple[int, ...]:
    """The smallest hashes: texts with much in common share some of them."""
    return tuple((np.unique(hashes)[:_NEAR_KEYS] >> np.uint64(1)).tolist())


def _sample(hashes: Words) -> tuple[int, ...]:
    return tuple(np.unique(hashes >> np.uint64(32))[:_SHINGLES].tolist())


def _divisions(regions: Sequence[Region]) -> tuple[str, ...]:
    """Districts and counties; the city as a whole tells nothing apart."""
    return tuple(region.code for region in regions if len(region.code) == 6 and not region.code.endswith("00"))


def _matter_keys(places: Sequence[str], names: Sequence[int], kind: str) -> tuple[int, ...]:
    keys = [_key("place", place) for place in places]
    keys.extend(_key("name", str(name)) for name in names)
    if kind:
        keys.append(_key("kind", kind))
    return tuple(keys)


def _key(*parts: str) -> int:
    """63 bits, so that every database keeps it as a signed integer."""
    digest = hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1


def commonness(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Learn from background texts how common each pair of characters is: the log of how many texts have it."""
    seen: Counter[int] = Counter()
    total = 0
    for text in texts:
        total += 1
        seen.update(np.unique(_windows(codes(squeeze(text)), 2) % np.uint64(BUCKETS)).tolist())
    table = np.zeros(BUCKETS, dtype=np.uint8)
    for bucket, count in seen.items():
        table[bucket] = round(255 * float(np.log1p(count) / np.log1p(max(total, 1))))
    return table


def sign_all(signer: Any, posts: Sequence[Post], assessments: Sequence[Assessment]) -> list[Signature]:
    """Signatures of a batch, in order."""
    return [signer.sign(post, assessment) for post, assessment in zip(posts, assessments, strict=True)]
