"""Fit the topic model: penalised least squares over all blocks at once, then round the weights to int8.

Deterministic: the same data, seed and library versions give the same file, byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier import Block, Blocks, TopicModel
from services.adapters.classifier.features import OPENING, Counts, char_slots, ideographs, joined, weigh, word_slots
from services.adapters.training.corpus import Corpus, Example


class _Bits(NamedTuple):
    chars: int
    words: int
    openings: int


SEED = 20170101
PENALTY, STEPS, TINY = 0.5, 60, 1e-30
FULL, SEGMENTED = 0.7, 1.2
"""Factors of the penalty of full and of segmented messages."""
BITS = _Bits(22, 21, 20)
SHARES = (1.0, 1.0, 0.5**0.5)
"""How much each kind of feature counts, in the order of `Blocks`; the opening half of the whole text."""
OPENING_WITHOUT_STOP_WORDS = 22
"""Ideographs of a segmented message that come from about the same stretch as `OPENING` of a full one."""
SHARPNESS = 3.0
RARE = 2
"""A slot or word in fewer messages than this is not learned from."""


def train_model(corpus: Corpus, chosen: NDArray[np.int64] | None = None) -> TopicModel:
    """The model learned from the chosen examples (all of them by default)."""
    examples = list(corpus.examples) if chosen is None else [corpus.examples[i] for i in chosen]
    vocabulary = learn_vocabulary(examples)
    labels = np.array([corpus.labels.index(one.label) for one in examples])
    kinds = [_select(counts, bits) for counts, bits in zip(_counts(examples, vocabulary), BITS, strict=True)]
    parts = [matrix(counts, idf) * share for (counts, _, idf), share in zip(kinds, SHARES, strict=True)]
    targets = np.where(labels[:, None] == np.arange(len(corpus.labels)), 1.0, -1.0)
    weights = _fit(parts, targets, _penalties(examples, labels)[:, None])
    ends = np.cumsum([len(idf) for _, _, idf in kinds])
    found = zip(kinds, np.split(weights, ends[:-1]), SHARES, strict=True)
    blocks = Blocks(*(_block(present, idf, part * share) for (_, present, idf), part, share in found))
    model = TopicModel(corpus.labels, vocabulary, blocks)
    model.sharpness = SHARPNESS
    return model


def _counts(examples: Sequence[Example], vocabulary: Sequence[str]) -> tuple[Counts, Counts, Counts]:
    """Counts of every hash, in the order of `Blocks`."""
    numbers = {word: number for number, word in enumerate(vocabulary)}
    words = [[numbers[word] for word in one.words if word in numbers] for one in examples]
    whole = [one.codes for one in examples]
    opening = [one.codes[: OPENING if one.full else OPENING_WITHOUT_STOP_WORDS] for one in examples]
    chars, pairs, openings = (_every(bits) for bits in BITS)
    return (
        char_slots(ideographs(whole)[0], BITS.chars, chars),
        word_slots(joined(words), BITS.words, pairs),
        char_slots(ideographs(opening)[0], BITS.openings, openings),
    )


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


def _penalties(examples: Sequence[Example], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Less for what should be learned more closely: rare labels, and messages known as they were written."""
    sizes = np.bincount(labels)
    share = sizes[labels] / sizes[sizes > 0].mean()
    full = np.array([one.full for one in examples])
    factor: NDArray[np.float64] = np.sqrt(share) * np.where(full, FULL, SEGMENTED)
    return PENALTY * factor


def _fit(parts: list[Any], targets: NDArray[np.float64], penalties: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights of least squares with a penalty, by conjugate gradients: `weights[feature, label]`.

    Solved for one unknown a message, (XX' + penalties) a = targets, all labels at once, in a fixed number of steps:
    no random numbers and no threads, so the same bytes every time.
    """
    from scipy.sparse import hstack

    rows = hstack(parts).tocsr().astype(np.float64)
    columns = rows.T.tocsr()
    answer, rest = np.zeros_like(targets), targets.copy()
    step, size = rest.copy(), (rest * rest).sum(axis=0)
    for _ in range(STEPS):
        image = rows @ (columns @ step) + penalties * step
        length = size / np.maximum((step * image).sum(axis=0), TINY)
        answer += length * step
        rest -= length * image
        before, size = size, (rest * rest).sum(axis=0)
        step = rest + size / np.maximum(before, TINY) * step
    weights: NDArray[np.float64] = columns @ answer
    return weights


def _block(present: NDArray[np.bool_], idf: NDArray[np.float32], weights: NDArray[np.float64]) -> Block:
    scale = np.abs(weights).max(axis=0) / 127
    rounded = np.rint(weights / scale).astype(np.int8)
    return Block(present, idf, rounded, scale.astype(np.float32))
