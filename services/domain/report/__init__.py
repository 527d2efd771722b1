"""年报: the statutory annual tables, filled from the ledger and from what the units enter."""

from services.domain.report.figure import BadFigure, EnteredFigure, accept
from services.domain.report.filling import AnnualReport, Cell, Office, Unit, fill
from services.domain.report.layout import Column, Layout, Row, Section, Sheet
from services.domain.report.ledger_rows import IncidentFact, PublicationFact
from services.domain.report.rules import Finding, Rule, Standing

__all__ = [
    "AnnualReport",
    "BadFigure",
    "Cell",
    "Column",
    "EnteredFigure",
    "Finding",
    "IncidentFact",
    "Layout",
    "Office",
    "PublicationFact",
    "Row",
    "Rule",
    "Section",
    "Sheet",
    "Standing",
    "Unit",
    "accept",
    "fill",
]
