"""Where posts were put, and the keys to find them by."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary
from sqlmodel import Field, SQLModel

_ROW_ID = BigInteger().with_variant(Integer(), "sqlite")


class GroupingIncidentRow(SQLModel, table=True):
    """The span of an incident's posts, in Unix seconds: the window slides with `last_at`."""

    __tablename__ = "grouping_incidents"

    incident: str = Field(primary_key=True, max_length=64)
    first_at: int = Field(sa_column=Column(BigInteger, nullable=False))
    last_at: int = Field(sa_column=Column(BigInteger, nullable=False, index=True))


class GroupingPostRow(SQLModel, table=True):
    """One remembered post. Rows are numbered as they come, so that new ones lie together."""

    __tablename__ = "grouping_posts"

    id: int | None = Field(default=None, sa_column=Column(_ROW_ID, primary_key=True, autoincrement=True))
    post_key: str = Field(max_length=64, unique=True)
    incident: str = Field(max_length=64, index=True)
    signature: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class GroupingKeyRow(SQLModel, table=True):
    """Key → post."""

    __tablename__ = "grouping_keys"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    post: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))


class GroupingBarRow(SQLModel, table=True):
    """A person said: this post is not of this incident."""

    __tablename__ = "grouping_bars"
    __table_args__ = (Index("ix_grouping_bars_incident", "incident"),)

    post_key: str = Field(primary_key=True, max_length=64)
    incident: str = Field(primary_key=True, max_length=64)
