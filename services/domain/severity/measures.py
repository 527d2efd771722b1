"""The numbers a grade rests on: those of the casualties and those read from the text by patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.domain.assessment import Casualties
from services.domain.numerals import FIRST, QUANTITY, read_quantity
from services.domain.severity.occurrence import counted
from services.domain.severity.rules import Metric

_JUST_BELOW = 1e-9
_POISONED = "poisoned"
_DEATHS_OF = {"food_poisoning_deaths": "食物中毒", "acute_occupational_poisoning_deaths": "职业中毒"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A known number with its bound and span (-1 where it rests on the casualties)."""

    value: float
    bound: str = ""
    start: int = -1
    end: int = -1

    @property
    def compared(self) -> float:
        """The value to hold against a limit: 不到10 is less than 10."""
        return self.value - self.value * _JUST_BELOW - _JUST_BELOW if self.bound == "at_most" else self.value


class Measures:
    """Reads metrics on demand; a text is searched only for the metrics that a matched field asks for."""

    def __init__(self, full: str, casualties: Casualties, patterns: dict[str, tuple[re.Pattern[str], ...]]) -> None:
        self._full = full
        self.casualties = casualties
        self._patterns = patterns
        self._known: dict[str, Measure | None] = {}

    def get(self, metric: str) -> Measure | None:
        """The measure of `metric`, or None where the post does not state it."""
        if metric not in self._known:
            self._known[metric] = self._stated(metric) or self._read(metric)
        return self._known[metric]

    def _stated(self, metric: str) -> Measure | None:
        c = self.casualties
        if metric == "deaths_incl_missing":
            return self._sum(("deaths", c.deaths), ("missing", c.missing))
        if metric == "serious_injuries":
            return _highest(self._of("serious_injuries", c.serious_injuries), self.get("industrial_poisoning"))
        if metric == "poisoned_or_seriously_injured":
            return _added(self._of("serious_injuries", c.serious_injuries), self.get(_POISONED))
        if metric == "injured":
            return _highest(self._of("injuries", c.injuries), self.get(_POISONED))
        if metric in _DEATHS_OF and _DEATHS_OF[metric] in self._full:
            return self._of("deaths", c.deaths)
        direct = {
            "deaths": ("deaths", c.deaths),
            "direct_loss": ("direct_loss_yuan", c.direct_loss_yuan),
            "evacuated": ("evacuated", c.evacuated),
        }
        return self._of(*direct[metric]) if metric in direct else None

    def _of(self, name: str, value: int | None) -> Measure | None:
        return None if value is None else Measure(value, self.casualties.bounds.get(name, ""))

    def _sum(self, *parts: tuple[str, int | None]) -> Measure | None:
        return _added(*(self._of(name, value) for name, value in parts))

    def _read(self, metric: str) -> Measure | None:
        """The highest number the text states for `metric`."""
        best: Measure | None = None
        for pattern in self._patterns.get(metric, ()):
            for match in pattern.finditer(self._full):
                if counted(self._full, match.start(), match.end()):
                    best = _highest(best, _measure(match))
        return best


def compiled(metric: Metric) -> tuple[re.Pattern[str], ...]:
    """The patterns of a metric with {n} filled in.

    Raises:
        re.error: a pattern that is no regular expression.
    """
    return tuple(re.compile(p.replace("{n}", f"(?P<n>(?=[{FIRST}]){QUANTITY})")) for p in metric.patterns)


def _measure(match: re.Match[str]) -> Measure | None:
    quantity = read_quantity(match["n"])
    return None if quantity is None else Measure(quantity.value, quantity.bound, match.start(), match.end())


def _highest(*measures: Measure | None) -> Measure | None:
    known = [m for m in measures if m is not None]
    return max(known, key=lambda m: m.compared) if known else None


def _added(*measures: Measure | None) -> Measure | None:
    known = [m for m in measures if m is not None]
    if not known:
        return None
    bounds = [m.bound for m in known if m.bound]
    return Measure(sum(m.value for m in known), bounds[0] if bounds else "", known[0].start, known[0].end)
