"""The arithmetic of a published report: every relation between its figures, tested one by one, never repaired."""

from services.domain.figures.checking import KINDS, check
from services.domain.figures.model import BadRelation, Document, Figure, Outcome, Relation, Verdict

__all__ = ["KINDS", "BadRelation", "Document", "Figure", "Outcome", "Relation", "Verdict", "check"]
