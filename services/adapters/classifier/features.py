"""Features of a text for the topic model: hashed character n-grams and words, counted per text over a whole batch."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Keys = NDArray[np.int32] | NDArray[np.int64]

OPENING = 30
"""Ideographs that count as the opening of a text: a title or first sentence, which says what it is about."""
_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(15)
_TEXT = 23
"""Bits of a key below the number of the text: more than any number of features needs."""
FEW = 1 << (31 - _TEXT)
"""So many texts are counted in half the time: their keys fit into 32 bits."""
_DAMPED = np.concatenate([np.zeros(1, np.float32), (1.0 + np.log(np.arange(1, 256))).astype(np.float32)])


class Runs(NamedTuple):
    """What many texts consist of, in one array: that of text n stands before `ends[n]`, behind that of text n - 1."""

    items: NDArray[np.uint32]
    ends: Ints

    def lengths(self) -> Ints:
        return np.diff(self.ends, prepend=0)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each slot occurs in each text: sorted by text, then slot; no pair twice."""

    texts: int
    text: Ints
    slot: Ints
    count: NDArray[np.int64]

    def bounds(self) -> Ints:
        """Where the pairs of each text begin, and where the last ones end."""
        return np.searchsorted(self.text, np.arange(self.texts + 1))


def is_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """CJK ideographs of the basic block: digits, letters and punctuation carry names, not topics."""
    return (codes - np.uint32(0x4E00)) < np.uint32(0x9FFF - 0x4E00 + 1)


def joined(texts: Sequence[Sequence[int] | Ints]) -> Runs:
    """The words of all texts in one array."""
    numbers = np.concatenate([np.zeros(0, np.int64), *(np.asarray(one, np.int64) for one in texts)])
    return Runs(numbers.astype(np.uint32), _ends(texts))


def _ends(texts: Sequence[Sized]) -> Ints:
    return np.cumsum([len(one) for one in texts], dtype=np.int64)


def ideographs(texts: Sequence[NDArray[np.uint32]]) -> tuple[Runs, Runs]:
    """The ideographs of all texts, and their openings: OPENING of them among the first few hundred characters."""
    codes, ends = np.concatenate([np.zeros(0, np.uint32), *texts]), _ends(texts)
    places = np.flatnonzero(is_han(codes))
    whole = Runs(codes.take(places), np.searchsorted(places, ends))
    starts = whole.ends - whole.lengths()
    heads = np.searchsorted(places, ends - np.diff(ends, prepend=0) + 8 * OPENING)
    sizes = np.minimum(np.minimum(heads, whole.ends) - starts, OPENING)
    opened = np.cumsum(sizes)
    inside = np.arange(sizes.sum()) + np.repeat(starts - opened + sizes, sizes)
    return whole, Runs(whole.items.take(inside), opened)


def char_slots(texts: Runs, bits: int, known: NDArray[np.int32]) -> Counts:
    """Counts of hashed 1-, 2- and 3-grams of the ideographs of each text.

    `known` maps each of the 2**bits hashes to the number of a feature, or to -1 where no feature has it.
    """
    codes, ends = texts
    owner = _owners(texts.lengths())
    gram, found = codes, []
    for size in (1, 2, 3):
        if size > 1:
            gram = _mix(gram[:-1], codes[size - 1 :])
        slots = known.take(_hash(gram, size, bits))
        for back in range(1, size):  # grams that begin in one text and end in another
            slots[ends[(ends >= back) & (ends - back < len(slots))] - back] = -1
        found.append(owner[: len(slots)] | slots)
    return _count(found, len(ends))


def word_slots(words: Runs, bits: int, known: NDArray[np.int32]) -> Counts:
    """Counts of hashed words and pairs of neighbouring words; `words` are numbers in the vocabulary."""
    codes, ends = words
    owner = _owners(words.lengths())
    found = [owner | known.take(_hash(codes, 1, bits))]
    if len(codes) > 1:
        pair = known.take(_hash(_mix(codes[:-1], codes[1:]), 2, bits))
        pair[ends[(ends >= 1) & (ends <= len(pair))] - 1] = -1
        found.append(owner[:-1] | pair)
    return _count(found, len(ends))


def single_word_slots(numbers: NDArray[np.uint32], bits: int, known: NDArray[np.int32]) -> NDArray[np.int32]:
    """The features of words on their own, -1 where there is none."""
    return known.take(_hash(numbers, 1, bits))


def weigh(counts: Counts, idf: Floats) -> Floats:
    """TF-IDF of each pair: 1 + log tf, times idf, each text scaled to length 1."""
    value = idf.take(counts.slot)
    value *= _damped(counts.count)
    bounds = counts.bounds()
    sizes = np.diff(bounds)
    some = np.flatnonzero(sizes)
    length = np.sqrt(np.add.reduceat((value * value).astype(np.float64), bounds.take(some)))
    value /= np.repeat(np.maximum(length, 1e-9).astype(np.float32), sizes.take(some))
    return value


def _damped(count: NDArray[np.int64]) -> Floats:
    """1 + log tf, read off a table: hardly any text says a thing more often than the table is long."""
    if count.max(initial=0) < len(_DAMPED):
        return _DAMPED.take(count)
    return (1.0 + np.log(count)).astype(np.float32)


def _mix(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (left * _MIX) ^ (right + (left >> _SHIFT))


def _hash(gram: NDArray[np.uint32], size: int, bits: int) -> Ints:
    mixed = (gram ^ np.uint32(size * 0x51ED27)) * _MIX
    mixed ^= mixed >> _SHIFT
    mixed *= _STEP
    return (mixed >> np.uint32(32 - bits)).astype(np.int64)  # what take() wants of an index


def _owners(lengths: Ints) -> Keys:
    """The number of its text for each of the characters, above the bits of a feature's number.

    With a feature's number it makes one integer a pair, and one below zero where there is no feature: -1.
    """
    texts = np.arange(len(lengths), dtype=np.int64) << _TEXT
    return np.repeat(texts.astype(np.int32) if len(lengths) <= FEW else texts, lengths)


def _count(found: list[Keys], texts: int) -> Counts:
    """Equal pairs counted: sorting one integer a pair is the quickest way."""
    key = np.concatenate(found)
    key.sort()
    key = key[np.searchsorted(key, 0) :]
    fresh = np.ones(len(key), np.bool_)
    np.not_equal(key[1:], key[:-1], out=fresh[1:])
    first = np.flatnonzero(fresh)
    count = np.diff(first, append=len(key))
    unique = key.take(first).astype(np.int64)
    return Counts(texts, unique >> _TEXT, unique & ((1 << _TEXT) - 1), count)
