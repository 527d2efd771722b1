"""The grade that is plausible by what a text states, where the numbers that a rule asks for are unknown."""

from __future__ import annotations

import re

from services.domain.patterns import late
from services.domain.severity.measures import Measures
from services.domain.severity.occurrence import reported
from services.domain.severity.rules import FROM_CASUALTIES, Field
from services.domain.severity.verdicts import CAP, LOWEST, Verdict
from services.domain.vocabulary import EventGrade

_MANY_DEAD = late(
    r"(?<![0-9十百千万])(?:多|数|若干|大批|大量)(?:名|人|位)[^，。；\n]{0,12}(?:死亡|遇难|丧生|身亡|"
    r"罹难)|(?<![0-9十百千万])多人(?:死伤|"
    r"伤亡)|(?:死亡|遇难|死伤|伤亡|死)了?(?:多|数十|几十|上百|数百)人|(?:死伤|伤亡)(?:了|达|超过?|近|约)?[0-9一二三四五六七八九十百]{2,4}[余多]?[人名]|"
    r"(?:[0-9一二三四五六七八九十百]{2,4}[余多]?|[十百][余多]?|上百|数十|几十|数百)[人名](?:死伤|伤亡)|死伤惨重|伤亡惨重|(?:重大|严重|大量)(?:人员)?(?:伤亡|死伤)"
)
MAYBE_NOT = late(r"(?:未|没有|无|可能|避免|防止|险些|如果|抵御|防御|抗御|应对|战胜|抗击|见证)[^，。；\n]{0,8}$")
_SOME_DEAD = 3
_BURIED = late(r"井下|埋|压|冲走|卷走|落水|掉[进入到下]|坠")
# 其余落水人员仍在搜寻: so many vehicles, or one full of passengers, hold more than ten.
_UNCOUNTED = late(
    r"(?:其余|其他|其它|多名|数名|还有多人|仍有多人|尚有多人)[^，。；\n0-9]{0,6}?(?:落水|坠[江河湖海]|被埋|被压|失联|失踪)(?:者|人员|群众|乘客|工人)*"
    r"[^，。；\n0-9]{0,8}(?:搜[救寻]|救援|打捞|寻找|营救)|"
    r"(?:落水|坠[江河湖]|被埋|失联|失踪)(?:的)?(?:具体)?人(?:员)?数(?:量)?[^，。；\n0-9]{0,6}(?:不明|不详|不清|未知|待核|核实|统计|确认|核查)"
)
_FULL_OF_PEOPLE = late(
    r"(?:[三四五六七八九十数几多]|[3-9]|[1-9][0-9])[多余]?(?:辆|艘|节车)|客车|大巴|大客|中巴|公交|校车|班车|客船|游船|渡船|渡轮|轮渡|列车|客轮|宿舍|居民楼|商场|酒店|宾馆|教学楼"
)
_MANY_INJURED = 10
# If all of them were seriously injured this would be II: how many are is not said, so it counts to III.
_VERY_MANY_INJURED = 50
# Of a hundred it is plausible that fifty are, and the clock runs by the highest plausible grade.
_HALF_OF_THEM = 100


def presumed(
    matched: list[Field], told: dict[str, tuple[int, int]], full: str, measures: Measures, graded: bool
) -> list[Verdict]:
    """The grade that is plausible by what is stated, where numbers are unknown."""
    casualties = measures.casualties
    hurt = casualties.injuries or casualties.missing
    candidates = [(f, told[w]) for f in matched for w in (f.words if hurt and f.presume else f.presume) if w in told]
    likely = [(f, span) for f, span in candidates if reported(full, *span)]
    lost = (casualties.deaths or 0) + casualties.missing if casualties.missing else 0
    if not likely and lost >= _SOME_DEAD:
        likely = [(matched[0], min(told.values()))]
    if not likely:
        return []
    (field, span), injured = likely[0], measures.figure("injuries")
    many = _stated(_MANY_DEAD, full) if not casualties.deaths else None
    if many is not None:
        return [Verdict(field, CAP, None, True, span, "称多人死亡或伤亡惨重,人数待核实", many, many[0])]
    if lost >= _SOME_DEAD:
        both = measures.figure("deaths", "missing")
        return [Verdict(field, CAP, None, True, span, "死亡与失踪失联合计达到较大级", both)]
    buried = measures.get("lives_endangered")
    known = (casualties.deaths or 0) + (casualties.injuries or 0)
    if (
        buried is not None
        and buried.value >= max(_SOME_DEAD, known + 1)
        and _BURIED.search(full, buried.start, buried.end)
    ):
        return [Verdict(field, CAP, None, True, span, "3人以上被埋、落水或被冲走,生死未明", buried.span, buried.start)]
    uncounted = _stated(_UNCOUNTED, full) if casualties.missing is None else None
    if uncounted is not None:
        grade = EventGrade.II if _FULL_OF_PEOPLE.search(full) else CAP
        return [Verdict(field, grade, None, True, span, "落水、被埋或失联的人数未说明", uncounted, uncounted[0])]
    many_hurt = (casualties.injuries or 0) >= _MANY_INJURED
    if many_hurt and casualties.serious_injuries is None:
        if (casualties.injuries or 0) >= _HALF_OF_THEM:
            return [Verdict(field, EventGrade.II, None, True, span, "受伤100人以上,重伤人数未说明,按半数计", injured)]
        if (casualties.injuries or 0) >= _VERY_MANY_INJURED:
            return [Verdict(field, CAP, None, True, span, "受伤50人以上,重伤人数未说明", injured)]
        return [Verdict(field, LOWEST, None, True, span, "受伤人数较多,重伤人数未说明", injured)]
    if casualties.deaths is None and not graded and not any(measures.get(m) for m in own_metrics(field)):
        unknown = casualties.injuries is None
        return [Verdict(field, LOWEST, None, unknown, span, "人员伤亡未说明" if unknown else "伤者不足10人", injured)]
    return []


def own_metrics(field: Field) -> set[str]:
    """The metrics of a field that are not casualties: a known one that reaches no rule is known to be less than IV."""
    return {c.metric for r in field.rules for c in r.conditions} - FROM_CASUALTIES.keys()


def _stated(wording: re.Pattern[str], full: str) -> tuple[int, int] | None:
    for match in wording.finditer(full):
        if not MAYBE_NOT.search(full[max(0, match.start() - 12) : match.start()]):
            return match.span()
    return None
