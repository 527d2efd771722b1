"""Sources, how they are doing, and what was seen at each. Times are microseconds since 1970 in UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Text
from sqlmodel import Field, SQLModel


class SourceRow(SQLModel, table=True):
    """One source with its state. `due_us` is `next_check_us`, or the lease's end while a collector holds it.

    `told` is the trouble that the administrators have been told of.
    """

    __tablename__ = "source"
    __table_args__ = (Index("ix_source_due", "enabled", "due_us"), Index("ix_source_lease", "host", "lease_until_us"))

    source_id: str = Field(primary_key=True)
    host: str = ""
    managed: str = "file"
    enabled: bool = True
    definition: str = Field(sa_column=Column(Text, nullable=False))

    due_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    lease_owner: str = ""
    lease_until_us: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))

    next_check_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    cursor: str = ""
    interval_seconds: float = 0.0
    gap_seconds: float = 0.0
    first_checked_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    last_checked_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    last_success_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    last_new_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    silent_since_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    broke_news_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    failures_in_row: int = 0
    failure_weight: float = 0.0
    last_failure: str = ""
    last_error: str = ""
    quarantined: str = ""
    items_total: int = 0
    ttl_seconds: int = 0
    reading_since_us: int | None = Field(default=None, sa_column=Column(BigInteger))
    refused: str = Field(default="", sa_column=Column(Text, nullable=False))
    told: str = ""


class SeenItemRow(SQLModel, table=True):
    """An item published from a source: the evidence that it stood there, where, when first and in which version.

    `post_id` names the post that it became where that came from another address; "" for its own. `title`, `opening` and
    `guid` tell an edit from another matter at the same address.
    """

    __tablename__ = "source_item"
    __table_args__ = (
        Index("ix_source_item_at", "at_us"),
        Index("ix_source_item_words", "source_id", "content_hash"),
    )

    source_id: str = Field(primary_key=True)
    item_id: str = Field(primary_key=True)
    content_hash: str
    version: int = 1
    post_id: str = ""
    url: str = ""
    title: str = ""
    opening: str = ""
    guid: str = ""
    printed: str = ""
    articles_owed: int = 0
    first_us: int = Field(sa_column=Column(BigInteger, nullable=False))
    at_us: int = Field(sa_column=Column(BigInteger, nullable=False))
