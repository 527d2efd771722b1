"""Of a doubtful name by itself: whether the words around it make it our place (双城境内, 回木兰, 平房那个塔吊)."""

from __future__ import annotations

from collections.abc import Sequence

from services.domain.patterns import late
from services.domain.regions.involved import Spot
from services.domain.regions.names import Kind, Rules

_RUNS = late(r"(?:高速|公路|国道|省道|铁路|干流|[线江河])$")
"""What runs through many districts, before the name of the one it is told of (哈同高速方正段)."""
_STRETCH = ("段", "境内")
_WHICH = late(r"的|某|[这那][个座家栋处所]?|一[个座家栋处所名]?")
_BEHIND, _BEFORE, _FAR = 12, 4, 4
_CHINESE = late("[一-龥]")


def standing(joined: str, doubtful: Sequence[Spot], rules: Rules, local: bool) -> bool:
    """Whether one of these names is our place by itself, in a text that names nobody else's place.

    `local`: it came by our own door or from a source of ours, where a street or quarter needs no city's name.
    """
    return any(_stands(joined, spot, rules, local) for spot in doubtful)


def hidden(joined: str, spot: Spot, rules: Rules) -> bool:
    """Whether the character before a short name makes it another word (楼|道里), or it is a thing (平房)."""
    text = spot.name.text
    if text in rules.things:
        return not _one_of_its_sites(joined, spot.end, rules)
    if text in rules.not_behind and joined.startswith(rules.not_behind[text], spot.end):
        return True
    if not spot.start or joined[spot.start - 1] not in rules.hidden.get(text, ""):
        return False
    return not _on_the_way(joined, spot)


def _stands(joined: str, spot: Spot, rules: Rules, local: bool) -> bool:
    name, start, end = spot
    if name.kind is Kind.CITY:
        return local
    if name.kind is not Kind.DIVISION or len(name.code) != 6 or len(name.text) > 2:
        return local and _begins(joined, start, rules) and not hidden(joined, spot, rules)
    if joined.startswith(rules.here, end) or _on_the_way(joined, spot):
        return True
    if name.text in rules.plain or name.text in rules.things or local:
        return _begins(joined, start, rules)
    if _one_of_its_sites(joined, end, rules) or _before_one(joined, end, rules.lands):
        return _begins(joined, start, rules)
    return joined.endswith(rules.into, max(0, start - 2), start) and not joined.startswith("的", end)


def _begins(joined: str, start: int, rules: Rules) -> bool:
    before = joined[start - 1 : start] if start else ""
    return before in rules.begins or not _CHINESE.match(before)


def _on_the_way(joined: str, spot: Spot) -> bool:
    """A stretch of a road or river in that district."""
    before = joined[max(0, spot.start - _BEFORE) : spot.start]
    return joined.startswith(_STRETCH, spot.end) and _RUNS.search(before) is not None


def _one_of_its_sites(joined: str, end: int, rules: Rules) -> bool:
    """A works, a house or a field that is said to be one of the place's (平房那个塔吊, 五常的稻子)."""
    which = _WHICH.match(joined, end)
    return which is not None and _before_one(joined, which.end(), rules.sites)


def _before_one(joined: str, end: int, sites: tuple[str, ...]) -> bool:
    """Whether one of them stands there, a few characters on at most."""
    behind = joined[end : end + _BEHIND]
    at = min((found for site in sites if 0 <= (found := behind.find(site)) <= _FAR), default=-1)
    return at == 0 or (at > 0 and behind[:at].isalpha())
