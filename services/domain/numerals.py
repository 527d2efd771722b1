"""Numbers as Chinese text writes them: 三十余, 近百, 1.2亿, 十几, 3至5, ３８; each with the bound it was said with."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.domain.patterns import late

AT_LEAST, ABOUT, AT_MOST = "at_least", "about", "at_most"

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "俩": 2, "仨": 3}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_WIDE = {ord("０") + i: ord("0") + i for i in range(10)} | {
    ord("．"): ord("."),
    ord("％"): ord("%"),
    ord("－"): ord("-"),
}

_NUMERAL = late(r"[0-9][0-9,.]*|.")
_ANY_WIDE = late("[０-９．％－]")
# 壹仟万元, 死亡拾贰人: the capitals of forms and bills. 队伍人员 and 大陆人 have none: one that is part of words is a
# numeral only behind what is counted or another numeral.
CAPITALS = "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟"
_PLAIN = dict(zip(map(ord, CAPITALS), "一二二三三四五六六七八九十百千", strict=True))
_CAPITAL = late(rf"[{CAPITALS}][{CAPITALS}零一二三四五六七八九万亿]*(?=[余多]?[人名位例具元户口个万亿])")
_PART_OF_WORDS = "肆伍陆陸拾佰仟"
_COUNTING = "、成死亡难伤踪联生计共为达到至约近逾超致有损失者：:0123456789一二三四五六七八九"

# Bounded repeats only: a megabyte of one digit must not make the scan quadratic.
# Newspapers set a blank between digits and 万 or 亿; it counts only before something countable (3 万达店 is none).
_SET_APART = "(?: (?=[余多几来]?[万亿]{1,2}[余多几]?[ ]?[元人名户口位]))?"
# 1亿2000万, 2万3千, 1万零500: smaller units follow greater ones.
_SMALLER = "(?:零?(?:[0-9]{1,4}|[一二两三四五六七八九])[余多几]?[十百千万]{1,2}){0,3}(?:零?[0-9]{3,4}(?![0-9.]))?"
_ARABIC = (
    r"(?<![0-9.])(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|"
    rf"[0-9]{{1,9}})(?:\.[0-9]{{1,4}})?(?:{_SET_APART}[余多几来]?[十百千万亿]{{1,2}}{_SMALLER})?"
)
_HAN = (
    r"(?<![零〇一二三四五六七八九十百千万亿第])(?:[数几]|"
    r"上(?=[百千万亿]))?(?:[俩仨]|[零〇一二两三四五六七八九十百千万亿]{1,14})(?:[余多几来][十百千万亿]{1,2})?"
)
# 五点三级, 一点二亿: a point only before what is never counted by the clock.
_HAN_POINT = (
    r"(?<![零〇一二三四五六七八九十百千万亿第])[一二三四五六七八九]点[零一二三四五六七八九]"
    r"(?=个?[级亿]|$)(?:个?亿)?"
)
_BARE = rf"(?:{_ARABIC}|{_HAN_POINT}|{_HAN})"
_BEFORE = (
    r"至少有?|最少|起码|不少于|不低于|突破|超过了?|逾|超|多达|高达|将近|接近|近|大约|约|估计|不到|不足|少于|"
    r"低于|不超过|最多|至多"
)
_AFTER = r"余|多|好?几|来|以上|以下|左右|上下|许"
# Every character a quantity can begin with: a scanner looks here before it tries the whole pattern.
FIRST = "0-9零〇一二三四五六七八九十百千万亿两俩仨数几上至最起不突超逾多高将接近大约估少低"
# One quantity: a word before, a number or a range of two, a word after.
QUANTITY = rf"(?:(?:{_BEFORE}) ?)?{_BARE}(?:(?:至|到|-|~|—|－|～){_BARE})?(?:{_AFTER}| 余(?=[ ]?[人名位户元]))?"

_PARTS = late(rf"(?P<before>{_BEFORE})?(?P<low>{_BARE})(?:(?:至|到|-|~|—|－|～)(?P<high>{_BARE}))?(?P<after>{_AFTER})?")
_BOUNDS = (
    dict.fromkeys(
        [
            "至少",
            "至少有",
            "最少",
            "起码",
            "不少于",
            "不低于",
            "突破",
            "超过",
            "超过了",
            "逾",
            "超",
            "余",
            "多",
            "几",
            "好几",
            "来",
            "以上",
        ],
        AT_LEAST,
    )
    | dict.fromkeys(["将近", "接近", "近", "大约", "约", "估计", "左右", "上下", "许", "多达", "高达"], ABOUT)
    | dict.fromkeys(["不到", "不足", "少于", "低于", "不超过", "最多", "至多", "以下"], AT_MOST)
)
_EXACT_BEFORE = ("多达", "高达")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number and how it was said: `bound` is "", "at_least", "about" or "at_most"."""

    value: float
    bound: str = ""


