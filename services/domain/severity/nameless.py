"""The dead and the missing of an event that no listed word names: 遇难人数已升至12人 does not say of what."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from services.domain.assessment import Casualties
from services.domain.casualties.spoken import calamitous, happened
from services.domain.casualties.spoken_words import SAID_OF_DEAD, SAID_OF_MISSING
from services.domain.casualties.tolls import LIVES
from services.domain.casualties.words import DEATH, MISSING, SERIOUS
from services.domain.patterns import late
from services.domain.severity.measures import marked
from services.domain.severity.occurrence import sentence_span
from services.domain.severity.rules import NamelessRules

_DEAD, _HURT = 3, 10
"""From these numbers on, 较大 by the general thresholds, nobody may be missed for want of a word."""
_OUTCOME = late(
    f"{DEATH}|{SERIOUS}|{LIVES}|位数|没[^，。；]{{0,4}}[来去]|抬出|拉走|被害|被杀|dead|killed|{SAID_OF_DEAD}"
)
_LOST = late(f"{MISSING}|{SAID_OF_MISSING}")
_MOST = 20
# What happened may stand in the sentence before or behind (炸了！死了十三个人).
_BESIDE = 40


class Nameless(NamedTuple):
    """Where the dead stand; `sure` where the wording says that so many died by violence or accident."""

    span: tuple[int, int]
    sure: bool


def many(casualties: Casualties) -> bool:
    """True where so many died, are missing or were badly hurt that a grade is due by that alone."""
    return _dead(casualties) + (casualties.missing or 0) >= _DEAD or _deadly(casualties)


def harmed(casualties: Casualties) -> bool:
    """True where somebody died, or so many are missing or badly hurt that it is an event by that alone."""
    return _dead(casualties) > 0 or many(casualties)


def _deadly(casualties: Casualties) -> bool:
    return _dead(casualties) >= _DEAD or (casualties.serious_injuries or 0) >= _HURT


def _dead(casualties: Casualties) -> int:
    return casualties.deaths or 0


class Finder:
    """Reads by the word lists of `grades.toml`; without lists nothing is found."""

    def __init__(self, rules: NamelessRules) -> None:
        self._violent, self._scene, self._never, self._peril, self._away = (
            tuple(map(marked, words)) for words in (rules.violent, rules.scene, rules.never, rules.peril, rules.away)
        )

    def find(self, full: str, casualties: Casualties, counted: Callable[[str, int, int], bool]) -> Nameless | None:
        """The first dead that are told of as an event; None for illness, age, history, and few of unknown cause.

        No list knows every cause: so many dead or badly hurt are an event by themselves, for a person to name.
        """
        deadly = _deadly(casualties)
        if not deadly and not _dead(casualties):
            return None
        unsure = None
        scene = happened(full)
        for match in list(_OUTCOME.finditer(full))[:_MOST]:
            if not counted(full, *match.span()):
                continue
            begins, ends = sentence_span(full, *match.span())
            if _found(self._never, full, begins, ends):
                continue
            begins, ends = max(0, begins - _BESIDE), ends + _BESIDE
            violent = _found(self._violent, full, begins, ends)
            if violent and deadly:
                return Nameless(match.span(), sure=True)
            if unsure is None and (violent or deadly or scene or _found(self._scene, full, begins, ends)):
                unsure = Nameless(match.span(), sure=False)
        return unsure

    def lost(
        self, full: str, casualties: Casualties, counted: Callable[[str, int, int], bool]
    ) -> tuple[int, int] | None:
        """The first missing that are told of in peril (mountain, water, storm, search); who only went away is none."""
        if _dead(casualties) + (casualties.missing or 0) < _DEAD:
            return None
        for match in list(_LOST.finditer(full))[:_MOST]:
            begins, ends = sentence_span(full, *match.span())
            begins, ends = max(0, begins - _BESIDE), ends + _BESIDE
            if not counted(full, *match.span()):
                continue
            if calamitous(full[begins:ends]):
                return match.span()
            if _found(self._away, full, begins, ends):
                continue
            if _found(self._peril, full, begins, ends) or happened(full[begins:ends]):
                return match.span()
        return None


def _found(patterns: tuple[re.Pattern[str], ...], full: str, begins: int, ends: int) -> bool:
    return any(p.search(full, begins, ends) for p in patterns)
