"""The event-grade rules as data: fields, the rules of each with their source, and how numbers are read from text."""

from __future__ import annotations

from dataclasses import dataclass

from services.domain.vocabulary import EventGrade

# Metrics that come from the casualties of a post, and the fields of `Casualties` that they count; all others are read
# from its text by the patterns of `Metric`.
FROM_CASUALTIES = {
    "deaths": ("deaths",),
    "deaths_incl_missing": ("deaths", "missing"),
    "food_poisoning_deaths": ("deaths",),
    "acute_occupational_poisoning_deaths": ("deaths",),
    "serious_injuries": ("serious_injuries",),
    "injured": ("injuries",),
    "direct_loss": ("direct_loss_yuan",),
    "evacuated": ("evacuated",),
    "poisoned_or_seriously_injured": ("serious_injuries",),
}


@dataclass(frozen=True, slots=True)
class Condition:
    """`at_least` ≤ metric < `below` (以上 includes the number, 以下 excludes it); None leaves that side open."""

    metric: str
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Grade `grade` where all conditions hold, `words` (if any) has a match and `without` has none.

    `clause` is the wording shown to people, `source` where it stands, `status` how sure that is. What is `presumed`
    by its words is provisional.
    """

    grade: EventGrade
    clause: str
    source: str
    status: str
    conditions: tuple[Condition, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One field of emergencies (生产安全, 地震 …) and the words a text of it uses.

    `presume` words alone tell of an emergency, so that without numbers the grade is presumed IV; the other
    `words` only make the rules of the field apply. `replaces` names fields that must not grade the same text.
    `floor`: the field's numbers end above IV, so any smaller stated number is IV, provisionally.
    """

    id: str
    name: str
    source: str
    status: str
    words: tuple[str, ...]
    rules: tuple[Rule, ...]
    presume: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    floor: bool = False


@dataclass(frozen=True, slots=True)
class Metric:
    """A number read from text: regular expressions in which {n} stands for a quantity.

    A text with none of `needs` is not searched at all; empty means that every text is. A number counts only in a
    sentence in which one of `near` (if any) and none of `unless` is found, and where that sentence or one beside it
    tells of one of `cause` (if any) and not that all is `over`.
    """

    id: str
    name: str
    patterns: tuple[str, ...]
    needs: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    cause: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PetitionRules:
    """The wordings by which a petition is known and its old accidents are told from emergencies of now.

    `voice` speaks to an authority; `report` in the head shows a reporter; `claims` are about injuries at work,
    damages and dues; `aged` says that they have been for long; `settled` speaks of old matters, fears and complaints;
    `now` in the sentence of the emergency says that it is happening.
    """

    voice: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BygoneRules:
    """The wordings by which a report of an old emergency is known.

    `heads` in title or lead speak of verdicts, anniversaries and inquiries' reports; `now` in the sentence of the
    emergency says that it is of today.
    """

    heads: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamelessRules:
    """The wordings by which the dead of an event are known that no field's word names.

    `field` is the id of the field that grades them. `violent` says that they died by violence or accident, `scene`
    that something happened; `never` in their sentence means illness, age, history or a funeral. `missing_field` is the
    id of the field that grades the missing; `peril` says that they are lost on a mountain, in water, under rubble,
    `away` that they only went, are sought by creditors or do not answer.
    """

    field: str = ""
    violent: tuple[str, ...] = ()
    scene: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    missing_field: str = ""
    peril: tuple[str, ...] = ()
    away: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeRules:
    """Everything `config/grades.toml` says.

    `certain` are the metrics that alone may settle grade I or II; one resting on anything else is provisional.
    `unreal` are wordings in a clause that make its number a fear, a plan or an exercise.
    """

    fields: tuple[Field, ...]
    metrics: tuple[Metric, ...]
    certain: frozenset[str] = frozenset(FROM_CASUALTIES)
    unreal: tuple[str, ...] = ()
    petition: PetitionRules = PetitionRules()
    bygone: BygoneRules = BygoneRules()
    nameless: NamelessRules = NamelessRules()
