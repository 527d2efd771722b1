"""舆情信息: one thing somebody said in public, as it came in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

MAX_TEXT_BYTES = 1024 * 1024
TEXT_CUT = "text_shortened"
ORIGINS = ("feed", "board", "hotline", "push", "mailbox", "manual", "drill")


@dataclass(frozen=True, slots=True)
class Post:
    """One post, cleaned at the door and never changed afterwards.

    `id` is unique within `source`; `key` is unique everywhere. Times are aware and in UTC.
    `collected_at` is when this system first saw it: the default start of the statutory clocks.
    `origin` is how it came (one of `ORIGINS`) and `vendor` who supplied it.
    `flags` says what was repaired at the door, in words (for example "control_characters_removed").
    `backfill` posts are stored and grouped but start no clock and ring no bell.
    """

    id: str
    source: str
    title: str
    text: str
    collected_at: datetime
    url: str = ""
    author: str = ""
    published_at: datetime | None = None
    origin: str = "push"
    vendor: str = ""
    backfill: bool = False
    flags: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """32 hexadecimal digits that name this post in every table and topic."""
        return post_key(self.source, self.id)

    @property
    def evidence(self) -> str:
        """64 hexadecimal digits over what was seen and when: name, source, author, title, text, address, time of fetch.

        The lengths stand in front, so that no word can move from one part to the next unnoticed.
        """
        fetched = self.collected_at.astimezone(UTC).isoformat()
        parts = (self.id, self.source, self.author, self.title, self.text, self.url, fetched)
        whole = f"{[len(part) for part in parts]}{''.join(parts)}"
        return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


@lru_cache(1 << 13)  # a post's key is asked for time and again while its batch is done
def post_key(source: str, post_id: str) -> str:
    """The key of the post that `source` calls `post_id`."""
    return hashlib.blake2b(f"{source}\x1f{post_id}".encode(), digest_size=16).hexdigest()


def shortened(text: str) -> tuple[str, tuple[str, ...]]:
    """The text, cut where it has more than `MAX_TEXT_BYTES`, and the flag that says so."""
    # A character takes at most four bytes, so most texts need not be encoded to be measured.
    if len(text) * 4 <= MAX_TEXT_BYTES or len(encoded := text.encode("utf-8", "replace")) <= MAX_TEXT_BYTES:
        return text, ()
    return encoded[:MAX_TEXT_BYTES].decode("utf-8", "ignore"), (TEXT_CUT,)
