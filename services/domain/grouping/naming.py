"""Two brief texts by one form that fill in another name: what stands in the one where the other has something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

BRIEF = 300
"""Letters of a text that is kept whole to be compared word by word; a form filled in is no longer."""
ELSEWHERE, NAMED = "地", "名"
"""Another street, town or kilometre; another mine, firm, school or person, or a name with but some letters changed."""
_TOKEN = re.compile("[0-9a-z]+|.", re.DOTALL)
_JOINED = 1
"""So few letters in common between two changes are chance: 人民大街 and 大同街 share 大."""
_REPEATS = 3
"""What says each thing so often on the average is no form, and takes long to compare."""
_AHEAD, _STEM = 5, 10
_CODE = re.compile("[a-z]+[0-9]+")
_SPOT = re.compile("公里处|公里[0-9]+米处|线|国道|省道|县道|号井|号矿|号窑|号桥|号桩")
_PLACES = (
    "街道|大街|大道|胡同|社区|小区|广场|公园|花园|家园|新城|新村|国际|开发区|园区|国道|省道|高速|公路|隧道|通道|车站|[出入]口|收费站|服务区|立交"
    "|城(?![管区市乡])|[路街巷桥村屯镇乡县苑园庄府邸坊湾堡沟泡河江湖山岛港]|(?=[0-9a-z]+(?:栋|号楼|期|座|单元))"
)
_WORKS = (
    "公司|集团|(?<![现当到在立])场|水库|仓库|冷库|粮库|加油站|加气站|电站|泵站|工地|健身|游泳|培训"
    "|学校|小学|中学|大学|学院|幼儿园|驾校|技校|职高|医院|诊所|药房|银行|大厦|公寓|影城|网吧|酒吧|餐厅|酒楼"
    "|烧烤|火锅|超市|酒店|宾馆|物业|机构|[矿厂店馆院](?![长员主家方工内门])"
)
_ENDS = {
    sort: re.compile(f"(.{{1,{_STEM}}}?)(?:{ends})", re.DOTALL)
    for sort, ends in ((ELSEWHERE, _PLACES), (NAMED, _WORKS))
}
_GAPS = {ELSEWHERE: 2, NAMED: 4}
"""Letters in common before the end of the name: of 浓河镇 and 清河镇 one, of two driving schools (驾校) none."""
_BEYOND = 2
"""What is changed far beyond the name is worded anew, not filled in."""
_NO_NAME = re.compile(
    "[的了是被已仍今昨这那该某在我你他她它们没从把给于]|^[以请盼望让由去到往至又再还就也都及和与一]|知道|大量|多次"
    "|正在|即将|将[于在会]|发生|突发|现场|[0-9一二两三四五六七八九十几多][家栋个名处座人户所起]|居民|业主|附近|一带|网友|家长|市民|群众"
    "|举报|投诉|反映|关于|曝光|实名|记者|本报|本台|消息|通报|位[于处]|坐落|地处|途经|前往|路过|辖区|全[市区县]|本[市区县]"
    "|造成|导致|死亡|遇难|受伤|事故|火灾|爆炸|起火|着火|有[一家个人关些]"
)
_NUMBERS = re.compile("[0-9]+|[一二三四五六七八九十]+")


class Other(NamedTuple):
    """In what the second text differs: the sort, and the name that the first has there."""

    sort: str
    name: str


def other_names(one: str, two: str) -> list[Other]:
    """The names of `one` in whose stead `two` has others; both are letters without punctuation, "" says nothing.

    Only what stands between the same words is compared: who words it anew names nothing else by that.
    """
    if not one or not two or one == two:
        return []
    left, right = _TOKEN.findall(one), _TOKEN.findall(two)
    if any(len(set(tokens)) * _REPEATS < len(tokens) for tokens in (left, right)):
        return []
    found = [_other(left, right, *span) for span in _replaced(left, right)]
    return [other for other in found if other is not None]


def _replaced(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Where the one has something that the other has not, and the other something else."""
    spans: list[tuple[int, int, int, int]] = []
    for tag, since, until, its_since, its_until in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if spans and since - spans[-1][1] <= _JOINED:
            since, _, its_since, _ = spans.pop()
        spans.append((since, until, its_since, its_until))
    return (span for span in spans if span[0] < span[1] and span[2] < span[3])


def _other(left: Sequence[str], right: Sequence[str], since: int, until: int, its: int, its_end: int) -> Other | None:
    """The two names that stand there; None where not both are one."""
    mine, theirs = "".join(left[since:until]), "".join(right[its:its_end])
    if sorted(mine) == sorted(theirs):  # who copies by hand mixes letters up
        return None
    after = "".join(left[until : until + _AHEAD])
    if _CODE.fullmatch(mine) and _CODE.fullmatch(theirs):
        return Other(ELSEWHERE, mine)
    if _NUMBERS.fullmatch(mine) and _NUMBERS.fullmatch(theirs):
        if match := _SPOT.match(after):
            return Other(ELSEWHERE, mine + match.group())
        if mine.isdecimal():
            return None
    if after.startswith("某") and len(mine) == len(theirs) == 1:
        return Other(NAMED, f"{mine}某")
    its_after = "".join(right[its_end : its_end + _AHEAD])
    for sort, ends in _ENDS.items():
        one, two = (_name(changed, behind, sort, ends) for changed, behind in ((mine, after), (theirs, its_after)))
        if one and two and one != two and not (one in "".join(right) or two in "".join(left)):
            plain = sort == ELSEWHERE and set(mine).isdisjoint(theirs) and len(mine + theirs) > 2
            return Other(ELSEWHERE if plain else NAMED, one)
    return None


def _name(changed: str, behind: str, sort: str, ends: re.Pattern[str]) -> str:
    """The name that begins with what is changed, up to the word that ends it; "" where there is none."""
    match = ends.match(changed + behind)
    if match is None or len(match[1]) > len(changed) + _GAPS[sort] or _NO_NAME.search(match[1]):
        return ""
    return match.group() if len(changed) - match.end() <= _BEYOND else ""
