"""What became of a post that its source edited: further versions beside the first, which stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters import wire
from services.adapters.store.chunking import chunks
from services.adapters.store.times import to_us
from services.adapters.tables import table_of
from services.adapters.tables.incidents import PostRow, PostVersionRow
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.usecases.ports import Filed, Unreadable

POST = table_of(PostRow)
VERSION = table_of(PostVersionRow)


async def keep(
    connection: AsyncConnection, posts: Sequence[tuple[Post, Assessment]]
) -> list[tuple[int, Post, Assessment]]:
    """Write those that read otherwise than the last version on file; returns them with the numbers they got."""
    last = await _last(connection, [post.key for post, _ in posts])
    rows: list[dict[str, Any]] = []
    kept = []
    for post, assessment in posts:
        n, before = last[post.key]
        if _words(post) != _words(before):
            last[post.key] = n + 1, post
            rows.append(_row(n + 1, post, assessment))
            kept.append((n + 1, post, assessment))
    if rows:
        await connection.execute(VERSION.insert(), rows)
    return kept


async def histories(connection: AsyncConnection, posts: Sequence[Filed]) -> list[list[Filed]]:
    """Each of these posts, as first collected, with what it was edited to since; the first version first."""
    found = {filed.post.key: [filed] for filed in posts}
    keys = list(found)
    for some in chunks(keys):
        query = select(VERSION).where(VERSION.c.key.in_(some)).order_by(VERSION.c.key, VERSION.c.n)
        for row in await connection.execute(query):
            versions = found[row.key]
            versions.append(Filed(*wire.decode_assessed(row.body), versions[0].incident_id))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Stored:
    """A text as it is stored: its evidence ("" where nobody can read it) and title, and when it was fetched."""

    evidence: str
    title: str
    collected_us: int


async def stored(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, dict[int, Stored]]:
    """What is stored under these keys, by key and version."""
    found: dict[str, dict[int, Stored]] = {}
    for row in await connection.execute(select(POST).where(POST.c.key.in_(keys))):
        found.setdefault(row.key, {})[1] = _seen(row)
    for row in await connection.execute(select(VERSION).where(VERSION.c.key.in_(keys))):
        found.setdefault(row.key, {})[row.n] = _seen(row)
    return found


def _seen(row: Any) -> Stored:
    try:
        post = wire.decode_assessed(row.body)[0]
    except Unreadable:
        return Stored("", "", row.collected_us)
    return Stored(post.evidence, post.title, row.collected_us)


async def _last(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, tuple[int, Post]]:
    found: dict[str, tuple[int, Post]] = {}
    for row in await connection.execute(select(POST.c.key, POST.c.body).where(POST.c.key.in_(keys))):
        found[row.key] = 1, wire.decode_assessed(row.body)[0]
    for row in await connection.execute(select(VERSION).where(VERSION.c.key.in_(keys)).order_by(VERSION.c.n)):
        found[row.key] = row.n, wire.decode_assessed(row.body)[0]
    return found


def _words(post: Post) -> tuple[str, str, str]:
    """What a reader sees; times and flags do not make a new version."""
    return post.title, post.text, post.author


def _row(n: int, post: Post, assessment: Assessment) -> dict[str, Any]:
    body = wire.encode_assessed(post, assessment)
    return {"key": post.key, "n": n, "collected_us": to_us(post.collected_at), "body": body}
