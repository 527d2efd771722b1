"""Posts → signatures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from services.adapters.automaton import overlapping
from services.adapters.fingerprints.letters import Letters, buckets, fold, pairs, read, smallest, unfold
from services.adapters.fingerprints.subjects import Subjects
from services.adapters.fingerprints.telling import Telling
from services.adapters.folding import simplified
from services.domain.assessment import Assessment, Casualties, Region
from services.domain.casualties import CUES, read_casualties
from services.domain.grouping import GroupingPolicy, Scope, Signature
from services.domain.grouping.comparing import WIDE
from services.domain.grouping.details import another, as_denied, days_of, denied, details_of, owners_of, tolls_of
from services.domain.grouping.marks import marks_of
from services.domain.grouping.naming import BRIEF
from services.domain.grouping.policy import EMERGENCY
from services.domain.post import Post
from services.domain.regions import Gazetteer
from services.domain.severity import many

_FIRST, _OPENING = re.compile(r"[。！？!?；;\n]"), 30
_NEAR_KEYS = 5
_SHINGLES = 32
_PLACES = 4
_PLACE_COMMON = 110
_SAYING = 8
"""Equal texts shorter than this (顶, 支持) say too little to be copies of one another."""
_MANY_MOVED = 100
"""So many are brought to safety in an emergency only, graded or not."""
_HAPPENED, _READ_WHAT = "发生", 120
"""Who writes so in his first lines tells of an event, of whatever kind."""
_HEAD = 20_000
"""Characters of a text that count: a megabyte of one post must not hold up the others."""
_TOGETHER = 1 << 15
"""Characters hashed at once: their hashes stay in the processor's cache."""
_ONE, _HALF = np.uint64(1), np.uint64(32)

_NOBODY = Casualties()

Item = tuple[Post, Assessment | None]


