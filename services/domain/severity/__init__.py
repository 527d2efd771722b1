"""突发事件等级: grading an emergency by numbers and by what is stated of it, never by the heat of opinion."""

from services.domain.severity.grading import Grader
from services.domain.severity.nameless import harmed, many
from services.domain.severity.proposal import GradeReading
from services.domain.severity.rules import (
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

__all__ = [
    "FROM_CASUALTIES",
    "BygoneRules",
    "Condition",
    "Field",
    "GradeReading",
    "GradeRules",
    "Grader",
    "Metric",
    "NamelessRules",
    "PetitionRules",
    "Rule",
    "harmed",
    "many",
]
