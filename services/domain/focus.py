"""收集重点 F1–F6 (四(三)), 苗头性, 疑似不实 and the proposed disposition (四(四))."""

from __future__ import annotations

from typing import NamedTuple

from services.domain.assessment import Reason
from services.domain.signals import Signals, cite
from services.domain.vocabulary import Disposition, EventGrade, Focus

LISTS = {
    Focus.F1: "decision",
    Focus.F2: "livelihood",
    Focus.F3: "credibility",
    Focus.F4: "emergency",
    Focus.F5: "morality",
    Focus.F6: "rumour",
}
_RULES = [(kind, name, f"收集重点:{kind.value} {kind.label}") for kind, name in LISTS.items()]


class FocusReading(NamedTuple):
    focus: tuple[Focus, ...]
    emerging: bool
    suspected_false: bool
    reasons: tuple[Reason, ...]


def read_focus(signals: Signals, grade: EventGrade | None) -> FocusReading:
    """The focus of a post. `suspected_false` is a hint for a person, never a verdict."""
    suspected = _suspected_false(signals)
    reasons: list[Reason] = []
    focus = []
    for kind, name, rule in _RULES:
        if name in signals.hits or (kind is Focus.F4 and grade is not None):
            hit = signals.first(name)
            focus.append(kind)
            reasons.append(cite(rule, hit, kind.label if hit is None else ""))
    if suspected:
        reasons.append(cite("疑似不实", signals.first("rumour"), "疑似不实,待人工核实"))
    emerging = signals.first("emerging")
    if emerging is not None:
        reasons.append(cite("苗头性", emerging))
    return FocusReading(tuple(focus), emerging is not None, suspected, tuple(reasons))


def _asks(signals: Signals) -> bool:
    """A title that says 咨询 or 请问; a bare 为什么 is more often a reproach than a question."""
    asked = signals.hits.get("question", ())
    return any(weight >= 2 and end <= signals.title_end for _, _, end, weight in asked)


def _suspected_false(signals: Signals) -> bool:
    """Rumour's own words; who denies or asks whether it is true is not spreading it, but still worth a look."""
    return signals.weight("rumour") >= 2 and not signals.has("denial")


def must_be_major(grade: EventGrade | None, dead: int) -> bool:
    """An emergency above 一般 or with dead is 重大问题, whatever was decided on texts like it."""
    return grade is not None and (grade is not EventGrade.IV or dead > 0)


def propose_disposition(
    signals: Signals, reading: FocusReading, grade: EventGrade | None, dead: int = 0
) -> tuple[Disposition, Reason]:
    """四(四): the first kind that fits, the gravest first; 实际困难 where nothing else speaks.

    An event of any grade with `dead` is 重大问题, in whatever words they died. A grave event comes before the hint that
    it may be false: whoever checks the hint has to know first how much hangs on it.
    """
    if grade is not None and grade is not EventGrade.IV:
        return Disposition.MAJOR_PROBLEM, Reason("处置:重大问题", f"{grade.label}突发事件")
    if reading.suspected_false:
        return Disposition.FALSE_INFORMATION, cite("处置:虚假和不实信息", signals.first("rumour"))
    if grade is not None and dead:
        return Disposition.MAJOR_PROBLEM, Reason("处置:重大问题", f"突发事件致{dead}人死亡")
    if (hit := signals.any(("major", "morality"))) is not None:
        return Disposition.MAJOR_PROBLEM, cite("处置:重大问题", hit)
    if (hit := signals.first("wrong_view")) is not None:
        return Disposition.WRONG_VIEW, cite("处置:错误看法", hit)
    complaint = signals.weight("complaint")
    if (hit := signals.first("suggestion")) and (
        signals.in_title("suggestion") or signals.weight("suggestion") > complaint
    ):
        return Disposition.SUGGESTION, cite("处置:建设性意见建议", hit)
    if (hit := signals.first("question")) and (
        _asks(signals) or signals.weight("question") > complaint + signals.weight("negative")
    ):
        return Disposition.UNCLEAR, cite("处置:不了解或模糊认识", hit)
    return Disposition.DIFFICULTY, cite("处置:实际困难", signals.any(("complaint", "request")))
