"""Labelled messages from a folder, prepared as the classifier will see them, with groups of near-duplicates."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.adapters.classifier.features import is_han
from services.adapters.folding import Folder
from services.adapters.segmenter import Segmenter

RAW, SEGMENTED = "raw.csv", "segmented.csv"
SAME = 0.5
"""Cosine of character-trigram TF-IDF from which two messages count as the same (they then share a fold)."""


@dataclass(frozen=True, slots=True)
class Example:
    """One message: its characters and words as matched, and its label.

    `kept` are the words that whoever segmented it by hand-made stop list kept; empty where nobody did.
    `full` says that the text is known as it was written.
    """

    codes: NDArray[np.uint32]
    words: tuple[str, ...]
    label: str
    kept: tuple[str, ...] = ()
    full: bool = True
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Corpus:
    """The examples in a fixed order, `groups[i]` the group of near-duplicates that example i belongs to."""

    examples: tuple[Example, ...]
    groups: NDArray[np.int64]
    labels: tuple[str, ...]


def read_corpus(folder: Path, segmenter: Segmenter, corrections: Iterable[tuple[str, str]] = ()) -> Corpus:
    """`raw.csv` (row, text, label), `segmented.csv` (row, seg_text, label; optional) and corrections (text, label).

    A row that is in both files is taken as raw text. Raises ValueError naming file and line of what cannot be used.
    """
    raw = list(_rows(folder / RAW, "text"))
    segmented = {row: (words, label) for row, words, label in _rows(folder / SEGMENTED, "seg_text")}
    texts = [(text, label, segmented.pop(row, ("", ""))[0]) for row, text, label in raw]
    examples = _from_texts(texts, segmenter)
    taught = [(text, label, "") for text, label in corrections]
    examples += [replace(one, corrected=True) for one in _from_texts(taught, segmenter)]
    examples += [_from_words(tuple(words.split()), label) for words, label in segmented.values()]
    labels = sorted({one.label for one in examples})
    return Corpus(tuple(examples), near_duplicates([one.codes for one in examples]), tuple(labels))


def _rows(path: Path, column: str) -> Iterable[tuple[str, str, str]]:
    if not path.exists() and path.name == SEGMENTED:
        return
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if not row.get(column) or not row.get("label"):
                raise ValueError(f"{path}: record {number}: {column} or label is empty")
            yield row["row"], row[column], row["label"]


def _from_texts(texts: Sequence[tuple[str, str, str]], segmenter: Segmenter) -> list[Example]:
    folded = Folder().fold([text for text, _, _ in texts]) if texts else []
    return [
        Example(one.codes[is_han(one.codes)], tuple(segmenter.words(one.text)), label, tuple(kept.split()))
        for one, (_, label, kept) in zip(folded, texts, strict=True)
    ]


def _from_words(words: tuple[str, ...], label: str) -> Example:
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    return Example(codes[is_han(codes)], words, label, words, full=False)


def near_duplicates(texts: Sequence[NDArray[np.uint32]]) -> NDArray[np.int64]:
    """A group number per text: texts connected by a chain of cosines above `SAME` share one."""
    from scipy.sparse import vstack
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [text.tobytes().decode("utf-32-le") or "空" for text in texts]
    common = max(20, len(texts) // 50)  # a trigram of more messages than this says nothing about copying
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), min_df=2, max_df=common, sublinear_tf=True)
    matrix = vectors.fit_transform(plain).astype(np.float32)
    links = [_above(matrix[start : start + 1000] @ matrix.T) for start in range(0, matrix.shape[0], 1000)]
    groups: NDArray[np.int64] = connected_components(vstack(links), directed=False)[1]
    return groups


def _above(similar: object) -> object:
    from scipy.sparse import csr_matrix

    found = csr_matrix(similar)
    found.data[found.data <= SAME] = 0
    found.eliminate_zeros()
    return found
