"""The topic model: three blocks of linear weights over hashed features, shipped as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier.features import (
    Counts,
    Floats,
    Ints,
    Runs,
    char_slots,
    ideographs,
    joined,
    single_word_slots,
    weigh,
    word_slots,
)
from services.adapters.classifier.vocabulary import Codes, Vocabulary, Words

FORMAT = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Weights of one kind of feature.

    `present[hash]` says which of the 2**bits hashes are features, numbered in the order of their hashes; feature n
    has `idf[n]` and, for each label, `weights[n, label]` times `scale[label]`.
    """

    present: NDArray[np.bool_]
    idf: Floats
    weights: NDArray[np.int8]
    scale: Floats

    @property
    def bits(self) -> int:
        return len(self.present).bit_length() - 1

    @property
    def known(self) -> NDArray[np.int32]:
        """The number of the feature for each hash, -1 for none."""
        numbers = np.full(len(self.present), -1, np.int32)
        numbers[np.flatnonzero(self.present)] = np.arange(len(self.idf), dtype=np.int32)
        return numbers


class Blocks(NamedTuple):
    """The three kinds of features: n-grams of the whole text, its words, n-grams of its opening."""

    chars: Block
    words: Block
    openings: Block


@dataclass(frozen=True, slots=True)
class Prediction:
    """`probabilities[text, label]`, and per text the word that speaks most for the label chosen ("" for none)."""

    probabilities: Floats
    words: list[str]


class TopicModel:
    """Answers topic probabilities for a batch of folded, segmented texts."""

    def __init__(self, labels: Sequence[str], vocabulary: Sequence[str], blocks: Blocks) -> None:
        self.labels = tuple(labels)
        self.vocabulary = tuple(vocabulary)
        chars, words, opening = blocks
        self.blocks = blocks
        self.bias: Floats = np.zeros(len(labels), np.float32)
        self.sharpness = 1.0
        self._known = Vocabulary(self.vocabulary)
        self._char_known, self._word_known = chars.known, words.known
        self._char_rows, self._word_rows = _rows(chars), _rows(words)
        self._opening_known, self._opening_rows = opening.known, _rows(opening)
        slots = single_word_slots(np.arange(len(self.vocabulary), dtype=np.uint32), words.bits, self._word_known)
        alone = words.weights[slots].astype(np.float32) * words.scale * words.idf[slots, None]
        self._word_weights = np.where(slots[:, None] >= 0, alone, 0)

    def numbers(self, words: Sequence[str]) -> list[int]:
        """The words as numbers of the vocabulary; unknown ones (stop words, names) fall out."""
        found: list[int] = self._known.numbers([words]).numbers[0].tolist()
        return found

    def all_numbers(self, words: Iterable[Sequence[str]]) -> Words:
        """As `numbers`, for the words of each text of a batch, and where the words end."""
        return self._known.numbers(words)

    def share(self, word: str) -> float | None:
        """The share of the messages the model was trained on that have the word; None for one that it does not know."""
        numbers = np.array(self.numbers([word]), np.uint32)
        known = [n for n in single_word_slots(numbers, self.blocks.words.bits, self._word_known).tolist() if n >= 0]
        return float(np.exp(1 - self.blocks.words.idf[known[0]])) if known else None

    def predict(self, codes: Sequence[Codes], words: Sequence[Sequence[int] | Ints]) -> Prediction:
        """Probabilities and the strongest word of each text."""
        scores = self.scores(codes, words)
        sharp = np.exp((scores - scores.max(axis=1, keepdims=True)) * self.sharpness)
        probabilities = (sharp / sharp.sum(axis=1, keepdims=True)).astype(np.float32)
        return Prediction(probabilities, self._strongest(joined(words), probabilities.argmax(axis=1)))

    def scores(self, codes: Sequence[Codes], words: Sequence[Sequence[int] | Ints]) -> Floats:
        """The linear scores, before they are made probabilities."""
        (chars, pairs, opening), (whole, head) = self.blocks, ideographs(codes)
        total = np.tile(self.bias, (len(codes), 1))
        total += _dot(char_slots(whole, chars.bits, self._char_known), chars, self._char_rows)
        total += _dot(word_slots(joined(words), pairs.bits, self._word_known), pairs, self._word_rows)
        total += _dot(char_slots(head, opening.bits, self._opening_known), opening, self._opening_rows)
        return total

    def _strongest(self, words: Runs, labels: NDArray[np.int64]) -> list[str]:
        """For each text the first of the words that speak most for its label, "" where none speaks for it."""
        lengths = words.lengths()
        some = np.flatnonzero(lengths)
        worth = self._word_weights[words.items, np.repeat(labels, lengths)]
        starts = (words.ends - lengths).take(some)
        best = np.maximum.reduceat(worth, starts)
        places = np.flatnonzero(worth == np.repeat(best, lengths.take(some)))
        first = words.items.take(places.take(np.searchsorted(places, starts)))
        found = [""] * len(lengths)
        for text, number, most in zip(some.tolist(), first.tolist(), best.tolist(), strict=True):
            if most > 0:
                found[text] = self.vocabulary[number]
        return found


