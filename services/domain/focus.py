"""收集重点 F1–F6 (四(三)), 苗头性, 疑似不实 and the proposed disposition (四(四))."""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.assessment import Reason
from services.domain.signals import Signals, cite
from services.domain.vocabulary import Disposition, EventGrade, Focus

LISTS = {
    Focus.F1: ("decision",),
    Focus.F2: ("livelihood",),
    Focus.F3: ("credibility",),
    Focus.F4: ("emergency",),
    Focus.F5: ("morality",),
    Focus.F6: ("rumour",),
}


@dataclass(frozen=True, slots=True)
class FocusReading:
    focus: tuple[Focus, ...]
    emerging: bool
    suspected_false: bool
    reasons: tuple[Reason, ...]


def read_focus(signals: Signals, grade: EventGrade | None) -> FocusReading:
    """The focus of a post. `suspected_false` is a hint for a person, never a verdict."""
    suspected = _suspected_false(signals)
    reasons: list[Reason] = []
    focus = []
    for kind, lists in LISTS.items():
        hit = signals.any(lists)
        if hit is None and not (kind is Focus.F4 and grade is not None):
            continue
        focus.append(kind)
        reasons.append(cite(f"focus.{kind.value}", hit, kind.label if hit is None else ""))
    if suspected:
        reasons.append(cite("suspected_false", signals.any(("rumour",)), "疑似不实,待人工核实"))
    emerging = signals.any(("emerging",))
    if emerging is not None:
        reasons.append(cite("emerging", emerging))
    return FocusReading(tuple(focus), emerging is not None, suspected, tuple(reasons))


def _suspected_false(signals: Signals) -> bool:
    """Rumour's own words; who denies or asks whether it is true is not spreading it, but still worth a look."""
    return signals.weight("rumour") >= 2 and not signals.has("denial")


def propose_disposition(
    signals: Signals, reading: FocusReading, grade: EventGrade | None
) -> tuple[Disposition, Reason]:
    """四(四): the first kind that fits, the gravest first; 实际困难 where nothing else speaks."""
    if reading.suspected_false:
        return Disposition.FALSE_INFORMATION, cite("disposition.false_information", signals.any(("rumour",)))
    if grade is not None and grade is not EventGrade.IV:
        return Disposition.MAJOR_PROBLEM, Reason("disposition.major_problem", f"{grade.label}突发事件")
    if (hit := signals.any(("major", "morality"))) is not None:
        return Disposition.MAJOR_PROBLEM, cite("disposition.major_problem", hit)
    if (hit := signals.any(("wrong_view",))) is not None:
        return Disposition.WRONG_VIEW, cite("disposition.wrong_view", hit)
    suggestion, question, complaint = (signals.weight(name) for name in ("suggestion", "question", "complaint"))
    if signals.in_title("suggestion") or (suggestion and suggestion >= complaint):
        return Disposition.SUGGESTION, cite("disposition.suggestion", signals.any(("suggestion",)))
    if signals.in_title("question") or (question and question > complaint):
        return Disposition.UNCLEAR, cite("disposition.unclear", signals.any(("question",)))
    return Disposition.DIFFICULTY, cite("disposition.difficulty", signals.any(("complaint", "request")))
