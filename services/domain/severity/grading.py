"""The grader: which fields a text belongs to, which rule of each is met, and the highest grade of all."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from services.domain.assessment import Casualties, Reason
from services.domain.casualties.drills import is_drill, turned_real
from services.domain.casualties.places import abroad
from services.domain.numerals import halve_width
from services.domain.severity.bygone import Bygone
from services.domain.severity.conditions import span_of, test
from services.domain.severity.measures import Measures, marked, reader_of
from services.domain.severity.nameless import Finder, Nameless, many
from services.domain.severity.occurrence import clause_start, counted, occurrences, reported, stated
from services.domain.severity.petitions import Petitions
from services.domain.severity.proposal import GradeReading
from services.domain.severity.rules import FROM_CASUALTIES, Field, GradeRules, Rule
from services.domain.vocabulary import EventGrade

# Beyond this an emergency is no longer being reported; it keeps a megabyte of text harmless.
MAX_CHARACTERS = 4_000
_MANY_DEAD = re.compile(
    r"(?<![0-9十百千万])(?:多|数|若干|大批|大量)(?:名|人|位)[^，。；\n]{0,12}(?:死亡|遇难|丧生|身亡|"
    r"罹难)|(?<![0-9十百千万])多人(?:死伤|"
    r"伤亡)|(?:死亡|遇难|死伤|伤亡|死)了?(?:多|数十|几十|上百|数百)人|(?:死伤|伤亡)(?:了|达|超过?|近|约)?[0-9一二三四五六七八九十百]{2,4}[余多]?[人名]|"
    r"(?:[0-9一二三四五六七八九十百]{2,4}[余多]?|[十百][余多]?|上百|数十|几十|数百)[人名](?:死伤|伤亡)|死伤惨重|伤亡惨重|(?:重大|严重|大量)(?:人员)?(?:伤亡|死伤)"
)
_MAYBE_NOT = re.compile(r"(?:未|没有|无|可能|避免|防止|险些|如果|抵御|防御|抗御|应对|战胜|抗击|见证)[^，。；\n]{0,8}$")
_LOSS = re.compile(r"(?:经济|财产|直接)损失")
_ABROAD = "事件等级:境外事件,不提等级"
_GRAVE = (EventGrade.I, EventGrade.II)
_LOWEST, _CAP, _SOME_DEAD = EventGrade.IV, EventGrade.III, 3
_MANY_INJURED = 10
# If all of them were seriously injured this would be II: how many are is not said, so it counts to III.
_VERY_MANY_INJURED = 50
# One petitioner is no mass incident: smaller numbers of a field that ends above IV are no emergency (内部规定).
_FLOOR = 5


_NO_EMERGENCY = GradeReading()


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What one rule or presumption says of a text; `measure` decides it, `unsure` makes it provisional."""

    field: Field
    grade: EventGrade
    rule: Rule | None
    unsure: bool
    why: str = ""
    span: tuple[int, int] = (-1, -1)


