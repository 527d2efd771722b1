"""Figures that units enter for the annual tables. Rows are only ever added; the newest counts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel


class FigureRow(SQLModel, table=True):
    """One entry for one cell; `value` is the decimal as text, empty for a text or a withdrawal."""

    __tablename__ = "figure"

    year: int = Field(primary_key=True)
    unit: str = Field(primary_key=True)
    cell: str = Field(primary_key=True)
    entered_us: int = Field(sa_column=Column(BigInteger, primary_key=True))
    entered_by: str
    value: str
    text: str
    bound: str
