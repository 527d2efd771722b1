"""One relation, one verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from services.domain.figures import counts, shares, sums
from services.domain.figures.members import Members
from services.domain.figures.model import BadRelation, Document, Relation, Verdict

KINDS: Mapping[str, Callable[[Members], Verdict]] = {
    "sum": sums.sum_of_parts,
    "percent": shares.percent,
    "percent_column_sum": shares.column,
    "subset": sums.subset,
    "equal": sums.equal,
    "inconsistent_count": sums.counted_twice,
    "growth": shares.growth,
    "implied_count": shares.implied_count,
    "enumeration_count": counts.enumeration,
    "frequency": counts.frequency,
    "undeclared_base": sums.undeclared_base,
    "unexplained_residual": sums.gap,
    "partial_list": sums.gap,
    "missing_total": sums.gap,
    "plausibility": shares.plausibility,
    "stock_vs_flow": sums.stock_vs_flow,
    "narrative_vs_figures": shares.narrative,
}


def check(document: Document) -> list[Verdict]:
    """A verdict for every relation, in the document's order. Nothing is repaired.

    Raises:
        BadRelation: an unknown kind, a missing member, an id no figure has, or a value that is no number.
    """
    return [_judge(document, relation) for relation in document.relations]


def _judge(document: Document, relation: Relation) -> Verdict:
    judge = KINDS.get(relation.kind)
    if judge is None:
        raise BadRelation(relation.id, "kind", f"unknown: {relation.kind!r}; known: {', '.join(KINDS)}")
    return judge(Members(document, relation))
