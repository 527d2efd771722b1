"""Two numbers for the same dead: what one says against another is no part of a sum; who is heard decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from services.domain.casualties.pairing import Mention
from services.domain.patterns import late

_RIVAL = ("death", "missing", "injury")
_SAYS = late(r"[称说传问]|表示|透露|爆料|通报|公布|发布|质疑|报道|统计")
_PARTS = late(r"其中|另|此外|还有|又|再|加上|以及|、$|和$|及$")
_RUMOUR = late(
    r"网传|网[上络][^，,。]{0,4}[传说称]|传言|传闻|坊间|流传|疯传|盛传|谣传|[有据]传|有人[说称传]|朋友圈|群里"
)
_OFFICIAL = late(r"官方|通报|警方|交警|民警|公安|应急|政府|新闻办|卫健|消防|指挥部|新闻发布会|发布|确认|核实")
_WITNESS = late(r"[称说]|表示|透露|爆料|告诉|质疑")
_THRESHOLD = late(r"[^，,。；;]{0,6}?[才就]?(?:算不算|才算|就算|就不算|不算|是否(?:算|构成)|[才就](?:是|属于|达到))")
_NEAR = 24


def without_rivals(sentence: str, mentions: list[Mention]) -> list[Mention]:
    """The mentions of a sentence less those that another outweighs: 官方通报9人死亡，网传15人死亡."""
    if len(mentions) < 2:
        return mentions
    dropped: list[Mention] = []
    kept: dict[Mention, Mention] = {}
    for field in _RIVAL:
        same = sorted((m for m in mentions if m.field == field and m.value), key=lambda m: m.start)
        if len(same) < 2:
            continue
        dropped += _unreached(sentence, same)
        same = [m for m in same if m not in dropped and not m.within]
        if any(_contradict(sentence, a, b) for a, b in pairwise(same)):
            best = _believed(sentence, same)
            dropped += [m for m in same if m is not best]
            kept[best] = _as_witnessed(sentence, best)
    return [kept.get(m, m) for m in mentions if m not in dropped] if dropped else mentions


def _unreached(sentence: str, same: Sequence[Mention]) -> list[Mention]:
    """死亡9人，不足10人; 达到10人才算重大: a limit beside the number is no second one."""
    limits = [m for m in same if m.bound == "at_most" or _THRESHOLD.match(sentence, m.end)]
    return limits if len(limits) < len(same) else limits[1:]


def _contradict(sentence: str, first: Mention, second: Mention) -> bool:
    gap = sentence[first.end : second.start + 1]
    if first.updated or second.updated or second.added or second.corrected or second.total:
        return False
    return _SAYS.search(gap) is not None and _PARTS.search(gap) is None


def _believed(sentence: str, same: Sequence[Mention]) -> Mention:
    """Who only heard of it yields; else the higher number is the one that the clock needs."""
    sober = [m for m in same if not _RUMOUR.search(_before(sentence, m))]
    return max(sober or same, key=lambda m: m.value or 0)


def _as_witnessed(sentence: str, mention: Mention) -> Mention:
    """What a witness says against a report is for a person to settle."""
    before = _before(sentence, mention)
    told = not mention.bound and _WITNESS.search(before) and not _OFFICIAL.search(before)
    return mention._replace(bound="about") if told else mention


def _before(sentence: str, mention: Mention) -> str:
    head = sentence[max(0, mention.start - _NEAR) : mention.start]
    return re.split(r"[0-9一二三四五六七八九十]+[人名个位死]", head)[-1]


def outweighed(full: str, found: Sequence[tuple[int, list[Mention]]]) -> list[tuple[int, Mention]]:
    """Dead that are only rumoured where an authority's sentence states fewer, with the starts of their sentences."""
    deaths = [(start, m) for start, mentions in found for m in mentions if m.field == "death" and m.value]
    if len(deaths) < 2:
        return []
    heads = {id(m): full[start : start + m.start] for start, m in deaths}
    rumoured = [
        (start, m) for start, m in deaths if _RUMOUR.search(heads[id(m)]) and not _OFFICIAL.search(heads[id(m)])
    ]
    official = [m for _, m in deaths if _OFFICIAL.search(heads[id(m)]) and not _RUMOUR.search(heads[id(m)])]
    return [(start, m) for start, m in rumoured if any((o.value or 0) < (m.value or 0) for o in official)]
