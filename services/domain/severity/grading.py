"""The grader: which fields a text belongs to, which rule of each is met, and the highest grade of all."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from services.domain.assessment import Casualties, Reason
from services.domain.casualties import MAX_CHARACTERS, CasualtyReading
from services.domain.casualties.drills import is_drill, turned_real
from services.domain.casualties.places import abroad
from services.domain.casualties.statements import Count
from services.domain.denials import unverified
from services.domain.numerals import halve_width
from services.domain.patterns import late
from services.domain.severity.bygone import Bygone
from services.domain.severity.conditions import figure_of, test
from services.domain.severity.measures import Measures, marked, reader_of
from services.domain.severity.nameless import Finder, Nameless, harmed
from services.domain.severity.occurrence import clause_start, counted, occurrences, stated
from services.domain.severity.petitions import Petitions
from services.domain.severity.presumptions import MAYBE_NOT, own_metrics, presumed
from services.domain.severity.proposal import GradeReading
from services.domain.severity.rules import Field, GradeRules, Rule
from services.domain.severity.verdicts import CAP, LOWEST, NO_EMERGENCY, NOWHERE, Span, Verdict, reading_of
from services.domain.vocabulary import EventGrade

_LOSS = late(r"(?:经济|财产|直接)损失")
_ABROAD = "事件等级:境外事件,不提等级"
_GRAVE = (EventGrade.I, EventGrade.II)
# One petitioner is no mass incident: smaller numbers of a field that ends above IV are no emergency (内部规定).
_FLOOR = 5
_NO_LOWER = "未达重大级,国家标准无较大和一般级"


_Matched = list[tuple[Field, tuple[int, int]]]


class Grader:
    """Grades posts by the rules of `config/grades.toml`."""

    def __init__(self, rules: GradeRules) -> None:
        self._field_words = [(field, frozenset(field.words)) for field in rules.fields]
        self._vocabulary = frozenset(word for field in rules.fields for word in field.words)
        self._ladders = {f.id: sorted(f.rules, key=lambda r: -r.grade.rank) for f in rules.fields}
        self._inside = {word: self._vocabulary & set(_parts(word)) for word in self._vocabulary}
        self._readers = {metric.id: reader_of(metric, rules.unreal) for metric in rules.metrics}
        self._certain = rules.certain
        self._unreal = tuple(map(marked, rules.unreal))
        self._petitions = Petitions(rules.petition)
        self._bygone = Bygone(rules.bygone)
        self._finder = Finder(rules.nameless)
        self._catch_all = [f for f in rules.fields if f.id == rules.nameless.field]
        self._count_missing = {f.id for f in rules.fields if _own(f, "deaths_incl_missing")}
        self._counting = {f.id for f in rules.fields if any(rule.conditions for rule in f.rules)}
        self._lost_field = [f for f in rules.fields if f.id == rules.nameless.missing_field]
        self._count_dead = {f.id for f in rules.fields if any(_of_some_dead(r) for r in f.rules)}
        self._words = {
            words: tuple(map(marked, words))
            for field in rules.fields
            for rule in field.rules
            for words in (rule.words, rule.without)
        }

    @property
    def words(self) -> frozenset[str]:
        """Every word that can make a field match: a text with none of them is no emergency."""
        return self._vocabulary

    def grade(
        self,
        title: str,
        text: str,
        hurt: CasualtyReading,
        present: Collection[str] | None = None,
        on: date | None = None,
    ) -> GradeReading:
        """The highest grade that any rule of any matching field reaches; spans index `title + "\\n" + text`.

        `present` are those of `words` that the text contains, where the caller has looked already. `on` is the day of
        the text, where known: what it dates long before that is no emergency of now.
        """
        casualties, endangered = hurt.casualties, hurt.in_danger
        full = title + "\n" + text[:MAX_CHARACTERS]
        words = [w for w in self._vocabulary if w in full] if present is None else present
        told = occurrences(full, {inner for word in words for inner in self._inside.get(word, ())})
        matched = self._matched(told, full)
        if (not matched and not harmed(casualties) and endangered is None) or is_drill(title, text):
            return NO_EMERGENCY
        full = halve_width(full)
        petition = self._petitions.is_petition(full)
        nameless = self._nameless(full, matched, casualties)
        if nameless is not None and (nameless.sure or not petition):
            told[full[slice(*nameless.span)]] = nameless.span
            matched = [*matched, (self._catch_all[0], nameless.span)]
        lost = self._lost(full, matched, casualties, endangered)
        if lost is not None and not (petition and not matched and endangered is None):
            told[full[slice(*lost)]] = lost
            matched = [*matched, (self._lost_field[0], lost)]
        if not matched:
            return NO_EMERGENCY
        dead = (casualties.deaths or 0) + (casualties.missing or 0)
        past = self._bygone.long_ago(full, told, on)
        if past is None:
            past = self._petitions.not_now(full, told.values(), dead) if petition else self._bygone.find(full, told, on)
        if past is not None:
            return GradeReading(reasons=(past,))
        measures = Measures(full, hurt, self._readers)
        verdicts = [v for field, span in matched for v in self._verdicts(field, span, full, measures)]
        verdicts += presumed([f for f, _ in matched], told, full, measures, bool(verdicts))
        if nameless is not None and not nameless.sure:
            verdicts = [replace(v, unsure=v.unsure or v.field in self._catch_all) for v in verdicts]
        if lost is not None and len(matched) == 1:
            verdicts = [replace(v, unsure=True) for v in verdicts]
        reading = reading_of(verdicts, full)
        doubtful = reading.grade is not None and (turned_real(title, text) or unverified(full))
        if doubtful or (petition and reading.grade in _GRAVE):
            reading = replace(reading, provisional=True)
        span = None if petition or reading.grade is None else abroad(title, text)
        return reading if span is None else replace(reading, abroad=Reason(_ABROAD, full[slice(*span)], *span))

    def _matched(self, told: dict[str, tuple[int, int]], full: str) -> _Matched:
        """The fields whose words are told of. One that counts nothing is of the text only where a rule of it is met."""
        if not told:
            return []
        found = [
            (field, min(told[w] for w in field.words if w in told))
            for field, words in self._field_words
            if not words.isdisjoint(told) and (field.id in self._counting or self._met(field, full))
        ]
        replaced = {other for field, _ in found for other in field.replaces}
        return [(field, span) for field, span in found if field.id not in replaced]

    def _met(self, field: Field, full: str) -> bool:
        return any(self._worded(rule, full) is not None for rule in field.rules)

    def _nameless(self, full: str, matched: _Matched, casualties: Casualties) -> Nameless | None:
        """Many dead that none of the matched fields has a number for."""
        if not self._catch_all or any(field.id in self._count_dead or field.replaces for field, _ in matched):
            return None
        return self._finder.find(full, casualties, counted)

    def _lost(
        self, full: str, matched: _Matched, casualties: Casualties, endangered: Count | None
    ) -> tuple[int, int] | None:
        """Where people are missing or in danger whom no matched field counts; None where they are no event."""
        if not self._lost_field or not (casualties.missing or endangered):
            return None
        if any(field.id in self._count_missing or field.replaces for field, _ in matched):
            return None
        if endangered is not None:
            return endangered.start, endangered.end
        return matched[0][1] if matched else self._finder.lost(full, casualties, counted)

    def _verdicts(self, field: Field, span: tuple[int, int], full: str, measures: Measures) -> list[Verdict]:
        """The first rule of the field that is met, from I down; one met but for an unknown number counts to III."""
        partly: Verdict | None = None
        for rule in self._ladders[field.id]:
            words = self._worded(rule, full)
            found = None if words is None else test(rule.conditions, measures)
            if words is None or found is None:
                continue
            verdict = _pointing(Verdict(field, rule.grade, rule, found.bounded, span), words, measures)
            if not found.partly:
                doubtful = rule.presumed or (rule.grade in _GRAVE and not self._settled(rule, full))
                return [replace(verdict, unsure=True) if doubtful else verdict]
            capped = min(rule.grade, CAP, key=lambda g: g.rank)
            partly = partly or replace(verdict, grade=capped, unsure=True, why="另一项条件未知")
        if partly is not None:
            return [partly]
        own = filter(None, map(measures.get, sorted(own_metrics(field)))) if field.floor else ()
        floor = next((measure for measure in own if measure.value >= _FLOOR), None)
        return [Verdict(field, LOWEST, None, True, span, _NO_LOWER, floor.span)] if floor else []

    def _settled(self, rule: Rule, full: str) -> bool:
        """True where a rule rests on nothing but the dead, the missing, the seriously injured or the loss.

        What a shop or platform says to have lost is no 直接经济损失 yet.
        """
        metrics = {c.metric for c in rule.conditions}
        loss = "direct_loss" not in metrics or _LOSS.search(full) is not None
        return bool(metrics) and metrics <= self._certain and loss

    def _worded(self, rule: Rule, full: str) -> tuple[int, int] | None:
        """The span of the rule's words; (-1, -1) where it asks for none; None where they are not there."""
        if any(p.search(full) for p in self._words[rule.without]):
            return None
        if not rule.words:
            return (-1, -1)
        for pattern in self._words[rule.words]:
            for match in pattern.finditer(full):
                if self._happened(full, *match.span()):
                    return match.span()
        return None

    def _happened(self, full: str, start: int, end: int) -> bool:
        clause = full[clause_start(full, start) : end]
        if MAYBE_NOT.search(full[max(0, start - 12) : start]) or any(p.search(clause) for p in self._unreal):
            return False
        return stated(full, start, end)


def _pointing(verdict: Verdict, words: Span, measures: Measures) -> Verdict:
    """The verdict of a rule with its number, or else its `words`, where it has any."""
    figure = figure_of(verdict.rule, measures) if verdict.rule else None
    worded = words if words != NOWHERE else verdict.event
    if figure is None:
        return replace(verdict, event=worded)
    return replace(verdict, figure=figure.span, at=worded[0] if figure.counted else figure.start)


def _parts(word: str) -> Iterator[str]:
    """Every piece of the word, the word itself among them."""
    return (word[start:end] for start in range(len(word)) for end in range(start + 1, len(word) + 1))


def _own(field: Field, metric: str) -> bool:
    return any(c.metric == metric for rule in field.rules for c in rule.conditions)


def _of_some_dead(rule: Rule) -> bool:
    """A rule that a few dead alone reach."""
    return rule.grade is CAP and not rule.words and any(c.metric.startswith("deaths") for c in rule.conditions)
