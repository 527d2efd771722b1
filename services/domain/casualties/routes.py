"""航线车次: an aircraft, train, bus or ship between our city and another place that an accident befell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.domain.patterns import late
from services.domain.regions.names import Mention

_STOP = "。！？!?；;\n"
_VEHICLE = (
    "航班|客机|班机|飞机|专机|包机|高铁|动车|列车|火车|城际|专列|"
    "客车|客运|大巴|中巴|班车|旅游车|客轮|轮船|游船|货车|途中"
)
_STATION = r"市?(?:[东西南北]?站|(?:太平)?(?:国际)?机场)?"
_LEAVES = late(
    rf"{_STATION}(?:开往|飞往|驶往|发往|直飞|往返|至|往|到|返|飞|始发|出发|起飞|[—–\-~～]{{1,2}})(?![0-9今昨目前])"
)
_ARRIVES = late(r"(?:开往|飞往|驶往|发往|直飞|往返|返回|至|往|到|返|飞|[—–\-~～]{1,2})(?:黑龙江省?)?$")
_ABOARD = late(rf"[^，,：:{_STOP}]{{0,14}}?(?:{_VEHICLE})|[^，,：:{_STOP}]{{0,8}}[，,]途中")
_DRIVEN = late(rf"(?:{_VEHICLE})[，,]?(?:从|由|自)[^，,：:{_STOP}]{{0,8}}$")
# Trains that wait and aircraft that land had no accident.
_WELL = r"正点|平安|顺利|正常|抵达|降落(?![时过前后])|停运|取消|晚点|延误|改签|恢复"
_CRASH = (
    "坠[毁落机海江崖河入]|失事|失联|失去联系|脱轨|出轨|侧翻|翻车|翻覆|倾覆|翻[入下]|"
    "相撞|追尾|沉没|迫降|空难|冲出|滑出|解体"
)
_HAPPENS = (
    f"{_CRASH}|撞|起火|着火|自燃|爆炸|爆燃|燃烧|火灾|大火|事故|车祸|劫持|遇险|出事|断裂|"
    "遇难|死亡|身亡|[0-9一二三四五六七八九十]死"
)
_ACCIDENT = late(
    rf"(?:(?:(?!{_WELL})[^，,{_STOP}]){{0,30}}?(?:{_HAPPENS})"
    rf"|(?:(?!{_WELL}|{_VEHICLE})[^{_STOP}]){{0,40}}?(?:{_CRASH})"
    rf"|[，,](?:途中|途经|行至|行驶|飞行|起飞)(?:(?!{_WELL})[^{_STOP}]){{0,20}}?(?:{_HAPPENS}))"
    rf"(?![^，,{_STOP}]{{0,12}}(?:停运|晚点|延误|取消|绕行|受阻))"
)
_CLOSE = 16


class Route(NamedTuple):
    """The route of a vehicle in an accident; `ends` are the names on it."""

    start: int
    end: int
    ends: frozenset[str]


def routes(full: str, found: Sequence[Mention]) -> list[Route]:
    """The routes with our city at one end and another place, or none named, at the other."""
    return [route for m in found if m.ours and (route := _route(full, m, found)) is not None]


def _route(full: str, ours: Mention, found: Sequence[Mention]) -> Route | None:
    begin = max(0, ours.start - _CLOSE)
    before = full[begin : ours.start]
    leaves = _LEAVES.match(full, ours.end)
    if leaves is None and not _ARRIVES.search(before):
        return None
    at = leaves.end() if leaves else ours.end
    aboard = _ABOARD.match(full, at)
    driven = _DRIVEN.search(before)
    if aboard is None and driven is None:
        return None
    end = aboard.end() if aboard else at
    if not _ACCIDENT.match(full, end):
        return None
    start = begin + driven.start() if driven else ours.start
    if any(m.ours and at <= m.start < end for m in found):
        return None
    if any(m.ours and begin <= m.start < ours.start and _LEAVES.match(full, m.end) for m in found):
        return None
    return Route(start, end, frozenset(m.name for m in found if begin <= m.start < end))
