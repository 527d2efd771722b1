"""The tables, as SQLModel classes: shapes only. Rows are never domain objects; `store` maps them.

SQLModel does not validate `table=True` classes, so nothing is checked here: values are checked in the domain.
Each area has its module, and a command loads those it asks; `every` registers them all.
"""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table
from sqlmodel import SQLModel


def table_of(row: type[SQLModel]) -> Table:
    """The table of a row class: SQLModel gives it to the class at run time and does not declare it."""
    return cast(Table, cast(Any, row).__table__)
