"""Two matters that become one, and part again."""

from __future__ import annotations

from services.domain import incident as office
from services.domain.assessment import Assessment
from services.domain.incident import Incident, Moment
from services.domain.vocabulary import DutyKind
from tests.domain.incident.cast import OFFICER, RULES, START, Matter, Names, hours, post, says

STATEMENT, CONFERENCE, RESPONSE = DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE, DutyKind.PUBLIC_RESPONSE


def another(after: float, assessment: Assessment | None = None, name: str = "q1", **more: bool) -> Matter:
    """A second matter, `after` hours from the first one's start."""
    at = START + hours(after)
    moment = Moment(max(at, START), Names())
    return Matter(office.report(post(name, at, **more), assessment or says(), RULES, moment), Names(), moment.now)


def merged(target: Matter, source: Matter, after: float = 1) -> None:
    target.now = source.now = START + hours(after)
    office.merge(target.incident, source.incident, target.moment(OFFICER))


def undone(target: Matter, source: Matter, after: float) -> None:
    target.wait_until(hours(after))
    office.unmerge(target.incident, source.incident, target.moment(OFFICER))


def due(incident: Incident) -> dict[DutyKind, float]:
    return {d.kind: (d.due_at - START) / hours(1) for d in incident.owed() if d.kind.statutory}