class Grader:
    """Grades posts by the rules of `config/grades.toml`."""

    def __init__(self, rules: GradeRules) -> None:
        self._field_words = [(field, frozenset(field.words)) for field in rules.fields]
        self._vocabulary = frozenset(word for field in rules.fields for word in field.words)
        self._ladders = {f.id: sorted(f.rules, key=lambda r: -r.grade.rank) for f in rules.fields}
        self._inside = {word: tuple(w for w in self._vocabulary if w in word) for word in self._vocabulary}
        self._readers = {metric.id: reader_of(metric, rules.unreal) for metric in rules.metrics}
        self._certain = rules.certain
        self._unreal = tuple(map(marked, rules.unreal))
        self._petitions = Petitions(rules.petition)
        self._bygone = Bygone(rules.bygone)
        self._finder = Finder(rules.nameless)
        self._catch_all = [f for f in rules.fields if f.id == rules.nameless.field]
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
        casualties: Casualties,
        present: Collection[str] | None = None,
        on: date | None = None,
    ) -> GradeReading:
        """The highest grade that any rule of any matching field reaches; spans index `title + "\\n" + text`.

        `present` are those of `words` that the text contains, where the caller has looked already. `on` is the day of
        the text, where known: what it dates long before that is no emergency of now.
        """
        full = title + "\n" + text[:MAX_CHARACTERS]
        words = [w for w in self._vocabulary if w in full] if present is None else present
        told = occurrences(full, {inner for word in words for inner in self._inside.get(word, ())})
        matched = self._matched(told)
        if (not matched and not many(casualties)) or is_drill(title, text):
            return _NO_EMERGENCY
        full = halve_width(full)
        petition = self._petitions.is_petition(full)
        nameless = self._nameless(full, matched, casualties)
        if nameless is not None and (nameless.sure or not petition):
            told[full[slice(*nameless.span)]] = nameless.span
            matched = [*matched, (self._catch_all[0], nameless.span)]
        if not matched:
            return _NO_EMERGENCY
        dead = (casualties.deaths or 0) + (casualties.missing or 0)
        past = self._bygone.long_ago(full, told, on)
        if past is None:
            past = self._petitions.not_now(full, told.values(), dead) if petition else self._bygone.find(full, told, on)
        if past is not None:
            return GradeReading(reasons=(past,))
        measures = Measures(full, casualties, self._readers)
        verdicts = [v for field, span in matched for v in self._verdicts(field, span, full, measures)]
        verdicts += _presumed([f for f, _ in matched], told, full, measures, bool(verdicts))
        if nameless is not None and not nameless.sure:
            verdicts = [replace(v, unsure=v.unsure or v.field in self._catch_all) for v in verdicts]
        reading = _reading(verdicts, full)
        if (petition and reading.grade in _GRAVE) or (reading.grade is not None and turned_real(title, text)):
            reading = replace(reading, provisional=True)
        span = None if petition or reading.grade is None else abroad(title, text)
        return reading if span is None else replace(reading, abroad=Reason(_ABROAD, full[slice(*span)], *span))

    def _matched(self, told: dict[str, tuple[int, int]]) -> list[tuple[Field, tuple[int, int]]]:
        if not told:
            return []
        found = [
            (field, min(told[w] for w in field.words if w in told))
            for field, words in self._field_words
            if not words.isdisjoint(told)
        ]
        replaced = {other for field, _ in found for other in field.replaces}
        return [(field, span) for field, span in found if field.id not in replaced]

    def _nameless(
        self, full: str, matched: list[tuple[Field, tuple[int, int]]], casualties: Casualties
    ) -> Nameless | None:
        """Many dead that none of the matched fields has a number for."""
        if not self._catch_all or any(field.id in self._count_dead or field.replaces for field, _ in matched):
            return None
        return self._finder.find(full, casualties, counted)

    def _verdicts(self, field: Field, span: tuple[int, int], full: str, measures: Measures) -> list[_Verdict]:
        """The first rule of the field that is met, from I down; one met but for an unknown number counts to III."""
        partly: _Verdict | None = None
        for rule in self._ladders[field.id]:
            words = self._worded(rule, full)
            found = None if words is None else test(rule.conditions, measures)
            if words is None or found is None:
                continue
            where = span_of(rule, measures, words, span)
            if not found.partly:
                unsure = found.bounded or (rule.grade in _GRAVE and not self._settled(rule, full))
                return [_Verdict(field, rule.grade, rule, unsure, span=where)]
            capped = min(rule.grade, _CAP, key=lambda g: g.rank)
            partly = partly or _Verdict(field, capped, rule, True, "另一项条件未知", where)
        if partly is not None:
            return [partly]
        floor = field.floor and any(m is not None and m.value >= _FLOOR for m in map(measures.get, _own_metrics(field)))
        return [_Verdict(field, _LOWEST, None, True, "未达重大级,国家标准无较大和一般级", span)] if floor else []

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
        if _MAYBE_NOT.search(full[max(0, start - 12) : start]) or any(p.search(clause) for p in self._unreal):
            return False
        return stated(full, start, end)


