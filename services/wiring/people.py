"""Who is who: the roster and the responsibility table as notification needs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from config.roster import OfficeRoster
from services.domain.delivery import Address
from services.domain.routing import Directory
from services.domain.vocabulary import Level
from services.usecases.ports import Clock

CHANNELS = ("email", "webhook", "dingtalk", "wecom", "feishu")


class People:
    """Implements `notifying.Directory`."""

    def __init__(
        self, roster: OfficeRoster, departments: Directory, clock: Clock, accounts: frozenset[str] | None = None
    ) -> None:
        self._roster, self._departments, self._clock, self._accounts = roster, departments, clock, accounts
        self._persons = {person.name: person for person in roster.persons}

    def knowing(self, accounts: frozenset[str]) -> People:
        """The same, knowing which accounts are in use."""
        return People(self._roster, self._departments, self._clock, accounts)

    def at_console(self, person: str) -> bool:
        """This person can sign in; taken as given where the accounts are not known."""
        return self._accounts is None or person in self._accounts

    def people(self, level: Level, department: str) -> Sequence[str]:
        """Who is on this rung now."""
        return self._roster.people(level, self._clock.now(), department)

    def addresses(self, person: str) -> Sequence[Address]:
        """Mail, webhook and group robots, where the roster names them."""
        row = self._persons.get(person)
        if row is None:
            return ()
        return [Address(person, channel, value) for channel in CHANNELS if (value := getattr(row, channel))]

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
