"""相关性: is this about our city, or a matter its bodies answer for, and worth a look?"""

from __future__ import annotations

import re
from typing import NamedTuple

from services.domain.assessment import Assessment, Reason
from services.domain.mentions import only_named, wrong
from services.domain.regions import Mention
from services.domain.sentiment import ironic
from services.domain.signals import Hit, Signals, cite

# Ways of coming in that are our own doors: whoever writes there writes to this city.
HOME_ORIGINS = frozenset({"hotline", "board", "mailbox", "manual", "drill"})
FEED = "feed"
VOICE = ("request", "complaint", "question", "suggestion")
_VOICES = frozenset(VOICE)
_TALK = frozenset(
    {"talk", "letter", "bare", "courtesy", "thanks", "positive", "noise", "foreign", "question", "gathering", "beating"}
)
"""Lists whose words people use among themselves; every other list speaks of a matter."""
HEAD = 80
"""Characters in which a text says what it is about."""
HEADLINE = 30
"""A longer title is a text without title."""
LONG_NAME = 4
CAPITAL = "北京市"
"""Who threatens to petition goes there (不给退款就去北京): it is not what he writes about."""
RULE = "相关性:"
LEAVES_OUT = frozenset(
    {"没有内容", "广告", "致谢", "文体娱乐", "他地事件", "顺带提及", "闲谈", "他地", "境外", "一般新闻", "没有诉求"}
)
UNTOLD = "未说明"
_CHEERFUL = ("talk", "noise", "advertisement")
_FRIENDLY = (*_CHEERFUL, "positive", "thanks", "courtesy")
# How people say that something is not as it should be, or ask for it; only beside a word of a body's field.
_AMISS = re.compile(
    r"[没未](?![事想堵见醉熟有](?!人))|不(?![错愧同论管止只仅但过少断知到要想见多坑]|来不)|[坏漏骗偷欠扣撵堵砸摔臭呛裂塌崩烂黄抢脏丢断冻关锁停]了|"
    r"[让被叫给把](?:人|我)|还(?:收|得|要|没)|又(?:锁|停|要|坏|堵|涨)|要(?:我|掉|拆|倒)|全是(?!美)|天天|总(?:有|是)|"
    r"谁(?:管|给|来|出)|凭[啥什]|[咋啥](?:整|办|算|时候|才|材料|手续|条件|标准)|[到去上]哪[办领查交报问儿]|多少|证明|毛病|手脚|掉包|"
    r"太[久慢差贵吵臭冷堵黑脏乱短低少小]|[慢噪熏吵臭堵冻呛颠硌]得|[乱偷光硬非白](?:收|停|要|涨|扔|倒|着|让|干|占)|半夜|凌晨|"
    r"[多少晚错][出了]|离谱|漏[水雨气电]|[跑掉倒淹]了|[坑骗宰]人|冒充|拉黑|撵|砌|私自|黑[气水烟汤]|[怪煤臭糊]味|味[儿道]"
)
# 遛弯的时候看见江里漂着一个人: who tells what he saw makes no small talk.
_SEEN = re.compile(
    "看[见到]|发现|瞧见|遇[见到]|碰[见到]|有(?:个)?人(?!一起)|一个人|小女?孩|老[人头太]|血|漂着|[在直]哭|摸[我她]|找不|躺|加[0-9一二两三四五六七八九十百]|修[得的]|跟搓|司机|警察|城管"
)
ASKED = 3
"""A letter says more than 我们是 and 怎么办, which open many an article."""


class Whereabouts(NamedTuple):
    """What the gazetteer made of the places. `home` None: no place, or one that stays open.

    `local` where the source bears the city's name. `other` is where the event happened that the text passes on: our
    city only speaks or acts in it. `aboard` where a vehicle from or to our city had an accident. `graded` where an
    event has a grade, wherever it was, `grave` where that is I or II.
    """

    home: bool | None = None
    elsewhere: tuple[str, ...] = ()
    foreign: bool = False
    mentions: tuple[Mention, ...] = ()
    local: bool = False
    other: Mention | None = None
    aboard: bool = False
    graded: bool = False
    grave: bool = False


class Relevance(NamedTuple):
    relevant: bool
    reason: Reason


_EMPTY = Relevance(False, Reason("相关性:没有内容", "没有可读的文字"))
_OURS = "相关性:涉及本市"


