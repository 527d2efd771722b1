"""Notices on their way. Times are microseconds since 1970 in UTC (`_us`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class DeliveryRow(SQLModel, table=True):
    """送达. Written before anything is sent; (message, person, channel) exists once."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("message_id", "person", "channel"),
        Index("ix_delivery_due", "due_us", sqlite_where=text("due_us IS NOT NULL"),
              postgresql_where=text("due_us IS NOT NULL")),
        Index("ix_delivery_person", "person", "created_us"),
        Index("ix_delivery_incident", "incident_id", "created_us"),
        Index("ix_delivery_state", "state", "created_us"),
    )  # fmt: skip

    id: str = Field(primary_key=True)
    message_id: str
    person: str
    channel: str
    address: str
    incident_id: str
    draft: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    urgent: bool
    state: str
    attempts: int
    # when it must be looked at: the next attempt of a waiting one, the end of the claim of one being sent
    due_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    again: bool
    code: str
    outcome: str
    created_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    finished_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    carrier: str
