"""The words the topic model knows: those of many texts are looked up at once, by a hash of their characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier.features import Ints

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
_SEED = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_ROOM = 4
"""Places of the table for each word: few words then want the place of another one."""


class Vocabulary:
    """Numbers words. A dictionary would look for one word after the other, each in a far corner of the memory.

    64 bits tell the words apart: a strange word is taken for a known one as often as once in 10**14 words.
    """

    def __init__(self, words: Sequence[str]) -> None:
        lengths = _lengths([words])
        self._longest = int(lengths.max(initial=0))
        hashes = _hashes(_codes([words]), np.cumsum(lengths) - lengths, lengths)
        bits = max(1, (_ROOM * len(words)).bit_length())
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1
        self._table = _placed(self._home(hashes), self._mask)
        self._known = np.append(hashes, np.uint64(0))  # the last one stands for an empty place, whose number is -1

    def numbers(self, words: Sequence[Sequence[str]], codes: Sequence[Codes] | None = None) -> list[Ints]:
        """The known words of each text, in order. `codes` spares joining words that make up their whole text."""
        flat = _codes(words) if codes is None else np.concatenate([*codes, np.zeros(0, np.uint32)])
        lengths = _lengths(words)
        short = np.flatnonzero(lengths <= self._longest)
        numbers = self._find(_hashes(flat, (np.cumsum(lengths) - lengths).take(short), lengths.take(short)))
        known = np.flatnonzero(numbers >= 0)
        ends = np.searchsorted(short.take(known), np.cumsum([len(one) for one in words]))
        numbers = numbers.take(known)
        return [numbers[start:end] for start, end in pairwise([0, *ends.tolist()])]

    def _home(self, hashes: Hashes) -> Ints:
        return (hashes >> self._shift).astype(np.int64)

    def _find(self, hashes: Hashes) -> Ints:
        place = self._home(hashes)
        numbers = self._table.take(place).astype(np.int64)
        wrong = np.flatnonzero(self._known.take(numbers) != hashes)
        while len(wrong := wrong[numbers.take(wrong) >= 0]):  # taken by another word: look in the next place
            place[wrong] = (place.take(wrong) + 1) & self._mask
            numbers[wrong] = self._table.take(place.take(wrong))
            wrong = wrong[self._known.take(numbers.take(wrong)) != hashes.take(wrong)]
        return numbers


def _codes(words: Sequence[Sequence[str]]) -> Codes:
    return np.frombuffer("".join(chain.from_iterable(words)).encode("utf-32-le", "surrogatepass"), np.uint32)


def _lengths(words: Sequence[Sequence[str]]) -> Ints:
    return np.fromiter(map(len, chain.from_iterable(words)), np.int64)


def _hashes(codes: Codes, starts: Ints, lengths: Ints) -> Hashes:
    """One hash for each word, from its first character to its last."""
    hashes = np.full(len(starts), _SEED)
    left = np.arange(len(starts))
    for step in range(int(lengths.max(initial=0))):
        left = left[lengths.take(left) > step]
        hashes[left] = (hashes.take(left) ^ codes.take(starts.take(left) + step)) * _PRIME
    return hashes


def _placed(home: Ints, mask: int) -> NDArray[np.int32]:
    """A table with each number in its home or, where that is taken, in the next place that is not; -1 for empty."""
    table = np.full(mask + 1, -1, np.int32)
    place, left = home.copy(), np.arange(len(home), dtype=np.int32)
    while len(left):
        free = left[table[place[left]] < 0]
        table[place[free]] = free
        left = left[table[place[left]] != left]
        place[left] = (place[left] + 1) & mask
    return table
