"""Decisions made into lessons: each text is judged again by the machine of today without lessons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from services.adapters.assessor import MachineAssessor
from services.adapters.classifier import load_model
from services.domain.assessment import Assessment
from services.domain.correction import Correction, CorrectionKind, latest
from services.domain.lessons import KINDS, Lessons
from services.domain.post import Post
from services.usecases.learning import Case, learn
from services.wiring.machine import assessor_with


def learned_from(decisions: Sequence[Correction], ignored: Sequence[str], config_dir: Path, model: Path) -> Lessons:
    """The lessons of these decisions beside the topic model at `model`. Raises BadConfig.

    What the rules and the model propose rightly by now is no longer a correction: the table does not grow old.
    """
    assessor = assessor_with(config_dir, model, Lessons())
    return learn(_cases(decisions, assessor), load_model(model).share, ignored)


def _cases(decisions: Sequence[Correction], assessor: MachineAssessor) -> list[Case]:
    last = [one for one in latest(decisions) if one.kind in KINDS and one.text]
    last.sort(key=lambda one: (one.at, one.post, one.kind.value))
    posts = [Post(one.post, "", one.title, one.text, one.at) for one in last]
    judged = zip(last, assessor.assess(posts), assessor.words(posts), strict=True)
    return [Case(one.post, one.kind, _proposed(one.kind, found), one.decided, words) for one, found, words in judged]


def _proposed(kind: CorrectionKind, found: Assessment) -> str:
    return found.lead_department if kind is CorrectionKind.DEPARTMENT else found.disposition.value
