"""属地管理: when a district or county answers itself, because a text complains of it or the matter is its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.domain.patterns import late
from services.domain.signals import Cue, Hit, Signals

SEAT = "seat:"
"""Lists of the names of a district's bodies; the one without a code has those that any district may mean."""
_OCCURRENCES = 5
_BEFORE = 14
_SOURCE = 8
_CLAUSE = r"，。,！？!?；;：:\n"
_FROM = late(r"(?:[从据]|来自)[^，。,！？!?；;：:\n]{0,6}$")
_LEARNT = late(r"[^，。,！？!?；;：:\n]{0,6}?(?:获悉|了解到|得知|消息|通报|介绍|发布|公布)")


def tells(text: str, hit: Hit) -> bool:
    """Whether a body named here is but the source of the news (记者从宣传部获悉): that makes nobody answer."""
    start = max(0, hit.start - _SOURCE)
    return _FROM.search(text, start, hit.start) is not None and _LEARNT.match(text, hit.end) is not None


@dataclass(frozen=True, slots=True)
class Home:
    """How a text speaks of a district's own bodies (内部规定); `config/departments.toml` explains each list.

    `offices` follow a district's name, `unnamed` are bodies of the one district that a text is about. A complaint is
    one of `faults` behind the name or of `accusing` before it, and none of `others` between; what begins with one of
    `beside` only says where. It counts `blamed` points, and decides within the first `head` characters.
    """

    offices: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    accusing: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    blamed: float = 0.0
    head: int = 0


class Own(NamedTuple):
    """The district that a text speaks of, where it does. `blamed`: it complains of it."""

    code: str
    hit: Hit
    blamed: bool


@dataclass
class Territory:
    """Reads which district a text speaks of by its government, its committee or its offices.

    `districts` are by code the name of the government (道里区政府) and further names.
    """

    districts: Mapping[str, tuple[str, Sequence[str]]]
    home: Home

    def __post_init__(self) -> None:
        home = self.home
        self._bodies = {code: _names(name, bodies, home.offices) for code, (name, bodies) in self.districts.items()}
        self._seats = {f"{SEAT}{code}": code for code in self._bodies}
        others = _any(home.others)
        gap = rf"(?:(?!{others})[^{_CLAUSE}])"
        self._other, self._beside = late(others), late(_any(home.beside))
        self._fault = late(rf"{gap}{{0,12}}?(?<![不没未无])(?:{_any(home.faults)})")
        self._accused = late(rf"(?:{_any(home.accusing)}){gap}{{0,8}}$")

    def cues(self) -> Iterator[Cue]:
        """The words to look for."""
        for code, words in self._bodies.items():
            yield from (Cue(f"{SEAT}{code}", word) for word in words)
        yield from (Cue(SEAT, word) for word in self.home.unnamed)

    def own(self, text: str, signals: Signals, places: Sequence[str]) -> Own | None:
        """The one district that the text complains of, else the one whose bodies it names; None where two are.

        A matter of several is led by the superior department (四(二)). `places` are the codes of the districts that the
        text is about.
        """
        seats = self._seats.keys() & signals.hits.keys()
        found = [one for seat in seats if (one := self._read(text, self._seats[seat], signals.of(seat)))]
        unnamed = signals.of(SEAT) if len(places) == 1 else ()
        if unnamed and (one := self._read(text, places[0], unnamed, "小社园校景片")):
            found = [best for best in found if best.code != one.code or best.blamed >= one.blamed]
            found += [one] if one.code not in [best.code for best in found] else []
        blamed = [one for one in found if one.blamed]
        several = blamed or found
        return several[0] if len(several) == 1 else None

    def _read(self, text: str, code: str, hits: Sequence[Hit], not_behind: str = "") -> Own | None:
        """What the text says of this district: a complaint before a mere mention, the first of each."""
        best: Own | None = None
        for word, first, _, weight in hits:
            for start in _occurrences(text, word, first):
                hit = Hit(word, start, start + len(word), weight)
                behind = text[start - 1 : start]
                if self._beside.match(text, hit.end) or tells(text, hit) or (behind and behind in not_behind):
                    continue
                blamed = self._blames(text, hit)
                if best is None or (not blamed, start) < (not best.blamed, best.hit.start):
                    best = Own(code, hit, blamed)
        return best

    def _blames(self, text: str, hit: Hit) -> bool:
        if self._fault.match(text, hit.end):
            return True
        accused = self._accused.search(text, max(0, hit.start - _BEFORE), hit.start)
        return accused is not None and not self._other.match(text, hit.end)


def _names(name: str, bodies: Sequence[str], offices: Sequence[str]) -> tuple[str, ...]:
    stem = name.removesuffix("政府").removesuffix("人民")
    return tuple(dict.fromkeys((name, *bodies, *(stem + office for office in offices))))


def _occurrences(text: str, word: str, start: int) -> Iterator[int]:
    for _ in range(_OCCURRENCES):
        if start < 0:
            return
        yield start
        start = text.find(word, start + 1)


def _any(words: Sequence[str]) -> str:
    """A pattern of these words; of none it matches nowhere."""
    return "|".join(map(re.escape, words)) or r"(?!)"
