"""What a person's act says about the machine's proposal, kept in the same transaction as the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.domain.correction import Correction, CorrectionKind
from services.domain.incident import Incident, Moment
from services.domain.vocabulary import OpinionGrade
from services.usecases.ports import Filed

# How the names of the rules begin that a proposal of each kind rests on.
_RULES = {
    CorrectionKind.EVENT_GRADE: "事件等级",
    CorrectionKind.OPINION_GRADE: "舆情等级",
    CorrectionKind.DEPARTMENT: "主责",
    CorrectionKind.DISPOSITION: "处置",
}
NONE = "none"
SPREAD = "舆情等级:传播"
"""The rule by which many posts raise the opinion grade above what the loudest of them says: the screen shows that."""
_OPINION = {grade.rank: str(grade) for grade in OpinionGrade}


Versions = Sequence[Filed]
"""One post as it was first collected and as it was edited since, in this order."""
Judged = Callable[[Sequence[Versions]], Filed]


def corrections(act: str, incident: Incident, posts: Sequence[Versions], moment: Moment) -> list[Correction]:
    """The decision beside the proposal for the wording it rests on; equal values mean that the person agreed."""
    heard = [some for versions in posts if (some := [f for f in versions if _is_heard(f)])] or posts
    return [_correction(kind, judged(heard), incident, moment) for kind, judged in TEACHING.get(act, ()) if heard]


def _is_heard(filed: Filed) -> bool:
    """What was added for the record, and an edit that left nothing for this city, propose no grade."""
    return filed.assessment.relevant and not filed.post.backfill


def _event_rank(filed: Filed) -> int:
    return filed.assessment.event_grade.rank if filed.assessment.event_grade else 0


def _opinion_rank(filed: Filed) -> int:
    return filed.assessment.opinion_grade.rank


def _highest(rank: Callable[[Filed], int]) -> Judged:
    """The highest is what the screen proposes; of the first post that carries it the latest wording that does."""

    def judged(posts: Sequence[Versions]) -> Filed:
        versions = max(posts, key=lambda versions: max(map(rank, versions)))
        return max(reversed(versions), key=rank)

    return judged


def _of_the_first(proposed: Callable[[Filed], Any]) -> Judged:
    """What the first post proposed when it came in stays on screen; its latest wording that proposes the same."""

    def judged(posts: Sequence[Versions]) -> Filed:
        first = posts[0]
        return next(filed for filed in reversed(first) if proposed(filed) == proposed(first[0]))

    return judged


_LEAD = _of_the_first(lambda filed: filed.assessment.lead_department)
_DISPOSITION = _of_the_first(lambda filed: filed.assessment.disposition)


TEACHING: dict[str, tuple[tuple[CorrectionKind, Judged], ...]] = {
    "confirm_grade": (
        (CorrectionKind.EVENT_GRADE, _highest(_event_rank)),
        (CorrectionKind.OPINION_GRADE, _highest(_opinion_rank)),
    ),
    "assign": ((CorrectionKind.DEPARTMENT, _LEAD),),
    "transfer_lead": ((CorrectionKind.DEPARTMENT, _LEAD),),
    "resolve": ((CorrectionKind.DISPOSITION, _DISPOSITION),),
}


def _correction(kind: CorrectionKind, filed: Filed, incident: Incident, moment: Moment) -> Correction:
    post, proposal = filed.post, filed.assessment
    values = {
        CorrectionKind.EVENT_GRADE: (proposal.event_grade, incident.event_grade),
        CorrectionKind.OPINION_GRADE: (proposal.opinion_grade, incident.opinion_grade),
        CorrectionKind.DEPARTMENT: (proposal.lead_department, incident.lead),
        CorrectionKind.DISPOSITION: (proposal.disposition, incident.disposition),
    }
    proposed, decided = (str(value or NONE) for value in values[kind])
    rule = next((r.rule for r in proposal.reasons if r.rule.startswith(_RULES[kind])), "")
    if kind is CorrectionKind.OPINION_GRADE and incident.opinion_rank > proposal.opinion_grade.rank:
        proposed, rule = _OPINION[incident.opinion_rank], SPREAD
    return Correction(post.key, kind, proposed, decided, moment.actor.name, moment.now, rule, post.title, post.text)
