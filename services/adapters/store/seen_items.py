"""What was published from each source: by address, by words, and for how long it is remembered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.database import Database
from services.adapters.store.chunking import chunks
from services.adapters.store.times import from_us, to_us
from services.adapters.tables import table_of
from services.adapters.tables.sources import SeenItemRow
from services.domain.identity import Wording
from services.usecases.collecting import Seen

CHANGED = ("content_hash", "version", "post_id", "url", "at_us", "title", "opening", "guid", "printed", "articles_owed")

_item = table_of(SeenItemRow)


class SeenItems:
    """The part of `SourceStore` that remembers items."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def known(self, source_id: str, item_ids: Sequence[str]) -> dict[str, Seen]:
        """See `SourceStore.known`."""
        found: dict[str, Seen] = {}
        async with self._db.read() as connection:
            for chunk in chunks(item_ids):
                query = select(_item).where(_item.c.source_id == source_id, _item.c.item_id.in_(chunk))
                for row in (await connection.execute(query)).mappings():
                    found[row["item_id"]] = _seen_of(row)
        return found

    async def same_words(self, source_id: str, hashes: Sequence[str], since: datetime) -> dict[str, list[Seen]]:
        """See `SourceStore.same_words`."""
        found: dict[str, list[Seen]] = {}
        async with self._db.read() as connection:
            for chunk in chunks(hashes):
                alike = (_item.c.source_id == source_id, _item.c.content_hash.in_(chunk))
                query = select(_item).where(*alike, _item.c.at_us >= to_us(since)).order_by(_item.c.first_us)
                for row in (await connection.execute(query)).mappings():
                    found.setdefault(row["content_hash"], []).append(_seen_of(row))
        return found

    async def remember(self, source_id: str, seen: Sequence[Seen]) -> None:
        """See `SourceStore.remember`."""
        async with self._db.write() as connection:
            await remember_items(self._db, connection, [(source_id, seen)])

    async def items_since(self, since: datetime) -> dict[str, int]:
        """New items per source since then."""
        query = select(_item.c.source_id, func.count()).where(_item.c.first_us >= to_us(since), _item.c.post_id == "")
        async with self._db.read() as connection:
            rows = await connection.execute(query.group_by(_item.c.source_id))
            return {row[0]: row[1] for row in rows}

    async def forget(self, before: datetime) -> int:
        """Drop the memory of items last published before then; returns how many."""
        async with self._db.write() as connection:
            dropped = await connection.execute(delete(_item).where(_item.c.at_us < to_us(before)))
            return int(dropped.rowcount)


async def remember_items(
    database: Database, connection: AsyncConnection, seen: Iterable[tuple[str, Sequence[Seen]]]
) -> None:
    """The latest version of every item, by source, in a transaction of the caller's."""
    rows = [_values(source_id, one) for source_id, items in seen for one in items]
    if not rows:
        return
    insert = database.insert(_item)
    changed = {name: insert.excluded[name] for name in CHANGED}
    await connection.execute(insert.on_conflict_do_update(index_elements=["source_id", "item_id"], set_=changed), rows)


def _seen_of(row: Any) -> Seen:
    at, wording = from_us(row["at_us"]), Wording(row["title"], row["opening"], row["guid"])
    where = (row["item_id"], row["content_hash"], row["version"], row["url"], at, row["post_id"])
    return Seen(*where, wording, row["printed"], row["articles_owed"])


def _values(source_id: str, seen: Seen) -> dict[str, Any]:
    at = to_us(seen.at)
    return {
        "source_id": source_id,
        "item_id": seen.item_id,
        "content_hash": seen.content_hash,
        "version": seen.version,
        "post_id": seen.post_id,
        "url": seen.url,
        "first_us": at,
        "at_us": at,
        **{name: getattr(seen.wording, name) for name in ("title", "opening", "guid")},
        "printed": seen.printed,
        "articles_owed": seen.articles_owed,
    }
