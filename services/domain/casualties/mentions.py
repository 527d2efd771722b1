"""One sentence → all its mentions: losses, stated none, corrected numbers, pairs of outcome and number, asides."""

from __future__ import annotations

import re

from services.domain.casualties.hospital import taken_to_hospital
from services.domain.casualties.money import losses
from services.domain.casualties.pairing import Mention, Pairing
from services.domain.casualties.plain import plainly_dead, unmistaken
from services.domain.casualties.recovered import found_again
from services.domain.casualties.rivals import without_rivals
from services.domain.casualties.scanning import asides, blank, scan, without_asides
from services.domain.casualties.tables import tabled
from services.domain.casualties.tolls import tolls
from services.domain.casualties.words import ANEW, DENIAL, NONE_HURT, RESTATED
from services.domain.numerals import read_quantity
from services.domain.patterns import late

# 网传13人死亡,警方称无人伤亡: who knows takes back what others heard; of the neighbours he says nothing about it.
_REFUTED = late(
    r"(?:网传|据传|传言|疯传|有传).*(?:经(?:核实|核查|查|了解|调查)[^。；邻附周其隔死亡伤难0-9一二三四五六七八九十百两]{0,16}[，,]|(?:记者|警方|官方|消防|应急|公安|政府|部门)[^，,。；]{0,12}?(?:称|说|获悉|了解到|回应|通报|表示|证实|确认|核实)"
    r"[^，,。；邻附周其隔]{0,6})\Z"
)


def mentions_of(sentence: str, ill: bool, full: str) -> list[Mention]:
    """Every mention of the sentence of the text `full`; in one about the `ill`, who is in hospital was not hurt."""
    found = losses(sentence)
    body, again = found_again(unmistaken(without_asides(sentence)))
    found += again
    if none_hurt := list(NONE_HURT.finditer(body)):
        for match in none_hurt:
            denied = DENIAL.search(body, 0, match.start()) or _REFUTED.search(body, 0, match.start())
            found.extend(_none(match, denied is not None))
        body = blank(body, NONE_HURT)
    for match in RESTATED.finditer(sentence):
        found.append(_restated(match))
    body, rows = tabled(body)
    found += rows
    anew = ANEW.search(body)
    since = len(body) if anew is None else anew.start()
    for mention in Pairing(body, scan(body)).mentions():
        found.append(mention if mention.start < since else mention._replace(corrected=True))
    found += tolls(body, [m for m in found if m.field == "death" and m.value], full)
    found += plainly_dead(body, [m for m in found if m.field == "death" and m.value], full)
    found = without_rivals(body, found)
    if not ill:
        found.extend(taken_to_hospital(body))
    for start, aside in asides(sentence):
        for mention in Pairing(aside, scan(aside), within=True).mentions():
            found.append(_moved(mention, start))
    return found


def _restated(match: re.Match[str]) -> Mention:
    """此前通报死亡9人有误，实为6人: the number without an outcome of its own has that of the wrong one."""
    field = {"死亡": "death", "遇难": "death", "失踪": "missing"}.get(match["what"], "injury")
    stated = read_quantity(match["right"])
    value = None if stated is None else int(stated.value)
    return Mention(field, value, stated.bound if stated else "", match.start("right"), match.end(), corrected=True)


def _none(match: re.Match[str], denied: bool) -> list[Mention]:
    """无人员伤亡; `denied` where it takes back what was said before (警方辟谣：无人死亡)."""
    what = match["what"]
    kinds = []
    if "死" in what or "亡" in what or "遇难" in what or "丧生" in what:
        kinds.append("death")
    if "伤" in what:
        kinds.append("injury")
    return [Mention(kind, 0, "", match.start(), match.end(), corrected=denied) for kind in kinds]


def _moved(mention: Mention, by: int) -> Mention:
    return Mention(
        mention.field,
        mention.value,
        mention.bound,
        mention.start + by,
        mention.end + by,
        within=True,
        noun=mention.noun,
    )
