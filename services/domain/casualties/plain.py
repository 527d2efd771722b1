"""The dead in plain sentences that no number beside an outcome holds: 不是3人而是13人, 其余死亡, 其子也离世."""

from __future__ import annotations

import re

from services.domain.casualties.pairing import Mention
from services.domain.casualties.words import DEATH
from services.domain.numerals import ABOUT, AT_LEAST, FIRST, QUANTITY, read_number, read_quantity
from services.domain.patterns import late

_N = rf"(?=[{FIRST}])(?P<n>{QUANTITY})"
_HEADS = r"\s?(?:[人名位口具]|个人?)"
# 死亡的不是3人而是13人: what stands for the wrong number lets the right one follow its outcome, and says so.
_NOT_BUT = late(rf"(?:不是|并非|不止)(?=[{FIRST}]){QUANTITY}{_HEADS}?[，,]?(?:而是|而为|是)(?={QUANTITY}{_HEADS})")
_REVISED = late(
    rf"(?:死亡?|遇难|罹难|身亡|丧生|没)(?:了|的是?|人数)?(?=[{FIRST}]){QUANTITY}\s?[人名位个]人?[^。；;0-9]{{0,10}}?[，,]"
    r"[^。；;0-9伤失]{0,8}?(?:核实|查实|查明|证实|确认|澄清|更正|纠正|实际|其实|而是|应该)(?:死亡|遇难|死|的|了|只|应|人数|就|实际|是|为|有){0,5}"
    rf"{_N}\s?[人名位个](?!员)(?![^，,。；;]{{0,6}}(?:伤|失|获救|被困|中毒))"
)
_HURT = "(?:受?伤|轻重伤|伤者)(?:了|的|者|人员|有)*"
_OF_BOTH = late(
    rf"(?:死伤|伤亡)(?:人数|人员|者|了|共|达|约|为|[:：])*(?=[{FIRST}])(?P<n>{QUANTITY})\s?[人名][^。；;0-9]{{0,8}}?"
    rf"(?:{_HURT}(?P<hurt>{QUANTITY})\s?[人名]|(?P<harmed>{QUANTITY})\s?[人名][^，,。；;0-9]{{0,3}}{_HURT})"
    r"[，,、](?:其余|其他|剩下|余下)(?:的|人员|人|均|都|全部|全|不幸|已)*(?:死亡|遇难|丧生|身亡|罹难)"
)
_PART = rf"{QUANTITY}\s?[名位个人](?:[^，,。；;、和及与0-9一二三四五六七八九十两伤]{{1,8}})"
_PARTS = late(
    rf"(?:死者|死亡人员|死亡者|遇难者|遇难人员|死难者|罹难者)(?:中|当中|里)?(?:有|包括|包含|为|是)(?P<parts>{_PART}(?:[、，,和及与以]{{1,2}}{_PART}){{1,5}})"
)
_EACH = late(rf"(?=[{FIRST}])(?P<n>{QUANTITY})\s?[名位个人]")
_BOTH_KINDS = late("本[地市县村区].*外[地来市省]|外[地来市省].*本[地市县村区]|男.*女|女.*男|成人.*[儿孩]|大人.*[儿孩]")
_WHO_DIED = late(
    rf"(?:遇难|死亡|死去?|罹难|牺牲|丧生|没了?)的(?:[^，,。；;0-9]{{0,8}}?)(?:一共|总共|共计?|已经?|就|得|能|是|达|有){{1,3}}{_N}\s?[个位名口人]人?(?=[，,。；;！!\s了啊呢]|$)"
)
_RIGHTED = late(
    rf"(?:死亡?|遇难|罹难|没)[^，,。；;0-9]{{0,4}}?\x02{{3,}}{_N}\s?[个口人名位]人?(?=[，,。；;！!\s了啊呢吧]|$)"
)
_ROUGHLY = late(
    rf"[死没]了(?:能|得|有|怎么也|少说|差不多|大概|至少|也){{1,4}}小?{_N}\s?[个口]子?(?=[，,。；;！!\s了啊呢吧]|$)"
)
_UNSETTLED = late(
    r"(?:死亡|遇难|罹难|死者)人?数(?:量|字)?(?:目前|现在|暂时|尚|还|仍|暂|也)*(?:未|无法|不明|不详|不清|待|没)[^，,。；;]{0,6}[，,]"
    rf"(?:但|目前|现场|现|据|已|初步|统计|估计|预计|核查|判断|了解|确认|的|有|为|是|死者|死了){{0,6}}{_N}\s?[人名位](?![^，,。；;]{{0,6}}(?:伤|失|获救|被困|中毒))"
)
_KIN = (
    "(?:[大小幼独]?(?:儿子|女儿|孙子|孙女|子|女|妻子?|丈夫|夫|母亲?|父亲?|孙)|老伴|爱人|女婿|儿媳|哥哥|弟弟|姐姐|妹妹)"
)
_KIN_TOO = late(
    rf"[，,；;、](?:(?:而|随后|后来|次日|当晚)?(?:其|他们?的|她们?的|两人的|二人的|夫妻的?)(?:年?仅?[0-9]{{1,2}}岁的)?{_KIN}|"
    rf"(?:家里的?|家中的?|小)?{_KIN}(?=[也亦]))"
    rf"(?:(?!未|没|无(?!效)|险)[^，,。；;0-9一二三四五六七八九十两]){{0,10}}?(?:{DEATH})"
)
_MORE_BODIES = late(
    rf"[又再另][^，,。；;0-9]{{0,4}}?(?:捞|找|挖|搜|抬|发现)[^，,。；;0-9遗尸]{{0,4}}?{_N}\s?具(?![^，,。；;]{{0,3}}[遗尸])"
)
_SLAIN = late(
    rf"{_N}\s?[口人名位][^，,。；;0-9骗盗诈]{{0,4}}?(?:惨?[遭被]?(?:杀害|灭门)|被害(?!人|者|单位|方|妄想)|[遭被]杀(?!害))"
)
_KILLING = late("刑案|命案|凶|[砍捅刺枪]|杀人|杀害|灭门|尸|惨案|血案|行凶|歹徒|警方")


