"""Where grouping remembers: keys → posts → incidents, shared by every process through the database.

The domain's `GroupingStore` as functions. Each runs in the caller's transaction. Who groups must be alone from
`candidates` to the commit (the grouper sees to it): two posts of one matter read at once would both open an incident.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import TextClause, bindparam, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters.store import bulk
from services.adapters.store.chunking import chunks
from services.adapters.store.signatures import pack, unpack
from services.adapters.tables import table_of
from services.adapters.tables.grouping import GroupingBarRow, GroupingIncidentRow, GroupingKeyRow, GroupingPostRow
from services.adapters.tables.incidents import IncidentRow
from services.domain.grouping import Candidate, Ended, Placed, Signature
from services.domain.grouping.pool import PER_KEY
from services.domain.vocabulary import IncidentState

_NEW = "ON CONFLICT DO NOTHING RETURNING id, post_key"

_posts = table_of(GroupingPostRow)
_keys = table_of(GroupingKeyRow)
_incidents = table_of(GroupingIncidentRow)
_of_incidents = table_of(IncidentRow)
_bars = table_of(GroupingBarRow)

_FOUND = """
SELECT p.post_key, p.incident, p.signature, i.first_at, i.last_at
FROM (SELECT DISTINCT k.post FROM {keys}) AS f
JOIN grouping_posts AS p ON p.id = f.post
JOIN grouping_incidents AS i ON i.incident = p.incident
WHERE i.last_at >= :since
ORDER BY p.id
"""
# The newest few posts of each key, without walking through all the posts of a key that everybody shares.
_NEWEST = "SELECT n.post FROM grouping_keys AS n WHERE n.key = q.{key} ORDER BY n.post DESC LIMIT :per_key"
_SQLITE: TextClause = text(
    _FOUND.format(
        keys="json_each(:keys) AS q JOIN grouping_keys AS k ON k.key = q.value"
        f" AND k.post IN ({_NEWEST.format(key='value')})"
    )
)
_POSTGRESQL: TextClause = text(
    _FOUND.format(
        keys=f"unnest(CAST(:keys AS text)::bigint[]) AS q(key) CROSS JOIN LATERAL ({_NEWEST.format(key='key')}) AS k"
    )
)


# Thousands of small rows at once: plain tuples on SQLite, two arrays on PostgreSQL.
_INDEX_SQLITE = "INSERT INTO grouping_keys (key, post) VALUES (?, ?)"
_INDEX_POSTGRESQL: TextClause = text(
    "INSERT INTO grouping_keys (key, post)"
    " SELECT * FROM unnest(CAST(:keys AS text)::bigint[], CAST(:posts AS text)::bigint[])"
)


_STRETCHED = """
ON CONFLICT (incident) DO UPDATE SET
first_at = CASE WHEN excluded.first_at < grouping_incidents.first_at THEN excluded.first_at
 ELSE grouping_incidents.first_at END,
last_at = CASE WHEN excluded.last_at > grouping_incidents.last_at THEN excluded.last_at
 ELSE grouping_incidents.last_at END