def judge_relevance(text: str, origin: str, signals: Signals, where: Whereabouts, clear: float = 0.0) -> Relevance:
    """The first of these that applies decides. A word of the weight `clear` is surely of its body's field.

    1. Nothing readable; an advertisement, a bare thank-you note, entertainment or sport, unless an event is graded: no.
    2. Our city or a part of it is named: yes, unless a report from outside names it in passing only and an event in it
       is not surely ours, or an event of another place is told of in which ours does no more than speak or act, or
       a few words speak of food, views and company alone.
    3. What comes by our own doors is ours whatever place it names: the heating waits for a part from Shanghai, the
       child changed school from Changchun. Who answers for it is for routing and the officer to say.
    4. Another place or country is what it is about: no. A petitioner who merely mentions one stays.
    5. No place: what a source with our city's name says of a body and a matter of life is ours; elsewhere a
       petitioner's voice, a threat, an emergency in whatever words or a matter of our bodies is, a feed's general news
       is not, but for an event of grade I or II from a source of ours: a national paper's disaster without a place is
       not.
    """
    if not any(map(str.isalnum, text)):
        return _EMPTY
    if not where.graded:
        for verdict in (_advertisement, _thanks, _noise):
            if (reason := verdict(signals)) is not None:
                return Relevance(False, reason)
    if where.home:
        return _named(text, origin, signals, where)
    if origin in HOME_ORIGINS:
        return Relevance(True, Reason("相关性:本市渠道", origin))
    if (reason := _other_place(text, signals, where, _writes(origin, signals))) is not None:
        return Relevance(False, reason)
    return _without_place(text, origin, signals, where, clear)


def _named(text: str, origin: str, signals: Signals, where: Whereabouts) -> Relevance:
    """Our city is named. Who writes by our own doors, or asks for something, means it."""
    ours = next((mention for mention in where.mentions if mention.ours), None)
    if ours is None:
        return Relevance(True, Reason(_OURS, "文中点名本市或所属区县"))
    if not (origin in HOME_ORIGINS or where.aboard or _writes(origin, signals)):
        if where.other is not None:
            return Relevance(False, Reason("相关性:他地事件", where.other.name, where.other.start, where.other.end))
        if not (where.graded and not where.elsewhere) and only_named(text, signals, where.mentions):
            return Relevance(False, Reason("相关性:顺带提及", ours.name, ours.start, ours.end))
        if not where.graded and _small_talk(text, signals):
            return Relevance(False, cite("相关性:闲谈", signals.first("talk")))
    return Relevance(True, Reason(_OURS, f"文中点名{ours.name}", ours.start, ours.end))


def _threat(signals: Signals) -> Hit | None:
    """The word of somebody who means to die, or to gather or petition for something that he wants or was denied."""
    if signals.any(_FRIENDLY) is not None:
        return None
    wants = signals.any((*VOICE, "trouble", "negative", "credibility", "major", "gathering"))
    return signals.first("desperate") or (signals.first("emerging") if wants is not None else None)


def _small_talk(text: str, signals: Signals) -> bool:
    """Food, views and company in a few words, and no word of a matter, of anything wrong or of a sight."""
    if not signals.has("talk") or len(text) > HEAD or not signals.hits.keys() <= _TALK:
        return False
    return not wrong(text) and _SEEN.search(text) is None


def _asking(signals: Signals) -> bool:
    return not _VOICES.isdisjoint(signals.hits)


def _petition(signals: Signals) -> bool:
    """Somebody writes to an authority and wants something."""
    return signals.has("petition") and _asking(signals)


def _writes(origin: str, signals: Signals) -> bool:
    """A petition; in a feed, whose news speak of 领导 and 市民 too, only where a letter's own words open it."""
    if origin != FEED:
        return _petition(signals)
    opening = signals.first("letter")
    if opening is None or opening.start >= HEADLINE or not _asking(signals):
        return False
    return opening.weight > 1 or sum(map(signals.weight, (*VOICE, "petition", "credibility"))) >= ASKED


def _advertisement(signals: Signals) -> Reason | None:
    """Advertisements sell; who complains about a seller asks for something."""
    if signals.weight("advertisement") < 2 or signals.has("complaint") or _petition(signals):
        return None
    return cite("相关性:广告", signals.first("advertisement"))


