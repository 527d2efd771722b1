"""Whether the conditions of a rule hold for what a text states."""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.severity.measures import Measure, Measures
from services.domain.severity.rules import Condition, Rule


@dataclass(frozen=True, slots=True)
class Test:
    """A rule whose known conditions hold: whether a deciding number has a bound, and whether one is not stated."""

    bounded: bool
    partly: bool


def test(conditions: tuple[Condition, ...], measures: Measures) -> Test | None:
    """None where a known condition fails or the first one, which the rule is about, is not stated."""
    bounded = partly = False
    for index, condition in enumerate(conditions):
        measure = measures.get(condition.metric)
        if measure is None and index == 0:
            return None
        if measure is None:
            partly = True
        elif not _holds(condition, measure):
            return None
        else:
            bounded = bounded or not _sure(condition, measure)
    return Test(bounded, partly)


def _sure(condition: Condition, measure: Measure) -> bool:
    """At least 30 is surely 30 or more; about 30, or at least 10 of "10 to 30", is not settled."""
    return not measure.bound or (
        measure.bound == "at_least" and condition.below is None and not _just_over(condition, measure)
    )


def _just_over(condition: Condition, measure: Measure) -> bool:
    """100余名 against "more than 100", which is written as 101; the round number itself may be meant, so unsure."""
    over = condition.at_least
    return over is not None and over % 10 == 1 and measure.bound == "at_least" and measure.value + 1 == over


def _holds(condition: Condition, measure: Measure) -> bool:
    value = measure.compared
    low = condition.at_least is None or value >= condition.at_least or _just_over(condition, measure)
    return low and (condition.below is None or value < condition.below)


def figure_of(rule: Rule, measures: Measures) -> Measure | None:
    """The number that the rule is about, where the text states it."""
    known = (measures.get(condition.metric) for condition in rule.conditions)
    return next((measure for measure in known if measure is not None and measure.start >= 0), None)
