"""收集重点 F1–F6 (四(三)), 苗头性, 疑似不实 and the proposed disposition (四(四))."""

from __future__ import annotations

from typing import NamedTuple

from services.domain.assessment import Reason
from services.domain.denials import denials
from services.domain.patterns import late
from services.domain.signals import Signals, cite
from services.domain.stating import first
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


# 是不是谣言, 请官方辟谣, 至今没有官方回应: who asks or waits for a denial has none.
_WANTED = late(
    r"(?:是不|是否|不知|难道|莫非|到底|究竟|请|求|望|等待?|盼|应该?|应当|尽快|及时|能否|能不能|可否|怎么不|为何不|为什么不|没有?|未见?|不见|不|谁来|何时)"
    r"(?:政府|官方|警方|有关部门|相关部门|市里|出面|出来|站出来|人|给个|予以|进行|及时|尽快|来|能|会|做|作)*$"
)
_ASKED = late(r"[^，。,；;！!\n]{0,6}(?:吗|么|呢|[？?]|还是)")
_FAR = 16


class FocusReading(NamedTuple):
    """`debunked` is where the text itself says that a rumour is false; `suspected_false` a hint, never a verdict."""

    focus: tuple[Focus, ...]
    emerging: bool
    suspected_false: bool
    reasons: tuple[Reason, ...]
    debunked: Reason | None = None


def read_focus(signals: Signals, grade: EventGrade | None, text: str = "") -> FocusReading:
    """The focus of a post; `text` is what the signals were found in."""
    debunked = _debunked(signals, text)
    suspected = debunked is None and _suspected_false(signals, text)
    reasons: list[Reason] = []
    focus = []
    for kind, name, rule in _RULES:
        given = (kind is Focus.F4 and grade is not None) or (kind is Focus.F6 and debunked is not None)
        if name in signals.hits or given:
            hit = signals.first(name)
            focus.append(kind)
            reasons.append(cite(rule, hit, kind.label if hit is None else ""))
    if suspected:
        reasons.append(cite("疑似不实", signals.first("rumour"), "疑似不实,待人工核实"))
    emerging = signals.first("emerging")
    if emerging is not None:
        reasons.append(cite("苗头性", emerging))
    return FocusReading(tuple(focus), emerging is not None, suspected, tuple(reasons), debunked)


def _asks(signals: Signals) -> bool:
    """A title that says 咨询 or 请问; a bare 为什么 is more often a reproach than a question."""
    asked = signals.hits.get("question", ())
    return any(weight >= 2 and end <= signals.title_end for _, _, end, weight in asked)


def _suspected_false(signals: Signals, text: str) -> bool:
    """Rumour's own words. Who denies is not spreading it; who asks whether it is true may be."""
    if signals.weight("rumour") < 2:
        return False
    return all(first(text, hit, _wanted) is None for hit in signals.of("denial"))


def _wanted(text: str, start: int, end: int) -> bool:
    asked = _WANTED.search(text[max(0, start - _FAR) : start]) or _ASKED.match(text, end)
    return asked is not None


def _debunked(signals: Signals, text: str) -> Reason | None:
    """A claim that the text itself calls false, where it speaks of rumours: 网传…系谣言, not 物业的答复与事实不符."""
    spoken = [*signals.of("rumour"), *signals.of("denial")]
    if not spoken:
        return None
    for denial in denials(text):
        at, word = max((text.rfind(hit.word, denial.start, denial.end), hit.word) for hit in spoken)
        if at >= 0 and not denial.weak and not _wanted(text, at, at + len(word)):
            return Reason("处置:虚假和不实信息", "已辟谣,回应并移交", denial.start, denial.end)
    return None


def must_be_major(grade: EventGrade | None, dead: int) -> bool:
    """An emergency above 一般 or with dead is 重大问题, whatever was decided on texts like it."""
    return grade is not None and (grade is not EventGrade.IV or dead > 0)


def propose_disposition(
    signals: Signals, reading: FocusReading, grade: EventGrade | None, dead: int = 0
) -> tuple[Disposition, Reason]:
    """四(四): the first kind that fits, the gravest first; 实际困难 where nothing else speaks.

    An event of any grade with `dead` is 重大问题, in whatever words they died. A grave event comes before the hint that
    it may be false: whoever checks the hint has to know first how much hangs on it. A rumour that the text itself
    denies owes the public an answer and goes to the police or the internet regulator, whatever it told of.
    """
    if grade is not None and grade is not EventGrade.IV:
        return Disposition.MAJOR_PROBLEM, Reason("处置:重大问题", f"{grade.label}突发事件")
    if reading.suspected_false:
        return Disposition.FALSE_INFORMATION, cite("处置:虚假和不实信息", signals.first("rumour"))
    if grade is not None and dead:
        return Disposition.MAJOR_PROBLEM, Reason("处置:重大问题", f"突发事件致{dead}人死亡")
    if reading.debunked is not None:
        return Disposition.FALSE_INFORMATION, reading.debunked
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
    wanted = signals.any(("complaint", "request", "trouble", "negative", "livelihood"))
    return Disposition.DIFFICULTY, cite("处置:实际困难", wanted, "没有更重的情形" if wanted is None else "")
