"""The dead of an event that no listed word names: 遇难人数已升至12人 tells of a disaster without saying which."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from services.domain.assessment import Casualties
from services.domain.casualties.words import DEATH, SERIOUS
from services.domain.severity.measures import marked
from services.domain.severity.occurrence import sentence_span
from services.domain.severity.rules import NamelessRules

_DEAD, _HURT = 3, 10
"""From these numbers on, 较大 by the general thresholds, nobody may be missed for want of a word."""
_OUTCOME = re.compile(f"{DEATH}|{SERIOUS}")
_MOST = 20
# What happened may stand in the sentence before or behind (炸了！死了十三个人).
_BESIDE = 40


class Nameless(NamedTuple):
    """Where the dead stand; `sure` where the wording says that they died by violence or accident."""

    span: tuple[int, int]
    sure: bool


def many(casualties: Casualties) -> bool:
    """True where so many died or were badly hurt that a grade is due by that alone."""
    return (casualties.deaths or 0) >= _DEAD or (casualties.serious_injuries or 0) >= _HURT


class Finder:
    """Reads by the word lists of `grades.toml`; without lists nothing is found."""

    def __init__(self, rules: NamelessRules) -> None:
        self._violent, self._scene, self._never = (
            tuple(map(marked, words)) for words in (rules.violent, rules.scene, rules.never)
        )

    def find(self, full: str, casualties: Casualties, counted: Callable[[str, int, int], bool]) -> Nameless | None:
        """The first dead that are told of as an event; None for illness, age, history, and where they are too few."""
        if not many(casualties):
            return None
        for match in list(_OUTCOME.finditer(full))[:_MOST]:
            if not counted(full, *match.span()):
                continue
            begins, ends = sentence_span(full, *match.span())
            if _found(self._never, full, begins, ends):
                continue
            begins, ends = max(0, begins - _BESIDE), ends + _BESIDE
            if _found(self._violent, full, begins, ends):
                return Nameless(match.span(), sure=True)
            if _found(self._scene, full, begins, ends):
                return Nameless(match.span(), sure=False)
        return None


def _found(patterns: tuple[re.Pattern[str], ...], full: str, begins: int, ends: int) -> bool:
    return any(p.search(full, begins, ends) for p in patterns)
