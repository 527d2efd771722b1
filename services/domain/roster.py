"""值班表: who is on duty when, and who can be reached at each level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.domain.vocabulary import Level
from services.domain.zone import SHANGHAI


class Roster(Protocol):
    """Who is told. An empty answer is an empty rung: it is skipped at once and the administrator told.

    `ReachableRoster` narrows any roster to those whom something reaches.
    """

    def people(self, level: Level, now: datetime, department: str = "") -> tuple[str, ...]:
        """Names, in the order in which they are to be called."""


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's standing turn at one level.

    `weekdays` are ISO (1 = Monday); `begins` and `ends` are hours of the day in Asia/Shanghai, and a shift whose
    `ends` is not after its `begins` runs past midnight, counted under the weekday it began on. `order` ranks people.
    """

    person: str
    level: Level
    department: str = ""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    begins: int = 0
    ends: int = 24
    order: int = 1

    def covers(self, now: datetime) -> bool:
        """True while this turn runs."""
        local = now.astimezone(SHANGHAI)
        if self.begins < self.ends:
            return local.isoweekday() in self.weekdays and self.begins <= local.hour < self.ends
        yesterday = (local - timedelta(days=1)).isoweekday()
        return (local.hour >= self.begins and local.isoweekday() in self.weekdays) or (
            local.hour < self.ends and yesterday in self.weekdays
        )


@dataclass(frozen=True, slots=True)
class StandingRoster:
    """The roster as written in `config/roster.toml`."""

    shifts: tuple[Shift, ...]

    def people(self, level: Level, now: datetime, department: str = "") -> tuple[str, ...]:
        """Everyone on duty at `level` (of `department`, where one is given), first to be called first."""
        on_duty = [s for s in self.shifts if s.level == level and s.department == department and s.covers(now)]
        return tuple(dict.fromkeys(s.person for s in sorted(on_duty, key=lambda s: s.order)))


@dataclass(frozen=True, slots=True)
class ReachableRoster:
    """A roster without those whom nothing reaches: no account in use, no address (DOMAIN: "nobody reachable").

    `names` are the reachable, `contacts` those of each department by account. Where nobody at all on the roster can be
    reached there is nobody to climb to either: its names are called as they stand, rung by rung, so that whoever gets
    an account meanwhile is called too.
    """

    roster: Roster
    names: frozenset[str]
    contacts: Mapping[str, tuple[str, ...]]

    def people(self, level: Level, now: datetime, department: str = "") -> tuple[str, ...]:
        """The reachable of the rung; of a department whose contact is not, everybody with an account there."""
        named = self.roster.people(level, now, department)
        found = tuple(name for name in named if name in self.names)
        return found or self.contacts.get(department, ()) if department else found


def gaps(roster: Roster, levels: Sequence[Level], hours: Sequence[datetime]) -> list[tuple[Level, datetime]]:
    """The hours at which nobody is on duty at one of `levels`."""
    return [(level, hour) for hour in hours for level in levels if not roster.people(level, hour)]
