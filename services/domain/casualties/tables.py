"""Counts of forms and tables, which name no people: 死亡人数：12, 死亡 12，受伤 14, 重伤人数(人):5."""

from __future__ import annotations

import re

from services.domain.casualties.pairing import Mention
from services.domain.numerals import read_number

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
_ROSE = r"(?:达到?|升至|升到|增至|增到|增加[至到]|上升[至到]|降至|减至|定格[在为]|[锁确]定[在为]|更新为|更正为|共计?)"
# \x01 is what an aside leaves: 死亡人数(人).
_ROW = re.compile(
    rf"[死遇罹丧失重轻受](?P<what>(?<=死)[亡难]|(?<=[遇罹])难|(?<=丧)生|(?<=失)[踪联]|(?<=[重轻受])伤)(?:者|人员)?"
    rf"(?:的?(?:总?人数|总数|数量?)[\x01\s]*{_NOW}(?:[:：为是\s|]|{_ROSE}){{1,3}}|[\x01\s]*[:：|\s][\x01\s]*)"
    r"(?P<n>[0-9]{1,4}|[一二三四五六七八九十百两零]{1,5})(?=[，。,、；;！!\s)）|/\x01]|$)"
    r"(?![\s\x01]*[人名位例具余多月日时点分年岁天小个次倍%％万亿元])"
)


def tabled(sentence: str) -> tuple[str, list[Mention]]:
    """The sentence with its rows blanked, at unchanged length, and what these count."""
    found = []
    for match in _ROW.finditer(sentence):
        value = read_number(match["n"])
        if value is None:
            continue
        start, end = match.span()
        field, renewed = _FIELDS[sentence[start : start + 2]], "更" in match.group()
        found.append(Mention(field, value, "", start, end, updated=renewed, corrected=renewed))
        sentence = f"{sentence[:start]}{chr(1) * (end - start)}{sentence[end:]}"
    return sentence, found