"""


async def candidates(connection: AsyncConnection, signatures: Sequence[Signature], since: datetime) -> list[Candidate]:
    """Remembered posts that share a key with any of these and whose incident had a post at or after `since`."""
    keys = sorted({key for signature in signatures for key in signature.keys})  # neighbours lie on one page
    bind = {"since": int(since.timestamp()), "per_key": PER_KEY}
    if connection.dialect.name == "sqlite":
        rows = (await connection.execute(_SQLITE, {"keys": str(keys), **bind})).all()
    else:
        rows = (await connection.execute(_POSTGRESQL, {"keys": bulk.as_array(keys), **bind})).all()
    barred = await _barred(connection, [row.post_key for row in rows])
    return [
        Candidate(
            unpack(row.post_key, row.signature),
            row.incident,
            _time(row.first_at),
            _time(row.last_at),
            barred.get(row.post_key, _NONE),
        )
        for row in rows
    ]


_NONE: frozenset[str] = frozenset()


class _Answer(msgspec.Struct):
    published_at: datetime


class _Answered(msgspec.Struct):
    publications: list[_Answer]


_answers = msgspec.json.Decoder(_Answered).decode


async def ended(connection: AsyncConnection, incidents: Collection[str]) -> Ended:
    """Those of the incidents that are no longer open or were answered; see `Ended`. No lock."""
    states = [state.value for state in IncidentState if not state.open or state is IncidentState.RESPONDED]
    these = bulk.among(connection, _of_incidents.c.id, sorted(incidents))
    query = select(_of_incidents.c.id, _of_incidents.c.state).where(these, _of_incidents.c.state.in_(states))
    states_of = {row.id: IncidentState(row.state) for row in await connection.execute(query)}
    found: dict[str, datetime | None] = dict.fromkeys(states_of)
    answered = [incident for incident, state in states_of.items() if state is IncidentState.RESPONDED]
    bodies = select(_of_incidents.c.id, _of_incidents.c.body).where(_of_incidents.c.id.in_(answered))
    for row in await connection.execute(bodies) if answered else ():
        found[row.id] = max(answer.published_at for answer in _answers(row.body).publications)
    return found


async def remember(connection: AsyncConnection, placed: Sequence[Placed]) -> None:
    """Keep where posts were put. A post that is already kept stays where it is."""
    by_post = {known.signature.post: known for known in placed}
    ids: dict[str, int] = {}
    for chunk in chunks(list(by_post.values())):
        rows = [{"post_key": p.signature.post, "incident": p.incident, "signature": pack(p.signature)} for p in chunk]
        ids |= await _number(connection, rows)
    fresh = [by_post[post] for post in ids]
    await _index(connection, [(key, ids[p.signature.post]) for p in fresh if not p.echo for key in p.signature.keys])
    await _stretch(connection, [(p.incident, int(p.signature.at.timestamp())) for p in fresh])


async def merge(connection: AsyncConnection, source: str, target: str) -> None:
    """A person merged `source` into `target`: its posts move over, and what is barred from it is barred from both.

    Undone, the bar from `source` still stands.
    """
    await connection.execute(update(_posts).where(_posts.c.incident == source).values(incident=target))
    barred = select(_bars.c.post_key, bindparam("target", target)).where(_bars.c.incident == source)
    moved = _insert(connection, _bars).from_select(["post_key", "incident"], barred).on_conflict_do_nothing()
    await connection.execute(moved)
    await _settle(connection, [source, target])


async def split(connection: AsyncConnection, post_keys: Sequence[str], source: str, target: str) -> None:
    """A person moved these posts from `source` to `target`; the machine never joins them to `source` again."""
    for chunk in chunks(list(post_keys)):
        moving = (_posts.c.post_key.in_(chunk)) & (_posts.c.incident == source)
        await connection.execute(update(_posts).where(moving).values(incident=target))
        rows = [{"post_key": post, "incident": source} for post in chunk]
        await connection.execute(_insert(connection, _bars).on_conflict_do_nothing(), rows)
    await _settle(connection, [source, target])


async def bar(connection: AsyncConnection, incident: str, other: str) -> None:
    """A person said that the posts of `incident` are not of `other`."""
    posts = select(_posts.c.post_key, bindparam("other", other)).where(_posts.c.incident == incident)
    barred = _insert(connection, _bars).from_select(["post_key", "incident"], posts).on_conflict_do_nothing()
    await connection.execute(barred)


async def unbar(connection: AsyncConnection, incident: str, other: str) -> None:
    """He took it back: whether they are is open again."""
    posts = select(_posts.c.post_key).where(_posts.c.incident == incident)
    await connection.execute(delete(_bars).where(_bars.c.incident == other, _bars.c.post_key.in_(posts)))


async def copies(connection: AsyncConnection, post_keys: Sequence[str], incident: str) -> list[str]:
    """Keys of the incident's other posts whose text is exactly that of one of these posts."""
    query, exact = select(_posts.c.post_key, _posts.c.signature), set()
    for chunk in chunks(list(post_keys)):
        rows = await connection.execute(query.where(_posts.c.post_key.in_(chunk)))
        exact |= {unpack(row.post_key, row.signature).exact for row in rows}
    inside = await connection.execute(query.where(_posts.c.incident == incident).order_by(_posts.c.id))
    same = [row.post_key for row in inside if unpack(row.post_key, row.signature).exact in exact]
    return [key for key in same if key not in set(post_keys)]


async def posts_of(connection: AsyncConnection, incident: str) -> list[str]:
    """Keys of the incident's posts, in the order they were remembered."""
    query = select(_posts.c.post_key).where(_posts.c.incident == incident).order_by(_posts.c.id)
    return list((await connection.execute(query)).scalars())


