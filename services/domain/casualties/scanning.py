"""One sentence → tokens in order. Bracketed asides are blanked out, so that they never part a number from its verb."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from services.domain.casualties.words import IDIOM, SCAN
from services.domain.numerals import Quantity, read_number, read_quantity
from services.domain.patterns import late

MAX_TOKENS = 80
MAX_ASIDES = 20
OUTCOMES = ("death", "serious", "light", "injury", "missing", "evacuated")
NUMBERS = ("quantity", "pair", "vague")
_BRACKETS = late(r"[(（][^()（）]{0,200}[)）]")
_INCLUDED = late(r"包括[^，。,；]{1,24}?在内的?|[含连]司机在内的?")
# The year that somebody is in counts nobody; 一家老小三死两伤 counts three.
_SCHOOL_YEAR = late(r"[大高初研小][一二三四五六](?=学生|[男女]?生|年级|[在就]读|的?同学)")
_UNIT = late(r"(人次|多?[人名位]|[个口例具])?(以上|以下|左右|上下)?$")
_PAIR = late(r"(.+)[男女](.+)[男女]")
_IDLE_AFTER = (
    "家属",
    "亲属",
    "父母",
    "父亲",
    "母亲",
    "妻子",
    "丈夫",
    "儿子",
    "女儿",
    "生前",
    "原因",
    "证明",
    "赔偿",
    "抚恤",
    "威胁",
    "风险",
    "通知",
    "时间",
    "事故",
    "事件",
    "病例报告",
    "名单",
    "身份",
    "保险",
    "鉴定",
    "认定",
)
_IDLE_BEFORE = late(
    r"(?:幸免|幸免于|免于|免遭|险些|差点|未|没有|没|并未|不|避免|防止|非|无|减少|降低)(?:被|遭|有|造成|人员)?$|"
    # 香死三十个人: nobody dies of these.
    r"(?:[香辣美笑烦吵馋丑甜咸羡慕尬愁坑撑]|(?<![遇罹矿海空船车灾危蒙受])难|(?<![硫硝盐草])酸|(?<![煤毒燃沼废烟空氯氨天])气)$"
)


class Token(NamedTuple):
    kind: str
    start: int
    end: int
    words: str
    quantity: Quantity | None = None


def blank(text: str, pattern: re.Pattern[str]) -> str:
    """`text` with every match replaced by as many fillers."""
    return pattern.sub(lambda m: "\x01" * (m.end() - m.start()), text)


def asides(sentence: str) -> list[tuple[int, str]]:
    """At most MAX_ASIDES bracketed asides of a sentence with their offsets."""
    if "(" not in sentence and "（" not in sentence:
        return []
    return [(m.start() + 1, m.group()[1:-1]) for m in islice(_BRACKETS.finditer(sentence), MAX_ASIDES)]


def without_asides(sentence: str) -> str:
    """The sentence with asides, 包括…在内 and idioms (三死五活) blanked, at unchanged length."""
    if "(" in sentence or "（" in sentence:
        sentence = blank(sentence, _BRACKETS)
    if "死" in sentence:
        sentence = blank(sentence, IDIOM)
    return blank(sentence, _INCLUDED) if "在内" in sentence else sentence


def scan(sentence: str) -> list[Token]:
    """At most MAX_TOKENS tokens of a sentence, without outcomes that are denied or part of a noun (死者家属)."""
    tokens = []
    for match in SCAN.finditer(sentence):
        kind = match.lastgroup or ""
        if (kind in OUTCOMES and _idle(sentence, match)) or (kind == "quantity" and _school_year(sentence, match)):
            continue
        tokens.append(_token(kind, match))
        if len(tokens) >= MAX_TOKENS:
            break
    return tokens


def _school_year(sentence: str, match: re.Match[str]) -> bool:
    """大三学生, 高二学生, 初三学生: the year somebody is in counts nobody."""
    return match.start() > 0 and _SCHOOL_YEAR.match(sentence, match.start() - 1) is not None


def _idle(sentence: str, match: re.Match[str]) -> bool:
    if sentence.startswith(_IDLE_AFTER, match.end()) and not _identified(sentence, match):
        return True
    return _IDLE_BEFORE.search(sentence, max(0, match.start() - 6), match.start()) is not None


def _identified(sentence: str, match: re.Match[str]) -> bool:
    """12名死者身份确认 counts the dead, 死者身份 alone does not."""
    counted = match.group() in ("死者", "遗体") and sentence.startswith(("名", "位", "具", "个"), match.start() - 1)
    return counted and match.start() > 0 and sentence.startswith("身份", match.end())


def _token(kind: str, match: re.Match[str]) -> Token:
    words = match.group()
    quantity = None
    if kind in ("quantity", "counted", "bare"):
        kind, quantity = "quantity", _read(words)
    elif kind in ("pair", "kin"):
        kind, quantity = "pair", _read_pair(words)
    if kind in ("quantity", "pair") and quantity is None:
        kind = "vague"
    return Token(kind, match.start(), match.end(), words, quantity)


@lru_cache(maxsize=4096)  # as in numerals: the same few words again and again
def _read(words: str) -> Quantity | None:
    unit = _UNIT.search(words)
    tail = unit.group(2) if unit and unit.group(2) else ""
    body = words[: unit.start()] if unit else words
    if unit and (unit.group(1) or "").startswith("多"):
        body += "多"
    return read_quantity(body.strip() + tail) or read_quantity(body.strip())


def _read_pair(words: str) -> Quantity | None:
    if "男" not in words:
        return Quantity(2)
    parts = _PAIR.fullmatch(words)
    counts = [read_number(p) for p in parts.groups()] if parts else []
    return Quantity(float(sum(c or 0 for c in counts))) if counts else None
