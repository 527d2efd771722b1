"""The event-grade rules of `grades.toml` as domain rules; a file with impossible ranges is refused."""

from __future__ import annotations

import dataclasses
import itertools
import re
from pathlib import Path

import msgspec

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.severity import (
    FROM_CASUALTIES,
    BygoneRules,
    Condition,
    Field,
    GradeRules,
    Metric,
    NamelessRules,
    PetitionRules,
    Rule,
)
from services.domain.vocabulary import EventGrade

GRADES_FILE = CONFIG_DIR / "grades.toml"


class ConditionSection(Section, frozen=True):
    metric: str
    min: float | None = None
    max: float | None = None


class RuleSection(Section, frozen=True):
    grade: EventGrade
    clause: str
    source: str = ""
    status: str = ""
    presumed: bool = False
    where: tuple[ConditionSection, ...] = ()
    match: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class FieldSection(Section, frozen=True):
    id: str
    name: str
    source: str
    status: str
    words: tuple[str, ...]
    rule: tuple[RuleSection, ...]
    presume: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    words_of: tuple[str, ...] = ()
    floor: bool = False


class MetricSection(Section, frozen=True):
    id: str
    name: str
    match: tuple[str, ...]
    needs: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


class PetitionSection(Section, frozen=True):
    voice: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


class BygoneSection(Section, frozen=True):
    heads: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


class NamelessSection(Section, frozen=True):
    field: str = ""
    violent: tuple[str, ...] = ()
    scene: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    missing_field: str = ""
    peril: tuple[str, ...] = ()
    away: tuple[str, ...] = ()


class GradesFile(Section, frozen=True):
    certain: tuple[str, ...] = tuple(sorted(FROM_CASUALTIES))
    unreal: tuple[str, ...] = ()
    petition: PetitionSection = PetitionSection()
    bygone: BygoneSection = BygoneSection()
    nameless: NamelessSection = NamelessSection()
    field: tuple[FieldSection, ...] = msgspec.field(default=())
    metric: tuple[MetricSection, ...] = ()


def load_grades(path: Path = GRADES_FILE, tried: bool = True) -> GradeRules:
    """The rules of the file. Whether its patterns can be compiled at all is `tried`, which takes a fifth of a second.

    Raises:
        BadConfig: unknown key, field, metric or grade, a broken pattern, or a range that is empty or overlaps.
    """
    raw = read_toml(path, GradesFile)
    rules = GradeRules(
        fields=tuple(_field(path, f, raw.field) for f in raw.field),
        metrics=tuple(Metric(m.id, m.name, m.match, m.needs, m.near, m.unless, m.cause, m.over) for m in raw.metric),
        certain=frozenset(raw.certain),
        unreal=raw.unreal,
        petition=PetitionRules(**msgspec.structs.asdict(raw.petition)),
        bygone=BygoneRules(**msgspec.structs.asdict(raw.bygone)),
        nameless=NamelessRules(**msgspec.structs.asdict(raw.nameless)),
    )
    _check(path, rules)
    if tried:
        _try(path, rules)
    return rules


def as_shipped(path: Path) -> bool:
    """Whether the file says what the one that ships says: a test has tried the patterns of that one."""
    return path == GRADES_FILE or (path.exists() and path.read_bytes() == GRADES_FILE.read_bytes())


def _field(path: Path, raw: FieldSection, every: tuple[FieldSection, ...]) -> Field:
    shared = [f for f in every if f.id in raw.words_of]
    if len(shared) < len(raw.words_of):
        raise BadConfig(path, f"field.{raw.id}.words_of", "unknown field")
    return Field(
        id=raw.id,
        name=raw.name,
        source=raw.source,
        status=raw.status,
        words=tuple(dict.fromkeys(raw.words + raw.presume + tuple(w for f in shared for w in f.words + f.presume))),
        rules=tuple(_rule(raw, r) for r in raw.rule),
        presume=raw.presume,
        replaces=raw.replaces,
        floor=raw.floor,
    )


def _rule(field: FieldSection, raw: RuleSection) -> Rule:
    return Rule(
        grade=raw.grade,
        clause=raw.clause,
        source=raw.source or field.source,
        status=raw.status or field.status,
        conditions=tuple(Condition(c.metric, c.min, c.max) for c in raw.where),
        words=raw.match,
        without=raw.without,
        presumed=raw.presumed,
    )


