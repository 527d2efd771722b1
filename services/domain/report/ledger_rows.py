"""What the ledger says about a year: the rows of 回应解读情况, counted per unit.

2.1 counts an incident once, in the year of its first published response. 2.2.1 and 2.2.2 count events (one press
conference that answers three incidents is one); 2.2.4 and 2.2.5 count incidents by form: one answered on both Weibo and
WeChat is one. An incident belongs to one unit, an event to the unit that recorded it first: so the city's totals are
sums over units and still count each once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.domain.vocabulary import PublicationForm
from services.domain.zone import SHANGHAI

Counts = dict[str, dict[str, int]]
_NEW_MEDIA = (PublicationForm.WEIBO, PublicationForm.WECHAT)
_EVENTS = (PublicationForm.PRESS_CONFERENCE, PublicationForm.ONLINE_INTERVIEW)
ROWS = (
    "answered_incidents",
    "press_conferences",
    "press_conferences_by_leader",
    "online_interviews",
    "online_interviews_by_leader",
    "weibo_wechat_incidents",
    "otherwise_answered_incidents",
)


@dataclass(frozen=True, slots=True)
class IncidentFact:
    """An incident with at least one published response: whose it is, and when it was first answered (aware)."""

    incident_id: str
    unit: str
    first_published_at: datetime


@dataclass(frozen=True, slots=True)
class PublicationFact:
    """One recorded publication. `event` names a press conference or interview that answers several incidents."""

    incident_id: str
    unit: str
    form: PublicationForm
    published_at: datetime
    by_principal_leader: bool = False
    event: str = ""


def bounds(year: int) -> tuple[datetime, datetime]:
    """The first moment of the year in Asia/Shanghai and the first moment after it, in UTC."""
    first, after = (datetime(y, 1, 1, tzinfo=SHANGHAI) for y in (year, year + 1))
    return first.astimezone(UTC), after.astimezone(UTC)


def count(year: int, incidents: Sequence[IncidentFact], publications: Sequence[PublicationFact]) -> Counts:
    """Per unit, the number for each of `ROWS`; facts of other years are left out."""
    start, end = bounds(year)
    owners = {i.incident_id: i.unit for i in incidents}
    told = [p for p in publications if start <= p.published_at < end]
    counts: Counts = {}
    answered = {(i.unit, i.incident_id) for i in incidents if start <= i.first_published_at < end}
    _tally(counts, "answered_incidents", answered)
    _tally_events(counts, told, PublicationForm.PRESS_CONFERENCE, "press_conferences")
    _tally_events(counts, told, PublicationForm.ONLINE_INTERVIEW, "online_interviews")
    _tally_incidents(counts, "weibo_wechat_incidents", told, owners, lambda form: form in _NEW_MEDIA)
    others = (*_NEW_MEDIA, *_EVENTS)
    _tally_incidents(counts, "otherwise_answered_incidents", told, owners, lambda form: form not in others)
    return counts


def _tally(counts: Counts, row: str, distinct: set[tuple[str, str]]) -> None:
    for unit, _ in distinct:
        rows = counts.setdefault(unit, dict.fromkeys(ROWS, 0))
        rows[row] += 1


def _tally_events(counts: Counts, told: Sequence[PublicationFact], form: PublicationForm, row: str) -> None:
    held = [p for p in told if p.form is form]
    owners: dict[str, str] = {}
    for publication in held:
        owners.setdefault(_event(publication), publication.unit)
    _tally(counts, row, {(owner, event) for event, owner in owners.items()})
    by_leader = {_event(p) for p in held if p.by_principal_leader}
    _tally(counts, f"{row}_by_leader", {(owners[event], event) for event in by_leader})


def _event(publication: PublicationFact) -> str:
    return publication.event or f"{publication.incident_id} {publication.published_at.isoformat()}"


def _tally_incidents(
    counts: Counts,
    row: str,
    told: Sequence[PublicationFact],
    owners: Mapping[str, str],
    counted: Callable[[PublicationForm], bool],
) -> None:
    _tally(counts, row, {(owners.get(p.incident_id, p.unit), p.incident_id) for p in told if counted(p.form)})
