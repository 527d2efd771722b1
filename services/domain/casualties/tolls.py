"""The dead in words of their own: 夺去14条生命, 十几个人没了, 死亡人数破二十, 遇难人数达两位数."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.domain.casualties.pairing import Mention
from services.domain.numerals import ABOUT, AT_LEAST, FIRST, QUANTITY, Quantity, read_number, read_quantity
from services.domain.patterns import late

_TOOK = r"(?:夺[去走]|带走|吞噬|吞没|葬送|断送|掠走|剥夺|牵走|搭[上进]|赔上|害死?|没|丢|少)了?(?:这|整整|一共|共)?"
LIVES = r"条(?:[^，,。；;条0-9]{0,5}的)?(?:人命|性命|生命(?![线通力体科奖健周探])|命(?![令题案名运脉中]))"
_LIVES = late(
    rf"(?P<took>{_TOOK})?(?=[{FIRST}])(?P<n>{QUANTITY})\s?"
    rf"(?:{LIVES}|(?P<theirs>多?[人名位个](?:[^，,。；;0-9]{{0,10}}的)(?:生命|性命)(?![线通力体科奖健周探])))"
    r"(?P<gone>[^，,。；;]{0,6}?(?:没了|没有了|啊|呀|[!！]|逝去|消逝|陨落|凋零|葬送|就这样|戛然而止|定格|永远))?"
)
# Lives that are saved, risked, owed or spoken of are not lost.
_KEPT = late(
    r"(?:救|挽|保|护|留|换|捡|背|欠|拼|要|守|关|系|牵动|威胁|危及|影响|抢回|夺回|猫|值|珍惜|尊重|敬畏|承载|[是等]于)[^，,。；;]{0,8}\Z"
)
_SAVED = late(r"[^，,。；;]{0,8}(?:获救|得救|保住|救[了下回活]|安全|脱险|得以)")
# 19位老人没能走出来: only a disaster makes dead of them, and a person has to confirm it.
_LEFT = r"没(?:有|能|来得及)?(?:再)?(?:跑|逃|走|爬|撤)(?:出来|出去|上来|掉)|没(?:有|能)?逃生|不在了"
_GONE = late(
    rf"(?=[{FIRST}])(?P<n>{QUANTITY})\s?(?P<unit>多?[人名位口]|个人?)[^，,。；;0-9]{{0,4}}?"
    rf"(?:都|全|就|已经?|当场|一下子?|今[早晨天]|昨[晚夜天]|再也|也)*(?:没了|(?P<left>{_LEFT}))(?=[，,。！!；;\s啊呀呢吧]|$)"
)
_ACCIDENT = late("[炸塌火撞翻死矿车淹埋毒坠沉砸烧踩溺]|事故|漏电|触电|漏气")
_DISASTER = late(
    r"爆炸|炸[了开]|火灾|[着起失大]火|这场火|[坍垮倒]?塌|车祸|相撞|撞上|侧翻|翻[车了]|矿|淹|溺|踩踏|中毒|漏气|泄漏|沉[没船了]|坠|触电|事故|刹车失灵|冲下"
)
# 抬出来十好几个，白布都蒙脑袋了: who is carried out is dead only where that is said too.
_CARRIED = late(
    rf"[抬抱拉挖扒捞背运](?:出来?|出去|走|上来|(?<=[抬拉挖扒捞])了)的?(?:就|了|有|得有|能有|已经?|至少)*(?P<n>{QUANTITY})\s?(?P<unit>多?[人名位具]|个人?|多个人?)"
)
_LAID_OUT = late("白布|人都?没了|都没了|殡仪馆|盖着|凉了|尸袋")
_LATIN = late("ead|ill|nju|oun")
_ALSO = late("[也另又]|还有")
_ENGLISH = re.compile(
    r"(?P<n>[0-9]{1,4})(?P<more>[+]?)\s?(?:people\s|persons\s)?(?:were\s|are\s)?(?:(?P<dead>dead|killed|deaths)|(?:injured|wounded))\b",
    re.ASCII | re.IGNORECASE,
)
_WHOSE = r"(?:死亡|遇难|罹难|死难|丧生)者?(?:的?(?:人数|总数|数字?))"
_PASSED = late(
    rf"{_WHOSE}(?:已经?|目前|现在?|据说|听说|也|恐怕?|可能)*(?:突破|超过了?|超|破|过)了?"
    r"(?P<n>[0-9]{1,4}|[一二三四五六七八九十百两]{1,5})(?=了?(?:[，,。！!；;\s]|$))"
)
_DIGITS = late(
    rf"(?:{_WHOSE}|死者|死的人?|死亡|遇难者?)(?:已经?|目前|现在?|据说|或|也|恐怕?|可能|人员|增加|上升|升|达|到|至|为|是|有|超过|突破|上|了)*(?P<two>[两三])位数"
)


def tolls(sentence: str, dead: Sequence[Mention], full: str) -> list[Mention]:
    """Deaths told in these words beside the `dead` that the sentence counts already; most only repeat those.

    `full` is the text around it: whether it tells of a disaster.
    """
    foreign = list(map(_english, _ENGLISH.finditer(sentence))) if _LATIN.search(sentence) else []
    return foreign + _tolls(sentence, [*dead, *(m for m in foreign if m.field == "death")], full)


def _english(match: re.Match[str]) -> Mention:
    field = "death" if match["dead"] else "injury"
    return Mention(field, int(match["n"]), AT_LEAST if match["more"] else "", *match.span())


def _tolls(sentence: str, dead: Sequence[Mention], full: str) -> list[Mention]:
    found = (
        [_at_least(10 if m["two"] == "两" else 100, m) for m in _DIGITS.finditer(sentence)]
        if "位数" in sentence
        else []
    )
    if "数" in sentence and ("破" in sentence or "超" in sentence or "过" in sentence):
        found += [_at_least(read_number(m["n"]) or 0, m) for m in _PASSED.finditer(sentence)]
    if found or dead:
        return found or [m for m in _gone(sentence, full) if _more(sentence, m, dead[0])]
    return (_lives(sentence) if "命" in sentence else []) or _gone(sentence, full) or _carried(sentence, full)


def _at_least(value: int, match: re.Match[str]) -> Mention:
    return Mention("death", value, AT_LEAST, *match.span(), updated=True)


def _lives(sentence: str) -> list[Mention]:
    found = []
    for match in _LIVES.finditer(sentence):
        stated = read_quantity(match["n"])
        took = match["took"] or match["gone"]
        if stated is None or (not took and (match["theirs"] or stated.value < 2)):
            continue
        if not match["took"] and _KEPT.search(sentence, max(0, match.start() - 12), match.start()):
            continue
        if _SAVED.match(sentence, match.end()) is None:
            found.append(Mention("death", int(stated.value), stated.bound, *match.span()))
    return found[:1]


def _more(sentence: str, first: Mention, second: Mention) -> bool:
    """4个人没了，另一边7个也遇难了: others than those."""
    return first.end <= second.start and _ALSO.search(sentence, first.end, second.end) is not None


def _gone(sentence: str, full: str) -> list[Mention]:
    match = _GONE.search(sentence) if "没" in sentence or "不在了" in sentence else None
    stated = None if match is None else _stated(match)
    if match is None or stated is None:
        return []
    if match["left"]:
        bound = stated.bound or ABOUT
        return [Mention("death", int(stated.value), bound, *match.span())] if _DISASTER.search(full) else []
    if "人" not in match["unit"] and not _ACCIDENT.search(full):
        return []
    return [Mention("death", int(stated.value), stated.bound, *match.span())]


def _carried(sentence: str, full: str) -> list[Mention]:
    match = _CARRIED.search(sentence)
    stated = None if match is None else _stated(match)
    if match is None or stated is None or not (match["unit"] == "具" or _LAID_OUT.search(sentence)):
        return []
    if _DISASTER.search(full) is None:
        return []
    return [Mention("death", int(stated.value), stated.bound or ABOUT, *match.span())]


def _stated(match: re.Match[str]) -> Quantity | None:
    return read_quantity(match["n"] + ("多" if match["unit"].startswith("多") else ""))
