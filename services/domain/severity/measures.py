"""The numbers a grade rests on: those of the casualties and those read from the text by patterns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice

from services.domain.casualties import CasualtyReading
from services.domain.numerals import FIRST, QUANTITY, read_quantity
from services.domain.patterns import late
from services.domain.severity.occurrence import another_year, clause_start, counted, sentence_around, sentence_span
from services.domain.severity.rules import Metric

_NUMBER = f"(?P<n>(?=[{FIRST}]){QUANTITY})"
_JUST_BELOW = 1e-9
_STOPS = late(r"\[\^([，。！？；]+)")
_HALF = str.maketrans("，！？；", ",!?;", "。")
# A text that states one metric more often is a flood of signs.
_MOST = 12
# Some stay trapped while all of the others are out.
_STILL = late(r"仍有?|尚有|还有|其余|剩余|余下|下落不明|正在(?:全力)?(?:营救|搜救|救援)")
_BESIDE = 60
_HOURS_A_DAY = 24
# 2人死亡,3人失踪: numbers that are added up are shown together where they stand so near.
_TOGETHER = 24
_POISONED = "poisoned"
_IN_DANGER = "lives_endangered"
# 99人中毒或重伤 states one number for both; 57人中毒,其中重伤52人 and 重伤52人(急性中毒) count the same people.
_SAME = late(
    r"中毒或重伤|其中[^。；;]{0,12}(?:重伤|危重|重症|病危|ICU|插管|昏迷)|(?:重伤|危重|重症)[^。；;]{0,8}[（(][^）)]{0,8}中毒|"
    r"(?:重伤|危重|重症)[^。；;]{0,10}(?:其中|均[为系]|都是|全[为是])[^。；;]{0,8}中毒|中毒[^。；;]{0,12}(?:均[为系]|都是|全[为是])重伤"
)
_DEATHS_OF = {"food_poisoning_deaths": "食物中毒", "acute_occupational_poisoning_deaths": "职业中毒"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A known number with its bound and span, -1 where that is unknown; `counted` among the casualties."""

    value: float
    bound: str = ""
    start: int = -1
    end: int = -1
    counted: bool = False

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end

    @property
    def compared(self) -> float:
        """The value to hold against a limit: 不到10 is less than 10."""
        return self.value - self.value * _JUST_BELOW - _JUST_BELOW if self.bound == "at_most" else self.value


@dataclass(frozen=True)
class Reader:
    """The patterns of one metric; `patterns` read its number."""

    needs: tuple[str, ...]
    patterns: tuple[re.Pattern[str], ...]
    near: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    unreal: tuple[re.Pattern[str], ...] = ()
    cause: tuple[re.Pattern[str], ...] = ()
    over: tuple[re.Pattern[str], ...] = ()

    def needed(self, full: str) -> bool:
        """Whether the text may state the metric at all."""
        return not self.needs or any(word in full for word in self.needs)

    def accepts(self, full: str, match: re.Match[str]) -> bool:
        """Whether what stands around a number lets it count as a fact of this metric."""
        sentence = sentence_around(full, match.start(), match.end())
        if self.near and not any(p.search(sentence) for p in self.near):
            return False
        if any(p.search(sentence) for p in self.unless) or another_year(full, match.start(), match.end()):
            return False
        if (self.cause or self.over) and not self._going_on(full, *match.span()):
            return False
        clause = full[clause_start(full, match.start()) : match.end()]
        return not any(p.search(clause) for p in self.unreal) and counted(full, match.start(), match.end())

    def _going_on(self, full: str, start: int, end: int) -> bool:
        """Whether the sentence and those beside it name a cause, and none says that all is over."""
        begins, ends = sentence_span(full, start, end)
        around = full[max(0, begins - _BESIDE) : ends + _BESIDE]
        if self.cause and not any(p.search(around) for p in self.cause):
            return False
        return _STILL.search(around) is not None or not any(p.search(around) for p in self.over)


