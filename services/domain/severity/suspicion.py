"""What the wording as a whole says of a grade: suspected of a grave emergency, or a doubtful number told calmly."""

from __future__ import annotations

from dataclasses import replace

from services.domain.assessment import Casualties, Reason
from services.domain.patterns import late
from services.domain.severity.occurrence import counted, stated
from services.domain.severity.proposal import GradeReading
from services.domain.vocabulary import EventGrade

SUSPECTED = EventGrade.II
"""Unknown numbers: the clock runs by the highest plausible grade, and a person has to confirm it."""
RULE = (
    "事件等级Ⅱ · 措辞与重大突发事件的事例相近(机器学习所得,依据 examples.txt),"
    "未读出达到等级的数字,按可能的最高等级暂定 · 待核实"
)
CALM = (
    "事件等级Ⅲ · 人员处境未说明,而措辞完全不像重大突发事件(机器学习所得,依据 examples.txt),核实之前不提Ⅰ、Ⅱ级 · 待核实"
)
# A first report that names the event and nobody (塔吊坍塌,现场混乱) is what the rules presume of it.
_NO_NUMBER = late(
    r"[0-9]{1,4}(?:[:/-][0-9]{1,2}){1,2}|[0-9一二两三四五六七八九十百]+(?:点|时|日|月|年|号|分|路|街|道|楼|层|单元|栋|线|级|环|中(?!毒|人)|院|期)|第[0-9一二三四五六七八九十]+"
)
_MANY = late(
    r"[三四五六七八九十百千万亿几仨0-9]|一(?:车|屋|家|船|片|排|溜|帮|窝|个都|个也|个没)|没一个|全|满|都|好多|不少|无数|多人"
)
# 宿舍全烧没了,人都上班去了没事: what is gone is no people, unless others are not out.
_ALL_WELL = late(
    r"人[们员]?(?:都|全|倒是?|也|均)[^，,。！!没]{0,8}没(?:啥|什么)?事|人没(?:啥|什么)?事|没伤(?:着|到)人|没人(?:受)?伤|"
    r"[屋家里]没人|无人员?(?:伤亡|受伤)|没有?人员?伤亡|[全均都](?:部|员|体|都)?(?:安全)?(?:获救|得救|生还|脱险|救出来了|平安)"
)
_OTHERS = late(
    "剩下|其他人|其余|还有|别的人|没出来|没上来|没下来|没找|找不|没动静|联系不|没醒|里头|里面|困在|这次|隔壁|对门|旁边|邻居|压在|埋在|扣在|喊不应|没声|没一个|可(?![能是])|但|谁知|哪成想|中午|下午|晚上|后来"
)
# 井下作业32人，12人先升井换班，一切正常
_NORMAL = late("(?<!生活)(?<!秩序)(?<!居民)(?<!经营)一切(?:都)?(?:正常|平安|顺利)|生产(?:一切)?正常|虚惊一场|有惊无险")
_TRAPPED = late(
    "被困|被埋|遇险|失联|落水|冲走|卷走|坠[入江河崖]|掉[入进里]|掉下[去水]|冰[面层]?(?:塌|裂|破|断)|沉没|翻沉"
)
_GRAVE = (EventGrade.I, EventGrade.II)


def suspected(reading: GradeReading, casualties: Casualties, full: str, span: tuple[int, int]) -> GradeReading:
    """`reading` raised to II provisionally by the clause at `span` of `full`.

    Not where a grave grade was read anyway, where a lower one rests on what is stated for certain, where the dead, the
    missing or the seriously injured are counted (or said to be none), nor where everybody is well, nor where the clause
    tells of the past, a fear, a drill or something denied, nor where the text says that all is as ever.
    """
    if reading.grade in _GRAVE or reading.abroad is not None:
        return reading
    if any(n is not None for n in (casualties.deaths, casualties.missing, casualties.serious_injuries)):
        return reading
    if reading.grade is not None and not reading.provisional:
        return reading
    if reading.grade is None and reading.reasons:
        return reading  # a reason without a grade says why there is none
    if _MANY.search(_NO_NUMBER.sub("", full)) is None:
        return reading
    if (_NORMAL.search(full) or _ALL_WELL.search(full)) and _OTHERS.search(full) is None:
        return reading
    if not stated(full, span[1], span[1]) or not counted(full, *span):
        return reading
    reason = Reason(RULE, full[slice(*span)], *span)
    return replace(
        reading, grade=SUSPECTED, provisional=True, reasons=(reason, *reading.reasons), grounds=(), at=span[0]
    )


def calmed(reading: GradeReading, full: str) -> GradeReading:
    """`reading` without a grave grade that rests on people only taken to be in danger, in a text told calmly.

    What the law's words and numbers reach is never lowered: bulletins are told calmly.
    """
    if reading.grade not in _GRAVE or not reading.provisional or _TRAPPED.search(full):
        return reading
    first = reading.reasons[0]
    reason = Reason(CALM, first.evidence, first.start, first.end)
    return replace(reading, grade=EventGrade.III, reasons=(reason, *reading.reasons), grounds=())
