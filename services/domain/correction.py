"""纠正: what a person decided about a proposal of the machine, kept with the text so that it can be learned from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.domain.vocabulary import Term


class CorrectionKind(Term):
    """What was decided upon."""

    EVENT_GRADE = "event_grade", "事件等级"
    OPINION_GRADE = "opinion_grade", "舆情等级"
    DEPARTMENT = "department", "主责部门"
    DISPOSITION = "disposition", "处置建议"
    TOPIC = "topic", "主题"
    GROUP = "group", "归并"


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's decision beside the machine's proposal; equal values mean that the person agreed.

    `rule` is the rule of the reason the proposal rested on. `title` and `text` are the post's at that time.
    For 归并 `proposed` and `decided` are the numbers of the incidents where machine and person put the post.
    """

    post: str
    kind: CorrectionKind
    proposed: str
    decided: str
    by: str
    at: datetime
    rule: str = ""
    title: str = ""
    text: str = ""

    @property
    def agreed(self) -> bool:
        return self.proposed == self.decided

    @property
    def label(self) -> str:
        """What is counted together: every incident has a number of its own, so 归并 is counted by rule alone."""
        return self.kind.label if self.kind is CorrectionKind.GROUP else self.proposed


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often people agreed with one label that one rule proposed."""

    kind: CorrectionKind
    label: str
    rule: str
    agreed: int
    total: int

    @property
    def rate(self) -> float:
        return self.agreed / self.total


def agreement(corrections: Iterable[Correction]) -> list[Agreement]:
    """Agreement per kind, proposed label and rule; the least agreed with first, so that it is seen first."""
    counts: dict[tuple[CorrectionKind, str, str], list[int]] = {}
    for one in corrections:
        count = counts.setdefault((one.kind, one.label, one.rule), [0, 0])
        count[0] += one.agreed
        count[1] += 1
    found = [Agreement(*key, agreed, total) for key, (agreed, total) in counts.items()]
    return sorted(found, key=lambda one: (one.rate, -one.total, one.kind.value, one.label, one.rule))


def latest(corrections: Iterable[Correction]) -> list[Correction]:
    """The last decision on each post and kind: a person may change his mind."""
    last: dict[tuple[str, CorrectionKind], Correction] = {}
    for one in sorted(corrections, key=lambda correction: correction.at):
        last[(one.post, one.kind)] = one
    return list(last.values())
