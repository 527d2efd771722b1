"""Of the names of ours in a text: which doubtful ones confirm each other, and which districts the matter concerns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from services.domain.patterns import late
from services.domain.regions.names import Kind, Name, Rules


class Spot(NamedTuple):
    """A name of the list where the text has it."""

    name: Name
    start: int
    end: int


_NEAR = 40
"""Two places of one district so close together are of one matter."""
_SOME = 12
"""Doubtful names that are looked at: a row of places is known by a few of them."""
_OF = ("", "的")
_AND = ("", "的", "、", "和", "与", "及", "跟", "到", "至", "—", "-", "/")
_BEFORE, _BEHIND = 6, 14
_ENDS = "。！？!?；;\n"
_SENTENCE_END = late(f"[{_ENDS}]")
_OPEN = late(r"[^一-龥]|[的在市是到从去、和与及由向对于为]")
"""What may stand before a name for it to begin there (的松北某厂, not 青松北某厂)."""

_HOSPITAL = late("医院|医大|[一二三四]院")
_ITS_HOSPITAL = late(f"[^，。,！？!?\\n]{{0,6}}?(?:{_HOSPITAL.pattern})")
_BROUGHT = late(r"(?:送|转)(?:了)?(?:[往至到入去])?(?:[一-龥]{2}[区县市])?$")
_LIES = late(r"在$")
_TREATED = late(r"[^，。,！？!?\n]{0,10}?(?:抢救|救治|治疗|住院|接受|医治|ICU|重症)")
_TAKES = late(r"[^。！？!?\n]{0,10}?(?:收治|收了|接收|接诊|收住)[^，。,！？!?\n]{0,3}?[0-9一二两三四五六七八九十百]")
_HURT = late(r"伤|中毒|昏迷|烧|坠|撞|溺")
_BOUND = late(r"(?:到|去|往|至)$")
_PRICED = late(
    r"[^，。,！？!?\n]{0,2}?(?:要|收|得|花|喊|报价|开口|张口)[^，。,！？!?\n]{0,3}?[0-9一二两三四五六七八九十百]+"
)

_YEAR = late(r"(?:19|20)[0-9]{2}(?=年)")
_MEMORY = late(r"教训|曾[在于经发有]|去年|前年|当年(?![下的月])|周年|历史上")
_EVENT = late(r"死|亡|伤|遇难|火灾|爆炸|事故|坍塌|中毒")


def confirmed(joined: str, doubtful: Sequence[Spot], rules: Rules, alone: bool) -> bool:
    """Whether names that are doubtful each by itself make each other sure.

    They do where a district's short name touches a place of ours (道里爱建, 松花江通河段), where two districts stand in
    a row, and, in a text that names nobody else's place (`alone`), where a district and a place in it stand close.
    """
    if any(_touch(joined, one, other, rules) for one, other in pairwise(doubtful)):
        return True
    return alone and any(_near(one, other, rules) for one, other in combinations(doubtful[:_SOME], 2))


def _touch(joined: str, one: Spot, other: Spot, rules: Rules) -> bool:
    districts = [spot for spot in (one, other) if _is_district(spot)]
    if not districts or one.name.text == other.name.text or Kind.CITY in (one.name.kind, other.name.kind):
        return False
    gap = joined[one.end : other.start]
    if len(districts) == 2:
        return one.name.code != other.name.code and gap in _AND[2:] and _plain(districts, rules)
    return gap in _OF and _opens(joined, one.start)


def _near(one: Spot, other: Spot, rules: Rules) -> bool:
    """A district that reads as nothing else, and another name in it, within a sentence or two; or two places of one
    district that touch (群力丽江路).
    """
    if one.name.text == other.name.text or one.name.code[:6] != other.name.code[:6]:
        return False
    if one.end == other.start and one.name.kind is other.name.kind is Kind.PLACE:
        return one.name.code[4:6] != "00"
    return other.start - one.end <= _NEAR and _plain([spot for spot in (one, other) if _is_district(spot)], rules)


def is_site(joined: str, spot: Spot, rules: Rules) -> bool:
    """Whether a district's short name opens the name of something in it (阿城糠醛厂), and reads as nothing else."""
    if spot.name.text not in rules.plain or not _opens(joined, spot.start):
        return False
    behind = joined[spot.end : spot.end + _BEHIND]
    return any(0 <= behind.find(site) <= _BEFORE and behind[: behind.find(site)].isalpha() for site in rules.sites)


