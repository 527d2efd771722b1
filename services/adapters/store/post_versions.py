"""What became of a post that its source edited: further versions beside the first, which stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.adapters import wire
from services.adapters.store.times import to_us
from services.adapters.tables import table_of
from services.adapters.tables.incidents import PostRow, PostVersionRow
from services.domain.assessment import Assessment
from services.domain.post import Post

POST = table_of(PostRow)
VERSION = table_of(PostVersionRow)


async def keep(connection: AsyncConnection, posts: Sequence[tuple[Post, Assessment]]) -> list[tuple[Post, Assessment]]:
    """Write those that read otherwise than the last version on file; returns them."""
    last = {key: versions[-1] for key, versions in (await _on_file(connection, [p.key for p, _ in posts])).items()}
    rows: list[dict[str, Any]] = []
    kept = []
    for post, assessment in posts:
        n, before = last[post.key]
        if _words(post) != _words(before):
            last[post.key] = n + 1, post
            rows.append(_row(n + 1, post, assessment))
            kept.append((post, assessment))
    if rows:
        await connection.execute(VERSION.insert(), rows)
    return kept


async def versions_of(connection: AsyncConnection, post_key: str) -> list[Post]:
    """Every version of a post, the first one first; empty where the post is not on file."""
    return [post for _, post in (await _on_file(connection, [post_key])).get(post_key, [])]


async def _on_file(connection: AsyncConnection, keys: Sequence[str]) -> dict[str, list[tuple[int, Post]]]:
    found: dict[str, list[tuple[int, Post]]] = {}
    for row in await connection.execute(select(POST.c.key, POST.c.body).where(POST.c.key.in_(keys))):
        found[row.key] = [(1, wire.decode_assessed(row.body)[0])]
    for row in await connection.execute(select(VERSION).where(VERSION.c.key.in_(keys)).order_by(VERSION.c.n)):
        found[row.key].append((row.n, wire.decode_assessed(row.body)[0]))
    return found


def _words(post: Post) -> tuple[str, str, str]:
    """What a reader sees; times and flags do not make a new version."""
    return post.title, post.text, post.author


def _row(n: int, post: Post, assessment: Assessment) -> dict[str, Any]:
    body = wire.encode_assessed(post, assessment)
    return {"key": post.key, "n": n, "collected_us": to_us(post.collected_at), "body": body}
