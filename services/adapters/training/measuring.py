"""How good the topic model is: cross-validation in which near-duplicates never straddle folds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier import TopicModel
from services.adapters.training.corpus import Corpus
from services.adapters.training.fitting import SEED, train_model

FOLDS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures on the raw texts only. `confusion[true][answered]` counts messages."""

    labels: tuple[str, ...]
    macro_f1: float
    f1: tuple[float, ...]
    accuracy: float
    top2: float
    confusion: tuple[tuple[int, ...], ...]
    messages: int


def cross_validate(corpus: Corpus, folds: int = FOLDS) -> Figures:
    """Every raw text is scored by a model that saw neither it nor anything near it, in raw or segmented form."""
    from sklearn.model_selection import StratifiedGroupKFold

    full = np.array([i for i, one in enumerate(corpus.examples) if one.full and not one.corrected])
    truth = np.array([corpus.labels.index(corpus.examples[i].label) for i in full])
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=SEED)
    scores = np.zeros((len(full), len(corpus.labels)), np.float32)
    for _, test in split.split(full, truth, corpus.groups[full]):
        held = np.isin(corpus.groups, corpus.groups[full[test]])
        model = train_model(corpus, np.flatnonzero(~held))
        scores[test] = score(model, corpus, full[test])
    return figures(corpus.labels, truth, scores)


def score(model: TopicModel, corpus: Corpus, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    """The model's scores of these examples."""
    examples = [corpus.examples[i] for i in chosen]
    return model.scores([one.codes for one in examples], [model.numbers(one.words) for one in examples])


def figures(labels: tuple[str, ...], truth: NDArray[np.int64], scores: NDArray[np.float32]) -> Figures:
    """The figures of these scores."""
    answered = scores.argmax(axis=1)
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (truth, answered), 1)
    hit = confusion.diagonal()
    f1 = 2 * hit / np.maximum(1, confusion.sum(axis=0) + confusion.sum(axis=1))
    best_two = np.argsort(-scores, axis=1)[:, :2]
    return Figures(
        labels,
        float(f1.mean()),
        tuple(float(one) for one in f1),
        float(hit.sum() / len(truth)),
        float((best_two == truth[:, None]).any(axis=1).mean()),
        tuple(tuple(int(n) for n in row) for row in confusion),
        len(truth),
    )
