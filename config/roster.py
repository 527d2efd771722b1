"""`roster.toml` → who is on duty, and where they can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.reading import CONFIG_DIR, BadConfig, Section, read_toml
from services.domain.roster import Shift, StandingRoster
from services.domain.vocabulary import Level


class ShiftRow(Section, frozen=True):
    person: str
    level: Level
    department: str = ""
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    begins: int = 0
    ends: int = 24
    order: int = 1


class PersonRow(Section, frozen=True):
    """Where a person can be reached outside the console."""

    name: str
    email: str = ""
    webhook: str = ""
    dingtalk: str = ""
    wecom: str = ""
    feishu: str = ""
    secret_file: str = ""


class Departments(Section, frozen=True):
    default_contact: bool = True


class Administrators(Section, frozen=True):
    names: tuple[str, ...] = ()


class RosterFile(Section, frozen=True):
    shift: tuple[ShiftRow, ...]
    person: tuple[PersonRow, ...] = ()
    departments: Departments = Departments()
    administrators: Administrators = Administrators()


@dataclass(frozen=True, slots=True)
class OfficeRoster:
    """The standing roster; a department nobody is named for is reached at the account with its code in lower case."""

    standing: StandingRoster
    default_contact: bool
    persons: tuple[PersonRow, ...]
    administrators: tuple[str, ...] = ()

    def people(self, level: Level, now: datetime, department: str = "") -> tuple[str, ...]:
        """See `services.domain.roster.Roster`."""
        named = self.standing.people(level, now, department)
        if named or level is not Level.DEPARTMENT or not department or not self.default_contact:
            return named
        return (department.lower(),)


def load_roster(path: Path = CONFIG_DIR / "roster.toml") -> OfficeRoster:
    """Raises BadConfig naming file, key and reason."""
    file = read_toml(path, RosterFile)
    for number, row in enumerate(file.shift):
        _check(path, f"shift[{number}]", row)
    shifts = tuple(Shift(**{k: getattr(row, k) for k in ShiftRow.__struct_fields__}) for row in file.shift)
    return OfficeRoster(
        StandingRoster(shifts), file.departments.default_contact, file.person, file.administrators.names
    )


def _check(path: Path, key: str, row: ShiftRow) -> None:
    if not row.person.strip():
        raise BadConfig(path, key, "person must not be empty")
    if (row.level is Level.DEPARTMENT) != bool(row.department):
        raise BadConfig(path, key, "department belongs to level “department”, and only to it: it would never be called")
    if not (0 <= row.begins <= 23 and 1 <= row.ends <= 24):
        raise BadConfig(path, key, "begins must be 0–23 and ends 1–24")
    if not row.weekdays or not _within(row.weekdays, 1, 7):
        raise BadConfig(path, key, "weekdays must be numbers from 1 (Monday) to 7 (Sunday)")


def _within(numbers: Sequence[int], low: int, high: int) -> bool:
    return all(low <= n <= high for n in numbers)
