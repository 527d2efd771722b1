"""Fit the gravity model: penalised least squares on examples, ordinary complaints and what people decided."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.adapters.folding import Folder
from services.adapters.gravity import BITS, Figures, grams, pack, save_gravity

GRAVE = frozenset({"I", "II"})
GRADES = frozenset({"I", "II", "III", "IV", "x"})
PENALTY, STEPS, TINY = 1.0, 60, 1e-30
OWN = 10.0
"""How much an example counts beside one ordinary complaint."""
FOLDS = 5
SPARED = 0.98
"""This share of the examples that wake nobody stays below the threshold, each scored by a model that never saw it."""

KEPT, CALMEST = 0.2, 0.0
"""This share of the grave examples lies below what counts as calm, and calm is below the middle."""
SEED, WHERE = 7, ("{}", "{}", "{},", "{}那边", "在{},", "#{}# ")
"""How a place is put before a text that names none, drawn in the same order every time."""
MIDDLE = 0.0
"""Grave examples are drawn to 1 and all others to -1: below the middle nothing is suspected."""


class Case(NamedTuple):
    """One text; `grave` tells of a grade I or II, `weight` how much it counts."""

    text: str
    grave: bool
    weight: float


def rebuild_gravity(
    data: Path,
    examples: Path,
    target: Path,
    taught: Iterable[tuple[str, bool]] = (),
    places: Sequence[str] = (),
) -> Figures:
    """Learn from `examples`, the complaints in `data` and what people decided; write `target`.

    `places` are the names of our districts and counties: that a text names one is to say nothing (see `_placed`).
    The same input gives the same bytes. Raises ValueError naming file and line of what cannot be used.
    """
    own = [*read_examples(examples), *(Case(text, grave, OWN) for text, grave in taught)]
    cases = _placed([*own, *(Case(text, False, 1.0) for text in complaints(data))], places)
    rows = _matrix(_as_assessed([case.text for case in cases]))
    grave = np.array([case.grave for case in own])
    held_out = _held_out(rows, cases, len(own))
    threshold = max(MIDDLE, float(np.quantile(held_out[~grave], SPARED)))
    calm = min(CALMEST, float(np.quantile(held_out[grave], KEPT)))
    above = held_out >= threshold
    figures = Figures(*(int(n.sum()) for n in (grave, above & grave, ~grave, above & ~grave)))
    save_gravity(target, pack(*_fit(rows, cases), threshold, calm), figures)
    return figures


def read_examples(path: Path) -> list[Case]:
    """`grade||text` a line, the grade I to IV or x for what wakes nobody; lines that begin with # are remarks."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        grade, mark, text = line.partition("||")
        if not mark or grade not in GRADES or not text.strip():
            raise ValueError(f"{path}: line {number}: grade (I, II, III, IV or x), two bars, text")
        found.append(Case(text.strip(), grade in GRAVE, OWN))
    return found


def complaints(folder: Path) -> Iterator[str]:
    """Every message of the folder's CSV files, in the order of their names: none of them tells of an emergency."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                text = row.get("text") or f"{row.get('留言主题') or ''}\n{row.get('留言详情') or ''}".strip()
                if text:
                    yield text


def _held_out(rows: Any, cases: Sequence[Case], own: int) -> NDArray[np.float64]:
    """The score of each of the first `own` cases by a model that saw neither it nor the rest of its fold."""
    number = np.arange(len(cases))
    found = np.zeros(own)
    for fold in range(FOLDS):
        inside = (number < own) & (number % FOLDS == fold)
        weights, bias = _fit(rows[~inside], [case for case, out in zip(cases, inside, strict=True) if not out])
        found[number[inside]] = rows[inside] @ np.append(weights, bias)
    return found


def _fit(rows: Any, cases: Sequence[Case]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias, solved for one unknown a text by conjugate gradients in a fixed number of steps."""
    columns = rows.T.tocsr()
    penalties = PENALTY / np.array([case.weight for case in cases])
    targets = np.where([case.grave for case in cases], 1.0, -1.0)
    answer, rest = np.zeros_like(targets), targets.copy()
    step, size = rest.copy(), _product(rest, rest)
    for _ in range(STEPS):
        image = rows @ (columns @ step) + penalties * step
        length = size / max(_product(step, image), TINY)
        answer += length * step
        rest -= length * image
        before, size = size, _product(rest, rest)
        step = rest + size / max(before, TINY) * step
    weights: NDArray[np.float64] = columns @ answer
    return weights[:-1], float(weights[-1])


def _placed(cases: Sequence[Case], places: Sequence[str]) -> list[Case]:
    """The cases, as many of the others with a place of ours as there are grave ones with one.

    Who invents a disaster says where; who complains in another city does not name our districts. Learned from that, the
    name alone would make every complaint of ours sound half as grave again.
    """
    if not places:
        return list(cases)
    chance, named = random.Random(SEED), re.compile("|".join(map(re.escape, places)))
    grave = [named.search(case.text) is not None for case in cases if case.grave]
    share = sum(grave) / max(1, len(grave))
    found = []
    for case in cases:
        if not case.grave and named.search(case.text) is None and chance.random() < share:
            case = case._replace(text=chance.choice(WHERE).format(chance.choice(places)) + case.text)
        found.append(case)
    return found


def _as_assessed(texts: Sequence[str]) -> list[str]:
    """The texts as the assessment scores them: title and text in two lines, folded (half-width commas)."""
    return [folded.text for folded in Folder().fold([text if "\n" in text else f"\n{text}" for text in texts])]


def _product(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Their inner product, added up in one order on every machine: BLAS adds by as many threads as there are."""
    return float((one * other).sum())


def _matrix(texts: Sequence[str]) -> Any:
    """One row a text: its n-grams at equal length, and a column of ones."""
    from scipy.sparse import csr_matrix

    found = [np.append(grams(text), 1 << BITS) for text in texts]
    values = [np.append(np.full(len(one) - 1, (len(one) - 1) ** -0.5), 1.0) for one in found]
    ends = np.cumsum([0, *(len(one) for one in found)])
    return csr_matrix((np.concatenate(values), np.concatenate(found), ends), shape=(len(texts), (1 << BITS) + 1))
