"""What collecting needs: something that fetches, something that parses, and a memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.identity import OPENING, Wording
from services.domain.source import Failure, Refusal, Source, SourceState

UNKNOWN = Wording("", "")


class NotAFeed(Exception):
    """The body is nothing this source could be read as. The argument is the reason in plain Chinese."""


class FetchFailed(Exception):
    """Nothing came. `reason` is in plain Chinese; `headers` may carry Retry-After."""

    def __init__(self, kind: Failure, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.headers = kind, reason, headers or {}


class Crowded(Exception):
    """Too many are waiting for this host: come back in `seconds`. Nothing was sent."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"host busy for {seconds:.0f} s")
        self.seconds = seconds


class ParserKilled(Exception):
    """The worker was ended for its time or memory. The argument is the reason in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a source, cleaned: plain text, an http(s) address or none, times aware and in UTC.

    `id` is the canonical identity and stays the same under changing guids, tracking parameters and mirrors of one
    address; it becomes `Post.id`. `published_at` is None when the source gave no time or an absurd one, and `flags`
    says so; `published_raw` is what it printed. `summary_only` means that the text behind `url` is longer. `words` is
    the content hash of title and text where the reader has worked it out, else "". `vendor` is who supplied this one
    item, where the item itself says so. `guid` is the name the source gives it, "" for none.
    """

    id: str
    url: str
    title: str
    text: str
    author: str
    published_at: datetime | None
    published_raw: str
    flags: tuple[str, ...]
    summary_only: bool
    words: str = ""
    vendor: str = ""
    guid: str = ""

    @property
    def wording(self) -> Wording:
        """What is remembered of the words, to tell an edit from another matter at the same address."""
        return Wording(self.title, self.text[:OPENING], self.guid)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body as entries, in the order of the source. `next_page` is an absolute address (boards) or None."""

    entries: tuple[Entry, ...]
    ttl_seconds: int | None
    encoding: str
    flags: tuple[str, ...]
    next_page: str | None


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row of an export that was not taken in: where a person finds it, and why."""

    file: str
    number: int
    field: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file} 第 {self.number} 行"
        return f"{place}，{self.field}：{self.reason}" if self.field else f"{place}：{self.reason}"


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows of one export. `ended` says in plain Chinese why it was not read, or not to its end; "" if it was."""

    entries: tuple[Entry, ...]
    refused: tuple[RefusedRow, ...]
    ended: str = ""

    @property
    def ending(self) -> str:
        """The reason, and how much of the file came in all the same."""
        return f"{self.ended}；此前的 {len(self.entries)} 条已读入" if self.ended and self.entries else self.ended


@dataclass(frozen=True, slots=True)
class Taken:
    """What a source that is not fetched over HTTP (drop folder, mailbox) had after `cursor`, and the new cursor.

    `refused` is what could not be read, `there` the names of all that lies there now, None where that is not known.
    `more` says that not everything behind the cursor has been taken.
    """

    entries: tuple[Entry, ...]
    cursor: str
    refused: tuple[Refusal, ...] = ()
    more: bool = False
    there: frozenset[str] | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why something was refused, in plain Chinese."""
        return tuple(one.reason for one in self.refused)


class Parser(Protocol):
    """Bytes to entries, off the event loop, in a worker that can be killed."""

    async def parse(self, source: Source, body: bytes, headers: Mapping[str, str], now: datetime) -> Parsed:
        """The entries in `body`. `source.url` is the address the body finally came from; header names are lower case.

        Raises:
            NotAFeed: the body cannot be read as `source.kind`.
            ParserKilled: the worker passed its limits and was ended.
        """


@dataclass(frozen=True, slots=True)
class Article:
    """The article on a page as plain text, "" where there is none; `flags` say what its bytes had to be repaired of."""

    text: str
    flags: tuple[str, ...] = ()


class Articles(Protocol):
    """The article on a page, off the event loop, under the parser's limits."""

    async def article(self, source: Source, body: bytes, headers: Mapping[str, str]) -> Article:
        """The page without menus and footers.

        Raises:
            ParserKilled: the worker passed its limits and was ended.
        """


class Box(Protocol):
    """A source that is not fetched over HTTP."""

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """The entries after `cursor` ("" is the beginning). Taking the same cursor twice gives the same entries.

        Raises:
            NotAFeed: what lies there cannot be read.
        """

    def sitting(self, source: Source) -> AbstractAsyncContextManager[Box]:
        """The same box for several takes in a row, until the block ends: what must be opened is opened once."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: `status` 200 with the body after decompression, or 304 with none. `url` is where it came from.

    `moved` is the address that is to be asked from now on, by the server's own word (RFC 9110 §15.4.2, §15.4.9); "" for
    the one that was asked.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    moved: str = ""


class Fetcher(Protocol):
    """HTTP under guard and limits, polite to every host."""

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Fetched:
        """The answer to a GET with these headers, redirects followed.

        Raises:
            FetchFailed: anything but 200 and 304.
            Crowded: the host's turn is too far away; nothing was sent.
        """


@dataclass(frozen=True, slots=True)
class Seen:
    """What is remembered of one item: the hash of its words, how they begin, and how often they have changed.

    `post_id` is the post it belongs to where that was first published under another address; "" for its own. `printed`
    is the time as the source printed it. `articles_owed` is how often the article behind it will still be tried for.
    """

    item_id: str
    content_hash: str
    version: int
    url: str
    at: datetime
    post_id: str = ""
    wording: Wording = UNKNOWN
    printed: str = ""
    articles_owed: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A source that is this collector's alone until the lease ends."""

    source: Source
    state: SourceState


class SourceStore(Protocol):
    """The memory of every source, shared by all collectors."""

    async def claim(self, now: datetime, limit: int) -> list[Claimed]:
        """Up to `limit` due sources, most overdue first, leased to this collector.

        `next_check_at` is set ahead before this returns. A source whose lease ran out is due again. Sources of a host
        that another collector is looking at are left to it.
        """

    async def known(self, source_id: str, item_ids: Sequence[str]) -> dict[str, Seen]:
        """Those of `item_ids` that were published before."""

    async def same_words(self, source_id: str, hashes: Sequence[str], since: datetime) -> dict[str, list[Seen]]:
        """The items of this source with these words, by content hash, published since then, oldest first."""

    async def advance(self, state: SourceState, seen: Sequence[Seen]) -> None:
        """Remember the look and the items, and give the lease back, in one transaction."""

    async def remember(self, source_id: str, seen: Sequence[Seen]) -> None:
        """Remember items without a look (back-fill)."""

    async def postpone(self, source_id: str, until: datetime) -> None:
        """Give the lease back unused."""
