"""顺带提及: is a text about our city, or does it only name it: in a dateline, a list, a firm's name, a route?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import Enum

from services.domain.patterns import late
from services.domain.regions.names import Mention
from services.domain.regions.provinces import MAYBE_A_PROVINCE
from services.domain.signals import Signals

LEAD = 120
"""Characters behind the title in which a report says what it is about."""
SPOKEN = 240
"""A text of fewer characters behind its title is what somebody says, not a report."""
_SENTENCE_END = "。！？!?\n；;"
_FAR = 160
_CLOSE = 16
# A row of places is known by a few of them, and nobody names so many in a report.
_NEIGHBOURS, _MOST = 12, 200
_TROUBLE = ("emergency", "credibility", "morality", "major", "emerging", "trouble")
_VOICE = ("complaint", "request", "trouble", "negative", "petition")

_WRONG = late(
    r"违[法规纪]|涉嫌|被查|审查调查|受贿|非法|[诱诈受被]骗|骗[取走子人钱]|明令禁止|曝光|投诉|举报|乱象|质疑|预警|停[运课水电气热暖]|晚点|延误|滞留|拖欠|欠[薪我着]|"
    r"记者(?:走访|暗访|近日调查|调查)|维权|讨[薪要债]|"
    r"[没未](?:[给付退赔还修管办]|交房|发(?![现生展]))|不(?:[给付退赔还修让]|交房|发(?!达)|管(?![是从在怎如什]))|"
    r"[没无]人[管修理问接]|卷款|跑路|失联|退[票款费钱]|凭什么|[吵臭堵冻]得|太[久慢差贵吵臭冷堵]"
)
# What a firm, a school or a club of ours announces, and what the papers say of its fame.
_ANNOUNCED = late(
    r"签[约署]|中标|公告|回购|上市|定增|募资|增持|减持|股价|净利|营收(?!费)|财报|[季年]报|合作|携手|揭牌|亮相|展[示出]|服贸会|博览会|"
    r"研[发制]|发布|首[台套发批次创]|问世|下线|交付|订单|出口|专利|论文|团队|科研|科学家|院士|教授|专家|学者|校友|毕业于|"
    r"获[奖得评批]|荣获|入选|夺|冠军|取胜|[获战]胜|[客主]场|比赛|联赛|球员|教练员|演出|捐[赠款]|慰问|考察|举[行办]|开幕|讲座|招[聘募贤]|聘任"
)

_DATELINE = late(r"市?(?:\d{1,2}月)?\d{1,2}日[电讯]|市?[电讯](?:[（(]|\s)")
_WEATHER = late(r"市?[\s:：,，]*(?:晴|多云|阴|小雨|中雨|大雨|雨夹雪|小雪|中雪|-?\d+(?:℃|度|[~～/]-?\d))")
_PICTURE = late(r"图(?:为|[：:]|片)[^。！？!?\n]*$")
_DATED = late(rf"日[,，]{MAYBE_A_PROVINCE}$")
_CREDIT = late(r"[^！？!?\n]{0,50}?(?:摄(?![影像氏])|供图|影像中国|视觉中国|新华社发)")
_FROM = late(
    rf"(?:来自|毕业于|就读于|任教于|出生于|生于|籍贯|祖籍|老家在?|出身于|师从|曾在|联合|携手){MAYBE_A_PROVINCE}$"
)
_NATIVE = late(r"市?(?:籍|小将|姑娘|小伙|女孩|男孩|人(?=\W|[在说的]))")
_BOUND = late(rf"(?:[至抵]|开往|飞往|直飞|飞抵|发往|前往|运抵|抵达){MAYBE_A_PROVINCE}$")
_LEAVING = late(r"市?(?:站|机场)?(?:开往|飞往|直飞|往返|始发|出发|启程)")
_ROUTE = late(r"市?[—–\-~～至到飞]{1,2}")
_AND = late(r"市?队?\s*(?:[、,，/／—\-→和与及]|以及)\s*(?:.{1,4}省)?")
_SERVICE = late(r".{0,6}(?:供水|热力|供热|热电|燃气|公交|地铁|轨道|排水|水务|供电|物业)")
_NAMED = late(
    r"市?队(?!伍)|[^\W某一多几家区县镇街的在]{0,10}?"
    r"(?:大学|学院(?![内里])|理工|工大|研究院|研究所|公司|集团|证券|(?:投资|产业|私募)基金|股份|俱乐部|"
    r"(?:[球男女壶冰雪径泳]|代表|青年)队(?!伍)|总领事馆|军区|铁路局|督察局|药业)"
)
_SCHOOL = ("大学", "学院", "工大", "医大", "工程", "师大")
_SPEAKS = late(r"[^。！？!?\n]{0,40}?(?:说|表示|认为|介绍|指出|提醒|建议|告诉|分析|毕业|校友)")
_EXPERT = late(r"[^。！？!?\n]{0,20}?(?:教授|专家|学者|博士|研究员|校友|毕业|首席|分析师|总经理|董事)")


class _Way(Enum):
    """How a text names our city."""

    PLACE = "place"
    """Something is or happens there."""
    BESIDE = "beside"
    """One of a list, an end of a route, on a picture, in a weather table."""
    NAME = "name"
    """Inside the name of a firm, school or club. The district before a firm is where it is."""
    VAIN = "vain"
    """A dateline, where somebody comes from, whose expert speaks."""


def only_named(text: str, signals: Signals, mentions: Sequence[Mention]) -> bool:
    """True where the text names our city in passing and is about something else.

    It is about our city where one of these holds:
    1. the title names it, or the lead names it as the place of what is told;
    2. no other place and no foreign country is named, and ours is named as a place at all;
    3. no other place is named more often;
    4. a sentence that names it tells of an emergency or of something wrong;
    5. no other place is named and something is wrong, or it is short and somebody complains or nothing is announced.
    """
    mentions = mentions[:_MOST]
    alone = all(mention.ours for mention in mentions) and not signals.has("foreign")
    ways = [(mentions[at], _way(text, mentions, at, alone)) for at in _first_of_each(mentions)]
    places = [mention for mention, way in ways if way is _Way.PLACE]
    if any(mention.start < signals.title_end + LEAD for mention in places):
        return False
    if any(way is _Way.NAME and mention.end <= signals.title_end for mention, way in ways):
        return False
    if places and (alone or len(places) > max(1, _most_named(mentions) - 1)):
        return False
    met = [mention for mention, way in ways if way is not _Way.VAIN]
    if met and alone and _told(text, signals):
        return False
    return not any(_troubled(text, signals, mention) for mention in met)


def wrong(text: str) -> bool:
    """True where something goes wrong in plain words (没给, 拖欠, 没人管)."""
    return _WRONG.search(text) is not None


def _told(text: str, signals: Signals) -> bool:
    """True where something is wrong, or where in a few sentences somebody tells of a firm or school, not it of itself.

    What goes wrong there is told in any words, so these are not listed: what a firm announces is.
    """
    if wrong(text):
        return True
    short = len(text) < signals.title_end + SPOKEN
    return short and (_ANNOUNCED.search(text) is None or any(map(signals.has, _VOICE)))


def _first_of_each(mentions: Sequence[Mention]) -> list[int]:
    """The mentions of ours; of a city with its district behind it only the district."""
    return [
        at
        for at, mention in enumerate(mentions)
        if mention.ours and not any(other.ours and other.start == mention.end for other in mentions[at + 1 : at + 2])
    ]


def _most_named(mentions: Sequence[Mention]) -> int:
    """How often the other place is named that is named most."""
    return max(Counter(mention.name for mention in mentions if not mention.ours).values(), default=0)


def _way(text: str, mentions: Sequence[Mention], at: int, alone: bool) -> _Way:
    """How the mention at this index names our city. `alone`: no other place is named."""
    mention = mentions[at]
    before, end = text[max(0, mention.start - _CLOSE) : mention.start], mention.end
    if _DATELINE.match(text, end) or (not alone and (_FROM.search(before) or _NATIVE.match(text, end))):
        return _Way.VAIN
    if (
        not _SERVICE.match(mention.name)
        and not _SERVICE.match(text, end)
        and (mention.name.endswith(_SCHOOL) or (not mention.within and _NAMED.match(text, end)))
    ):
        speaks = _SPEAKS.match(text, end) and (not alone or _EXPERT.match(text, end))
        return _Way.VAIN if speaks and "\n" in text[: mention.start] else _Way.NAME
    if _PICTURE.search(text, max(0, mention.start - _FAR), mention.start) or _WEATHER.match(text, end):
        return _Way.BESIDE
    if _DATED.search(before) and text.startswith((",", "，"), end):
        return _Way.BESIDE
    if _BOUND.search(before) or _LEAVING.match(text, end) or _listed(text, mentions, at):
        return _Way.BESIDE
    return _Way.BESIDE if not alone and _CREDIT.match(text, end) else _Way.PLACE


def _listed(text: str, mentions: Sequence[Mention], at: int) -> bool:
    """True on the way from or to another place, and in a row of places of which others are not ours."""
    first = last = at
    while first > max(0, at - _NEIGHBOURS) and _joined(text, mentions[first - 1], mentions[first]):
        first -= 1
    while last + 1 < min(len(mentions), at + _NEIGHBOURS) and _joined(text, mentions[last], mentions[last + 1]):
        last += 1
    others = {mention.name for mention in mentions[first : last + 1] if not mention.ours}
    return len(others) > 1 or (bool(others) and text.startswith("等", mentions[last].end)) or _to(text, mentions, at)


def _joined(text: str, left: Mention, right: Mention) -> bool:
    return left.end == right.start or _AND.fullmatch(text, left.end, right.start) is not None


def _to(text: str, mentions: Sequence[Mention], at: int) -> bool:
    """Another place stands behind ours with nothing but "to" between."""
    following = mentions[at + 1 : at + 2]
    return any(not m.ours and _ROUTE.fullmatch(text, mentions[at].end, m.start) is not None for m in following)


def _troubled(text: str, signals: Signals, mention: Mention) -> bool:
    """True where a word of trouble stands in the sentence of the mention."""
    start = max(text.rfind(mark, max(0, mention.start - _FAR), mention.start) for mark in _SENTENCE_END) + 1
    start = max(start, mention.start - _FAR)
    ends = [found for mark in _SENTENCE_END if (found := text.find(mark, mention.end, mention.end + _FAR)) >= 0]
    end = min(ends, default=mention.end + _FAR)
    if _WRONG.search(text, start, end):
        return True
    return any(start <= hit.start < end for name in _TROUBLE for hit in signals.of(name))
