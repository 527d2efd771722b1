"""Many rows at once: whole columns as arrays on PostgreSQL, plain tuples on SQLite.

A bound row costs SQLAlchemy and the server several times what its values cost; a batch has thousands of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, TextClause, any_, func, literal, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

_POSTGRESQL = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy has left it untyped


async def insert(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], conflict: str = ""
) -> None:
    """Insert rows that all have the same columns in the same order. `conflict` is what follows in SQL: ON CONFLICT …"""
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        values = [tuple(row.values()) for row in rows]
        await connection.exec_driver_sql(_insert_tuples(table, columns, conflict), values)
    else:
        await connection.execute(insert_arrays(table, columns, conflict), arrays(rows))


async def update(
    connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, Any]], versions: Sequence[int]
) -> int:
    """Replace the rows of these `id`s whose `version` still is as given; returns how many were replaced, -1 unknown."""
    columns = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        values = [(*row.values(), row["id"], version) for row, version in zip(rows, versions, strict=True)]
        setting = ", ".join(f"{column} = ?" for column in columns)
        done = await connection.exec_driver_sql(
            f"UPDATE {table.name} SET {setting} WHERE id = ? AND version = ?", values
        )
    else:
        done = await connection.execute(_update_arrays(table, columns), arrays(rows) | {"was": list(versions)})
    return done.rowcount


def arrays(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as columns."""
    return {column: [row[column] for row in rows] for column in rows[0]}


def among(connection: AsyncConnection, column: ColumnElement[Any], values: Sequence[str]) -> ColumnElement[bool]:
    """`column` is one of these strings: one parameter however many there are, so that the statement stays the same."""
    if connection.dialect.name == "sqlite":
        return column.in_(select(func.json_each(as_json(values)).table_valued("value").c.value))
    return column == any_(literal(list(values), postgresql.ARRAY(column.type)))


def as_array(numbers: Sequence[int]) -> str:
    """Numbers as PostgreSQL reads an array from text: thousands of them, which asyncpg would look at one by one."""
    return f"{{{as_json(numbers)[1:-1]}}}"


def as_json(values: Sequence[Any]) -> str:
    """A list as SQLite's json_each reads it."""
    return msgspec.json.encode(values).decode()


@lru_cache
def _insert_tuples(table: Table, columns: tuple[str, ...], conflict: str) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))}) {conflict}"


@lru_cache
def insert_arrays(table: Table, columns: tuple[str, ...], conflict: str) -> TextClause:
    """The statement that takes `arrays(rows)` on PostgreSQL."""
    names, new = ", ".join(columns), _unnested(table, {column: column for column in columns})
    return text(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {new} {conflict}")


@lru_cache
def _update_arrays(table: Table, columns: tuple[str, ...]) -> TextClause:
    setting = ", ".join(f"{column} = new.{column}" for column in columns)
    new, old = _unnested(table, {column: column for column in columns} | {"was": "version"}), table.name
    return text(f"UPDATE {old} SET {setting} FROM {new} WHERE {old}.id = new.id AND {old}.version = new.was")


def _unnested(table: Table, of: Mapping[str, str]) -> str:
    """Arrays by name, each of the type of a column, as rows."""
    types = {name: table.c[column].type.compile(_POSTGRESQL) for name, column in of.items()}
    given = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types.items())
    return f"unnest({given}) AS new({', '.join(types)})"
