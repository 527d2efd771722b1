"""What a person's act says about the machine's proposal, kept in the same transaction as the act."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.domain.correction import Correction, CorrectionKind
from services.domain.incident import Incident, Moment
from services.usecases.ports import Filed

# How the names of the rules begin that a proposal of each kind rests on.
_RULES = {
    CorrectionKind.EVENT_GRADE: "事件等级",
    CorrectionKind.OPINION_GRADE: "舆情等级",
    CorrectionKind.DEPARTMENT: "主责",
    CorrectionKind.DISPOSITION: "处置",
}
NONE = "none"


def corrections(act: str, incident: Incident, posts: Sequence[Filed], moment: Moment) -> list[Correction]:
    """The decision beside the proposal for the post it rests on; equal values mean that the person agreed."""
    live = [f for f in posts if not f.post.backfill] or posts
    return [_correction(kind, judged(live), incident, moment) for kind, judged in TEACHING.get(act, ()) if live]


Judged = Callable[[Sequence[Filed]], Filed]


def _first(posts: Sequence[Filed]) -> Filed:
    return posts[0]


def _gravest(posts: Sequence[Filed]) -> Filed:
    return max(posts, key=lambda f: f.assessment.event_grade.rank if f.assessment.event_grade else 0)


def _loudest(posts: Sequence[Filed]) -> Filed:
    return max(posts, key=lambda f: f.assessment.opinion_grade.rank)


TEACHING: dict[str, tuple[tuple[CorrectionKind, Judged], ...]] = {
    "confirm_grade": ((CorrectionKind.EVENT_GRADE, _gravest), (CorrectionKind.OPINION_GRADE, _loudest)),
    "assign": ((CorrectionKind.DEPARTMENT, _first),),
    "transfer_lead": ((CorrectionKind.DEPARTMENT, _first),),
    "resolve": ((CorrectionKind.DISPOSITION, _first),),
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
    return Correction(post.key, kind, proposed, decided, moment.actor.name, moment.now, rule, post.title, post.text)
