"""How much a text sounds like a grave emergency (grade I or II): a linear model over hashed character n-grams.

Lists of words know the wordings somebody thought of; this one learned from examples (`config/examples.txt`), from
ordinary complaints and from what people decided, and carries to words that stand in no list. It never decides: what
it suspects is proposed provisionally, for a person (`services.domain.severity.suspicion`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.domain.numerals import halve_width

FORMAT = 4
BITS = 18
LIMIT = 250
"""Characters that are read: an emergency is told of at the beginning."""
_FACTORS = tuple(np.uint64(f) for f in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_SHIFT = np.uint64(64 - BITS)
_POWERS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
# It begins with a plain set of characters: the search skips everything else in one stride.
_HAN = "一二两俩三仨四五六七八九十百千万亿几数"
_NUMBER = re.compile(
    rf"[0-9{_HAN}](?:(?<=[0-9])[0-9]*(?:[.,][0-9]+)*[余多来几]?[十百千万亿]*|(?<=[{_HAN}])[{_HAN}]*[余多来]?[十百千万亿]*)"
)
_TIME = re.compile("[0-9]{1,4}(?:[:/-][0-9]{1,2}){1,2}")
_INTEGER = re.compile("[0-9]+")
_CLAUSE = re.compile(r"[^，,。！!？?；;\n]+")

Grams = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class GravityModel:
    """`weights[hash]` times `scale`; from `threshold` on a text is suspected, below `calm` it sounds calm."""

    weights: NDArray[np.int8]
    scale: float
    bias: float
    threshold: float
    calm: float

    def scores(self, texts: Sequence[str]) -> list[float]:
        """Of each text about 1 for a grave emergency, about -1 for everything else."""
        if not texts:
            return []
        found, owners = _grams(texts)
        weights = np.bincount(owners, self.weights.take(found), len(texts))
        counts = np.bincount(owners, minlength=len(texts))
        scores: list[float] = (weights * self.scale / np.sqrt(counts) + self.bias).tolist()
        return scores

    def grave(self, score: float) -> bool:
        """Whether a text of this score is suspected."""
        return score >= self.threshold

    def suspects(self, text: str, score: float) -> tuple[int, int] | None:
        """The clause that speaks most for a grave emergency, where the text as a whole, of this score, is suspected."""
        if not self.grave(score):
            return None
        clauses = [m.span() for m in _CLAUSE.finditer(text, 0, LIMIT)]
        return max(clauses, key=lambda span: self._weight(text[slice(*span)]), default=None)

    def _weight(self, clause: str) -> int:
        return int(self.weights.take(grams(clause)).sum(dtype=np.int64))


def grams(text: str) -> Grams:
    """Hashes of the distinct 1-, 2- and 3-grams of the first characters, numbers replaced by their magnitude."""
    return _grams([text])[0]


def _grams(texts: Sequence[str]) -> tuple[Grams, Grams]:
    """The distinct hashes of each text, ascending, all in one row, and the number of the text that each belongs to."""
    plain = [f"\x02{_NUMBER.sub(_magnitude, _timeless(halve_width(text[:LIMIT])))}\x03" for text in texts]
    codes = np.frombuffer("".join(plain).encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    owners = np.repeat(np.arange(len(plain), dtype=np.uint64), [len(one) for one in plain]) << BITS
    first, second, third = (codes * factor for factor in _FACTORS)
    mixed = (first, first[:-1] + second[1:], first[:-2] + second[1:-1] + third[2:])
    hashes = np.concatenate([(one >> _SHIFT) | owners[: len(one)] for one in mixed])
    whole = np.concatenate([owners[: len(one)] == owners[len(owners) - len(one) :] for one in mixed])
    every = hashes[whole].astype(np.int64)
    every.sort()
    found = every[np.append(True, every[1:] != every[:-1])]  # np.unique takes thrice as long
    return found & ((1 << BITS) - 1), found >> BITS


def _timeless(text: str) -> str:
    """Without hours and dates in figures (22:15, 2026/11/20): notes of the rescue have them, and every board."""
    return _TIME.sub("", text) if ":" in text or "/" in text or "-" in text else text


def _magnitude(match: re.Match[str]) -> str:
    return _sign(match.group())


# The same small numbers stand in every text.
@lru_cache(maxsize=4096)
def _sign(words: str) -> str:
    """One sign for a number: 1-2, 3-9, 10-29, 30-99, hundreds, thousands, ten thousands, more."""
    integer = _INTEGER.match(words)
    digits = integer.group() if integer else ""
    power = sum(_POWERS.get(char, 0) for char in (words if digits else dict.fromkeys(words)))
    lead = int(digits[0]) if digits else _DIGITS.get(words[0], 1)
    power += len(digits) - 1 if digits else 0
    if power < 2:
        return ("①" if lead < 3 else "②") if power == 0 else ("③" if lead < 3 else "④")
    return "⑤⑥⑦⑧"[min(power - 2, 3)]


class Figures(NamedTuple):
    """How many grave examples are suspected, and how many of the others, each by a model that had not seen it."""

    grave: int
    found: int
    others: int
    false: int

    def __str__(self) -> str:
        told = "each by a model that had not seen it"
        return f"{self.found} of {self.grave} grave examples suspected, {self.false} of {self.others} others ({told})"


def save_gravity(path: Path, model: GravityModel, figures: Figures) -> None:
    """Plain arrays: nothing in the file is ever executed."""
    numbers = np.array([model.scale, model.bias, model.threshold, model.calm])
    with path.open("wb") as file:
        np.savez_compressed(
            file, format=np.array([FORMAT]), weights=model.weights, numbers=numbers, figures=np.array(figures)
        )


def load_gravity(path: Path) -> GravityModel:
    """The model at `path`.

    Raises:
        ValueError: the file is not one of these.
    """
    with np.load(path, allow_pickle=False) as file:
        if not {"format", "weights", "numbers", "figures"} <= set(file.files) or int(file["format"][0]) != FORMAT:
            raise ValueError(f"{path}: not a gravity model of format {FORMAT}: run `huiying train`")
        scale, bias, threshold, calm = file["numbers"].tolist()
        return GravityModel(file["weights"], scale, bias, threshold, calm)


def gravity_figures(path: Path) -> Figures:
    """What the model at `path` was measured with. Raises ValueError as `load_gravity`."""
    load_gravity(path)
    with np.load(path, allow_pickle=False) as file:
        return Figures(*file["figures"].tolist())


def pack(weights: NDArray[np.float64], bias: float, threshold: float, calm: float) -> GravityModel:
    """The model with its weights rounded to a byte each."""
    scale = float(np.abs(weights).max()) / 127
    return GravityModel(np.rint(weights / scale).astype(np.int8), scale, bias, threshold, calm)
