"""What tells two matters of one kind apart: what burned, which number, street and hour; whose doing it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from services.domain.assessment import Assessment
from services.domain.grouping.hours import hours_of
from services.domain.grouping.policy import GroupingPolicy
from services.domain.numerals import halve_width, read_number
from services.domain.zone import SHANGHAI

_THINGS = {
    "住宅": "居民楼|住宅|民房|民宅|居民家|住户|公寓|高层|单元楼|楼房|小区|家属楼",
    "仓库": "仓库|库房|货场|冷库|粮库|堆场",
    "工厂": "厂房|工厂|车间|化工厂|加工厂|作坊|[一-龥]厂(?!家)",
    "商铺": "市场|商场|超市|商店|商铺|门市|店铺|商户|商城|家具城",
    "餐饮": "饭店|餐馆|餐厅|烧烤|酒楼|小吃|火锅店|食堂|后厨",
    "旅馆": "宾馆|酒店|旅馆|洗浴|浴池|足浴|酒吧|网吧|歌厅|KTV|养老院|敬老院",
    "大楼": "大厦|写字楼|办公楼|大楼|高楼",
    "船": "货轮|轮船|渔船|游船|船舶",
    "学校": "学校|小学|中学|大学|学院|幼儿园|宿舍",
    "医院": "医院|卫生院|诊所",
    "车辆": "轿车|货车|客车|公交车|大巴|电动车|出租车|车辆",
    "工地": "工地|在建|脚手架|基坑",
    "野外": "草地|荒地|荒草|树林|山林|森林|林区|垃圾堆|柴草|秸秆|草垛",
}
_THING = re.compile("|".join(f"({words})" for words in _THINGS.values()))
_SOME = re.compile("|".join(_THINGS.values()).replace("[一-龥]厂(?!家)", "厂(?!家)"))
"""The same words at a third of the cost, of what sort they are is asked of those found."""
_NAMES = tuple(_THINGS)
_NEAR = 18
_READ = 400
"""Characters in which a report says what happened where."""
_AFTER = re.compile(r"(?:的|部位|建筑|地点|物质|现场|点)[^。！？!?\n]{0,10}")
_HURT = re.compile(r"送[往至到]?|[往至到在]$|救治|就医")
_PROPER = re.compile(
    r"[区县市]([一-龥A-Za-z]{2,10}?)(?:[0-9一二三四五六七八九十]+(?:号楼|号院|号|栋|单元))?"
    r"(?:突然|突发|发生|疑似|[今昨][天日早晚]|凌晨|上午|下午|傍晚|晚上)*$"
)
_COMMON = re.compile(
    r"[一某多有的了在处内发突今昨凌晨上下午晚消防辖附近网友刚才看到]|居民|住宅|民房|民宅|小区$|仓库|厂房|商铺|饭店|市场$|商场|超市|学校|工地|火|爆|塌"
)
_NAME = 12
_BEFORE_A_NAME = (
    r"[^一-龥A-Za-z0-9]|[在被给为向是由到去的和与把从让对跟于]|[区县镇乡]"
    r"|举报|投诉|反映|关于|承建|家长|我们|孩子|拖欠|请问|市(?!场)"
)
_LEGAL = re.compile("有限|责任|股份|分$")
_NOBODY = re.compile("[该本这那某每各]|一家|多家|有家|外面|自己|几个|所有")
_COMMON_TRADE = re.compile(
    "[0-9一二三四五六七八九十几多两]+[家所]|建筑|装饰|装修|物业|保安|劳务|派遣|外包|贷款|保险|房地产|置业|工程|建设|"
    "安装|多次|业主|中心|实验|[找了可而]"
)
_SPOTS = (*"路街道巷桥村屯城苑园", "胡同", "小区", "广场", "市场", "大厦", "家园", "新村")
_NUMBER = re.compile(r"([0-9]{1,4}|[一二三四五六七八九十百]{1,4})(号楼|号院|栋|单元|号(?![线车机楼院]))")
HOURS, DEAD, INJURED, _RISEN, PLACE, OWNER = "时", "亡", "伤", "升", "处", "主"
WHAT, DAY, _DENIAL = "物", "日", "谣"
_CHANGED = "至"
_TOLLS = frozenset((DEAD, INJURED, _RISEN))
NOTHING: frozenset[str] = frozenset()
TOLLS: frozenset[str] = _TOLLS
"""The sorts of details that change as an event goes on."""
NEWS: frozenset[str] = _TOLLS | {HOURS}
"""Those, and the hours that later reports name: of the press conference, of a death."""
_PEOPLE = r"[0-9一二三四五六七八九十百两]+余?[人名]"
_ROSE = re.compile(
    r"(?:[上攀]?升[至到为]|增[至到]|增加[至到为]|扩大[至到]|累计(?=已?有|已?经?(?:致|造成|导致)|死|遇难|受?伤))"
    rf"[^。！？!?\n0-9]{{0,6}}{_PEOPLE}"
)
_BY_NOW = re.compile(rf"已[经]?(?:有|致|造成|导致)[^。！？!?\n0-9]{{0,6}}{_PEOPLE}")
"""So most first reports put it: it may be a toll that rose, or another event."""
_JUNK = re.compile("刚才|当[天时日]|组织|数[十百]|周边|附近|现场|路过|^[公道马铁水]路$")
_DENIED = re.compile("辟谣|[系为是]谣言|造谣|谣言被|不属实|不实信息|编造")
_DATE = re.compile(r"(?:(?P<month>[0-9]{1,2})月)?(?P<day>[0-9]{1,2})日")
_ANOTHER = re.compile(r"另一?[起处]|又一[起处]|第二[起处]|又(?:发生|有)|两[起处]|多[起处]|接连|先后发生")


def another(text: str) -> bool:
    """True where the text speaks of a second outbreak."""
    return _ANOTHER.search(text) is not None


def details_of(text: str, words: Iterable[str], places: Iterable[str], assessment: Assessment) -> tuple[str, ...]:
    """The details of an outbreak that is told by these words, each with its sort before a colon.

    `places` are those the gazetteer found in the text.
    """
    text = halve_width(text[:_READ])
    found = [f"街道:{region.code}" for region in assessment.regions if len(region.code) == 9]
    found += [f"{PLACE}:{place}" for place in places if place.endswith(_SPOTS) and not _JUNK.search(place)]
    hurt = assessment.casualties
    found += [f"{of}:{number}" for of, number in ((DEAD, hurt.deaths), (INJURED, hurt.injuries)) if number]
    found += [f"{_RISEN}:{_CHANGED}"] if _ROSE.search(text) else [f"{_RISEN}:已"] if _BY_NOW.search(text) else []
    for word in words:
        for told in re.finditer(re.escape(word), text):
            found += [f"{WHAT}:{name}" for name in _things(text, *told.span())]
            found += [f"{PLACE}:{name}" for name in _named(text, told.start())]
    found += [f"{of}:{read_number(number)}" for number, of in _NUMBER.findall(text)]
    found += [f"{HOURS}:{low}-{high}" for low, high in hours_of(text)]
    return tuple(dict.fromkeys(found))


def tolls_of(text: str, assessment: Assessment) -> tuple[str, ...]:
    """The tolls alone, for events too many to be known by what happened where."""
    text, hurt = halve_width(text[:_READ]), assessment.casualties
    found = [f"{of}:{number}" for of, number in ((DEAD, hurt.deaths), (INJURED, hurt.injuries)) if number]
    return (*found, f"{_RISEN}:{_CHANGED}") if _ROSE.search(text) and not another(text) else tuple(found)


def denied(title: str, text: str, graded: bool) -> bool:
    """True for a report that calls an outbreak a rumour.

    A graded event happened, whatever else its report denies, unless the title denies it.
    """
    return _DENIED.search(title if graded else f"{title}\n{text[:_READ]}") is not None


def as_denied(details: Iterable[str]) -> tuple[str, ...]:
    """The details of a report that denies them; the dead of a rumour and its hours count nothing."""
    return (*(detail for detail in details if detail.partition(":")[0] not in NEWS), f"{_DENIAL}:是")


def days_of(text: str, at: datetime) -> tuple[str, ...]:
    """The days that a notice of that time names, as details: of two by one form only the days and streets differ."""
    found, month = [], str(at.astimezone(SHANGHAI).month)
    for date in _DATE.finditer(halve_width(text[:_READ])):
        month = date["month"] or month
        found.append(f"{DAY}:{month}-{date['day']}")
    return tuple(dict.fromkeys(found))


def owners_of(text: str, ends: Sequence[str], city: Sequence[str]) -> tuple[str, ...]:
    """Whose doing a matter is: names that end so (恒远建筑|公司), as details; common ones (该公司) are left out.

    The names of the `city` in front are no part of theirs.
    """
    found, begins = [], _begins(tuple(city))
    for match in _ending(tuple(ends)).finditer(text[:_READ]):
        window = text[max(0, match.start() - _NAME) : match.start()]
        stem = _LEGAL.sub("", window[broken.end() if (broken := begins.match(window)) else 0 :])
        if len(_COMMON_TRADE.sub("", stem)) >= 2 and not _NOBODY.search(stem):
            found.append(f"{OWNER}:{stem}{match.group()}")
    return tuple(dict.fromkeys(found))


@cache
def _ending(ends: tuple[str, ...]) -> re.Pattern[str]:
    """The ends of names, the longest first."""
    return re.compile("|".join(sorted(ends, key=len, reverse=True)))


@cache
def _begins(city: tuple[str, ...]) -> re.Pattern[str]:
    """All that stands before a name."""
    return re.compile(f".*(?:{'|'.join((_BEFORE_A_NAME, *map(re.escape, city)))})", re.DOTALL)


def same_owner(one: Iterable[str], other: Iterable[str]) -> bool:
    """True where both name the same firm or school."""
    left, right = by_sort(one).get(OWNER, set()), by_sort(other).get(OWNER, set())
    return bool(left and right) and agree(OWNER, left, right)


def contradict(
    one: Iterable[str], other: Iterable[str], policy: GroupingPolicy, ignoring: frozenset[str] = NOTHING
) -> bool:
    """True where both name the same sort of detail and nothing of it agrees; what is ignored says nothing."""
    left, right = by_sort(one), by_sort(other)
    both = left.keys() & right.keys() - ignoring
    return any(not _may_be_of_one(sort, left[sort], right[sort], policy) for sort in both)


def outgrew(later: Iterable[str], earlier: Iterable[str], surely: bool = True) -> bool:
    """True where the later report says that the dead of the earlier one, or else the injured, have become more.

    Who dies of his injuries is no longer injured. `surely` takes a word of change (升至); else what there is by now is
    enough (已致).
    """
    left, right = by_sort(later), by_sort(earlier)
    if not (_CHANGED in left.get(_RISEN, ()) if surely else _RISEN in left):
        return False
    both = [(_most(left[toll]), _most(right[toll])) for toll in (DEAD, INJURED) if toll in left and toll in right]
    changed = [now - was for now, was in both if now != was]
    return bool(changed) and changed[0] > 0


def _most(counts: set[str]) -> int:
    return max(map(int, counts))


def alike(one: Iterable[str], other: Iterable[str]) -> bool:
    """True where both name what burned or fell, a place, street or number in common."""
    return _alike(*_specific(one, other))


def one_scene(one: Iterable[str], other: Iterable[str], policy: GroupingPolicy) -> bool:
    """True where both tell of one place and of one thing there, as far as they tell, and of no other hours."""
    left, right = by_sort(one), by_sort(other)
    both = left.keys() & right.keys()
    told = both & {PLACE, WHAT, HOURS}
    return PLACE in both and all(_may_be_of_one(sort, left[sort], right[sort], policy) for sort in told)


def of_that_disaster(later: Iterable[str], known: Iterable[str], policy: GroupingPolicy) -> bool:
    """True where many died of the known one, and the later report names something specific of it."""
    later, known = tuple(later), tuple(known)
    return max(map(int, by_sort(known).get(DEAD, ("0",)))) >= policy.disaster_dead and alike(later, known)


def called_rumour(details: Iterable[str]) -> bool:
    """True for the details of a report that calls the outbreak a rumour."""
    return _DENIAL in by_sort(details)


def unlike(one: Iterable[str], other: Iterable[str]) -> bool:
    """True where both are specific and have nothing specific in common: a warehouse, and some village."""
    left, right = _specific(one, other)
    return bool(left and right) and not _alike(left, right)


def _alike(left: dict[str, set[str]], right: dict[str, set[str]]) -> bool:
    return any(agree(sort, left[sort], right[sort]) for sort in left.keys() & right.keys())


def _specific(*of: Iterable[str]) -> list[dict[str, set[str]]]:
    """Their details without hours and tolls."""
    sorts = [by_sort(details) for details in of]
    return [{sort: values for sort, values in known.items() if sort not in NEWS | {_DENIAL}} for known in sorts]


def by_sort(details: Iterable[str]) -> dict[str, set[str]]:
    """The values of each sort."""
    found: dict[str, set[str]] = {}
    for detail in details:
        sort, _, value = detail.partition(":")
        found.setdefault(sort, set()).add(value)
    return found


def _may_be_of_one(sort: str, left: set[str], right: set[str], policy: GroupingPolicy) -> bool:
    """Counts of one outbreak rise within hours, but seldom by more unless the later report says that they rose."""
    if sort in (DEAD, INJURED):
        times = policy.toll_times
        return any(max(one, many) <= times * min(one, many) for one in map(int, left) for many in map(int, right))
    if sort != HOURS:
        return agree(sort, left, right)
    apart = policy.hours_apart
    spans = [[tuple(map(int, one.split("-"))) for one in some] for some in (left, right)]
    return any(low <= until + apart and since <= high + apart for low, high in spans[0] for since, until in spans[1])


def agree(sort: str, left: set[str], right: set[str]) -> bool:
    """True where one value is of both; of places and owners the one name may be part of the other."""
    if sort in (PLACE, OWNER):
        return any(one in other or other in one for one in left for other in right)
    return not left.isdisjoint(right)


def things_in(text: str) -> list[str]:
    """What the text names of what burns or falls, but where the hurt were brought."""
    found = [
        match for match in _SOME.finditer(text) if not _HURT.search(text[max(0, match.start() - 4) : match.start()])
    ]
    sorts = [_THING.search(text, max(0, match.start() - 1), match.end() + 1) for match in found]
    return [_NAMES[(match.lastindex or 1) - 1] for match in sorts if match]


def _things(text: str, start: int, end: int) -> list[str]:
    """What burned or fell: named shortly before the word in its sentence, or behind it as 起火的是…."""
    head = max(text.rfind(mark, 0, start) for mark in "。!?！？\n") + 1
    before = text[max(head, start - _NEAR) : start]
    behind = _AFTER.match(text, end)
    found = [match for match in _THING.finditer(before) if not _HURT.search(before[: match.start()])]
    found += _THING.finditer(behind.group()) if behind else []
    return [_NAMES[(match.lastindex or 1) - 1] for match in found]


def _named(text: str, at: int) -> list[str]:
    """The proper name between the district and the word (道外区|红旗城|起火), where it is one."""
    match = _PROPER.search(text, max(0, at - _NEAR), at)
    return [match[1]] if match and not _COMMON.search(match[1]) else []
