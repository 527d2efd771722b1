"""The embedded log: messages, the end of every partition, and how far each group has come."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel


class LogMessage(SQLModel, table=True):
    __tablename__ = "log_messages"

    topic: str = Field(primary_key=True)
    partition: int = Field(primary_key=True)
    offset: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    id: str
    key: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LogEnd(SQLModel, table=True):
    """The next offset of a partition. Kept apart from the messages, so that pruning never restarts the count."""

    __tablename__ = "log_ends"

    topic: str = Field(primary_key=True)
    partition: int = Field(primary_key=True)
    next_offset: int = Field(sa_type=BigInteger)


class LogOffset(SQLModel, table=True):
    """The first offset a group has not finished."""

    __tablename__ = "log_offsets"

    group: str = Field(primary_key=True)
    topic: str = Field(primary_key=True)
    partition: int = Field(primary_key=True)
    committed: int = Field(sa_type=BigInteger)
