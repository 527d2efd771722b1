"""The topic classifier: a linear model over hashed character n-grams and words, vectorised over a batch."""

from services.adapters.classifier.model import Block, Blocks, Prediction, TopicModel, load_model, save_model

__all__ = ["Block", "Blocks", "Prediction", "TopicModel", "load_model", "save_model"]
