"""Text → `Signature`: hashed pieces of the text, with numpy so that a post costs well under a millisecond."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.adapters.automaton import overlapping
from services.domain.assessment import Assessment, Region
from services.domain.grouping import GroupingPolicy, Signature
from services.domain.post import Post
from services.domain.regions import Gazetteer

BUCKETS = 1 << 18
"""Size of the table of how common each pair of characters is."""
_NEAR_KEYS = 5
_SHINGLES = 32
_TERMS = 48
_TITLE_TIMES = 3
_PLACES = 4
_NAMES = 4
_NAME_COMMON, _NAME_MEAN = 130, 90
"""How common the pairs of a name may be, each and on average; read off the names of estates in petitions."""
_PLACE_COMMON = 110
_SAYING = 8
"""Equal texts shorter than this (顶, 支持) say too little to be copies of one another."""
_HEAD = 20_000
"""Characters of a text that count: a megabyte of one post must not hold up the others."""

Points = NDArray[np.uint32]
Words = NDArray[np.uint64]
_OTHER = 0x10000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MASK = np.uint64(BUCKETS - 1)
_ONE, _HALF = np.uint64(1), np.uint64(32)


class Fingerprints:
    """Signs posts. `commonness`: per bucket of character pairs, how common a pair is (0 unseen … 255 in every text).

    The gazetteer's own cities and districts, which every post may carry, count as common.
    """

    def __init__(self, gazetteer: Gazetteer, policy: GroupingPolicy, commonness: NDArray[np.uint8]) -> None:
        self._gazetteer = gazetteer
        self._words = [(word, matter.name) for matter in policy.matters for word in matter.words]
        self._find_words = overlapping([word for word, _ in self._words])
        self._common = commonness.copy()
        for name in gazetteer.divisions:
            self._common[_twos(fold(name)) & _MASK] = 255
        self._rarity = (1.0 - np.arange(256, dtype=np.uint8) / 255.0) ** 1.5
        self._telling = lru_cache(1 << 16)(self._is_telling)

    def sign(self, post: Post, assessment: Assessment | None = None) -> Signature:
        """The signature of one post; `assessment` saves reading the regions a second time where it is at hand."""
        return self.sign_all([(post, assessment)])[0]

    def sign_all(self, posts: Sequence[tuple[Post, Assessment | None]]) -> list[Signature]:
        """The signatures of many posts, in order: their characters are hashed together."""
        pieces = _cut([f"{post.title}\n{post.text[:_HEAD]}" for post, _ in posts])
        return [self._sign(post, assessment, piece) for (post, assessment), piece in zip(posts, pieces, strict=True)]

    def _sign(self, post: Post, assessment: Assessment | None, pieces: _Pieces) -> Signature:
        text = post.text[:_HEAD]
        divisions = _divisions(assessment.regions) if assessment is not None else ()
        if divisions:
            found = self._gazetteer.places_of(post.title, text)
        else:
            reading = self._gazetteer.find(post.title, text)
            found = reading.places
            divisions = (() if assessment is not None else _divisions(reading.regions)) or reading.elsewhere[:_PLACES]
        places = tuple(filter(self._telling, found))[:_PLACES]
        title, points = len(fold(post.title)), pieces.points
        kind = self._kind(post.title, text)
        terms, weights = self._terms(points, pieces.twos, title, places)
        names = self._names(pieces.twos[: max(title - 1, 0)], pieces.fours, title)
        return Signature(
            post=post.key,
            at=post.published_at or post.collected_at,
            exact=_key(points.tobytes() if len(points) >= _SAYING else post.key.encode()),
            near=tuple((_smallest(pieces.eights, _NEAR_KEYS) >> _ONE).tolist()),
            matter=_matter_keys(places, names, kind),
            shingles=tuple(_smallest(pieces.fours >> _HALF, _SHINGLES).tolist()),
            terms=terms,
            weights=weights,
            places=places,
            names=names,
            divisions=divisions,
            kind=kind,
        )

    def _is_telling(self, place: str) -> bool:
        """False for what only looks like a place's name (很多|业主): no pair of its characters is rare."""
        return int(self._common[_twos(fold(place)) & _MASK].min(initial=255)) <= _PLACE_COMMON

    def _kind(self, title: str, text: str) -> str:
        """The matter that the title names, else the one the text names most."""
        said: dict[int, tuple[int, int]] = {}
        entitled = len(self._words)
        for index, start, end in self._find_words(f"{title}\n{text}"):
            if end <= len(title):
                entitled = min(entitled, index)
            count, last = said.get(index, (0, 0))
            if start >= last:
                said[index] = (count + 1, end)
        if entitled < len(self._words):
            return self._words[entitled][1]
        counts: dict[str, int] = {}
        for index in sorted(said):
            name = self._words[index][1]
            counts[name] = counts.get(name, 0) + said[index][0]
        best = max(counts, key=lambda name: counts[name], default="")
        return best if best and counts[best] >= 2 else ""

    def _terms(
        self, points: Points, twos: Words, title: int, places: Sequence[str]
    ) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The most telling pairs of characters and their weights; places are compared by name, so they are left out."""
        times = np.ones(len(twos))
        times[:title] = _TITLE_TIMES
        _blank(times, points, places)
        if not len(twos):
            return (), ()
        sorting = twos.argsort()
        ordered = twos.take(sorting)
        first = _firsts(ordered)
        terms = ordered[first]
        rarity = self._rarity.take(self._common.take((terms & _MASK).view(np.int64)))
        weight = np.sqrt(np.add.reduceat(times.take(sorting), first)) * rarity
        order = _heaviest(weight, _TERMS)
        if not len(order):
            return (), ()
        scaled = np.maximum(1, np.rint(255 * weight[order] / weight[order[0]])).astype(np.int64)
        return tuple((terms[order] >> _HALF).tolist()), tuple(scaled.tolist())

    def _names(self, twos: Words, fours: Words, title: int) -> tuple[int, ...]:
        """What an estate, firm or scheme is called: rare runs of the title, those the text repeats if there are any."""
        if len(twos) < 3:
            return ()
        common = self._common[twos & _MASK].tolist()
        rare = [
            at
            for at, three in enumerate(zip(common, common[1:], common[2:], strict=False))
            if max(three) <= _NAME_COMMON and sum(three) <= 3 * _NAME_MEAN
        ]
        if not rare:
            return ()
        runs = fours[rare]
        said = (fours[title:] == runs[:, None]).any(axis=1)
        runs = runs[said] if said.any() else runs
        return tuple(sorted(set((runs >> _HALF).tolist()))[:_NAMES])


class _Pieces(NamedTuple):
    """The characters of one text as compared, and the hashes of each two, four and eight in a row."""

    points: Points
    twos: Words
    fours: Words
    eights: Words


def _cut(texts: Sequence[str]) -> list[_Pieces]:
    """Hashes of all the texts at once, then each text's own: those that reach into the next text belong to none."""
    folded = [fold(text) for text in texts]
    points = np.concatenate(folded)
    twos = _twos(points)
    fours = _joined(twos, 2)
    eights = _joined(fours, 4)
    pieces, start = [], 0
    for own in folded:
        end = start + len(own)
        spans = (slice(start, max(start, end - reach)) for reach in (1, 3, 7))
        pieces.append(_Pieces(own, *(of[span] for of, span in zip((twos, fours, eights), spans, strict=True))))
        start = end
    return pieces


