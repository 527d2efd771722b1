"""Features of a text for the topic model: hashed character n-grams and words, counted per text over a whole batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x85EBCA6B)
_SHIFT = np.uint32(15)
_TEXT = 24
"""Bits of a key below the number of the text: more than any number of features needs."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each slot occurs in each text: sorted by text, then slot; no pair twice."""

    texts: int
    text: Ints
    slot: Ints
    count: NDArray[np.int64]


def is_han(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """CJK ideographs of the basic block: digits, letters and punctuation carry names, not topics."""
    return (codes - np.uint32(0x4E00)) < np.uint32(0x9FFF - 0x4E00 + 1)


def char_slots(texts: Sequence[NDArray[np.uint32]], bits: int, known: NDArray[np.int32]) -> Counts:
    """Counts of hashed 1-, 2- and 3-grams of the ideographs of each text.

    `known` maps each of the 2**bits hashes to the number of a feature, or to -1 where no feature has it.
    """
    codes = np.concatenate([*texts, np.zeros(0, np.uint32)])
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    keep = is_han(codes)
    codes, owner = codes[keep], owner[keep]
    found = []
    gram = codes
    for size in (1, 2, 3):
        if size > 1:
            gram = _mix(gram[:-1], codes[size - 1 :])
        slots = known[_hash(gram, size, bits)]
        ours = slots >= 0
        if size > 1:
            ours &= owner[: len(slots)] == owner[size - 1 :]
        found.append((owner[: len(slots)][ours], slots[ours]))
    return _count(found, len(texts))


def word_slots(words: Sequence[Sequence[int]], bits: int, known: NDArray[np.int32]) -> Counts:
    """Counts of hashed words and pairs of neighbouring words; `words` are numbers in the vocabulary."""
    codes = np.fromiter(chain.from_iterable(words), np.uint32)
    owner = np.repeat(np.arange(len(words)), [len(one) for one in words])
    single = known[_hash(codes, 1, bits)]
    found = [(owner[single >= 0], single[single >= 0])]
    if len(codes) > 1:
        pair = known[_hash(_mix(codes[:-1], codes[1:]), 2, bits)]
        ours = (pair >= 0) & (owner[:-1] == owner[1:])
        found.append((owner[:-1][ours], pair[ours]))
    return _count(found, len(words))


def single_word_slots(numbers: NDArray[np.uint32], bits: int, known: NDArray[np.int32]) -> NDArray[np.int32]:
    """The features of words on their own, -1 where there is none."""
    return known[_hash(numbers, 1, bits)]


def weigh(counts: Counts, idf: Floats) -> Floats:
    """TF-IDF of each pair: 1 + log tf, times idf, each text scaled to length 1."""
    value = (1.0 + np.log(counts.count)).astype(np.float32) * idf[counts.slot]
    length = np.sqrt(np.bincount(counts.text, value * value, minlength=counts.texts))
    return value / np.maximum(length, 1e-9).astype(np.float32)[counts.text]


def _mix(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.uint32]:
    return (left * _MIX) ^ (right + (left >> _SHIFT))


def _hash(gram: NDArray[np.uint32], size: int, bits: int) -> NDArray[np.uint32]:
    mixed = (gram ^ np.uint32(size * 0x51ED27)) * _MIX
    mixed ^= mixed >> _SHIFT
    mixed *= _STEP
    return mixed >> np.uint32(32 - bits)


def _count(found: list[tuple[Ints, NDArray[np.int32]]], texts: int) -> Counts:
    """Equal pairs counted: sorting one integer a pair is the quickest way."""
    key = np.concatenate([(owner << _TEXT) | slot for owner, slot in found])
    key.sort()
    first = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]])) if len(key) else np.zeros(0, np.int64)
    count = np.diff(np.append(first, len(key)))
    unique = key[first]
    return Counts(texts, unique >> _TEXT, unique & ((1 << _TEXT) - 1), count)
