"""收集: look at a source, publish what is new there, and only then remember having looked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.domain.source import Source


class NotAFeed(Exception):
    """The body is nothing this source could be read as. The argument is the reason in plain Chinese."""


class ParserKilled(Exception):
    """The worker was ended for its time or memory. The argument is the reason in plain Chinese."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a source, cleaned: plain text, an http(s) address or none, times aware and in UTC.

    `id` is the canonical identity and stays the same under changing guids, tracking parameters and mirrors of one
    address; it becomes `Post.id`. `published_at` is None when the source gave no time or an absurd one, and `flags`
    says so; `published_raw` is what it printed. `summary_only` means that the text behind `url` is longer.
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


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body as entries, in the order of the source. `next_page` is an absolute address (boards) or None."""

    entries: tuple[Entry, ...]
    ttl_seconds: int | None
    encoding: str
    flags: tuple[str, ...]
    next_page: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a source that is not fetched over HTTP (drop folder, mailbox) had after `cursor`, and the new cursor."""

    entries: tuple[Entry, ...]
    cursor: str
    flags: tuple[str, ...] = ()


class Parser(Protocol):
    """Bytes to entries, off the event loop, in a worker that can be killed."""

    async def parse(self, source: Source, body: bytes, headers: Mapping[str, str], now: datetime) -> Parsed:
        """The entries in `body`. `source.url` is the address the body finally came from; header names are lower case.

        Raises:
            NotAFeed: the body cannot be read as `source.kind`.
            ParserKilled: the worker passed its limits and was ended.
        """


class Box(Protocol):
    """A source that is not fetched over HTTP."""

    async def take(self, source: Source, cursor: str, now: datetime) -> Taken:
        """The entries after `cursor` ("" is the beginning). Taking the same cursor twice gives the same entries.

        Raises:
            NotAFeed: what lies there cannot be read.
        """
