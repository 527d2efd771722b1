"""What tells two posts by one form apart (记号): the spot, firm, number, line, day and hour that each fills in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from services.domain.grouping.details import DAY, HOURS, PLACE, WHAT, agree, by_sort, owners_of, things_in
from services.domain.grouping.hours import hours_of
from services.domain.grouping.policy import GroupingPolicy
from services.domain.numerals import halve_width, read_number

NUMBER, LINE = "号", "线"
_FORM = 500
"""Of what is longer a copy may leave out whole paragraphs: only its places count."""
_MOST = 8
_COUNTED = re.compile("[号栋元路]")
_NUMBERED = re.compile("[0-9二三四五六七八九十百]{1,4}(?:号楼|号院|号线|栋|单元|号|(?<=[0-9])路(?![0-9段程]))")
_LINES, _HOUSES, _STREETS = ("路", "号线"), "号楼院栋单元", "路街道巷院区"
_VISITED = re.compile(r"在([一-龥A-Za-z0-9]{2,16}?)(?:就餐|用餐|吃饭|聚餐|消费|办卡|购买|打工|上班|务工|住院|就诊)")
_AS_OF = re.compile(r"截[至止][^，。,;；]{0,16}")
_DATE = re.compile(r"([0-9]{1,2})日")
_WATER = re.compile("水库|[河江湖](?:段|边|道|畔|里|中|面)|池塘|水塘|水坑|泳池|水渠")
_NO_SPOT = re.compile("刚才|当[天时日]|数[十百]|现场|路过|^[公道马铁水]路$")
_NO_FIRM = re.compile(
    "[楼门街路]下|[楼门街路]上|[楼门街路][口前边]|附近|周[边围]|旁边|对面|小区|居民|业主|大型|小型|无证|相关|所在|我|你|他|有些|部分|连锁|送[往至到]|伤者"
)


def marks_of(
    text: str, places: Iterable[str], event: bool, known: tuple[GroupingPolicy, Sequence[str]]
) -> tuple[str, ...]:
    """The marks of a post, each with its sort before a colon; `places` are the finer ones it names.

    What was befallen and when are marks of an `event` only: a complaint names hours for many reasons. `known` are the
    policy and the names of our city.
    """
    named = [place for place in places if not _NO_SPOT.search(place)][:_MOST]
    # Of a quarter and an estate in it (群力, 群力家园) the quarter would make all its estates one.
    found = [f"{PLACE}:{place}" for place in named if not any(place in more for more in named if more != place)]
    if len(text) <= _FORM:
        found += _filled_in(halve_width(text), *known)
        found += _befell(halve_width(text)) if event else ()
    return tuple(dict.fromkeys(found))


def _filled_in(text: str, policy: GroupingPolicy, city: Sequence[str]) -> list[str]:
    """Firms, the numbers of houses, and lines."""
    firms = owners_of(text, policy.firms, city) if policy.firms else ()
    if "在" in text:
        firms += tuple(owner for said in _VISITED.findall(text) for owner in owners_of(f"{said}店", ("店",), city))
    found = [firm for firm in firms if not _NO_FIRM.search(firm)]
    for said in _NUMBERED.finditer(text) if _COUNTED.search(text) else ():
        number = said.group()
        if number.endswith(_LINES):
            found.append(f"{LINE}:{number}")
        elif number[-1] != "号" or text[said.start() - 1 : said.start()] in _STREETS:
            found.append(f"{NUMBER}:{read_number(number.rstrip(_HOUSES))}")
    return found


def _befell(text: str) -> list[str]:
    """What was befallen, at which hours of which days; not as of when it is told."""
    text = _AS_OF.sub("", text)
    found = [f"{WHAT}:{name}" for name in things_in(text)]
    found += [f"{WHAT}:{water.group()}" for water in _WATER.finditer(text)]
    found += [f"{HOURS}:{low}-{high}" for low, high in hours_of(text)]
    return found + [f"{DAY}:{int(day)}" for day in _DATE.findall(text)]


def differing(one: Iterable[str], other: Iterable[str]) -> frozenset[str]:
    """The sorts of marks that both bear, and in which nothing agrees."""
    left, right = by_sort(one), by_sort(other)
    return frozenset(sort for sort in left.keys() & right.keys() if not _agree(sort, left[sort], right[sort]))


def agreeing(one: Iterable[str], other: Iterable[str]) -> frozenset[str]:
    """The sorts of marks in which both agree in one at least."""
    left, right = by_sort(one), by_sort(other)
    return frozenset(sort for sort in left.keys() & right.keys() if _agree(sort, left[sort], right[sort]))


def _agree(sort: str, left: set[str], right: set[str]) -> bool:
    if sort != HOURS:  # 广铁集团 and 铁广集团 are one: who copies by hand mixes letters up
        return agree(sort, left, right) or not {*map(_letters, left)}.isdisjoint(map(_letters, right))
    spans = [[tuple(map(int, one.split("-"))) for one in some] for some in (left, right)]
    return any(low < until and since < high for low, high in spans[0] for since, until in spans[1])


def _letters(name: str) -> str:
    return "".join(sorted(name))
