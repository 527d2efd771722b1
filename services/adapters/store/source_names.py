"""What people call the sources."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from sqlalchemy import select

from services.adapters.database import Database
from services.adapters.store.chunking import chunks
from services.adapters.tables import table_of
from services.adapters.tables.sources import SourceRow
from services.domain.characters import legible

SOURCE = table_of(SourceRow)


class _Named(msgspec.Struct):
    name: str = ""


_decode = msgspec.json.Decoder(_Named).decode


def storable(source_ids: Iterable[str]) -> list[str]:
    """Those a source here can have: of a name with a NUL PostgreSQL will not even be asked."""
    return sorted({one for one in source_ids if legible(one) == (one, False)})


async def source_names(database: Database, source_ids: Iterable[str]) -> dict[str, str]:
    """The names of those that are sources here and have one; a program or a person who entered a post is none."""
    found: dict[str, str] = {}
    query = select(SOURCE.c.source_id, SOURCE.c.definition)
    async with database.read() as connection:
        for some in chunks(storable(source_ids)):
            rows = await connection.execute(query.where(SOURCE.c.source_id.in_(some)))
            found |= {row.source_id: _decode(row.definition).name for row in rows}
    return {source: name for source, name in found.items() if name}
