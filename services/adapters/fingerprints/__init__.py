"""Text → `Signature`: hashed pieces of the text, many posts at once with numpy, so that a post costs some 0.1 ms."""

from services.adapters.fingerprints.letters import BUCKETS, commonness, fold
from services.adapters.fingerprints.signing import Fingerprints

__all__ = ["BUCKETS", "Fingerprints", "commonness", "fold"]
