"""The outbox: ledger entries go out to `incidents.changed`, at least once, in order per incident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from services.domain.ledger import Entry
from services.topics import INCIDENTS_CHANGED
from services.usecases.ports import Log, Message, Store

BATCH = 500


async def relay(store: Store, log: Log, encode: Callable[[Entry], bytes], now: datetime) -> int:
    """Publish one batch, then mark it. A crash in between publishes it again; readers know an entry by its id.

    Returns how many were published; fewer than BATCH means the outbox is empty.
    """
    async with store.unit() as unit:
        entries = await unit.unpublished(BATCH)
    if not entries:
        return 0
    await log.publish(INCIDENTS_CHANGED, [Message(e.message_id, e.incident_id, encode(e)) for e in entries])
    async with store.unit() as unit:
        await unit.mark_published(entries, now)
    return len(entries)
