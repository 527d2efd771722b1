"""信息源: a place where people speak in public, and what is known about looking there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"
    BOARD = "board"
    HOTLINE = "hotline"
    MAILBOX = "mailbox"


# The class of sources where residents write themselves, of whichever kind: 留言板、百姓谈、市长信箱.
PETITIONS = "board"


class Failure(StrEnum):
    """Why a look at a source brought nothing. The weight of each kind is in `rhythm.WEIGHTS`."""

    GONE = "gone"
    REFUSED = "refused"
    NOT_A_FEED = "not_a_feed"
    PARSER_KILLED = "parser_killed"
    TOO_LARGE = "too_large"
    SERVER = "server"
    BUSY = "busy"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class BoardSelectors:
    """CSS selectors of a list page without a feed. `link` and `title` are looked up inside one `item`.

    `body` empty means that the text stands behind the link; `next_page` empty means that there is one page.
    """

    item: str
    link: str = "a"
    title: str = "a"
    time: str = ""
    body: str = ""
    author: str = ""
    next_page: str = ""
    max_pages: int = 1


@dataclass(frozen=True, slots=True)
class Source:
    """One configured source. `id` is also `Post.source` of everything that comes from it.

    `url` is http(s) for feeds and boards, a folder for hotline drops, imap(s) for a mailbox. `floor_seconds` is never
    undercut, and only a server's own wish (TTL, Retry-After) or failures go above `ceiling_seconds`. Nothing new within
    `expected_seconds` makes the source 静默 (silent); 0 takes the period from the source's own rhythm.
    `mainland` puts GB18030 before statistical detection. `options` are the kind's own settings (a column mapping,
    a mail folder), read by the adapter of that kind.
    """

    id: str
    url: str
    name: str = ""
    kind: SourceKind = SourceKind.FEED
    source_class: str = "media"
    vendor: str = ""
    floor_seconds: int = 120
    ceiling_seconds: int = 86_400
    expected_seconds: int = 0
    full_text: bool = False
    mainland: bool = True
    board: BoardSelectors | None = None
    options: tuple[tuple[str, str], ...] = ()
    enabled: bool = True

    @property
    def many_voices(self) -> bool:
        """Whether many people may send one text here, each a post of its own."""
        return self.kind is not SourceKind.FEED or self.source_class == PETITIONS


def host_of(url: str) -> str:
    """What requests are spaced by, in lower case. Addresses without a host (a folder) share nothing: ""."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


HIDDEN = "***"


def without_password(url: str) -> str:
    """The address as it may be shown and handed on: http://user:***@host/."""
    start, mark, rest = url.partition("://")
    account, at, _ = rest.partition("/")[0].rpartition("@")
    user, colon, _ = account.partition(":")
    return f"{start}{mark}{user}:{HIDDEN}@{rest[len(account) + 1 :]}" if at and colon else url


def has_another_history(before: Source, after: Source) -> bool:
    """Whether `after` has to be read from its beginning: another place, another account, other columns."""
    return _history(before) != _history(after)


def _history(source: Source) -> tuple[object, ...]:
    account = source.kind is SourceKind.MAILBOX
    return source.kind, source.url, *(option for option in source.options if not account or option[0] == "user")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something at a source that could not be read. `reason` is in plain Chinese.

    `name` is that of the file, letter or page. All refusals of one name stand until that is read anew or gone.
    """

    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the last looks at a source left behind. Times are aware and in UTC.

    `interval_seconds` is the present distance between two looks; `gap_seconds` the smoothed distance between two new
    items (0: not known yet). `failure_weight` is the sum of the weights of the failures in a row. `cursor` belongs to
    the kinds that are not fetched over HTTP. `broke_news_at` is when an incident last began here. `quarantined` is
    the reason why a source is looked at rarely (隔离). `ttl_seconds` is how long the feed asked to be left
    alone when it was last read. `reading_since` is when a history was begun to be read that has not been read through;
    `refused` is what could not be read and still stands.
    """

    source_id: str
    next_check_at: datetime
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    cursor: str = ""
    interval_seconds: float = 0.0
    gap_seconds: float = 0.0
    last_checked_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    first_checked_at: datetime | None = None
    failures_in_row: int = 0
    failure_weight: float = 0.0
    last_failure: str = ""
    last_error: str = ""
    quarantined: str = ""
    silent_since: datetime | None = None
    broke_news_at: datetime | None = None
    items_total: int = 0
    ttl_seconds: int = 0
    reading_since: datetime | None = None
    refused: tuple[Refusal, ...] = ()

    def first_look(self, now: datetime) -> datetime | None:
        """When the look began that reads what lay there before, be it this one; None once it has been read through."""
        return now if self.last_success_at is None else self.reading_since
