"""Who is who: the roster and the responsibility table as notification needs them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from pathlib import Path

from config.roster import OfficeRoster
from services.domain.delivery import Address
from services.domain.routing import Directory
from services.domain.vocabulary import Level
from services.usecases.ports import Clock

CHANNELS = ("email", "webhook", "dingtalk", "wecom", "feishu")


class People:
    """Implements `notifying.Directory`."""

    def __init__(self, roster: OfficeRoster, departments: Directory, clock: Clock, mail: bool = True) -> None:
        """`mail`: this installation has a mail server; without one a mail address reaches nobody."""
        self._roster, self._departments, self._clock = roster, departments, clock
        self._accounts: frozenset[str] | None = None
        self._channels = CHANNELS if mail else tuple(name for name in CHANNELS if name != "email")
        self._persons = {person.name: person for person in roster.persons}

    def knowing(self, accounts: frozenset[str]) -> People:
        """The same, knowing which accounts are in use."""
        known = copy(self)
        known._accounts = accounts
        return known

    def at_console(self, person: str) -> bool:
        """This person can sign in; taken as given where the accounts are not known."""
        return self._accounts is None or person in self._accounts

    def people(self, level: Level, department: str) -> Sequence[str]:
        """Who is on this rung now."""
        return self._roster.people(level, self._clock.now(), department)

    def addresses(self, person: str) -> Sequence[Address]:
        """Mail, webhook and group robots, where the roster names them and this installation has them."""
        row = self._persons.get(person)
        if row is None:
            return ()
        return [Address(person, channel, value) for channel in self._channels if (value := getattr(row, channel))]

    def administrators(self) -> Sequence[str]:
        """Who is told about an empty rung."""
        return self._roster.administrators

    def department_name(self, code: str) -> str:
        """The Chinese name; the code itself where it is unknown."""
        department = self._departments.by_code.get(code)
        return department.name if department else code

    def secrets(self) -> dict[str, str]:
        """What signs webhooks and robots' messages, by person, read from the files the roster names."""
        files = {name: row.secret_file for name, row in self._persons.items() if row.secret_file}
        return {name: Path(file).read_text(encoding="utf-8").strip() for name, file in files.items()}