def halve_width(text: str) -> str:
    """`text` with full-width digits, point, percent and hyphen made half-width and the capital numerals of forms
    (拾贰人) made plain ones; the length stays."""
    text = text.translate(_WIDE) if _ANY_WIDE.search(text) else text
    return _CAPITAL.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    words, start = match.group(), match.start()
    doubtful = len(words) == 1 and words in _PART_OF_WORDS and start > 0
    return words if doubtful and match.string[start - 1] not in _COUNTING else words.translate(_PLAIN)


# People count in few words: the same 一, 3 and 20余 again and again.
@lru_cache(maxsize=4096)
def read_quantity(words: str) -> Quantity | None:
    """The quantity `words` state as a whole, or None where they are no number.

    A range (3至5) gives its upper end as "about": the higher candidate is the one the clock needs.
    """
    parts = _PARTS.fullmatch(words.replace(" ", ""))
    if parts is None:
        return None
    low, loose = _read_bare(parts["low"])
    if low is None:
        return None
    if parts["high"]:
        high, _ = _read_bare(parts["high"])
        return None if high is None else Quantity(max(low, high), ABOUT)
    return Quantity(low, _bound(parts["before"] or "", parts["after"] or "", loose))


def read_number(words: str) -> int | None:
    """The whole number in `words` without its bound, or None."""
    quantity = read_quantity(words)
    return None if quantity is None else int(quantity.value)


def _bound(before: str, after: str, loose: str) -> str:
    if before in _EXACT_BEFORE:
        before = ""
    return _BOUNDS.get(before, "") or _BOUNDS.get(after, "") or loose


def _read_bare(words: str) -> tuple[float | None, str]:
    """Value and the bound the number itself carries (数十, 十几, 30多万, 三五); 五点三 is 5.3."""
    if "点" in words:
        whole, _, rest = words.partition("点")
        return _read_body(f"{_DIGITS[whole]}.{_DIGITS[rest[0]]}{rest[1:].replace('个', '')}"), ""
    bound = ABOUT if words[0] in "数几" else AT_LEAST if words[0] == "上" else ""
    words = words.lstrip("上")
    body = "".join(c for c in words if c not in "余多几来数")
    if len(body) < len(words) and not bound:
        bound = AT_LEAST
    if words and words[0] in "数几" and body:
        # 数十, 几百: "some tens" is at least one ten; nothing more is certain.
        return (_read_body(body), AT_LEAST) if body[0] in "十百千万亿" else (None, "")
    if not body:
        return None, ""
    if _is_guess(body):
        return _read_body(body[1:]), ABOUT
    return _read_body(body), bound


def _is_guess(body: str) -> bool:
    """三五, 七八十: two neighbouring digits are a guess between them, not a number read digit by digit."""
    if len(body) < 2 or body[0] not in _DIGITS or body[1] not in _DIGITS:
        return False
    gap = _DIGITS[body[1]] - _DIGITS[body[0]]
    return 0 < gap <= 2 and _DIGITS[body[0]] > 0 and (len(body) == 2 or body[2] in "十百千万亿")


def _read_body(body: str) -> float | None:
    """一亿两千万, 1亿2000万, 2万3千, 1.2亿, 5百万: a unit greater than the last one multiplies all before it."""
    if all(c in _DIGITS for c in body):
        return float("".join(str(_DIGITS[c]) for c in body))
    total = section = number = 0.0
    greatest = 0
    for part in _NUMERAL.findall(body):
        if part[0] in _SMALL:
            section += (number or 1) * _SMALL[part]
        elif part[0] in _LARGE:
            unit, value = _LARGE[part], section + number
            total = (total + value or 1) * unit if unit > greatest else total + value * unit
            section, greatest = 0.0, max(greatest, unit)
        elif part[0] not in _DIGITS and not part[0].isdecimal():
            return None
        plain = part[0] not in _SMALL and part[0] not in _LARGE
        number = 0.0 if not plain else float(_DIGITS[part]) if part in _DIGITS else float(part.replace(",", ""))
    last = body[-1] in _DIGITS and _last_digit(body, int(number))
    return round(total + section + (last or number), 4)


def _last_digit(body: str, digit: int) -> int:
    """一万五 is 15,000, 三百二 is 320; after 零 or 十 the last digit stands for itself."""
    if digit and len(body) >= 3 and body[-2] in "百千万亿":
        unit = _SMALL.get(body[-2]) or _LARGE[body[-2]]
        return digit * unit // 10
    return digit
