"""What the annual tables count, read from the ledger as it stood at a moment: a closed year can be made again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.adapters.desk.reading import DeskReader
from services.domain.ledger import Entry
from services.domain.report import IncidentFact, PublicationFact
from services.domain.vocabulary import EntryKind, PublicationForm

KINDS = (EntryKind.RESPONSE_PUBLISHED, EntryKind.INCIDENTS_MERGED, EntryKind.POSTS_SPLIT)


@dataclass(slots=True)
class _Told:
    """Publications with the number each was recorded on, and which incident carries which at the end."""

    publications: list[tuple[str, PublicationFact]] = field(default_factory=list)
    carried_by: dict[str, str] = field(default_factory=dict)

    def carrying(self, incident_id: str) -> str:
        while incident_id in self.carried_by:
            incident_id = self.carried_by[incident_id]
        return incident_id


class LedgerFacts:
    """Implements `reporting.ReportDesk`.

    A publication counts for the lead department. Where none was assigned and the publisher is no reporting unit
    (the press office's own account, say), it counts for `otherwise`: none drops out of the city's sum.
    """

    def __init__(self, reader: DeskReader, units: Collection[str], otherwise: str) -> None:
        self._reader, self._units, self._otherwise = reader, frozenset(units), otherwise

    async def publications(self, start: datetime, end: datetime, as_of: datetime) -> Sequence[PublicationFact]:
        """See `reporting.ReportDesk`."""
        return [p for p in await self._facts(as_of) if start <= p.published_at < end]

    async def incidents(self, start: datetime, end: datetime, as_of: datetime) -> Sequence[IncidentFact]:
        """See `reporting.ReportDesk`. The unit is that of the first publication."""
        first: dict[str, PublicationFact] = {}
        within: set[str] = set()
        for fact in await self._facts(as_of):
            if fact.incident_id not in first or fact.published_at < first[fact.incident_id].published_at:
                first[fact.incident_id] = fact
            if start <= fact.published_at < end:
                within.add(fact.incident_id)
        return [IncidentFact(i, first[i].unit, first[i].published_at) for i in sorted(within)]

    async def _facts(self, as_of: datetime) -> list[PublicationFact]:
        told = replay(await self._reader.entries_of_kinds([k.value for k in KINDS], as_of))
        return [self._placed(told.carrying(incident), fact) for incident, fact in told.publications]

    def _placed(self, incident_id: str, fact: PublicationFact) -> PublicationFact:
        unit = fact.unit if fact.unit in self._units else self._otherwise
        return replace(fact, incident_id=incident_id, unit=unit)


def replay(entries: Iterable[Entry]) -> _Told:
    """Follow the ledger: what was published, what was merged, what merge was undone."""
    told = _Told()
    for entry in entries:
        if entry.kind is EntryKind.RESPONSE_PUBLISHED:
            told.publications.append((str(entry.data.get("recorded_on") or entry.incident_id), _publication(entry)))
        elif entry.kind is EntryKind.INCIDENTS_MERGED:
            told.carried_by[str(entry.data["from"])] = str(entry.data["into"])
        elif entry.data.get("undo") == "merge":
            told.carried_by.pop(str(entry.data["to"]), None)
    return told


def _publication(entry: Entry) -> PublicationFact:
    data = entry.data
    form = next(f for f in PublicationForm if f.value == data["form"])
    return PublicationFact(
        entry.incident_id,
        str(data.get("unit") or data["publisher"]),
        form,
        entry.occurred_at,
        bool(data.get("by_principal_leader")),
        # One conference that answers three incidents is one event: same form, place and time.
        f"{form.value} {data['channel']} {data['url']} {entry.occurred_at.isoformat()}",
    )
