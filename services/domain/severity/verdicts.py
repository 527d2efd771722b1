"""What rules and presumptions say of one text, and the reading that they make together."""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.assessment import Reason
from services.domain.severity.proposal import GradeReading
from services.domain.severity.rules import FROM_CASUALTIES, Field, Rule
from services.domain.vocabulary import EventGrade

Span = tuple[int, int]
NOWHERE: Span = (-1, -1)
LOWEST, CAP = EventGrade.IV, EventGrade.III
"""The grades that a presumption gives; II only where a hundred are hurt."""
NO_EMERGENCY = GradeReading()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule or presumption says of a text; `unsure` makes it provisional.

    `event` is the word that tells of the event, `figure` the number that decides, (-1, -1) where none does. `at` is
    where the text is asked whose event it is.
    """

    field: Field
    grade: EventGrade
    rule: Rule | None
    unsure: bool
    event: Span
    why: str = ""
    figure: Span = NOWHERE
    at: int = -1


def reading_of(verdicts: list[Verdict], full: str) -> GradeReading:
    """The highest grade, sure where one verdict of that grade is sure, with the reasons of all."""
    if not verdicts:
        return NO_EMERGENCY
    top = max(v.grade.rank for v in verdicts)
    best = [v for v in verdicts if v.grade.rank == top]
    chosen = next((v for v in best if not v.unsure), best[0])
    unsure = chosen.unsure or any(v.unsure and v.rule is None and v.grade.rank == top for v in verdicts)
    reasons = tuple(_reason(v, full) for v in [chosen, *_others(verdicts, chosen)])
    grounds = dict.fromkeys(ground for v in best if v.rule and (ground := _counted(v.rule)))
    at = chosen.at if chosen.at >= 0 else chosen.event[0]
    return GradeReading(chosen.grade, unsure, chosen.field.id, reasons, tuple(grounds), at=at)


def _counted(rule: Rule) -> tuple[str, ...]:
    """The fields of `Casualties` that a rule counts."""
    return tuple(name for condition in rule.conditions for name in FROM_CASUALTIES.get(condition.metric, ()))


def _others(verdicts: list[Verdict], chosen: Verdict) -> list[Verdict]:
    return [v for v in verdicts if v is not chosen]


def _clause(rule: Rule) -> str:
    """The clause with its source and how sure its wording is: of the law, not of what the text says."""
    return f"{rule.clause}({rule.source};条文{rule.status})"


def _reason(verdict: Verdict, full: str) -> Reason:
    clause = _clause(verdict.rule) if verdict.rule else "推定"
    parts = [
        f"事件等级{verdict.grade.value} {verdict.field.name}",
        clause,
        verdict.why,
        "待核实" if verdict.unsure else "",
    ]
    rule, event = " · ".join(p for p in parts if p), full[slice(*verdict.event)]
    start, end = verdict.figure if verdict.figure[0] >= 0 else verdict.event
    shown = full[start:end]
    return Reason(rule, shown if event in shown else f"{event},{shown}", start, end)
