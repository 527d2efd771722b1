"""A real SMTP server, a real webhook receiver, and an office of a few people."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from services.adapters.database import Database
from services.adapters.store.deliveries import DeliveryStore
from services.domain.delivery import Address, Retry
from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.policy import Rules
from services.domain.vocabulary import EntryKind, EventGrade, Level
from services.usecases.notifying import Channel, Desk, Lane, deliver_due, take_in

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
RETRY = Retry(first=10 * SECOND, factor=2.0, ceiling=60 * SECOND, attempts=4)
SECRET = "a shared secret"
RULES = Rules(HOUR * 5, HOUR * 24, HOUR * 48, HOUR * 24, (HOUR, HOUR), (HOUR, HOUR), (HOUR, HOUR), (), (), (), (), ())
INCIDENT = Incident("20260302-aa", "某小区供暖不热", NOW, NOW, RULES, event_grade=EventGrade.II)


@dataclass
class Postman:
    """A mail server's memory: `answers` are given one by one, then every mail is accepted."""

    answers: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answers:
            return self.answers.pop(0)
        parsed = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        self.mails.append(parsed)
        return "250 OK"


@dataclass
class Receiver:
    """A webhook's memory: status, headers and body to answer with; None hangs up after reading, "silence" waits."""

    port: int = 0
    answers: list[tuple[int, dict[str, str], bytes] | str | None] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:] if line)}
        headers[":path"] = head.split(" ", 2)[1]
        body = await reader.readexactly(int(headers["content-length"]))
        self.heard.set()
        answer = self.answers.pop(0) if self.answers else (200, {}, b'{"errcode": 0}')
        if isinstance(answer, tuple):
            status, more, content = answer
            if status == 200 and not self.refuses(content):
                self.taken.append((headers, body))
            shown = {"content-type": "application/json", "content-length": str(len(content))} | more
            lines = [f"HTTP/1.1 {status} x", *(f"{k}: {v}" for k, v in shown.items()), "connection: close", "", ""]
            writer.write("\r\n".join(lines).encode() + content)
            await writer.drain()
        elif answer == "silence":
            await reader.read()
        writer.close()

    @staticmethod
    def refuses(content: bytes) -> bool:
        return b'code":0' not in content.replace(b" ", b"")


@dataclass
class Names:
    """The office's directory, as the roster would give it."""

    book: dict[str, tuple[Address, ...]]
    gone: tuple[str, ...] = ()

    def people(self, level: Level, department: str) -> Sequence[str]:
        return {Level.PRESS_OFFICE: ["press"], Level.DEPARTMENT: [department]}.get(level, [])

    def addresses(self, person: str) -> Sequence[Address]:
        return self.book.get(person, ())

    def at_console(self, person: str) -> bool:
        return person not in self.gone

    def administrators(self) -> Sequence[str]:
        return ["admin"]

    def department_name(self, code: str) -> str:
        return code


def mail_to(*people: str) -> Names:
    return Names({person: (Address(person, "email", f"{person}@example.org"),) for person in people})


def hook_to(person: str, port: int) -> Names:
    return Names({person: (Address(person, "webhook", f"http://127.0.0.1:{port}/in"),)})


def alert(seq: int, because: str = "incident_reported", **data: Any) -> Entry:
    data = {"level": "duty_officer", "because": because, "to": ["officer"]} | data
    return Entry("20260302-aa", seq, EntryKind.LEVEL_ALERTED, NOW, NOW, "system", data)


async def take(database: Database, names: Names, *entries: Entry) -> int:
    desk = Desk(names, {INCIDENT.id: INCIDENT}, "http://127.0.0.1:8600")
    async with database.write() as connection:
        return await take_in(entries, NOW, DeliveryStore(database).within(connection), desk)


async def states(database: Database, channel: str) -> list[tuple[str, int, str]]:
    rows = await DeliveryStore(database).of_incident(INCIDENT.id)
    return [(d.state.value, d.attempts, d.code) for d in rows if d.to.channel == channel]


async def deliver(database: Database, channel: Channel, after: timedelta = timedelta(0)) -> int:
    return await deliver_due(NOW + after, DeliveryStore(database), Lane(channel.name), {channel.name: channel}, RETRY)
