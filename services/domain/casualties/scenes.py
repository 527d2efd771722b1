"""事发地: of several places in a text, the one where an event happened, as far as the wording says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from services.domain.casualties.places import BORROWED, PLACE_ABROAD, PLACE_OR_WORD, named
from services.domain.casualties.routes import Route, routes
from services.domain.patterns import late
from services.domain.regions.names import Mention

# Everything up to the last end of a sentence, or of a clause.
_SENTENCE_END = re.compile(r".*[。！？!?；;\n]", re.DOTALL)
_CLAUSE_END = re.compile(r".*[。！？!?；;\n，,：:]", re.DOTALL)
_NEXT_END = late(r"[。！？!?；;\n]")
_CLOSE = 8
_start = attrgetter("start")
_FAR = 240
# A text that names more places is a list of them.
_MOST = 100

_TAIL = r"[市省区县]?[^，。！？：；,!?:;\s]"
# Who of ours came to help, was told or had something to say; the event may be elsewhere.
_ACTS = late(
    rf"{_TAIL}{{0,10}}?(?:消防|救援|蓝天|交警|警方|公安|民警|应急|局(?![部势面])|卫健|教育局|文旅局|旅游局|监管局|住建|气象|部门|安委|红十字|医院|医大|[一二三四五]院|大学|学院|"
    r"学者|专家|网友|市民|居民(?![楼小区家院住])|记者|媒体|学生|师生|志愿|市委|召开|部署|提醒|提示|连夜|多家|派出|举一反三|驰援|支援|前往|赶赴|奔赴|收治|接收|"
    r"感慨|默哀|悼念|哀悼|转发|通报|吸取|关注|启程|出发|表态|声援|捐|评论|热议|讨论|考察|学习)"
)
_SPEAKS = late(r"[：:]|(?:日报|晚报|新闻网?|电视台|广播|网)|市?[0-9]{0,2}月?[0-9]{1,2}日[电讯]|市?[电讯][（(\s:：]")
_SCHOOL = ("大学", "学院", "医大", "工大", "师大")
# Where somebody or something comes from or goes to is not where it happened.
_NATIVE = late(
    r"[市省]?(?:的|一)?(?:籍|户籍|牌照?|号牌|号段|[0-9]*名?(?:游客|旅客|旅游团|旅行团|旅行社|考察团|务工人员|乡亲|老乡|同胞)|(?:上来|过来|下来|来)(?:打工|串门|奔丧|看病|旅游|旅行|办事|上学)的)"
)
_FROM = late(r"(?:来自|毕业于|就读于|老家在?|籍贯|祖籍|原籍)(?:黑龙江省?|中国)?$")
_BOUND = late(
    r"(?:开往|飞往|驶往|发往|前往|赶往|赶赴|奔赴|驰援|支援|送往|送至|送到|送|转往|转至|转到|转送|运往|返回|抵达|运抵)(?:[^，。,]{0,6}、)*(?:黑龙江省?)?$"
)
_BROUGHT = late(r"(?:转送|送往|送至|送到|转往|转至|转到|转入|送)(?:了|到|至)?(?:黑龙江省?)?$")
_LEAVING = late(r"市?(?:站|机场)?(?:开往|飞往|驶往|至|往|到|返|飞|始发|出发|[—–\-~～]{1,2})(?![0-9今昨目前])")
_LOCATED = late(r"(?:在|于|位于|途经|途径|行至|发生在)(?:[^，。,]{0,4})?$")
_HAPPENED = late(r"(?:发生|事发|地点|出事)(?:地点?)?[在于为是:：]{1,2}(?:黑龙江省?)?$")
_NOT_FELT = late(r"[未没无不][^，。,]{0,6}(?:震感|有感|影响|波及)")


class Whose(Enum):
    """Whose event it is by its place."""

    OURS = "ours"
    ELSEWHERE = "elsewhere"
    OPEN = "open"
    """No place governs it."""


class _Spot(NamedTuple):
    name: str
    start: int
    end: int
    ours: bool
    weak: bool
    """Who speaks or acts: a place only where nothing else is one."""


class Scenes:
    """The places of one text. `mentions` are those of the gazetteer; without them the great names alone are known."""

    def __init__(self, full: str, mentions: Sequence[Mention] = ()) -> None:
        self._full = full
        found = _with_countries(full, mentions) if mentions else named(full)
        meant = [m for m in found if m.ours or not _borrowed(full, m)]
        self._borrowed = len(meant) < len(found)
        self._found = meant[:_MOST]

    @cached_property
    def mixed(self) -> bool:
        """False where every place is ours, or there is none: then nothing is elsewhere, and most is never asked."""
        return not all(m.ours for m in self._found) and not all(spot.ours for spot in self._spots)

    @cached_property
    def _routes(self) -> list[Route]:
        return routes(self._full, self._found)

    @cached_property
    def _spots(self) -> list[_Spot]:
        return [
            _Spot(m.name, m.start, m.end, m.ours, self._weak(m))
            for m in self._found
            if not self._comes(m) and not self._passes(m) and not (m.ours and self._rides(m))
        ]

    def of(self, at: int) -> tuple[Whose, Mention | None]:
        """Whose the event told of at this position is, and the other place that says so.

        The clause decides, then the clauses before it in the sentence; then what the text began with or named last,
        ours if either is; then what follows. Who speaks or acts counts only where nothing else is named. What befell
        a vehicle that comes from here or goes here is nobody else's, wherever on its way.
        """
        whose, place = self._of(at)
        if place is not None and self._aboard(at, place):
            return Whose.OPEN, None
        return whose, place

    def _of(self, at: int) -> tuple[Whose, Mention | None]:
        if not self.mixed:
            return (Whose.OURS if self._spots else Whose.OPEN), None
        if any(s.ours and at < s.start < at + _FAR and _HAPPENED.search(self._before(s.start)) for s in self._spots):
            return Whose.OURS, None
        clause = self._begin(at, _CLAUSE_END)
        sentence = self._begin(at, _SENTENCE_END)
        until = at
        while clause >= sentence:
            spot = self._governing(clause, until)
            if spot is not None and (not spot.weak or (spot.ours and until == at)):
                return _verdict(spot)
            if clause == 0:
                break
            until, clause = clause, self._begin(clause - 1, _CLAUSE_END)
        return self._beyond(sentence, at)

    @property
    def aboard(self) -> bool:
        """Whether a vehicle that comes from our city or goes there had an accident."""
        return bool(self._routes)

    def doubtful(self, at: int) -> bool:
        """True where the text names us only as who speaks, acts or is bound for here, and no place for the event."""
        if self._routes or self._borrowed:
            return self.of(at)[0] is not Whose.OURS or not any(s.ours and not s.weak for s in self._spots)
        if any(not spot.weak for spot in self._spots) or self.mixed:
            return False
        return not any(spot.start < at for spot in self._spots)

    def passed_on(self) -> bool:
        """True where the text passes on news from elsewhere, and all that is ours in it speaks or acts.

        It does more where people of ours were struck, where victims were brought here, where something was felt here,
        where a vehicle from here or to here was struck, and where its first sentence is about ours alone.
        """
        if self._routes or self._opens() or any(self._comes(m) or self._brought(m) for m in self._found if m.ours):
            return False
        return all(self._unfelt(spot) for spot in self._spots if spot.ours)

    def _opens(self) -> bool:
        first = self._spots[0] if self._spots else None
        if first is None or not first.ours or _SPEAKS.match(self._full, first.end):
            return False
        sentence = self._begin(first.start, _SENTENCE_END)
        return all(s.ours or self._begin(s.start, _SENTENCE_END) != sentence for s in self._spots)

    def _unfelt(self, spot: _Spot) -> bool:
        return spot.weak or _NOT_FELT.search(self._sentence(spot.start)) is not None

    def _beyond(self, sentence: int, at: int) -> tuple[Whose, Mention | None]:
        before = [s for s in self._spots if s.start < sentence and not s.weak]
        if before:
            return _verdict(next((s for s in (before[-1], before[0]) if s.ours), before[-1]))
        weak = [s for s in self._spots if s.start < at and s.weak]
        if weak:
            return _verdict(next((s for s in weak if s.ours), weak[-1]))
        later = [s for s in self._spots if s.start >= at and not s.weak]
        return _verdict(next((s for s in later if s.ours), later[0])) if later else (Whose.OPEN, None)

    def _governing(self, begins: int, until: int) -> _Spot | None:
        """The place of a clause: ours before others, unless the other is said to be where it happened."""
        here = [s for s in self._spots if begins <= s.start < until]
        located = [s for s in here if not s.weak and _LOCATED.search(self._before(s.start))]
        if located:
            return located[-1]
        for wanted in ((True, False), (False, False), (True, True), (False, True)):
            kept = [s for s in here if (s.ours, s.weak) == wanted]
            if kept:
                return kept[-1]
        return None

    def _weak(self, mention: Mention) -> bool:
        if _SPEAKS.match(self._full, mention.end) or mention.name.endswith(_SCHOOL):
            return True
        ends = mention.end - mention.name.endswith("市")  # 哈尔滨市|民
        return _ACTS.match(self._full, ends) is not None

    def _comes(self, mention: Mention) -> bool:
        return bool(_NATIVE.match(self._full, mention.end) or _FROM.search(self._before(mention.start)))

    def _brought(self, mention: Mention) -> bool:
        return _BROUGHT.search(self._before(mention.start)) is not None

    def _passes(self, mention: Mention) -> bool:
        return bool(_BOUND.search(self._before(mention.start)) or _LEAVING.match(self._full, mention.end))

    def _rides(self, mention: Mention) -> bool:
        return any(r.start - 1 <= mention.end and mention.start < r.end for r in self._routes)

    def _aboard(self, at: int, place: Mention) -> bool:
        """Whether the event at this position befell a vehicle of ours, rather than this place."""
        sentence = self._begin(at, _SENTENCE_END)
        return any(
            place.name in r.ends
            or self._begin(r.start, _SENTENCE_END) == sentence
            or (r.start < at and not r.end <= place.start < at)
            for r in self._routes
        )

    def _before(self, at: int) -> str:
        return self._full[max(0, at - _CLOSE) : at]

    def _begin(self, at: int, ends: re.Pattern[str]) -> int:
        far = max(0, at - _FAR)
        found = ends.match(self._full, far, at)
        return found.end() if found else far

    def _sentence(self, at: int) -> str:
        found = _NEXT_END.search(self._full, at, at + _FAR)
        return self._full[self._begin(at, _SENTENCE_END) : found.start() if found else at + _FAR]


def _borrowed(full: str, mention: Mention) -> bool:
    return not mention.name.endswith(("省", "市", "区", "县")) and BORROWED.match(full, mention.end) is not None


def _verdict(spot: _Spot) -> tuple[Whose, Mention | None]:
    if spot.ours:
        return Whose.OURS, None
    return Whose.ELSEWHERE, Mention(spot.name, spot.start, spot.end, False)


def _with_countries(full: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The gazetteer's places, the countries it does not list and the cities it takes for words."""
    abroad = [
        Mention(m.group(), *m.span(), False)
        for m in (*PLACE_ABROAD.finditer(full), *PLACE_OR_WORD.finditer(full))
        if not any(taken.start < m.end() and m.start() < taken.end for taken in mentions)
    ]
    return sorted([*mentions, *abroad], key=_start) if abroad else list(mentions)
