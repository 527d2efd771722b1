"""Tell people: decide who, write it down, send, keep the outcome, try again.

1. `take_in` turns level_alerted entries into delivery rows, inside the consumer's transaction.
2. `deliver_due` claims rows whose time has come, sends them, and writes the outcome.
3. A row claimed by a process that died comes due again and is sent marked 重发.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.domain import notice as wording
from services.domain.delivery import (
    CONSOLE,
    Address,
    Delivery,
    DeliveryState,
    Outcome,
    Result,
    Retry,
    Ways,
    to_person,
)
from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.notice import Notice
from services.domain.vocabulary import EntryKind, Level
from services.usecases.ports import Unreadable

SEND_SECONDS = 20.0
LEASE = timedelta(seconds=60)
AT_ONCE = 16
AT_ONE_RECEIVER = 4
"""So many of one lane are under way together: all of them end within SEND_SECONDS, long before their lease."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Notices that may wait for each other: one channel's, and where every address is a receiver of its own, its."""

    channel: str
    address: str = ""

    @property
    def at_once(self) -> int:
        """How many of them are under way together."""
        return AT_ONE_RECEIVER if self.address else AT_ONCE


class Directory(Ways, Protocol):
    """Who is who."""

    def people(self, level: Level, department: str) -> Sequence[str]:
        """Names on this rung; used where the ledger entry itself names nobody."""

    def department_name(self, code: str) -> str:
        """The Chinese name; the code itself where it is unknown."""


class Channel(Protocol):
    """One way to reach people."""

    @property
    def name(self) -> str:
        """As used in addresses: email, webhook …"""

    @property
    def own_receivers(self) -> bool:
        """Whether every address is a receiver that may hang by itself, and not a mailbox behind one server."""

    async def send(self, to: Address, notice: Notice) -> Outcome:
        """Hand the notice over and tell what the provider said. Raises nothing for a provider's failure."""


class Rows(Protocol):
    """Delivery rows within the caller's transaction."""

    async def known(self, ids: Sequence[str]) -> set[str]:
        """Those of the deliveries that are already written."""

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        """Write them; one that exists stays as it is."""


class Deliveries(Protocol):
    """Delivery rows in transactions of their own."""

    async def due(self, now: datetime) -> list[tuple[str, str]]:
        """The channels by which something is due, each with every address it is due to."""

    async def claim(self, now: datetime, lease: timedelta, limit: int, channel: str, address: str) -> list[Delivery]:
        """Take this channel's rows that are due, the urgent and the oldest first, as `sending`, the attempt counted.

        Only those to this address, unless it is empty.

        A row whose claim has run out is taken again with `again` set: nobody knows whether it was sent.
        """

    async def settle(self, delivery: Delivery) -> None:
        """Keep the outcome of this attempt; nothing where the row has been claimed anew since."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What `take_in` needs: who is who, which incidents these are, and where the console is."""

    directory: Directory
    incidents: Mapping[str, Incident]
    base_url: str = ""


def recipients(entry: Entry, directory: Directory) -> tuple[str, ...]:
    """The persons an entry calls: those it names, else everyone on its rung."""
    if entry.kind is not EntryKind.LEVEL_ALERTED:
        return ()
    if "to" in entry.data:
        return tuple(dict.fromkeys(str(person) for person in entry.data["to"]))
    level = Level(entry.data["level"])
    return tuple(dict.fromkeys(directory.people(level, str(entry.data.get("department", "")))))


async def take_in(entries: Sequence[Entry], now: datetime, rows: Rows, desk: Desk) -> int:
    """Write a delivery for every person and channel that these entries call; returns how many are new.

    Alerts of one incident to one person within one batch become one notice; each keeps its own row, so that a repeat
    of any of them changes nothing. Other kinds of entries call nobody: every call is a level_alerted entry.

    Raises:
        Unreadable: an entry of an incident that `desk.incidents` does not have.
    """
    wanted = [d for entry in entries for d in _wanted(entry, now, desk)]
    known = await rows.known([d.id for d in wanted])
    fresh = list({d.id: d for d in wanted if d.id not in known}.values())
    await rows.add(_bundled(fresh))
    return len(fresh)


