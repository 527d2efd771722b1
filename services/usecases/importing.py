"""导入: posts that a person brings in as a file go the way of a source's, so that a second import adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services import topics
from services.domain.post import Post
from services.domain.source import Source
from services.usecases.collecting.contract import Entry
from services.usecases.collecting.gather import Tools
from services.usecases.collecting.harvest import fresh_entries, post_of
from services.usecases.collecting.look import message_of, publish_all


@dataclass(frozen=True, slots=True)
class Imported:
    """How many posts were published as new, how many as edits of known ones, and how many were known as they are."""

    new: int = 0
    edited: int = 0
    known: int = 0

    def __add__(self, other: Imported) -> Imported:
        return Imported(self.new + other.new, self.edited + other.edited, self.known + other.known)


async def bring_in(tools: Tools, source: Source, entries: Sequence[Entry], *, backfill: bool = False) -> Imported:
    """Publish what is new or edited among `entries`, and only then remember it.

    `backfill` entries are stored and grouped but start no clock.
    """
    now = tools.clock.now()
    known = await tools.store.known(source.id, [entry.id for entry in entries])
    fresh = fresh_entries(entries, known, now)
    messages = [message_of(tools.encode, post_of(source, item, now, backfill), item.seen) for item in fresh]
    await publish_all(tools.log, topics.POSTS_BACKFILLED if backfill else topics.POSTS_COLLECTED, messages)
    await tools.store.remember(source.id, [item.seen for item in fresh])
    edited = sum(item.seen.version > 1 for item in fresh)
    return Imported(len(fresh) - edited, edited, len(entries) - len(fresh))


def entry_of(post: Post) -> Entry:
    """A post as an entry of its source; its text is whole."""
    return Entry(
        id=post.id,
        url=post.url,
        title=post.title,
        text=post.text,
        author=post.author,
        published_at=post.published_at,
        published_raw=post.published_at.isoformat() if post.published_at else "",
        flags=post.flags,
        summary_only=False,
        vendor=post.vendor,
    )
