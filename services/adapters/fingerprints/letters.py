"""Letters as compared, and the hashes of each two, four and eight in a row."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 18
"""Size of the table of how common each pair of characters is."""

Points = NDArray[np.uint32]
Words = NDArray[np.uint64]
_OTHER = 0x10000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_MASK = np.uint64(BUCKETS - 1)


@dataclass(frozen=True, slots=True)
class Letters:
    """The folded letters of several texts, one behind the other.

    Text n has `points[starts[n]:starts[n + 1]]`, of which the first `titles[n]` are its title's. `twos`, `fours` and
    `eights` stand where their first letter does; those that reach into the next text belong to none.
    """

    points: Points
    starts: list[int]
    titles: list[int]
    twos: Words
    fours: Words
    eights: Words

    def spans(self, reach: int) -> list[tuple[int, int]]:
        """Where each text's own runs begin and end, of runs that reach so many letters further."""
        ends = self.starts[1:]
        return [(start, max(start, end - reach)) for start, end in zip(self.starts[:-1], ends, strict=True)]


def read(entitled: Sequence[tuple[str, str]]) -> Letters:
    """The letters of these titles and texts."""
    lengths = np.array([[len(title), len(text)] for title, text in entitled]).ravel()
    points, kept = _folded("".join(part for pair in entitled for part in pair))
    until = np.concatenate(([0], np.cumsum(kept)))[np.concatenate(([0], np.cumsum(lengths)))]
    twos = pairs(points)
    fours = _joined(twos, 2)
    starts, titles = until[::2], until[1::2] - until[:-1:2]
    return Letters(points, starts.tolist(), titles.tolist(), twos, fours, _joined(fours, 4))


def fold(text: str) -> Points:
    """Letters, digits and characters only, widths and case made equal: what a copy keeps when its layout changes.

    Code points; lone surrogates, which no reprint carries, are left out.
    """
    return _folded(text)[0]


def unfold(points: Points) -> str:
    """Folded letters as a string, to look for names in."""
    return points.tobytes().decode("utf-32-le")


def _folded(text: str) -> tuple[Points, NDArray[np.bool_]]:
    """The letters that are kept, and for each of the text's characters whether it is."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = _FOLDED[np.minimum(points, _OTHER)]
    kept = folded > 0
    return folded[kept], kept


def _folding() -> Points:
    """Each code point of the basic plane as it is compared; 0 is left out. What lies beyond counts as one letter."""
    table = np.zeros(_OTHER + 1, dtype=np.uint32)
    for point in range(_OTHER):
        letter = unicodedata.normalize("NFKC", chr(point)).lower()[:1]
        table[point] = ord(letter) if letter.isalnum() else 0
    table[_OTHER] = _OTHER
    return table


_FOLDED = _folding()


def pairs(points: Points) -> Words:
    """A 64-bit hash for each pair of neighbours."""
    wide = points.astype(np.uint64)
    return _mixed(wide[:-1] * _SPREAD + wide[1:])


def buckets(twos: Words) -> NDArray[np.int64]:
    """Where the pairs stand in a table of `BUCKETS`."""
    return (twos & _MASK).view(np.int64)


def _joined(hashes: Words, step: int) -> Words:
    """Hashes of runs twice as long: each with the one `step` later."""
    return _mixed(hashes[:-step] * _SPREAD + hashes[step:])


def _mixed(values: Words) -> Words:
    """The finalizer of splitmix64, so that near values get far hashes."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        values = (values ^ (values >> np.uint64(shift))) * np.uint64(factor)
    mixed: Words = values ^ (values >> np.uint64(31))
    return mixed


def smallest(hashes: NDArray[Any], spans: Sequence[tuple[int, int]], count: int) -> list[tuple[int, ...]]:
    """Each text's smallest hashes, without repetition, sorted: texts with much in common share most of them.

    `hashes` are sorted in place.
    """
    found = []
    for start, end in spans:
        own = hashes[start:end]
        own.sort()
        least = dict.fromkeys(own[:count].tolist())
        if len(least) < count:  # of a text that repeats itself a little more is looked at, not all of it
            least = dict.fromkeys(own[: 4 * count].tolist())
        found.append(tuple(least)[:count])
    return found


def commonness(texts: Iterable[str]) -> NDArray[np.uint8]:
    """Learn from background texts how common each pair of characters is: the log of how many texts have it."""
    seen: Counter[int] = Counter()
    total = 0
    for text in texts:
        total += 1
        seen.update(np.unique(buckets(pairs(fold(text)))).tolist())
    table = np.zeros(BUCKETS, dtype=np.uint8)
    for bucket, count in seen.items():
        table[bucket] = round(255 * float(np.log1p(count) / np.log1p(max(total, 1))))
    return table
