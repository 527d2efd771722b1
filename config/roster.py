"""`roster.toml` → who is on duty, and where they can be reached."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.reading import CONFIG_DIR, BadConfig, Section, check_names, read_toml
from services.domain.intake import safe_link
from services.domain.roster import Shift, StandingRoster
from services.domain.vocabulary import Level

LAST = 999
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+")


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

    def addressed(self, mail: bool) -> frozenset[str]:
        """Who can be reached outside the console; by mail only where a mail server is set."""
        robots = ("webhook", "dingtalk", "wecom", "feishu")
        channels = ("email", *robots) if mail else robots
        return frozenset(row.name for row in self.persons if any(getattr(row, channel) for channel in channels))


def unsent(roster: OfficeRoster, mail: bool) -> tuple[str, ...]:
    """Who has a mail address on the roster though this installation sends no mail."""
    return () if mail else tuple(row.name for row in roster.persons if row.email)


def load_roster(path: Path = CONFIG_DIR / "roster.toml", departments: Collection[str] = ()) -> OfficeRoster:
    """The roster; where the codes of the `departments` are given, a shift may name no other.

    Raises:
        BadConfig: names file, key and reason.
    """
    file = read_toml(path, RosterFile)
    for number, row in enumerate(file.shift):
        _check(path, f"shift[{number}]", row)
        if departments and row.department and row.department not in departments:
            raise BadConfig(path, f"shift[{number}].department", f"departments.toml has no code {row.department}")
    check_names(path, "person", [row.name for row in file.person])
    for number, person in enumerate(file.person):
        _check_person(path, f"person[{number}]", person)
    if not all(name.strip() for name in file.administrators.names):
        raise BadConfig(path, "administrators.names", "a name must not be empty")
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

    if not 1 <= row.order <= LAST:
        raise BadConfig(path, f"{key}.order", f"must be from 1 (called first) to {LAST}")


def _check_person(path: Path, key: str, row: PersonRow) -> None:
    if row.email and not _EMAIL.fullmatch(row.email):
        raise BadConfig(path, f"{key}.email", f"“{row.email}” is no mail address")
    for name in ("webhook", "dingtalk", "wecom", "feishu"):
        address = getattr(row, name)
        if address and not safe_link(address):
            raise BadConfig(path, f"{key}.{name}", f"“{address}” is no address that begins with http:// or https://")


def check_secrets(path: Path) -> None:
    """Whoever sends notices must be able to read every `secret_file` of the roster.

    Raises:
        BadConfig: one is missing, unreadable or empty; with the key.
    """
    for number, row in enumerate(read_toml(path, RosterFile).person):
        if row.secret_file:
            _check_secret(path, f"person[{number}].secret_file", Path(row.secret_file))


def _check_secret(path: Path, key: str, file: Path) -> None:
    try:
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise BadConfig(path, key, f"{file}: {reason or error}") from error
    if not secret:
        raise BadConfig(path, key, f"{file} is empty")


def _within(numbers: Sequence[int], low: int, high: int) -> bool:
    return all(low <= n <= high for n in numbers)