class Fingerprints:
    """Signs posts. `commonness`: per bucket of character pairs, how common a pair is (0 unseen … 255 in every text).

    The gazetteer's own cities and districts, which every post may carry, count as common.
    """

    def __init__(self, gazetteer: Gazetteer, policy: GroupingPolicy, commonness: NDArray[np.uint8]) -> None:
        self._gazetteer = gazetteer
        self._words = [(word, matter.name) for matter in policy.matters for word in matter.words]
        self._policy, self._outbreaks, self._subjects = policy, policy.outbreaks, Subjects(policy)
        self._find_words = overlapping([word for word, _ in self._words])
        self._find_cues = overlapping(CUES)
        self._telling = Telling(_without(commonness, gazetteer.divisions))
        self._roads = Telling(_without(commonness, gazetteer.elsewhere))
        self._known = gazetteer.own_places
        self._tells = lru_cache(1 << 16)(self._is_telling)
        self._is_place = lru_cache(1 << 16)(self._may_be_place)

    def sign(self, post: Post, assessment: Assessment | None = None) -> Signature:
        """The signature of one post; `assessment` saves reading the regions a second time where it is at hand."""
        return self.sign_all([(post, assessment)])[0]

    def sign_all(self, posts: Sequence[Item]) -> list[Signature]:
        """The signatures of many posts, in order: their characters are hashed together."""
        return [signature for some in _together(posts) for signature in self._sign(some)]

    def _sign(self, posts: Sequence[Item]) -> list[Signature]:
        parts = simplified([part for post, _ in posts for part in (post.title, post.text[:_HEAD])])
        texts = list(zip(parts[::2], parts[1::2], strict=True))
        letters = read(texts)
        where = [self._where(*text, assessment) for text, (_, assessment) in zip(texts, posts, strict=True)]
        common = self._telling.common(letters)
        terms = self._telling.terms(letters, common, [[_folded(place) for place in places] for places, *_ in where])
        about = [self._subjects.read(*text) for text in texts]
        names = self._telling.names(letters, common, [said.words for said in about])
        near = smallest(letters.eights >> _ONE, letters.spans(7), _NEAR_KEYS)
        shingles = smallest((letters.fours >> _HALF).astype(np.uint32), letters.spans(3), _SHINGLES)
        signatures = []
        for n, (post, _) in enumerate(posts):
            places, divisions, named = where[n]
            kind = self._kind(*texts[n])
            if not self._policy.events.get(kind) and self._emergency(*texts[n], posts[n][1]):
                kind = self._kind(*texts[n], events=True) or EMERGENCY
            outbreak, details = self._outbreak(kind, texts[n], posts[n][1], divisions)
            if owners := self._policy.owners_of(kind):
                details = owners_of("\n".join(texts[n]), owners, self._gazetteer.city)
            elif kind and self._policy.scope_of(kind) is Scope.DISTRICT:
                whole = "\n".join(texts[n])
                notice = any(word in whole for word in self._policy.notices)
                details = days_of(whole, post.published_at or post.collected_at) if notice else ()
            signatures.append(
                Signature(
                    post=post.key,
                    at=post.published_at or post.collected_at,
                    exact=_exact(letters, n, post.key),
                    near=near[n],
                    matter=_matter_keys(places, names[n], self._kind_keys(kind, outbreak, divisions, details)),
                    shingles=shingles[n],
                    terms=terms[n][0],
                    weights=terms[n][1],
                    places=places,
                    names=names[n],
                    divisions=divisions,
                    kind=kind,
                    outbreak=outbreak,
                    details=details,
                    subjects=about[n].subjects,
                    aside=about[n].aside,
                    marks=self._marks(kind, texts[n], named),
                    letters=_brief(letters, n),
                )
            )
        return signatures

    def _where(
        self, title: str, text: str, assessment: Assessment | None
    ) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """Finer places that tell something, divisions, and all finer places."""
        divisions = _divisions(assessment.regions) if assessment is not None else ()
        if divisions:
            found = self._gazetteer.places_of(title, text)
        else:
            reading = self._gazetteer.find(title, text)
            found = reading.places
            divisions = (() if assessment is not None else _divisions(reading.regions)) or reading.elsewhere[:_PLACES]
        return tuple(filter(self._tells, found))[:_PLACES], divisions, found

    def _marks(self, kind: str, text: tuple[str, str], named: Sequence[str]) -> tuple[str, ...]:
        """What the post fills in; a common name (友谊路) tells one street from another as well as a rare one."""
        places = [place for place in named if self._is_place(place)]
        event = self._policy.events.get(kind) or _HAPPENED in text[1][:_READ_WHAT]
        return marks_of("\n".join(text), places, event, (self._policy, self._gazetteer.city))

    def _outbreak(
        self, kind: str, text: tuple[str, str], assessment: Assessment | None, divisions: tuple[str, ...]
    ) -> tuple[str, tuple[str, ...]]:
        """Kind and district of a graded event of a rare kind, and its details; of more than one nothing is said."""
        words = self._outbreaks.get(kind)
        if assessment is None or len(divisions) != 1 or not (words or self._policy.events.get(kind)):
            return "", ()
        graded, whole = assessment.event_grade is not None, "\n".join(text)
        if not words:
            rose = tolls_of(whole, assessment) if graded else ()
            return (f"{EMERGENCY} {divisions[0]}", rose) if rose else ("", ())
        rumour = denied(*text, graded)
        if not (graded or rumour) or another(whole):
            return "", ()
        details = details_of(whole, words, self._gazetteer.places_of(*text), assessment)
        return f"{kind} {divisions[0]}", as_denied(details) if rumour else details

    def _kind_keys(self, kind: str, outbreak: str, divisions: Sequence[str], details: Sequence[str]) -> Sequence[str]:
        """What posts of one kind of matter share; where the whole city's are too many, also what those of one share."""
        if not kind:
            return ()
        scope = self._policy.scope_of(kind)
        within = divisions if scope is Scope.DISTRICT else details if scope is Scope.OWNER else ()
        own = [f"kind {kind} {one}" for one in within[:_PLACES]]
        return [f"kind {kind}", *own, *([f"outbreak {outbreak}"] if outbreak else ())]

    def _is_telling(self, place: str) -> bool:
        """False for what only looks like a place's name (很多|业主): by a word, or no pair of its letters is rare.

        What the gazetteer knows as a place of ours is one, however many cities have a 友谊路.

        A road may bear the name of a district or town (靖宇街, of 靖宇街道) and is a place all the same.
        """
        if place in self._known:
            return True
        if not self._is_place(place):
            return False
        return (self._roads if place.endswith(WIDE) else self._telling).rarest(pairs(fold(place))) <= _PLACE_COMMON

    def _may_be_place(self, place: str) -> bool:
        return not any(word in place for word in self._policy.placeless)

    def _emergency(self, title: str, text: str, assessment: Assessment | None) -> bool:
        """Whether people were killed, hurt or brought to safety in a graded event; ungraded, many of them."""
        hurt = assessment.casualties if assessment is not None else self._casualties(title, text)
        people = (hurt.deaths, hurt.missing, hurt.serious_injuries, hurt.injuries, hurt.evacuated)
        graded = assessment is not None and assessment.event_grade is not None
        return many(hurt) or (hurt.evacuated or 0) >= _MANY_MOVED or (graded and any(people))

    def _casualties(self, title: str, text: str) -> Casualties:
        present = {CUES[index] for index, _, _ in self._find_cues(f"{title}\n{text}")}
        return read_casualties(title, text, present=present).casualties if present else _NOBODY

    def _kind(self, title: str, text: str, events: bool = False) -> str:
        """The matter that the title names, else the one the text names most; with `events` an event named at all.

        What was posted without a title has its first sentence for one.
        """
        said: dict[int, tuple[int, int]] = {}
        entitled, heading = len(self._words), len(title) or 1 + len(_FIRST.split(text, maxsplit=1)[0][:_OPENING])
        for index, start, end in self._find_words(f"{title}\n{text}"):
            if events and not self._policy.events[self._words[index][1]]:
                continue
            if end <= heading:
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
        return best if best and (events or counts[best] >= 2) else ""


