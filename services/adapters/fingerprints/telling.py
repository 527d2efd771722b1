"""What tells a post from others: its rarest pairs of characters, and what looks like a proper name in its title."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from services.adapters.fingerprints.letters import Letters, Words, buckets, unfold

_TERMS = 48
_TITLE_TIMES = 3
_NAMES = 4
_NAME_COMMON, _NAME_MEAN = 130, 90
"""How common the pairs of a name may be, each and on average; read off the names of estates in petitions."""
_HALF = np.uint64(32)
_TIMES, _COMMON = np.uint64(2), np.uint64(8)
"""Bits that a pair's times and commonness take; with the 54 highest of its hash they are sorted as one number."""

Terms = tuple[tuple[int, ...], tuple[int, ...]]


class Telling:
    """`commonness`: per bucket of character pairs, how common a pair is (0 unseen … 255 in every text)."""

    def __init__(self, commonness: NDArray[np.uint8]) -> None:
        self._common = commonness
        self._rarity = (1.0 - np.arange(256, dtype=np.uint8) / 255.0) ** 1.5

    def rarest(self, twos: Words) -> int:
        """How common the rarest of these pairs is."""
        return int(self._common[buckets(twos)].min(initial=255))

    def common(self, letters: Letters) -> NDArray[np.uint8]:
        """How common each pair is."""
        return self._common.take(buckets(letters.twos))

    def terms(self, letters: Letters, common: NDArray[np.uint8], places: Sequence[Sequence[str]]) -> list[Terms]:
        """Each text's most telling pairs of characters and their weights.

        `places` are the folded names of its places: those are compared by name, so their pairs are left out.
        """
        spans = letters.spans(1)
        times = _times(letters, places)[: len(common)]
        packed = letters.twos >> (_TIMES + _COMMON) << _COMMON | common
        packed = packed << _TIMES | times
        for start, end in spans:
            packed[start:end].sort()
        first = _firsts(packed >> _TIMES, spans)
        if not len(first):
            return [((), ())] * len(spans)
        counted = np.add.reduceat((packed & np.uint64(3)).astype(np.float64), first)
        distinct = packed[first]
        weight = np.sqrt(counted) * self._rarity.take((distinct >> _TIMES).astype(np.uint8))
        return _weighed(distinct, weight, np.searchsorted(first, letters.starts).tolist())

    def names(
        self, letters: Letters, common: NDArray[np.uint8], about: Sequence[Sequence[str]]
    ) -> list[tuple[int, ...]]:
        """What an estate, firm or scheme is called: rare runs of the title, those the text repeats if there are any.

        `about` are the words of each title that tell what it is about: those are no part of a name.
        """
        spans = letters.spans(0)
        entitled = np.zeros(max(len(common) - 2, 0), np.bool_)
        for (start, _), title in zip(spans, letters.titles, strict=True):
            entitled[start : start + max(title - 3, 0)] = True
        low, wide = common <= _NAME_COMMON, common.astype(np.int16)
        entitled &= low[:-2] & low[1:-1] & low[2:]
        entitled &= wide[:-2] + wide[1:-1] + wide[2:] <= 3 * _NAME_MEAN
        rare = np.flatnonzero(entitled)
        runs = (letters.fours[rare] >> _HALF).tolist()
        at, cuts = rare.tolist(), np.searchsorted(rare, letters.starts).tolist()
        found: list[tuple[int, ...]] = []
        for number, (start, end) in enumerate(spans):
            own = slice(cuts[number], cuts[number + 1])
            if own.start == own.stop:
                found.append(())
                continue
            text, title = unfold(letters.points[start:end]), letters.titles[number]
            free = _free(text[:title], about[number])
            own_runs = [
                (run, place - start) for run, place in zip(runs[own], at[own], strict=True) if free[place - start]
            ]
            said = [run for run, place in own_runs if text.find(text[place : place + 4], title) >= 0]
            found.append(tuple(sorted(set(said or [run for run, _ in own_runs]))[:_NAMES]))
        return found


def _free(title: str, words: Sequence[str]) -> list[bool]:
    """For each letter of the title whether the four from there on touch none of the words."""
    free = [True] * len(title)
    for word in words:
        at = title.find(word)
        while at >= 0:
            for touching in range(max(at - 3, 0), at + len(word)):
                free[touching] = False
            at = title.find(word, at + 1)
    return free


def _times(letters: Letters, places: Sequence[Sequence[str]]) -> Words:
    """How much each pair counts: more in the title, nothing where it touches one of the text's places."""
    times = np.ones(len(letters.points), np.uint64)
    for number, (start, end) in enumerate(letters.spans(0)):
        times[start : start + letters.titles[number]] = _TITLE_TIMES
        if places[number]:
            text = unfold(letters.points[start:end])
            for name in places[number]:
                at = text.find(name) if name else -1
                while at >= 0:
                    times[start + max(at - 1, 0) : start + at + len(name)] = 0
                    at = text.find(name, at + len(name))
    times[np.array(letters.starts[1:]) - 1] = 0  # a text's last letter begins no pair of its own
    return times


def _weighed(distinct: Words, weight: NDArray[np.float64], cuts: Sequence[int]) -> list[Terms]:
    """The heaviest pairs of each text, text n's being `distinct[cuts[n]:cuts[n + 1]]`."""
    chosen = [_heaviest(weight[start:end], start) for start, end in pairwise(cuts)]
    order = np.concatenate(chosen)
    sizes = [len(own) for own in chosen]
    heaviest = np.repeat([weight[own[0]] if len(own) else 0.0 for own in chosen], sizes)
    terms = (distinct[order] >> _HALF).tolist()
    weights = np.maximum(1, np.rint(255 * weight[order] / heaviest)).astype(np.int64).tolist()
    ends = list(accumulate(sizes, initial=0))
    return [(tuple(terms[start:end]), tuple(weights[start:end])) for start, end in pairwise(ends)]


def _heaviest(weight: NDArray[np.float64], start: int) -> NDArray[np.intp]:
    """Where a text's heaviest pairs stand, the heaviest first, of equals the first first; nothing without weight."""
    some = weight.nonzero()[0]
    if len(some) > _TERMS:
        ordered = weight.copy()
        ordered.partition(len(weight) - _TERMS)
        some = (weight >= ordered[len(weight) - _TERMS]).nonzero()[0]
    return some[(-weight[some]).argsort(kind="stable")[:_TERMS]] + start


def _firsts(ordered: Words, spans: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """Where each value stands first in its text's sorted span; what lies between the spans is a value of its own."""
    new = np.empty(len(ordered), np.bool_)
    new[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    edges = np.array(spans).ravel()
    new[edges[edges < len(ordered)]] = True
    return np.flatnonzero(new)
