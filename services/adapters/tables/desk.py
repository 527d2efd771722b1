"""What the pages read: one row per incident, and the feed of changes. Made from the ledger; may be rebuilt."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel


class DeskIncidentRow(SQLModel, table=True):
    """One line of the list. `departments` and `regions` are codes, `watches` names between commas (",YJGL,WJW,")."""

    __tablename__ = "desk_incident"
    __table_args__ = (
        Index("ix_desk_open_due", "open", "due_us"),
        Index("ix_desk_updated", "updated_us"),
    )

    id: str = Field(primary_key=True)
    version: int
    title: str
    state: str
    open: bool
    event_grade: str = ""
    grade_confirmed: bool = False
    provisional: bool = False
    opinion_grade: str = ""
    lead: str = ""
    lead_proposed: str = ""
    departments: str = ""
    regions: str = ""
    topic: str = ""
    focus: str = ""
    sources: str = ""
    suspected_false: bool = False
    emerging: bool = False
    watches: str = ""
    posts: int = 0
    merged_into: str = ""
    acknowledged: bool = False
    due_kind: str = ""
    missed: int = 0
    due_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    started_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_post_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    answered_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    resolved_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    updated_us: int = Field(sa_column=Column(BigInteger, nullable=False))


class DeskFeedRow(SQLModel, table=True):
    """Every ledger entry in the order it reached the desk: what an open page has missed is what comes after."""

    __tablename__ = "desk_feed"
    __table_args__ = (Index("ix_desk_feed_message", "message_id", unique=True),)

    position: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    message_id: str
    incident_id: str
    kind: str
    at_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
