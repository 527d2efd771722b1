"""Delivery rows: written in the consumer's transaction, claimed and settled in their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, Select, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store.chunking import chunks
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.deliveries import DeliveryRow
from services.domain.delivery import CONSOLE, Address, Delivery, DeliveryState
from services.domain.notice import Draft

DELIVERY = table_of(DeliveryRow)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Draft).decode


class DeliveryRows:
    """Within one transaction of somebody else: `connection` is theirs."""

    def __init__(self, database: Database, connection: AsyncConnection) -> None:
        self._database = database
        self._connection = connection

    async def known(self, ids: Sequence[str]) -> set[str]:
        found: set[str] = set()
        for some in chunks(ids):
            rows = await self._connection.execute(select(DELIVERY.c.id).where(DELIVERY.c.id.in_(some)))
            found.update(rows.scalars())
        return found

    async def add(self, deliveries: Sequence[Delivery]) -> None:
        if deliveries:
            statement = self._database.insert(DELIVERY).on_conflict_do_nothing()
            await self._connection.execute(statement, [_row(d) for d in deliveries])


class DeliveryStore:
    """In transactions of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def within(self, connection: AsyncConnection) -> DeliveryRows:
        """The same rows, inside a transaction that is already open."""
        return DeliveryRows(self._database, connection)

    async def due(self, now: datetime) -> list[tuple[str, str]]:
        due = select(DELIVERY.c.channel, DELIVERY.c.address).where(DELIVERY.c.due_us <= to_us(now)).distinct()
        async with self._database.read() as connection:
            return [(row.channel, row.address) for row in await connection.execute(due)]

    async def claim(
        self, now: datetime, lease: timedelta, limit: int, channel: str, address: str = ""
    ) -> list[Delivery]:
        theirs = (DELIVERY.c.channel == channel, *([DELIVERY.c.address == address] if address else []))
        async with self._database.write() as connection:
            due = (
                select(DELIVERY)
                .where(DELIVERY.c.due_us <= to_us(now), *theirs)
                .order_by(DELIVERY.c.urgent.desc(), DELIVERY.c.due_us)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = (await connection.execute(due)).all()
            interrupted = DELIVERY.c.state == DeliveryState.SENDING.value
            taken = (
                update(DELIVERY)
                .where(DELIVERY.c.id.in_([row.id for row in rows]))
                .values(
                    state=DeliveryState.SENDING.value,
                    attempts=DELIVERY.c.attempts + 1,
                    again=or_(DELIVERY.c.again, interrupted),
                    due_us=to_us(now + lease),
                )
                .returning(DELIVERY)
            )
            claimed = (await connection.execute(taken)).all() if rows else []
        return sorted((_delivery(row) for row in claimed), key=lambda d: (not d.draft.urgent, d.created_at))

    async def settle(self, delivery: Delivery) -> None:
        values = _row(delivery)
        kept = ("state", "attempts", "due_us", "again", "code", "outcome", "finished_us")
        ours = (DELIVERY.c.state == DeliveryState.SENDING.value, DELIVERY.c.attempts == delivery.attempts)
        statement = update(DELIVERY).where(DELIVERY.c.id == delivery.id, *ours).values({k: values[k] for k in kept})
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def of_person(self, person: str, limit: int = 50) -> list[Delivery]:
        """What the console shows this person, newest first."""
        shown = select(DELIVERY).where(DELIVERY.c.person == person, DELIVERY.c.channel == CONSOLE)
        return await self._list(shown.order_by(DELIVERY.c.created_us.desc()).limit(limit))

    async def told_of(self, person: str, since: datetime) -> dict[str, int]:
        """The incidents this person was told of by the console since then, each with the number of the last entry."""
        mine = (DELIVERY.c.person == person, DELIVERY.c.channel == CONSOLE, DELIVERY.c.created_us >= to_us(since))
        async with self._database.read() as connection:
            rows = (await connection.execute(select(DELIVERY.c.incident_id, DELIVERY.c.message_id).where(*mine))).all()
        told: dict[str, int] = {}
        for incident, message in rows:
            told[incident] = max(told.get(incident, 0), int(message.rpartition(":")[2]))
        return told

    async def of_incident(self, incident_id: str) -> list[Delivery]:
        """Everything anybody was told about an incident, oldest first."""
        told = select(DELIVERY).where(DELIVERY.c.incident_id == incident_id)
        return await self._list(told.order_by(DELIVERY.c.created_us, DELIVERY.c.id))

    async def given_up(self, limit: int = 100) -> list[Delivery]:
        """What nobody could deliver, newest first."""
        lost = select(DELIVERY).where(DELIVERY.c.state == DeliveryState.GIVEN_UP.value)
        return await self._list(lost.order_by(DELIVERY.c.created_us.desc()).limit(limit))

    async def counts(self) -> dict[str, int]:
        """How many deliveries are in each state, for the metrics."""
        async with self._database.read() as connection:
            rows = await connection.execute(
                select(DELIVERY.c.state, func.count().label("number")).group_by(DELIVERY.c.state)
            )
            return {row.state: row.number for row in rows.all()}

    async def next_due(self) -> datetime | None:
        """When `deliver_due` has something to do."""
        async with self._database.read() as connection:
            first = (await connection.execute(select(func.min(DELIVERY.c.due_us)))).scalar()
        return None if first is None else from_us(first)

    async def _list(self, statement: Select[Any]) -> list[Delivery]:
        async with self._database.read() as connection:
            return [_delivery(row) for row in (await connection.execute(statement)).all()]


def _row(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "message_id": delivery.message_id,
        "person": delivery.to.person,
        "channel": delivery.to.channel,
        "address": delivery.to.value,
        "incident_id": delivery.draft.incident_id,
        "draft": _encode(delivery.draft),
        "urgent": delivery.draft.urgent,
        "state": delivery.state.value,
        "attempts": delivery.attempts,
        "due_us": None if delivery.next_attempt_at is None else to_us(delivery.next_attempt_at),
        "again": delivery.again,
        "code": delivery.code,
        "outcome": delivery.text,
        "created_us": to_us(delivery.created_at),
        "finished_us": None if delivery.finished_at is None else to_us(delivery.finished_at),
        "carrier": delivery.carrier,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        message_id=row.message_id,
        to=Address(row.person, row.channel, row.address),
        draft=_decode(row.draft),
        created_at=from_us(row.created_us),
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_attempt_at=None if row.due_us is None else from_us(row.due_us),
        again=row.again,
        code=row.code,
        text=row.outcome,
        finished_at=None if row.finished_us is None else from_us(row.finished_us),
        carrier=row.carrier,
    )
