"""Incidents, their ledger and their posts. Times are microseconds since 1970 in UTC (`_us`)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel


class IncidentRow(SQLModel, table=True):
    """State of one incident. `body` is the whole record; the columns are what the sweep, the locks and the audit need.

    `ledger_seq` and `ledger_hash` are the end of its ledger, so that a cut tail is noticed.
    """

    __tablename__ = "incident"
    __table_args__ = (
        Index("ix_incident_due", "next_due_us", sqlite_where=text("next_due_us IS NOT NULL"),
              postgresql_where=text("next_due_us IS NOT NULL")),
    )  # fmt: skip

    id: str = Field(primary_key=True)
    version: int
    state: str
    next_due_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    trouble: str = ""
    ledger_seq: int = 0
    ledger_hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LedgerRow(SQLModel, table=True):
    """台账. Rows are added, and stamped once when relayed; nothing else ever changes here."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_unpublished", "recorded_us", "incident_id", "seq",
              sqlite_where=text("published_us IS NULL"), postgresql_where=text("published_us IS NULL")),
    )  # fmt: skip

    incident_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    kind: str
    occurred_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    recorded_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    actor: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    hash: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    published_us: int | None = Field(default=None, sa_column=Column(BigInteger))


class PostRow(SQLModel, table=True):
    """信息 that belongs to an incident, as it was when collected, with the machine's assessment."""

    __tablename__ = "post"
    __table_args__ = (Index("ix_post_incident", "incident_id", "collected_us"),)

    key: str = Field(primary_key=True)
    incident_id: str
    collected_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PostVersionRow(SQLModel, table=True):
    """信息 as it was edited later, counted from 2: version 1 is the row in `post`, which never changes."""

    __tablename__ = "post_version"

    key: str = Field(primary_key=True)
    n: int = Field(primary_key=True)
    collected_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SeenRow(SQLModel, table=True):
    """What a consumer has done: makes a repeated message harmless."""

    __tablename__ = "seen"

    consumer: str = Field(primary_key=True)
    message_id: str = Field(primary_key=True)


class LeftOutRow(SQLModel, table=True):
    """How many posts a rule of relevance has left out: they stay in the log and have no row of their own."""

    __tablename__ = "left_out"

    rule: str = Field(primary_key=True)
    posts: int = Field(sa_column=Column(BigInteger, nullable=False))
