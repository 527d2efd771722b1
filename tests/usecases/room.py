"""The duty room on a shelf in memory: what handling an incident is tried with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from services.domain import incident as office
from services.domain.incident import Actor, Incident, Moment
from services.usecases.handling import Command, perform
from services.usecases.ports import Filed, Unit
from tests.domain.incident.cast import RULES, START, Names, post, says

ADDRESS = "https://www.example.gov.cn/1"


@dataclass
class Shelf:
    """Incidents and posts in memory; what was saved is kept."""

    incidents: dict[str, Incident] = field(default_factory=dict)
    filed: list[Filed] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    regrouped: list[tuple[str, str]] = field(default_factory=list)

    async def load(self, incident_ids: Sequence[str]) -> dict[str, Incident]:
        return {number: self.incidents[number] for number in incident_ids if number in self.incidents}

    async def save(self, incidents: Sequence[Incident]) -> None:
        self.incidents |= {i.id: i for i in incidents}
        self.saved += [i.id for i in incidents]

    async def posts_of(self, incident_id: str, post_keys: Sequence[str] = ()) -> list[Filed]:
        return [f for f in self.filed if f.incident_id == incident_id and (not post_keys or f.post.key in post_keys)]

    async def move_posts(self, post_keys: Sequence[str], incident_id: str) -> None:
        moved = [Filed(f.post, f.assessment, incident_id) for f in self.filed if f.post.key in post_keys]
        self.filed = [f for f in self.filed if f.post.key not in post_keys] + moved

    async def copies_in(self, incident_id: str, post_keys: Sequence[str]) -> list[str]:
        return []

    async def regroup_merged(self, source: str, target: str) -> None:
        self.regrouped.append((source, target))

    async def regroup_split(self, post_keys: Sequence[str], source: str, target: str) -> None:
        self.regrouped.append((source, target))

    async def regroup_declined(self, incident_id: str, candidate: str) -> None:
        self.regrouped.append((incident_id, candidate))

    async def regroup_reconsidered(self, incident_id: str, candidate: str) -> None:
        self.regrouped.remove((incident_id, candidate))


@dataclass
class Room:
    """The duty room: one shelf, one clock, and one incident to act on."""

    shelf: Shelf = field(default_factory=Shelf)
    after: timedelta = timedelta()

    def report(self, name: str = "p1", **more: Any) -> Incident:
        new = post(name)
        incident = office.report(new, says(**more), RULES, Moment(START, Names()))
        self.shelf.incidents[incident.id] = incident
        self.shelf.filed.append(Filed(new, says(**more), incident.id))
        return incident

    async def act(self, incident: Incident, actor: Actor, act: str, /, **given: Any) -> Incident:
        moment = Moment(START + self.after, Names(), actor)
        return await perform(cast(Unit, self.shelf), Command(act, incident.id, given), moment)
