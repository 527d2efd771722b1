"""Messages nobody could read, with the reason; replayable."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel


class DeadLetterRow(SQLModel, table=True):
    """`place` is consumer/topic/partition/offset: the same message is buried once."""

    __tablename__ = "dead_letter"

    place: str = Field(primary_key=True)
    consumer: str
    topic: str
    message_id: str
    key: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    reason: str
    buried_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    replayed_us: int | None = Field(default=None, sa_column=Column(BigInteger))
