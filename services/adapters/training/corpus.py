"""Labelled messages from a folder, prepared as the classifier will see them, with groups of near-duplicates."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    """One message: its characters and words as matched, its label, and whether its full text is known."""

    codes: NDArray[np.uint32]
    words: tuple[str, ...]
    label: str
    full: bool
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
    texts = [(text, label, False) for _, text, label in raw] + [(text, label, True) for text, label in corrections]
    examples = _from_texts(texts, segmenter)
    known = {row for row, _, _ in raw}
    if (folder / SEGMENTED).exists():
        rows = [one for one in _rows(folder / SEGMENTED, "seg_text") if one[0] not in known]
        examples += [_from_words(words.split(), label) for _, words, label in rows]
    labels = sorted({one.label for one in examples})
    return Corpus(tuple(examples), near_duplicates([one.codes for one in examples]), tuple(labels))


def _rows(path: Path, column: str) -> Iterable[tuple[str, str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            if not row.get(column) or not row.get("label"):
                raise ValueError(f"{path}: record {number}: {column} or label is empty")
            yield row["row"], row[column], row["label"]


def _from_texts(texts: Sequence[tuple[str, str, bool]], segmenter: Segmenter) -> list[Example]:
    folded = Folder().fold([text for text, _, _ in texts])
    return [
        Example(one.codes[is_han(one.codes)], tuple(segmenter.words(one.text)), label, True, corrected)
        for one, (_, label, corrected) in zip(folded, texts, strict=True)
    ]


def _from_words(words: list[str], label: str) -> Example:
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    return Example(codes[is_han(codes)], tuple(words), label, False)


def near_duplicates(texts: Sequence[NDArray[np.uint32]]) -> NDArray[np.int64]:
    """A group number per text: texts connected by a chain of cosines above `SAME` share one."""
    from scipy.sparse import vstack
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    plain = [text.tobytes().decode("utf-32-le") or "空" for text in texts]
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), min_df=2, max_df=0.02, sublinear_tf=True)
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
