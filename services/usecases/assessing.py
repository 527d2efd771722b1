"""研判: assess what came in; what does not concern the city is counted and goes no further."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.domain.assessment import Assessment
from services.domain.post import Post
from services.usecases.ports import Assessor

RELEVANCE = "相关性:"


@dataclass(frozen=True, slots=True)
class Assessed:
    """`relevant` goes on to be tracked, in order; `left_out` counts the others by the rule that left them out."""

    relevant: list[tuple[Post, Assessment]] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def assess_all(assessor: Assessor, posts: Sequence[Post]) -> list[tuple[Post, Assessment]]:
    """Every post with its assessment, in order. CPU-bound: call it off the event loop."""
    return list(zip(posts, assessor.assess(posts), strict=True))


def sift(assessor: Assessor, posts: Sequence[Post]) -> Assessed:
    """The relevant posts with their assessments, and how many were left out and why."""
    found = Assessed()
    for post, assessment in assess_all(assessor, posts):
        if assessment.relevant:
            found.relevant.append((post, assessment))
        else:
            found.left_out[why_left_out(assessment)] += 1
    return found


def why_left_out(assessment: Assessment) -> str:
    """The name of the rule of relevance that spoke (致谢, 他地 …)."""
    rules = (reason.rule for reason in assessment.reasons if reason.rule.startswith(RELEVANCE))
    return next(rules, RELEVANCE).removeprefix(RELEVANCE) or "未说明"