async def forget(connection: AsyncConnection, before: datetime, limit: int = 500) -> int:
    """Drop up to `limit` posts of incidents whose last post is older than `before`; returns how many were dropped.

    Call it until it returns 0. What a person barred is kept.
    """
    dead = select(_incidents.c.incident).where(_incidents.c.last_at < int(before.timestamp()))
    query = select(_posts.c.id, _posts.c.post_key, _posts.c.signature).where(_posts.c.incident.in_(dead)).limit(limit)
    rows = (await connection.execute(query)).all()
    pairs = [{"k": key, "p": row.id} for row in rows for key in unpack(row.post_key, row.signature).keys]
    if pairs:
        gone = delete(_keys).where(_keys.c.key == bindparam("k"), _keys.c.post == bindparam("p"))
        await connection.execute(gone, pairs)
        await connection.execute(delete(_posts).where(_posts.c.id.in_([row.id for row in rows])))
    empty = dead.where(~select(_posts.c.id).where(_posts.c.incident == _incidents.c.incident).exists())
    await connection.execute(delete(_incidents).where(_incidents.c.incident.in_(empty)))
    return len(rows)


async def _barred(connection: AsyncConnection, post_keys: list[str]) -> dict[str, frozenset[str]]:
    barred: dict[str, frozenset[str]] = {}
    for row in await connection.execute(select(_bars).where(bulk.among(connection, _bars.c.post_key, post_keys))):
        barred[row.post_key] = barred.get(row.post_key, _NONE) | {row.incident}
    return barred


async def _number(connection: AsyncConnection, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Insert the posts that are new; returns their numbers."""
    if connection.dialect.name == "sqlite":
        values = tuple(value for row in rows for value in row.values())
        found = await connection.exec_driver_sql(_numbering(tuple(rows[0]), len(rows)), values)
    else:
        found = await connection.execute(bulk.insert_arrays(_posts, tuple(rows[0]), _NEW), bulk.arrays(rows))
    return {row.post_key: row.id for row in found}


@lru_cache
def _numbering(columns: tuple[str, ...], count: int) -> str:
    """SQLite's statement for so many rows of these columns; SQLAlchemy's own looks at every value."""
    row = f"({', '.join('?' * len(columns))})"
    return f"INSERT INTO grouping_posts ({', '.join(columns)}) VALUES {', '.join([row] * count)} {_NEW}"


async def _index(connection: AsyncConnection, pairs: list[tuple[int, int]]) -> None:
    ordered = sorted(set(pairs))  # so that neighbours in the index are written together
    if not ordered:
        return
    if connection.dialect.name == "sqlite":
        await connection.exec_driver_sql(_INDEX_SQLITE, ordered)
    else:
        keys, posts = zip(*ordered, strict=True)
        await connection.execute(_INDEX_POSTGRESQL, {"keys": bulk.as_array(keys), "posts": bulk.as_array(posts)})


async def _stretch(connection: AsyncConnection, moments: Iterable[tuple[str, int]]) -> None:
    """The incidents' spans take in these moments."""
    spans: dict[str, tuple[int, int]] = {}
    for incident, at in moments:
        first, last = spans.get(incident, (at, at))
        spans[incident] = (min(first, at), max(last, at))
    if not spans:
        return
    rows = [{"incident": key, "first_at": first, "last_at": last} for key, (first, last) in sorted(spans.items())]
    await bulk.insert(connection, _incidents, rows, _STRETCHED)


async def _settle(connection: AsyncConnection, incidents: Sequence[str]) -> None:
    """Spans as the posts now are; a post is not barred from the incident that a person put it into."""
    await connection.execute(delete(_incidents).where(_incidents.c.incident.in_(incidents)))
    query = select(_posts.c.post_key, _posts.c.incident, _posts.c.signature).where(_posts.c.incident.in_(incidents))
    rows = (await connection.execute(query)).all()
    await _stretch(connection, [(r.incident, int(unpack(r.post_key, r.signature).at.timestamp())) for r in rows])
    for incident in incidents:
        inside = select(_posts.c.post_key).where(_posts.c.incident == incident)
        await connection.execute(delete(_bars).where(_bars.c.incident == incident, _bars.c.post_key.in_(inside)))


def _insert(connection: AsyncConnection, table: Any) -> Any:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
