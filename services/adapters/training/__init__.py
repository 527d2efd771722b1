"""Training and measuring the topic model. Needs scikit-learn (a development dependency)."""

from services.adapters.training.corpus import Corpus, read_corpus
from services.adapters.training.fitting import train_model
from services.adapters.training.measuring import Figures, cross_validate

__all__ = ["Corpus", "Figures", "cross_validate", "read_corpus", "train_model"]