def _check(path: Path, rules: GradeRules) -> None:
    ids = [f.id for f in rules.fields]
    metrics = {m.id for m in rules.metrics} | FROM_CASUALTIES.keys()
    if not ids or len(set(ids)) < len(ids):
        raise BadConfig(path, "field", "no field, or two fields with one id")
    if rules.certain - metrics:
        raise BadConfig(path, "certain", f"unknown metric {min(rules.certain - metrics)}")
    for key, field_id in (("field", rules.nameless.field), ("missing_field", rules.nameless.missing_field)):
        if field_id and field_id not in ids:
            raise BadConfig(path, f"nameless.{key}", f"unknown field {field_id}")
    for metric in rules.metrics:
        if any("{n}" not in pattern and "(?P<n>" not in pattern for pattern in metric.patterns):
            raise BadConfig(path, f"metric.{metric.id}.match", "a pattern without {n} reads no number")
    for field in rules.fields:
        key = f"field.{field.id}"
        if not field.words or not field.rules:
            raise BadConfig(path, key, "a field needs words and rules")
        unknown = set(field.replaces) - set(ids)
        if unknown:
            raise BadConfig(path, f"{key}.replaces", f"unknown field {sorted(unknown)[0]}")
        for rule in field.rules:
            _check_rule(path, key, rule, metrics)
        _check_ladder(path, key, field)


def _check_rule(path: Path, key: str, rule: Rule, metrics: set[str] | frozenset[str]) -> None:
    where = f"{key}.rule {rule.grade.value} {rule.clause}"
    if not rule.conditions and not rule.words:
        raise BadConfig(path, where, "a rule needs where or match")
    for condition in rule.conditions:
        if condition.metric not in metrics:
            raise BadConfig(path, where, f"unknown metric {condition.metric}")
        low, high = condition.at_least, condition.below
        if low is None and high is None:
            raise BadConfig(path, where, f"{condition.metric} has neither min nor max")
        if (low is not None and low < 0) or (high is not None and high <= (low or 0)):
            raise BadConfig(path, where, f"impossible range for {condition.metric}: min {low}, max {high}")


def _try(path: Path, rules: GradeRules) -> None:
    """Raises BadConfig for a pattern that is none; in those of a metric the simplest number of any length stands."""
    for part in ("petition", "bygone", "nameless"):
        for name, words in dataclasses.asdict(getattr(rules, part)).items():
            _try_all(path, f"{part}.{name}", words if isinstance(words, tuple) else ())
    _try_all(path, "unreal", rules.unreal)
    for metric in rules.metrics:
        for name in ("patterns", "near", "unless", "cause", "over"):
            key = "match" if name == "patterns" else name
            _try_all(path, f"metric.{metric.id}.{key}", getattr(metric, name))
    for field in rules.fields:
        for rule in field.rules:
            _try_all(path, f"field.{field.id}.rule {rule.grade.value} {rule.clause}", rule.words + rule.without)


def _try_all(path: Path, key: str, patterns: tuple[str, ...]) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern.replace("{n}", "(?P<n>1{1,9})"))
        except re.error as error:
            raise BadConfig(path, key, f"broken pattern {pattern}: {error}") from error


def _check_ladder(path: Path, key: str, field: Field) -> None:
    """Plain ranges of one metric must not overlap, and a higher grade must ask for more."""
    ranges: dict[str, list[tuple[float, float, EventGrade]]] = {}
    for rule in field.rules:
        if len(rule.conditions) == 1 and not rule.words and not rule.without:
            c = rule.conditions[0]
            ranges.setdefault(c.metric, []).append((c.at_least or 0, c.below or float("inf"), rule.grade))
    for metric, spans in ranges.items():
        spans.sort()
        for (_, high, lower_grade), (low, _, grade) in itertools.pairwise(spans):
            if high != float("inf") and low < high:
                raise BadConfig(path, key, f"ranges of {metric} overlap at {low:g}")
            if grade.rank <= lower_grade.rank:
                raise BadConfig(path, key, f"{metric}: grade {grade.value} asks for more than {lower_grade.value}")
