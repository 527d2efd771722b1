"""What people decided about the machine's proposals, with the text they saw."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Text
from sqlmodel import Field, SQLModel


class CorrectionRow(SQLModel, table=True):
    """One decision; the same person deciding the same thing at the same moment is the same decision."""

    __tablename__ = "correction"

    post: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    decided_us: int = Field(sa_column=Column(BigInteger, primary_key=True, index=True, autoincrement=False))
    decided_by: str = Field(primary_key=True)
    proposed: str
    decided: str
    rule: str = ""
    title: str = Field(default="", sa_column=Column(Text, nullable=False))
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