def _thanks(signals: Signals) -> Reason | None:
    """A thank-you counts only where it is the matter itself and nothing is asked (closing formulas are not)."""
    polite = signals.in_title("courtesy")
    if signals.weight("thanks") < 1 and (polite is None or polite.start > HEADLINE):
        return None
    if _asking(signals) or signals.weight("negative") >= 2 or ironic(signals):
        return None
    return cite("相关性:致谢", signals.any(("thanks", "courtesy")))


def _noise(signals: Signals) -> Reason | None:
    """Sport and entertainment, unless somebody asks or something happened."""
    if signals.weight("noise") < 2 or signals.has("emergency") or _asking(signals):
        return None
    return cite("相关性:文体娱乐", signals.first("noise"))


def _other_place(text: str, signals: Signals, where: Whereabouts, petition: bool) -> Reason | None:
    """Another place decides where it is named at the head, or where nobody petitions."""
    head = text[:HEAD]
    bound = CAPITAL if _threat(signals) is not None else ""
    for name in where.elsewhere:
        if name == bound:
            continue
        if name in head or name.rstrip("省市县区")[:LONG_NAME] in head or not petition:
            return Reason("相关性:他地", "、".join(where.elsewhere))
    if petition:
        return None
    abroad = signals.first("foreign")
    if where.foreign or (abroad is not None and abroad.start < HEAD):
        return cite("相关性:境外", abroad, "境外或外地事件" if abroad is None else "")
    return None


def _without_place(text: str, origin: str, signals: Signals, where: Whereabouts, clear: float) -> Relevance:
    body = next((name for name in signals.hits if name.startswith("body:")), "") if where.local else ""
    if body and (signals.has("livelihood") or signals.has("emergency") or _asking(signals)):
        return Relevance(True, cite("相关性:本市来源", signals.first(body)))
    if where.graded and (origin != FEED or (where.grave and where.local)):
        return Relevance(True, Reason("相关性:突发事件", "已提等级,未点名他地"))
    if origin == FEED:
        if _writes(origin, signals):
            return Relevance(True, cite("相关性:群众诉求", signals.first("letter")))
        return Relevance(False, Reason("相关性:一般新闻", "未涉及本市"))
    if (threat := _threat(signals)) is not None:
        return Relevance(True, cite("相关性:苗头性", threat))
    spoken = _matter(text, signals, clear)
    if spoken is not None:
        return Relevance(True, cite("相关性:群众诉求", spoken))
    return Relevance(False, Reason("相关性:没有诉求", "未涉及本市,也无诉求"))


def _matter(text: str, signals: Signals, clear: float) -> Hit | None:
    """The word by which a text without a place is a matter for a city's bodies.

    A bare word is none (为什么天是蓝的, 我家的猫), nor is a body's field alone; both together are, and so is a field
    where something is wrong (井盖缺了) or, in plain words and no friendly ones, is not as it should be (该领的没领).
    """
    plain = signals.any(("emergency", "livelihood"))
    if plain is not None:
        return plain
    bare = {hit.word for hit in signals.of("bare")}
    for name in (*VOICE, "petition"):
        for hit in signals.of(name):
            if hit.word not in bare:
                return hit
    field = _field(signals, clear)
    if field is None:
        return None
    if (trouble := signals.first("trouble")) is not None:
        return trouble
    if signals.any(_CHEERFUL) is not None:
        return None
    polite = signals.any(_FRIENDLY) is not None  # 为什么地铁不收支付宝？谢谢
    return signals.first("bare") or (field if not polite and _AMISS.search(text) is not None else None)


def _field(signals: Signals, clear: float) -> Hit | None:
    """The first word that clearly is one body's field."""
    for name, hits in signals.hits.items():
        if name.startswith(("duty:", "body:")):
            for hit in hits:
                if hit.weight >= clear:
                    return hit
    return None


def left_out_by(assessment: Assessment) -> str:
    """The name of the rule that left a post out; one that is not of this program's rules is not told (bounded)."""
    named = (reason.rule.removeprefix(RULE) for reason in assessment.reasons if reason.rule.startswith(RULE))
    name = next(named, UNTOLD)
    return name if name in LEAVES_OUT else UNTOLD
