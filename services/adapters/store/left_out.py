"""How many posts were left out as not concerning the city, by the rule that spoke."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store import bulk
from services.adapters.tables import table_of
from services.adapters.tables.incidents import LeftOutRow

LEFT_OUT = table_of(LeftOutRow)
_ADDED = "ON CONFLICT (rule) DO UPDATE SET posts = left_out.posts + excluded.posts"


async def add(connection: AsyncConnection, posts: Mapping[str, int]) -> None:
    """Count so many more, in this transaction; in order of the rules, so that two never wait for each other."""
    rows = [{"rule": rule, "posts": posts[rule]} for rule in sorted(posts)]
    await bulk.insert(connection, LEFT_OUT, rows, _ADDED)


class LeftOut:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> dict[str, int]:
        """Posts by rule since the first one, the most first."""
        query = select(LEFT_OUT.c.rule, LEFT_OUT.c.posts).order_by(LEFT_OUT.c.posts.desc(), LEFT_OUT.c.rule)
        async with self._database.read() as connection:
            return {row.rule: row.posts for row in await connection.execute(query)}
