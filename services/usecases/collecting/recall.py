"""What of the entries is news: not what was published before, be it under another address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from services.domain.identity import fingerprint
from services.domain.source import Source, SourceKind
from services.usecases.collecting.contract import Entry, Seen
from services.usecases.collecting.gather import Tools
from services.usecases.collecting.harvest import Fresh, fresh_entries

# 内部规定. After that the same words are said again, not moved.
REPUBLISHED_WITHIN = timedelta(days=30)
# A page may move; the number of a petition or a letter is its own, and many people send the same text.
WITH_ADDRESSES = (SourceKind.FEED, SourceKind.BOARD)


@dataclass(frozen=True, slots=True)
class News:
    """What must be published, and what is only remembered: posts of this source that moved to another address."""

    fresh: list[Fresh]
    moved: list[Seen]

    @property
    def seen(self) -> list[Seen]:
        """Everything to remember once `fresh` is published."""
        return [*(item.seen for item in self.fresh), *self.moved]


async def news_of(tools: Tools, source: Source, entries: Sequence[Entry]) -> News:
    """Compare with what is remembered of the source. An edit at a new address is an edit of the post that moved."""
    now = tools.clock.now()
    known = await tools.store.known(source.id, list({entry.id for entry in entries}))
    fresh = fresh_entries(entries, known, now)
    new = [item.seen.content_hash for item in fresh if item.seen.version == 1]
    if not new or source.kind not in WITH_ADDRESSES:
        return News(fresh, [])
    twins = await tools.store.same_words(source.id, new, now - REPUBLISHED_WITHIN)
    moved = [_moved(item, twins[item.seen.content_hash]) for item in fresh if _is_moved(item, twins)]
    gone = {seen.item_id for seen in moved}
    return News([item for item in fresh if item.seen.item_id not in gone], moved)


def _is_moved(item: Fresh, twins: dict[str, Seen]) -> bool:
    known = item.seen.version == 1 and item.seen.content_hash in twins
    return known and bool(fingerprint(item.entry.title, item.entry.text))


def _moved(item: Fresh, twin: Seen) -> Seen:
    return replace(item.seen, version=twin.version, post_id=twin.post_id or twin.item_id)