def _wanted(entry: Entry, now: datetime, desk: Desk) -> Iterable[Delivery]:
    if entry.kind is not EntryKind.LEVEL_ALERTED:
        return
    incident = desk.incidents.get(entry.incident_id)
    if incident is None:
        raise Unreadable(f"no incident {entry.incident_id}")
    alerted = wording.draft(entry, incident, desk.base_url, desk.directory.department_name)
    people = recipients(entry, desk.directory)
    for person in people:
        yield from to_person(entry.message_id, person, alerted, now, desk.directory)
    skipped = [Level(level).label for level in entry.data.get("skipped", ())]
    if not people and not skipped:
        skipped = [Level(entry.data["level"]).label]
    for person in desk.directory.administrators() if skipped else ():
        if person not in people:
            yield from to_person(entry.message_id, person, wording.empty_rung(alerted, skipped), now, desk.directory)


def _bundled(fresh: Sequence[Delivery]) -> list[Delivery]:
    """One carrier for all waiting deliveries of one incident to one person by one channel."""
    groups: dict[tuple[str, str, str], list[Delivery]] = {}
    for delivery in fresh:
        groups.setdefault((delivery.draft.incident_id, delivery.to.person, delivery.to.channel), []).append(delivery)
    return [d for (_, _, channel), group in groups.items() for d in (group if channel == CONSOLE else _ride(group))]


def _ride(group: list[Delivery]) -> list[Delivery]:
    *earlier, last = group
    carrier = replace(last, draft=wording.bundle([d.draft for d in group]))
    riding = [
        replace(d, state=DeliveryState.BUNDLED, next_attempt_at=None, carrier=carrier.id) for d in earlier
    ]  # fmt: skip
    return [*riding, carrier]


def lanes(due: Iterable[tuple[str, str]], channels: Mapping[str, Channel]) -> set[Lane]:
    """What is due, by who waits for whom."""
    apart = {name for name, channel in channels.items() if channel.own_receivers}
    return {Lane(name, address if name in apart else "") for name, address in due}


async def deliver_due(
    now: datetime, deliveries: Deliveries, lane: Lane, channels: Mapping[str, Channel], retry: Retry
) -> int:
    """Send what is due on one lane, keep every outcome; returns how many were tried: again while all it may at once.

    Each lane has its own round: a provider or a receiver that hangs holds up no other. A channel that this
    installation does not have says so, and what was to go by it is tried again like anything else.
    """
    claimed = await deliveries.claim(now, LEASE, lane.at_once, lane.channel, lane.address)

    async def one(delivery: Delivery) -> None:
        outcome = await _send(delivery, now, channels.get(lane.channel))
        await deliveries.settle(delivery.after(outcome, now, retry))

    # every outcome is kept before a failure to keep one is told
    for failure in await asyncio.gather(*map(one, claimed), return_exceptions=True):
        if failure is not None:
            raise failure
    return len(claimed)


async def _send(delivery: Delivery, now: datetime, channel: Channel | None) -> Outcome:
    if channel is None:
        return Outcome(Result.UNREACHABLE, "no_channel", f"没有配置通道 {delivery.to.channel}")
    notice = wording.notice(delivery.id, delivery.draft, delivery.again, now)
    try:
        async with asyncio.timeout(SEND_SECONDS):
            return await channel.send(delivery.to, notice)
    except TimeoutError:
        return Outcome(Result.UNKNOWN, "timeout", f"{SEND_SECONDS:.0f} 秒内没有答复")
    except Exception as error:  # noqa: BLE001 - a channel that breaks must not hold up the notices behind it
        return Outcome(Result.UNKNOWN, type(error).__name__, str(error)[:500])
