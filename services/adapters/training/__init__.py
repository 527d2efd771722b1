"""Training and measuring the topic model. Needs scikit-learn (a development dependency), except to read the figures.

`huiying train --data DIR` calls `rebuild`, `huiying evaluate --data DIR` calls `measure`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.adapters.classifier import save_model
from services.adapters.segmenter import Segmenter
from services.adapters.training.corpus import Corpus, read_corpus
from services.adapters.training.fitting import train_model
from services.adapters.training.measuring import Figures, cross_validate
from services.adapters.training.recording import are_of, load_figures, save_figures, show

SCIKIT_LEARN = "scikit-learn==1.9.1"
"""What training on messages needs beside the installation, as pinned in requirements-dev.txt."""
Lessons = Sequence[tuple[str, str]]
"""(text, topic) pairs that people's decisions taught: `usecases.evaluating.lessons`."""


def rebuild(data: Path, lexicon: Path, model: Path, taught: Lessons = ()) -> int:
    """Train on everything in `data` and what people taught, write `model`; how many messages were learned from.

    The same data, seed and library versions give the same bytes. Raises ValueError for data that cannot be used.
    """
    corpus = read_corpus(data, Segmenter(lexicon), taught)
    save_model(model, train_model(corpus))
    return len(corpus.examples)


def measure(data: Path, lexicon: Path, taught: Lessons = ()) -> Figures:
    """Group-aware cross-validation on the raw texts of `data`; takes minutes. Raises ValueError as `rebuild`."""
    return cross_validate(read_corpus(data, Segmenter(lexicon), taught))


__all__ = [
    "SCIKIT_LEARN",
    "Corpus",
    "Figures",
    "Lessons",
    "are_of",
    "cross_validate",
    "load_figures",
    "measure",
    "read_corpus",
    "rebuild",
    "save_figures",
    "show",
    "train_model",
]
