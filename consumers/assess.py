"""研判: posts.collected → posts.assessed. The work is CPU-bound and done off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from consumers.pipe import Pipe
from services.adapters import wire
from services.domain.post import Post
from services.topics import POSTS_ASSESSED, POSTS_COLLECTED
from services.usecases.ports import Message, Received
from services.wiring import House


def assess_pipe(house: House, topic: str = POSTS_COLLECTED) -> Pipe:
    """Every post gets an answer, also the irrelevant: they stay in the log and out of the store."""

    async def take(items: Sequence[tuple[str, Post]]) -> None:
        messages = await asyncio.to_thread(_assess, house, items)
        await house.log.publish(POSTS_ASSESSED, messages)

    name = "assess" if topic == POSTS_COLLECTED else "assess-backfill"
    return Pipe(name, topic, _read, take, writes=POSTS_ASSESSED)


def _read(received: Received) -> tuple[str, Post]:
    return received.id, wire.decode_post(received.body)


def _assess(house: House, items: Sequence[tuple[str, Post]]) -> list[Message]:
    posts = [post for _, post in items]
    return [
        Message(message_id, post.key, wire.encode_assessed(post, assessment))
        for (message_id, post), assessment in zip(items, house.assessor.assess(posts), strict=True)
    ]