def _dot(counts: Counts, block: Block, rows: NDArray[np.int64]) -> Floats:
    """Scores of each text: one gather of weight rows for the batch, then one small product a text."""
    value = weigh(counts, block.idf)
    gathered = rows.take(counts.slot).view(np.int8).reshape(-1, 8).astype(np.float32)
    ends = counts.bounds().tolist()
    total = np.empty((counts.texts, 8), np.float32)
    for text, (start, end) in enumerate(pairwise(ends)):
        np.dot(value[start:end], gathered[start:end], out=total[text])
    return total[:, : len(block.scale)] * block.scale


def _rows(block: Block) -> NDArray[np.int64]:
    """The weights of a feature as the eight bytes of one integer: one look-up brings them all."""
    rows = np.zeros((len(block.idf), 8), np.int8)
    rows[:, : block.weights.shape[1]] = block.weights
    return rows.view(np.int64).ravel()


def save_model(path: Path, model: TopicModel) -> None:
    """Write the model as an .npz of plain arrays: nothing in it is ever executed (no pickle)."""
    arrays: dict[str, NDArray[np.generic]] = {
        "format": np.array([FORMAT]),
        "labels": np.array(model.labels),
        "vocabulary": np.frombuffer("\n".join(model.vocabulary).encode(), np.uint8),
        "bias": model.bias,
        "sharpness": np.array([model.sharpness], np.float32),
    }
    for name, block in zip(Blocks._fields, model.blocks, strict=True):
        arrays[f"{name}_present"] = np.packbits(block.present)
        arrays[f"{name}_idf"] = block.idf.astype(np.float16)
        arrays[f"{name}_weights"] = block.weights
        arrays[f"{name}_scale"] = block.scale
    np.savez_compressed(path, allow_pickle=False, **arrays)


def load_model(path: Path) -> TopicModel:
    """The model at `path`.

    Raises:
        ValueError: not a model of this format; the message says what to run.
    """
    with np.load(path, allow_pickle=False) as arrays:
        if "format" not in arrays or int(arrays["format"][0]) != FORMAT:
            raise ValueError(f"{path}: not a topic model of format {FORMAT}; run huiying train")
        model = TopicModel(
            [str(label) for label in arrays["labels"]],
            arrays["vocabulary"].tobytes().decode().split("\n"),
            Blocks(*(_block(arrays, name) for name in Blocks._fields)),
        )
        model.bias, model.sharpness = arrays["bias"], float(arrays["sharpness"][0])
    return model


def _block(arrays: np.lib.npyio.NpzFile, name: str) -> Block:
    present = np.unpackbits(arrays[f"{name}_present"]).view(np.bool_)
    idf = arrays[f"{name}_idf"].astype(np.float32)
    return Block(present, idf, arrays[f"{name}_weights"], arrays[f"{name}_scale"])