def fold(text: str) -> Points:
    """Letters, digits and characters only, widths and case made equal: what a copy keeps when its layout changes.

    Code points; lone surrogates, which no reprint carries, are left out.
    """
    points = np.frombuffer(text.encode("utf-32-le", "ignore"), dtype=np.uint32)
    folded = _FOLDED[np.minimum(points, _OTHER)]
    kept: Points = folded[folded > 0]
    return kept


def _folding() -> Points:
    """Each code point of the basic plane as it is compared; 0 is left out. What lies beyond counts as one letter."""
    table = np.zeros(_OTHER + 1, dtype=np.uint32)
    for point in range(_OTHER):
        letter = unicodedata.normalize("NFKC", chr(point)).lower()[:1]
        table[point] = ord(letter) if letter.isalnum() else 0
    table[_OTHER] = _OTHER
    return table


def _blank(times: NDArray[np.float64], points: Points, places: Sequence[str]) -> None:
    """No weight for the pairs that touch one of these places."""
    text = points.tobytes().decode("utf-32-le") if places else ""
    for place in places:
        name = fold(place).tobytes().decode("utf-32-le")
        at = text.find(name) if name else -1
        while at >= 0:
            times[max(at - 1, 0) : at + len(name)] = 0.0
            at = text.find(name, at + len(name))


def _twos(points: Points) -> Words:
    """A 64-bit hash for each pair of neighbours."""
    wide = points.astype(np.uint64)
    return _mixed(wide[:-1] * _SPREAD + wide[1:])


def _joined(hashes: Words, step: int) -> Words:
    """Hashes of runs twice as long: each with the one `step` later."""
    return _mixed(hashes[:-step] * _SPREAD + hashes[step:])


def _mixed(values: Words) -> Words:
    """The finalizer of splitmix64, so that near values get far hashes."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Words = values ^ (values >> np.uint64(31))
    return mixed


def _smallest(hashes: Words, count: int) -> Words:
    """The smallest hashes, without repetition, sorted: texts with much in common share most of them."""
    ordered = np.sort(hashes)[: 4 * count]
    smallest: Words = ordered[_firsts(ordered)][:count]
    return smallest


def _heaviest(weight: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Where the heaviest stand, the heaviest first, of equals the first first; nothing without weight."""
    some = np.flatnonzero(weight > 0)
    if len(some) > count:
        least = np.partition(weight, len(weight) - count)[len(weight) - count]
        some = np.flatnonzero(weight >= least) if least > 0 else some
    return some[np.argsort(-weight[some], kind="stable")[:count]]


def _firsts(ordered: Words) -> NDArray[np.intp]:
    """Where each value of a sorted array stands first."""
    new = np.empty(len(ordered), np.bool_)
    new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return np.flatnonzero(new)


def _divisions(regions: Sequence[Region]) -> tuple[str, ...]:
    """Districts and counties; the city as a whole tells nothing apart."""
    return tuple(region.code for region in regions if len(region.code) == 6 and not region.code.endswith("00"))


def _matter_keys(places: Sequence[str], names: Sequence[int], kind: str) -> tuple[int, ...]:
    keys = [_key(f"place {place}".encode()) for place in places]
    keys.extend(_key(f"name {name}".encode()) for name in names)
    if kind:
        keys.append(_key(f"kind {kind}".encode()))
    return tuple(keys)


def _key(of: bytes) -> int:
    """63 bits, so that every database keeps it as a signed integer."""
    return int.from_bytes(hashlib.blake2b(of, digest_size=8).digest()) >> 1


def commonness(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Learn from background texts how common each pair of characters is: the log of how many texts have it."""
    seen: Counter[int] = Counter()
    total = 0
    for text in texts:
        total += 1
        seen.update(np.unique(_twos(fold(text)) & _MASK).tolist())
    table = np.zeros(BUCKETS, dtype=np.uint8)
    for bucket, count in seen.items():
        table[bucket] = round(255 * float(np.log1p(count) / np.log1p(max(total, 1))))
    return table


_FOLDED = _folding()
