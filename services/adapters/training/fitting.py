"""Fit the topic model: linear support vectors over both blocks at once, then round the weights to int8.

Deterministic: the same data, seed and library versions give the same file, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier import Block, TopicModel
from services.adapters.classifier.features import Counts, char_slots, weigh, word_slots
from services.adapters.training.corpus import Corpus, Example

SEED = 20170101
COST, TOLERANCE = 1.0, 1e-3
CHAR_BITS, WORD_BITS = 22, 21
RARE = 2
"""A slot or word in fewer messages than this is not learned from."""


def train_model(corpus: Corpus, chosen: NDArray[np.int64] | None = None) -> TopicModel:
    """The model learned from the chosen examples (all of them by default)."""
    examples = list(corpus.examples) if chosen is None else [corpus.examples[i] for i in chosen]
    vocabulary = learn_vocabulary(examples)
    numbers = {word: number for number, word in enumerate(vocabulary)}
    labels = np.array([corpus.labels.index(one.label) for one in examples])
    words = [[numbers[word] for word in one.words if word in numbers] for one in examples]
    chars, char_present, char_idf = _select(
        char_slots([one.codes for one in examples], CHAR_BITS, _every(CHAR_BITS)), CHAR_BITS
    )
    pairs, word_present, word_idf = _select(word_slots(words, WORD_BITS, _every(WORD_BITS)), WORD_BITS)
    weights, bias = _fit([matrix(chars, char_idf), matrix(pairs, word_idf)], labels)
    char_block = _block(char_present, char_idf, weights[:, : len(char_idf)])
    word_block = _block(word_present, word_idf, weights[:, len(char_idf) :])
    model = TopicModel(corpus.labels, vocabulary, char_block, word_block)
    model.bias = bias.astype(np.float32)
    model.sharpness = 3.0
    return model


def learn_vocabulary(examples: Sequence[Example]) -> list[str]:
    """Words worth knowing: with an ideograph, in enough messages, and kept by whoever segmented them.

    Segmented messages have their stop words removed, so what they never contain is a stop word. Without any segmented
    message every word counts.
    """
    some_kept = any(one.kept for one in examples)
    seen: Counter[str] = Counter()
    for one in examples:
        seen.update(set(one.kept if some_kept else one.words))
    return sorted(word for word, count in seen.items() if count >= RARE and any("一" <= char <= "龥" for char in word))


def matrix(counts: Counts, idf: NDArray[np.float32]) -> Any:
    """The weighed counts as a sparse matrix, one row a message."""
    from scipy.sparse import csr_matrix

    return csr_matrix((weigh(counts, idf), (counts.text, counts.slot)), shape=(counts.texts, len(idf)))


def _every(bits: int) -> NDArray[np.int32]:
    return np.arange(1 << bits, dtype=np.int32)


def _select(counts: Counts, bits: int) -> tuple[Counts, NDArray[np.bool_], NDArray[np.float32]]:
    """Only the hashes that occur in enough messages, renumbered, with their inverse document frequency."""
    seen = np.bincount(counts.slot, minlength=1 << bits)
    present = seen >= RARE
    numbers = np.cumsum(present) - 1
    keep = present[counts.slot]
    idf = np.log((1 + counts.texts) / (1 + seen[present])) + 1
    kept = Counts(counts.texts, counts.text[keep], numbers[counts.slot[keep]], counts.count[keep])
    return kept, present, idf.astype(np.float16).astype(np.float32)  # as it will be read back


def _fit(blocks: list[Any], labels: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    from scipy.sparse import hstack
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=COST, tol=TOLERANCE, random_state=SEED).fit(hstack(blocks).tocsr(), labels)
    return model.coef_, model.intercept_


def _block(present: NDArray[np.bool_], idf: NDArray[np.float32], weights: NDArray[np.float64]) -> Block:
    scale = np.abs(weights).max(axis=1) / 127
    rounded = np.rint(weights.T / scale).astype(np.int8)
    return Block(present, idf, rounded, scale.astype(np.float32))
