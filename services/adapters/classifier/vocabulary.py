"""The words the topic model knows: those of many texts are looked up at once, by a hash of their characters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier.features import Ints
from services.adapters.folding import NO_CHARACTER

Codes = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
_SEED = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x9E3779B97F4A7C15)
_BREAK = NO_CHARACTER
_ROOM = 4
"""Places of the table for each word: few words then want the place of another one."""


class Words(NamedTuple):
    """The words of several texts: those known of each, by number, and where a pair of characters is torn apart.

    `torn` has one byte for each character of the texts, one text after the other. It is 1 where this character and the
    next one belong to different words, of which one at least is longer than that: 供热 in 提供|热水.
    """

    numbers: list[Ints]
    torn: bytes


class Vocabulary:
    """Numbers words. A dictionary would look for one word after the other, each in a far corner of the memory.

    64 bits tell the words apart: a strange word is taken for a known one as often as once in 10**14 words.
    No known word holds the break.
    """

    def __init__(self, words: Sequence[str]) -> None:
        starts, lengths, codes = _spread(_BREAK.join(words))
        self._longest = int(lengths.max(initial=0))
        hashes = _hashes(codes, starts[: len(words)], lengths[: len(words)])
        bits = max(1, (_ROOM * len(words)).bit_length())
        self._shift, self._mask = np.uint64(64 - bits), (1 << bits) - 1
        self._table = _placed(self._home(hashes), self._mask)
        self._known = np.append(hashes, np.uint64(0))  # the last one stands for an empty place, whose number is -1

    def numbers(self, words: Iterable[Sequence[str]]) -> Words:
        """The known words of each text, in order, and where its words end."""
        texts = [_BREAK.join(one) for one in words]  # the words of one text are let go before those of the next come
        starts, lengths, codes = _spread(_BREAK.join(texts))
        torn = _torn(starts, len(codes))
        short = np.flatnonzero((lengths > 0) & (lengths <= self._longest))
        starts = starts.take(short)
        numbers = self._find(_hashes(codes, starts, lengths.take(short)))
        known = np.flatnonzero(numbers >= 0)
        ends = np.searchsorted(starts.take(known), np.cumsum([len(text) + 1 for text in texts]))
        numbers = numbers.take(known)
        return Words([numbers[start:end] for start, end in pairwise([0, *ends.tolist()])], torn)

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


def _spread(lines: str) -> tuple[Ints, Ints, Codes]:
    """Where each line begins, its length, and all characters."""
    codes = np.frombuffer(lines.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.append(np.flatnonzero(codes == ord(_BREAK)), len(codes))
    starts = np.append(0, ends[:-1] + 1)
    return starts, ends - starts, codes


def _torn(starts: Ints, size: int) -> bytes:
    """See `Words`; `starts` are where the words begin among `size` characters and breaks."""
    begins = np.zeros(size - len(starts) + 4, np.bool_)
    begins[starts - np.arange(len(starts))] = True
    begins[-3:] = True  # the end of the last text
    return (begins[1:-1] & ~(begins[:-2] & begins[2:])).tobytes()


def _hashes(codes: Codes, starts: Ints, lengths: Ints) -> Hashes:
    """One hash for each word, from its first character to its last; no word is empty."""
    hashes = (_SEED ^ codes.take(starts)) * _PRIME
    left, step = np.flatnonzero(lengths > 1), 1
    while len(left):
        hashes[left] = (hashes.take(left) ^ codes.take(starts.take(left) + step)) * _PRIME
        step += 1
        left = left[lengths.take(left) > step]
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
