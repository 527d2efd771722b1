"""The outbox: ledger entries go out to `incidents.changed`, at least once, in order per incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.domain.ledger import Entry
from services.topics import INCIDENTS_CHANGED
from services.usecases.ports import Log, Message, NotNow, Store

BATCH = 500
STEP_ASIDE = timedelta(minutes=1)


@dataclass(slots=True)
class Outlet:
    """Where entries go and how they are written. `aside` are incidents that could not be published, and until when.

    `report` is told of each of them, with what was wrong.
    """

    log: Log
    encode: Callable[[Entry], bytes]
    report: Callable[[str, Exception], None]
    aside: dict[str, datetime] = field(default_factory=dict)

    def waiting(self, now: datetime) -> set[str]:
        """The incidents that are left alone for now."""
        self.aside = {incident: until for incident, until in self.aside.items() if until > now}
        return set(self.aside)

    async def publish(self, entries: Sequence[Entry]) -> None:
        messages = [Message(e.message_id, e.incident_id, self.encode(e)) for e in entries]
        await self.log.publish(INCIDENTS_CHANGED, messages)


async def relay(store: Store, outlet: Outlet, now: datetime) -> int:
    """Publish one batch, then mark it. A crash in between publishes it again; readers know an entry by its id.

    Where the batch is refused, entry by entry: an incident one of whose entries cannot be published waits from there
    on and is left alone for a while, and the others go out. Returns how many were looked at; fewer than BATCH means
    the outbox holds no more than what waits.
    """
    async with store.unit() as unit:
        entries = await unit.unpublished(BATCH, outlet.waiting(now))
    if not entries:
        return 0
    try:
        await outlet.publish(entries)
        sent: Sequence[Entry] = entries
    except NotNow:
        raise
    except Exception:  # noqa: BLE001 - whichever entry it was is found, and reported, one by one
        sent = await _one_by_one(outlet, entries, now)
    async with store.unit() as unit:
        await unit.mark_published(sent, now)
    return len(entries)


async def _one_by_one(outlet: Outlet, entries: Sequence[Entry], now: datetime) -> list[Entry]:
    sent = []
    for entry in entries:
        if entry.incident_id in outlet.aside:
            continue
        try:
            await outlet.publish([entry])
            sent.append(entry)
        except NotNow:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one incident must not stop the others
            outlet.report(entry.incident_id, error)
            outlet.aside[entry.incident_id] = now + STEP_ASIDE
    return sent