def _presumed(
    matched: list[Field], told: dict[str, tuple[int, int]], full: str, measures: Measures, graded: bool
) -> list[_Verdict]:
    """The grade that is plausible by what is stated, where numbers are unknown: never above III."""
    casualties = measures.casualties
    hurt = casualties.injuries or casualties.missing
    candidates = [(f, told[w]) for f in matched for w in (f.words if hurt and f.presume else f.presume) if w in told]
    presumed = [(f, span) for f, span in candidates if reported(full, *span)]
    if not presumed:
        return []
    field, span = presumed[0]
    many = _many_dead(full) if not casualties.deaths else None
    if many is not None:
        return [_Verdict(field, _CAP, None, True, "称多人死亡或伤亡惨重,人数待核实", many)]
    if casualties.missing and (casualties.deaths or 0) + casualties.missing >= _SOME_DEAD:
        return [_Verdict(field, _CAP, None, True, "死亡与失踪失联合计达到较大级", span)]
    many_hurt = (casualties.injuries or 0) >= _MANY_INJURED
    if many_hurt and casualties.serious_injuries is None:
        if (casualties.injuries or 0) >= _VERY_MANY_INJURED:
            return [_Verdict(field, _CAP, None, True, "受伤50人以上,重伤人数未说明", span)]
        return [_Verdict(field, _LOWEST, None, True, "受伤人数较多,重伤人数未说明", span)]
    if casualties.deaths is None and not graded and not any(measures.get(m) for m in _own_metrics(field)):
        unknown = casualties.injuries is None
        return [_Verdict(field, _LOWEST, None, unknown, "人员伤亡未说明" if unknown else "伤者不足10人", span)]
    return []


def _of_some_dead(rule: Rule) -> bool:
    """A rule that a few dead alone reach."""
    return rule.grade is _CAP and not rule.words and any(c.metric.startswith("deaths") for c in rule.conditions)


def _own_metrics(field: Field) -> set[str]:
    """The metrics of a field that are not casualties: a known one that reaches no rule is known to be less than IV."""
    return {c.metric for r in field.rules for c in r.conditions} - FROM_CASUALTIES


def _many_dead(full: str) -> tuple[int, int] | None:
    for match in _MANY_DEAD.finditer(full):
        if not _MAYBE_NOT.search(full[max(0, match.start() - 12) : match.start()]):
            return match.span()
    return None


def _reading(verdicts: list[_Verdict], full: str) -> GradeReading:
    if not verdicts:
        return _NO_EMERGENCY
    top = max(v.grade.rank for v in verdicts)
    best = [v for v in verdicts if v.grade.rank == top]
    chosen = next((v for v in best if not v.unsure), best[0])
    unsure = chosen.unsure or any(v.unsure and v.rule is None and v.grade.rank == top for v in verdicts)
    return GradeReading(
        chosen.grade, unsure, chosen.field.id, tuple(_reason(v, full) for v in [chosen, *_others(verdicts, chosen)])
    )


def _others(verdicts: list[_Verdict], chosen: _Verdict) -> list[_Verdict]:
    return [v for v in verdicts if v is not chosen]


def _reason(verdict: _Verdict, full: str) -> Reason:
    clause = f"{verdict.rule.clause}({verdict.rule.source};{verdict.rule.status})" if verdict.rule else "推定"
    parts = [
        f"事件等级{verdict.grade.value} {verdict.field.name}",
        clause,
        verdict.why,
        "待核实" if verdict.unsure else "",
    ]
    start, end = verdict.span
    return Reason(" · ".join(p for p in parts if p), full[start:end] if start >= 0 else "", start, end)
