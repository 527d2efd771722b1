"""Counts of forms and tables, which name no people: 死亡人数：12, 死亡 12，受伤 14, 重伤人数(人):5."""

from __future__ import annotations

from services.domain.casualties.pairing import Mention
from services.domain.numerals import QUANTITY, read_number
from services.domain.patterns import late

_FIELDS = {
    "死亡": "death",
    "遇难": "death",
    "罹难": "death",
    "死难": "death",
    "丧生": "death",
    "失踪": "missing",
    "失联": "missing",
    "重伤": "serious",
    "轻伤": "light",
    "受伤": "injury",
}
_NOW = r"(?:已经?|现已?|目前|最终|最后|累计|[由从][0-9]{1,4}人?)*"
_ROSE = r"(?:达到?|[升增]加?[至到为]|上升[至到]|[降减](?:少|低)?[至到为]|(?:定格|[锁确]定)[在为]|更[新正]为|共计?)"
# \x01 is what an aside leaves: 死亡人数(人).
_ROW = late(
    rf"[死遇罹丧失重轻受](?P<what>(?<=死)[亡难]|(?<=[遇罹])难|(?<=丧)生|(?<=失)[踪联]|(?<=[重轻受])伤)(?:者|人员)?"
    rf"(?:的?(?:总?人数|总数|数量?)[\x01\s]*{_NOW}(?:[:：为是\s|]|{_ROSE}){{1,3}}|[\x01\s]*[:：|\s][\x01\s]*)"
    r"(?P<n>[0-9]{1,4}|[一二三四五六七八九十百两零]{1,5})(?=[，。,、；;！!\s)）|/\x01]|$)"
    r"(?![\s\x01]*[人名位例具余多月日时点分年岁天小个次倍%％万亿元])"
)
_RENEWED = late("[更降减]")
# 死者中包括2名儿童，共5人: the sum stands behind its parts.
_SUMMED = late(
    r"[死遇罹](?:者|亡人员|亡者|难者|难人员)(?:中|当中|里)?(?:包括|包含|有)[^。；]{1,24}?[，,](?:共计?|总计|合计|一共)"
    rf"(?P<n>{QUANTITY})\s?[人名位]"
)


def tabled(sentence: str) -> tuple[str, list[Mention]]:
    """The sentence with its rows blanked, at unchanged length, and what these count."""
    found = []
    for match in _ROW.finditer(sentence):
        value = read_number(match["n"])
        if value is None:
            continue
        start, end = match.span()
        field, renewed = _FIELDS[sentence[start : start + 2]], _RENEWED.search(sentence, start, end) is not None
        found.append(Mention(field, value, "", start, end, updated=renewed, corrected=renewed))
        sentence = f"{sentence[:start]}{chr(1) * (end - start)}{sentence[end:]}"
    if (summed := _SUMMED.search(sentence)) and (value := read_number(summed["n"])):
        found.append(Mention("death", value, "", *summed.span(), total=True))
    return sentence, found
