"""相关性: is this about our city, or a matter its bodies answer for, and worth a look?"""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.assessment import Reason
from services.domain.signals import Signals, cite

# Ways of coming in that are our own doors: whoever writes there writes to this city.
HOME_ORIGINS = frozenset({"hotline", "board", "mailbox", "manual", "drill"})
FEED = "feed"
VOICE = ("request", "complaint", "question")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """What the gazetteer made of the places. `home` None: no place, or one that stays open."""

    home: bool | None = None
    elsewhere: tuple[str, ...] = ()
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Relevance:
    relevant: bool
    reason: Reason


def judge_relevance(text: str, origin: str, signals: Signals, where: Whereabouts) -> Relevance:
    """The first of these that applies decides.

    1. Nothing readable, an advertisement, a bare thank-you note, entertainment or sport: no.
    2. Our city or one of its bodies is named: yes.
    3. Another place, or another country: no.
    4. No place: what comes by our own doors is ours; elsewhere a petitioner's voice or an emergency is, a feed's
       general news is not.
    """
    if not any(char.isalnum() for char in text):
        return Relevance(False, Reason("相关性:没有内容", "没有可读的文字"))
    for verdict in (_advertisement, _thanks, _noise):
        if (reason := verdict(signals)) is not None:
            return Relevance(False, reason)
    if where.home:
        return Relevance(True, Reason("相关性:涉及本市", "涉及本市"))
    if where.elsewhere:
        return Relevance(False, Reason("相关性:他地", "、".join(where.elsewhere)))
    if where.foreign or signals.has("foreign"):
        return Relevance(False, cite("相关性:境外", signals.any(("foreign",)), "境外事件"))
    return _without_place(origin, signals)


def _advertisement(signals: Signals) -> Reason | None:
    """Advertisements sell; who complains about a seller asks for something."""
    if signals.weight("advertisement") < 2 or signals.has("complaint"):
        return None
    return cite("相关性:广告", signals.any(("advertisement",)))


def _thanks(signals: Signals) -> Reason | None:
    """A thank-you counts only where it is the matter itself and nothing is asked (closing formulas are not)."""
    if signals.weight("thanks") < 1 and signals.in_title("courtesy") is None:
        return None
    if any(signals.has(name) for name in VOICE):
        return None
    return cite("相关性:致谢", signals.any(("thanks", "courtesy")))


def _noise(signals: Signals) -> Reason | None:
    """Sport and entertainment, unless somebody asks or something happened."""
    if signals.weight("noise") < 2 or signals.has("emergency"):
        return None
    if signals.has("complaint") or signals.has("request"):
        return None
    return cite("相关性:文体娱乐", signals.any(("noise",)))


def _without_place(origin: str, signals: Signals) -> Relevance:
    if origin in HOME_ORIGINS:
        return Relevance(True, Reason("相关性:本市渠道", origin))
    voice = signals.any(VOICE)
    if origin == FEED:
        if voice is not None and signals.has("petition"):
            return Relevance(True, cite("相关性:群众诉求", signals.any(("petition",))))
        return Relevance(False, Reason("相关性:一般新闻", "未涉及本市"))
    spoken = voice or signals.any(("emergency", "petition", "livelihood"))
    if spoken is not None:
        return Relevance(True, cite("相关性:群众诉求", spoken))
    return Relevance(False, Reason("相关性:没有诉求", "未涉及本市,也无诉求"))