def involved(joined: str, home: Sequence[Spot], city: str) -> list[Spot]:
    """The names whose districts the matter concerns, a street of the list in the district that the text puts it in.

    A street runs on into the next district; where the injured lie, where a ride was to go and what happened years ago
    is named beside the matter. Such a name counts where the text names no district but by such names.
    """
    spots = _placed(joined, home, city)
    kept = [spot for spot in spots if not _aside(joined, spot)]
    if len(kept) < len(spots) and not any(spot.name.code[:6] != city for spot in kept):
        kept = [spot for spot in spots if not _lies_hurt(joined, spot)]
    if len({spot.name.code[:6] for spot in kept} - {city}) < 2 or not _remembers(joined):
        return kept
    now = [spot for spot in kept if not _long_ago(joined, spot)]
    return now if any(spot.name.code[:6] != city for spot in now) else kept


def _placed(joined: str, home: Sequence[Spot], city: str) -> list[Spot]:
    """Places directly behind a district's name, and what is joined to those, are in that district, wherever named."""
    moved: dict[str, Name] = {}
    district, until = "", -1
    joints: tuple[str, ...] = _OF
    for spot in home:
        name = spot.name
        if name.kind is Kind.DIVISION:
            district, joints = (name.code if len(name.code) == 6 and name.code != city else ""), _OF
        elif name.kind is Kind.PLACE and district and joined[until : spot.start] in joints:
            joints = _AND
            if name.code not in (district, city):
                moved[name.text] = Name(name.text, name.kind, district, name.official, name.sure)
        else:
            district = ""
        until = spot.end
    return [Spot(moved.get(name.text, name), start, end) for name, start, end in home] if moved else list(home)


def _aside(joined: str, spot: Spot) -> bool:
    """Whether a place is only where the injured were brought or where a ride was to go."""
    before = joined[max(0, spot.start - _BEFORE) : spot.start]
    if spot.name.kind is not Kind.PLACE:
        return _BROUGHT.search(before) is not None and _ITS_HOSPITAL.match(joined, spot.end) is not None
    if _HOSPITAL.search(spot.name.text):
        lies = _LIES.search(before) is not None and _TREATED.match(joined, spot.end) is not None
        return lies or _TAKES.match(joined, spot.end) is not None or _BROUGHT.search(before) is not None
    return _BOUND.search(before) is not None and _PRICED.match(joined, spot.end) is not None


def _lies_hurt(joined: str, spot: Spot) -> bool:
    """Whether somebody hurt was brought to this hospital: it says nothing of where he was hurt."""
    hospital = spot.name.kind is Kind.PLACE and _HOSPITAL.search(spot.name.text) is not None
    return hospital and _HURT.search(_sentence(joined, spot)) is not None and _aside(joined, spot)


def _remembers(joined: str) -> bool:
    """Whether anything in the text may be an event of former years: most texts tell of none."""
    if _EVENT.search(joined) is None:
        return False
    return _MEMORY.search(joined) is not None or len(set(_YEAR.findall(joined))) > 1


def _long_ago(joined: str, spot: Spot) -> bool:
    """Whether its sentence remembers an event of former years."""
    sentence = _sentence(joined, spot)
    if _EVENT.search(sentence) is None:
        return False
    years, own = _YEAR.findall(joined), _YEAR.findall(sentence)
    return _MEMORY.search(sentence) is not None or bool(own and max(own) < max(years))


def _sentence(joined: str, spot: Spot) -> str:
    begins = max([joined.rfind(end, 0, spot.start) for end in _ENDS]) + 1
    found = _SENTENCE_END.search(joined, spot.end)
    return joined[begins : found.start() if found else len(joined)]


def _is_district(spot: Spot) -> bool:
    return spot.name.kind is Kind.DIVISION and len(spot.name.code) == 6


def _plain(districts: Sequence[Spot], rules: Rules) -> bool:
    return any(spot.name.text in rules.plain for spot in districts)


def _opens(joined: str, start: int) -> bool:
    return start == 0 or _OPEN.match(joined, start - 1) is not None