def _without(commonness: NDArray[np.uint8], names: Sequence[str]) -> NDArray[np.uint8]:
    """The table in which these names tell nothing."""
    common = commonness.copy()
    for name in names:
        common[buckets(pairs(fold(name)))] = 255
    return common


def _together(posts: Sequence[Item]) -> Iterator[list[Item]]:
    """The posts in order, so many at a time as are hashed at once."""
    some: list[Item] = []
    size = 0
    for post, assessment in posts:
        length = len(post.title) + min(len(post.text), _HEAD)
        if some and size + length > _TOGETHER:
            yield some
            some, size = [], 0
        some.append((post, assessment))
        size += length
    if some:
        yield some


@lru_cache(1 << 14)
def _folded(place: str) -> str:
    return unfold(fold(place))


def _divisions(regions: Sequence[Region]) -> tuple[str, ...]:
    """Districts and counties; the city as a whole tells nothing apart."""
    return tuple(region.code for region in regions if len(region.code) == 6 and not region.code.endswith("00"))


def _exact(letters: Letters, number: int, post_key: str) -> int:
    """Equal for copies."""
    own = letters.points[letters.starts[number] : letters.starts[number + 1]]
    return _key(own.tobytes() if len(own) >= _SAYING else post_key.encode())


def _brief(letters: Letters, number: int) -> str:
    """The letters of the text, without its title, where it is a brief one."""
    start, end = letters.starts[number] + letters.titles[number], letters.starts[number + 1]
    return unfold(letters.points[start:end]) if end - start <= BRIEF else ""


def _matter_keys(places: Sequence[str], names: Sequence[int], kinds: Sequence[str]) -> tuple[int, ...]:
    said = [f"place {place}" for place in places] + [f"name {name}" for name in names]
    return tuple(map(_matter_key, (*said, *kinds)))


@lru_cache(1 << 14)
def _matter_key(said: str) -> int:
    return _key(said.encode())


def _key(of: bytes) -> int:
    """63 bits, so that every database keeps it as a signed integer."""
    return int.from_bytes(hashlib.blake2b(of, digest_size=8).digest()) >> 1