class Measures:
    """Reads metrics on demand; a text is searched only for the metrics that a matched field asks for."""

    def __init__(self, full: str, hurt: CasualtyReading, readers: dict[str, Reader]) -> None:
        self._full, self._endangered, self._rest, self._figures = full, hurt.endangered, hurt.rest, hurt.figures
        self.casualties = hurt.casualties
        self._readers = readers
        self._known: dict[str, Measure | None] = {}

    def get(self, metric: str) -> Measure | None:
        """The measure of `metric`, or None where the post does not state it."""
        if metric == _IN_DANGER and self._rest is not None:
            value, bound, start, end, *_ = self._rest
            return Measure(value, bound, start, end)
        if metric not in self._known:
            self._known[metric] = self._stated(metric) or self._read(metric) or self._in_danger(metric)
        return self._known[metric]

    def figure(self, *names: str) -> tuple[int, int]:
        """The span of these numbers of the casualties taken together, (-1, -1) where none is stated."""
        total = _added(*(self._of(name, getattr(self.casualties, name)) for name in names))
        return (-1, -1) if total is None else total.span

    def _stated(self, metric: str) -> Measure | None:
        c = self.casualties
        if metric == "deaths_incl_missing":
            return self._sum(("deaths", c.deaths), ("missing", c.missing))
        if metric == "serious_injuries":
            return _highest(self._of("serious_injuries", c.serious_injuries), self.get("industrial_poisoning"))
        if metric == "poisoned_or_seriously_injured":
            parts = (self._of("serious_injuries", c.serious_injuries), self.get(_POISONED))
            return _highest(*parts) if _SAME.search(self._full) else _added(*parts)
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

    def _in_danger(self, metric: str) -> Measure | None:
        if metric != _IN_DANGER or self._endangered is None:
            return None
        value, bound, start, end, *_ = self._endangered
        return Measure(value, bound, start, end)

    def _of(self, name: str, value: int | None) -> Measure | None:
        if value is None:
            return None
        start, end = self._figures.get(name, (-1, -1))
        return Measure(value, self.casualties.bounds.get(name, ""), start, end, counted=True)

    def _sum(self, *parts: tuple[str, int | None]) -> Measure | None:
        return _added(*(self._of(name, value) for name, value in parts))

    def _read(self, metric: str) -> Measure | None:
        """The highest number the text states for `metric`."""
        reader = self._readers.get(metric)
        if reader is None or not reader.needed(self._full):
            return None
        best: Measure | None = None
        for pattern in reader.patterns:
            for match in islice(pattern.finditer(self._full), _MOST):
                if reader.accepts(self._full, match):
                    best = _highest(best, _measure(match))
        return best


def reader_of(metric: Metric, unreal: tuple[str, ...] = ()) -> Reader:
    """The patterns of a metric, with every way to write a number for {n}."""
    numbers = tuple(pattern.replace("{n}", _NUMBER) for pattern in metric.patterns)
    others = (metric.near, metric.unless, unreal, metric.cause, metric.over)
    return Reader(metric.needs, *(tuple(map(marked, patterns)) for patterns in (numbers, *others)))


@cache
def marked(pattern: str) -> re.Pattern[str]:
    """`pattern` so that its [^，。！？；] stop at half-width marks too, as folded text has them; compiled late."""
    return late(_STOPS.sub(lambda m: m.group() + m.group(1).translate(_HALF), pattern))


def _measure(match: re.Match[str]) -> Measure | None:
    quantity = read_quantity(match["n"])
    if quantity is None:
        return None
    scale = _HOURS_A_DAY if match.group().endswith(("天", "昼夜")) else 1
    return Measure(quantity.value * scale, quantity.bound, match.start(), match.end())


def _highest(*measures: Measure | None) -> Measure | None:
    known = [m for m in measures if m is not None]
    return max(known, key=lambda m: m.compared) if known else None


def _added(*measures: Measure | None) -> Measure | None:
    known = [m for m in measures if m is not None]
    if not known:
        return None
    bounds = [m.bound for m in known if m.bound]
    total, bound = sum(m.value for m in known), bounds[0] if bounds else ""
    told = [m for m in known if m.value and m.start >= 0] or known
    start, end = min(m.start for m in told), max(m.end for m in told)
    if end - start > _TOGETHER:
        start, end = max((m.value, m.start, m.end) for m in told)[1:]
    return Measure(total, bound, start, end, known[0].counted)
