"""The dead letters: what was refused, why, and whether it was sent again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from services.adapters.database import Database
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.deadletters import DeadLetterRow
from services.usecases.ports import Received

DEAD = table_of(DeadLetterRow)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One refused message."""

    place: str
    consumer: str
    topic: str
    message_id: str
    key: str
    body: bytes
    reason: str
    buried_at: datetime
    replayed_at: datetime | None


class DeadLetters:
    """Implements `pipe.Graveyard`, and what `huiying deadletters` needs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bury(self, consumer: str, refused: Sequence[tuple[Received, str]], now: datetime) -> None:
        """Keep each message with its reason; one that is already buried stays as it is."""
        if not refused:
            return
        rows = [_row(consumer, received, reason, now) for received, reason in refused]
        async with self._database.write() as connection:
            await connection.execute(self._database.insert(DEAD).on_conflict_do_nothing(), rows)

    async def waiting(self, limit: int = 100) -> list[DeadLetter]:
        """Those not sent again yet, oldest first."""
        query = select(DEAD).where(DEAD.c.replayed_us.is_(None)).order_by(DEAD.c.buried_us, DEAD.c.place).limit(limit)
        async with self._database.read() as connection:
            return [_letter(row) for row in await connection.execute(query)]

    async def count(self) -> int:
        """How many wait."""
        query = select(func.count()).select_from(DEAD).where(DEAD.c.replayed_us.is_(None))
        async with self._database.read() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def replayed(self, places: Sequence[str], now: datetime) -> None:
        """These have been published again."""
        statement = update(DEAD).where(DEAD.c.place.in_(list(places))).values(replayed_us=to_us(now))
        async with self._database.write() as connection:
            await connection.execute(statement)


def _row(consumer: str, received: Received, reason: str, now: datetime) -> dict[str, Any]:
    return {
        "place": f"{consumer}/{received.topic}/{received.partition}/{received.offset}",
        "consumer": consumer,
        "topic": received.topic,
        "message_id": _kept(received.id),
        "key": _kept(received.key),
        "body": received.body,
        "reason": _kept(reason[:2000]),
        "buried_us": to_us(now),
    }


def _kept(words: str) -> str:
    """As every database takes it: PostgreSQL refuses NUL, all refuse half a surrogate pair. The body stays as it is."""
    return words.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _letter(row: Any) -> DeadLetter:
    replayed = None if row.replayed_us is None else from_us(row.replayed_us)
    head = (row.place, row.consumer, row.topic, row.message_id, row.key, row.body, row.reason)
    return DeadLetter(*head, from_us(row.buried_us), replayed)
