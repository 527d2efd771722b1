"""政务舆情事件: the record of one matter. Facts only; what may be done with it stands in the sibling modules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from services.domain.incident.publication import Publication
from services.domain.ledger import Entry, plain
from services.domain.opinion import ScoreCard
from services.domain.policy import Duty, Rules, is_urgent
from services.domain.roster import Roster
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EntryKind,
    EventGrade,
    IncidentState,
    Level,
    OpinionGrade,
    Role,
)


class Refused(Exception):
    """The rules forbid this act. The message is Chinese and says what to do instead."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a named person in a role, for a department where the role is that of a department."""

    name: str
    role: Role | None = None
    department: str = ""

    @property
    def level(self) -> Level | None:
        """The rung of the ladder this role stands on, if any."""
        return next((level for level in Level if self.role and level.value == self.role.value), None)


MACHINE = Actor("system")


@dataclass(frozen=True, slots=True)
class Moment:
    """The circumstances of a step: when, who is on duty, who acts.

    `departments` are the codes that exist, `card` the score card in force, where they are known.
    """

    now: datetime
    roster: Roster
    actor: Actor = MACHINE
    departments: frozenset[str] = frozenset()
    card: ScoreCard | None = None
    _reached: dict[tuple[Level, str], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def people(self, level: Level, department: str = "") -> tuple[str, ...]:
        """Who is to be called now, see `Roster.people`; looked up once, for many posts come at one moment."""
        found = self._reached.get((level, department))
        if found is None:
            found = self._reached[level, department] = self.roster.people(level, self.now, department)
        return found


UNMERGED = "unmerged"
"""How a copy of an assignment ended that went back with its merged incident: it counts there."""


@dataclass(slots=True)
class Assignment:
    """交办 to one department. Who held the matter, and for how long, is read off these.

    `came_from` is the merged incident that brought the department along.
    """

    department: str
    lead: bool
    assigned_at: datetime
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ended_as: str = ""
    came_from: str = ""

    @property
    def active(self) -> bool:
        """Neither returned nor transferred."""
        return self.ended_at is None


@dataclass(slots=True)
class Merge:
    """An incident that was merged into this one, with what is needed to undo it.

    `started_at` and `grade` are what the other one brought along, `started_before` and `grade_before` what this one
    had. `grade` is None where there was none, or where a person has confirmed the grade since. `opened` are
    the statutory duties this one has only by the merge. `had` is what the machine knew of this one, `brought` what it
    knew of the other (`knowing.known`); `told_before` of what the leaders had been told here,
    `confirmed_before` whether a person had confirmed the grade here. `below` are the numbers that had been merged into
    the other one before: they lead here by way of it.
    """

    incident_id: str
    at: datetime
    started_at: datetime
    started_before: datetime
    grade: EventGrade | None = None
    grade_before: EventGrade | None = None
    opened: tuple[DutyKind, ...] = ()
    had: dict[str, int] = field(default_factory=dict)
    brought: dict[str, int] = field(default_factory=dict)
    told_before: tuple[str, ...] | None = None
    confirmed_before: bool = False
    below: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its number, and those that it brought along."""
        return self.incident_id, *self.below


@dataclass(slots=True)
class Watch:
    """Where the alert to the duty room stands.

    `called` are the officers called so far, by name, because the roster may change between two calls; `level` is the
    rung the call has reached (None: nobody was called yet); `over` is true once the matter was in somebody's hands
    although nobody had answered; `lapses_at` is until when an acknowledgement holds although nothing follows.
    `extraordinary` is what the leaders were told of at once.
    """

    called: tuple[str, ...] = ()
    level: Level | None = None
    acknowledged_at: datetime | None = None
    lapses_at: datetime | None = None
    extraordinary: tuple[str, ...] = ()
    over: bool = False

    @property
    def calling(self) -> bool:
        """Somebody is being called, or nobody on the way up to 新闻办 has answered."""
        return self.level is not None and self.acknowledged_at is None and not self.over


@dataclass(slots=True)
class Heat:
    """How loud a matter is: what its weightiest post earned on the score card, by criterion, and when it was spoken of.

    `posts` are the newest posts' times in order, `sources` when each source spoke last; in seconds since 1970.
    """

    earned: tuple[tuple[str, float], ...] = ()
    posts: list[int] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Incident:
    """One incident. `started_at` is the one start that every statutory clock counts from.

    `event_grade` is the grade the clocks run on: confirmed by a person, or proposed and then higher than confirmed.
    `proposed_rank`, `opinion_rank` and `heard` are the highest that the machine has proposed and the highest numbers
    it has read so far: what a person has lowered is raised again only by more than these.
    `quiet` incidents come from back-filled posts: no clock, no bell. `candidates` are incidents that may be the same
    matter, for a person to compare; `declined` are those he said are another matter, each with the merged incident it
    came along with, empty where it was said of this one. `emerging` (苗头性) and `watches` (专项) are what any of its
    posts touched.
    `changes` are entries not yet stored.
    """

    id: str
    title: str
    started_at: datetime
    first_post_at: datetime
    rules: Rules
    event_grade: EventGrade | None = None
    grade_confirmed: bool = False
    provisional: bool = False
    proposed_rank: int = 0
    opinion_grade: OpinionGrade = OpinionGrade.IV
    opinion_rank: int = 0
    heat: Heat = field(default_factory=Heat)
    heard: dict[str, int] = field(default_factory=dict)
    lead_proposed: str = ""
    supporting_proposed: tuple[str, ...] = ()
    coordinators_proposed: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    topic: str = ""
    suspected_false: bool = False
    emerging: bool = False
    watches: tuple[str, ...] = ()
    quiet: bool = False
    posts: int = 0
    sources: tuple[str, ...] = ()
    last_post_at: datetime | None = None
    duties: list[Duty] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    watch: Watch = field(default_factory=Watch)
    consulted: bool = False
    disposition_proposed: Disposition | None = None
    disposition: Disposition | None = None
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None
    evaluated_at: datetime | None = None
    dismissed_at: datetime | None = None
    merged_into: str = ""
    candidates: tuple[str, ...] = ()
    declined: dict[str, str] = field(default_factory=dict)
    seq: int = 0
    recorded_at: datetime | None = None
    version: int = 0
    changes: list[Entry] = field(default_factory=list)

    @property
    def state(self) -> IncidentState:
        """Read off the facts, so that it can never disagree with them."""
        ended = (
            (bool(self.merged_into), IncidentState.MERGED),
            (self.dismissed_at is not None, IncidentState.DISMISSED),
            (self.resolved_at is not None and self.evaluated_at is not None, IncidentState.CLOSED),
            (self.resolved_at is not None, IncidentState.RESOLVED),
            (bool(self.publications), IncidentState.RESPONDED),
            (any(a.active and a.accepted_at for a in self.assignments), IncidentState.ACCEPTED),
            (any(a.active for a in self.assignments), IncidentState.ASSIGNED),
        )
        return next((state for holds, state in ended if holds), IncidentState.REPORTED)

    @property
    def rank(self) -> int:
        """Of the event grade: 0 for no emergency, 1 for IV … 4 for I."""
        return self.event_grade.rank if self.event_grade else 0

    @property
    def urgent(self) -> bool:
        """Event grade I or II."""
        return is_urgent(self.event_grade)

    @property
    def lead(self) -> str:
        """The lead department in charge now; empty where none is assigned."""
        return next((a.department for a in self.assignments if a.active and a.lead), "")

    @property
    def active_departments(self) -> tuple[str, ...]:
        """Everyone it is assigned to now, the lead first."""
        active = [a for a in self.assignments if a.active]
        return tuple(a.department for a in sorted(active, key=lambda a: not a.lead))

    @property
    def owing_acceptance(self) -> tuple[str, ...]:
        """The departments that have it and have not accepted it yet."""
        return tuple(a.department for a in self.assignments if a.active and a.accepted_at is None)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Its number and all that lead here."""
        return self.id, *(number for merged in self.merges for number in merged.numbers)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The candidates of which nobody has said that they are another matter."""
        return tuple(number for number in self.candidates if number not in self.declined)

    @property
    def first_published_at(self) -> datetime | None:
        """When the public was first answered."""
        return min((p.published_at for p in self.publications), default=None)

    def owed(self, *kinds: DutyKind) -> Iterator[Duty]:
        """Open duties, of these kinds where any are named."""
        return (d for d in self.duties if d.open and (not kinds or d.kind in kinds))

    def record(
        self, kind: EntryKind, moment: Moment, data: dict[str, Any], occurred_at: datetime | None = None
    ) -> None:
        """Write one ledger entry: the only way in which anything about an incident becomes known."""
        self.seq += 1
        # Two machines' clocks may differ a little: the ledger's own order must not.
        self.recorded_at = max(moment.now, self.recorded_at or moment.now).astimezone(UTC)
        at = (occurred_at or self.recorded_at).astimezone(UTC)
        self.changes.append(Entry(self.id, self.seq, kind, at, self.recorded_at, moment.actor.name, plain(data)))

    def take_changes(self) -> list[Entry]:
        """The entries not yet stored, once."""
        changes, self.changes = self.changes, []
        return changes