def unmistaken(sentence: str) -> str:
    """The sentence with 不是3人而是 before the right number filled at unchanged length."""
    if "是" not in sentence:
        return sentence
    return _NOT_BUT.sub(lambda m: chr(2) * len(m.group()), sentence)


def plainly_dead(sentence: str, dead: list[Mention], full: str) -> list[Mention]:
    """Deaths told in these ways beside the `dead` that the sentence counts already; `full` is the text around it."""
    if revised := _REVISED.search(sentence) or _RIGHTED.search(sentence):
        return _one(revised, corrected=True)
    if both := _OF_BOTH.search(sentence):
        whole, hurt = read_number(both["n"]), read_number(both["hurt"] or both["harmed"])
        return (
            []
            if whole is None or hurt is None or hurt >= whole
            else [Mention("death", whole - hurt, "", *both.span(), total=True)]
        )
    parts = _PARTS.search(sentence)
    if parts and all(parts.start() <= m.start and m.end <= parts.end() for m in dead):
        return _summed(parts)
    if dead:
        more = [m for b in _MORE_BODIES.finditer(sentence, dead[0].end) for m in _one(b)]
        return [m._replace(added=True, noun=True) for m in more] + [
            Mention("death", 1, "", kin.start() + 1, kin.end(), added=True)
            for kin in _KIN_TOO.finditer(sentence)
            if not any(m.start < kin.end() and kin.start() + 1 < m.end for m in dead)
        ]
    if unsettled := _UNSETTLED.search(sentence):
        return _one(unsettled, bound=ABOUT)
    if roughly := _ROUGHLY.search(sentence):
        return _one(roughly, bound=ABOUT)
    if who := _WHO_DIED.search(sentence):
        return _one(who)
    slain = _SLAIN.search(sentence)
    return _one(slain) if slain and _KILLING.search(full) else []


def _one(match: re.Match[str], bound: str = "", corrected: bool = False) -> list[Mention]:
    stated = read_quantity(match["n"])
    if stated is None:
        return []
    return [Mention("death", int(stated.value), stated.bound or bound, *match.span(), corrected=corrected)]


def _summed(parts: re.Match[str]) -> list[Mention]:
    """死亡人员中有8名本地人和4名外地人: all of them where the two kinds are everybody, else as many at least."""
    total = sum(read_number(one["n"]) or 0 for one in _EACH.finditer(parts["parts"]))
    bound = "" if _BOTH_KINDS.search(parts["parts"]) else AT_LEAST
    return [Mention("death", total, bound, *parts.span(), total=True)] if total else []
