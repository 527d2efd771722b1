"""What lies at a source now: one conditional request and its pages, or a box that is emptied."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.domain import rhythm
from services.domain.post import Post
from services.domain.remarks import DEAD, remark
from services.domain.source import Failure, Refusal, Source, SourceKind, SourceState, host_of
from services.usecases.collecting.contract import (
    Article,
    Articles,
    Box,
    Crowded,
    Entry,
    Fetched,
    Fetcher,
    FetchFailed,
    NotAFeed,
    Parsed,
    Parser,
    ParserKilled,
    SourceStore,
    Taken,
)
from services.usecases.collecting.harvest import Fresh, completed
from services.usecases.collecting.rules import Rules
from services.usecases.ports import Clock, Log

HTTP_NOT_MODIFIED = 304
# News must not wait for the last article, and the look must end before its lease does.
ARTICLES_WITHIN = timedelta(seconds=60)
# What a parser leaves out or no longer finds is told to people; its other flags stay with the posts.
TOLD = ("entries_cut", DEAD)
TOLD_MOST = 100


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything a look needs from the world. `boxes` are the kinds that are not fetched over HTTP.

    `resting` are hosts that asked at an article to be left alone, and until when.
    """

    fetcher: Fetcher
    parser: Parser
    store: SourceStore
    log: Log
    clock: Clock
    encode: Callable[[Post], bytes]
    rules: Rules
    boxes: Mapping[SourceKind, Box] = field(default_factory=dict)
    articles: Articles | None = None
    resting: dict[str, datetime] = field(default_factory=dict)

    def rest_seconds(self, url: str) -> float:
        """How long the host of `url` still wants no request for an article."""
        until = self.resting.get(host_of(url))
        return max((until - self.clock.now()).total_seconds(), 0.0) if until else 0.0

    def rest(self, url: str, busy: FetchFailed) -> None:
        """Remember what the host of `url` asked for; those whose time is over are forgotten."""
        now = self.clock.now()
        wished = timedelta(seconds=min(rhythm.wait_from_headers(busy.headers, now), rhythm.CEILING_SECONDS))
        for host in [host for host, until in self.resting.items() if until <= now]:
            del self.resting[host]
        self.resting[host_of(url)] = now + max(wished, self.rules.busy_for)


@dataclass(frozen=True, slots=True)
class Gathered:
    """`entries` is None when nothing changed since the last look. The marks are what the next request will show.

    `notes` say in plain Chinese what was left out now and where the source has moved to, `refused` what was left out
    at any look and still stands there. `more` says that the source has more than this look took.
    """

    entries: tuple[Entry, ...] | None
    wait_seconds: float = 0.0
    ttl_seconds: int = 0
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    cursor: str = ""
    notes: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    more: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """What people are shown of the source after this look."""
        return tuple(dict.fromkeys((*self.notes, *(one.reason for one in self.refused))))

    def waiting(self, seconds: float) -> Gathered:
        """The same, with the next look not before then."""
        return replace(self, wait_seconds=max(self.wait_seconds, seconds))

    def unmarked(self) -> Gathered:
        """The same, so that the next request brings everything again, changed or not."""
        return replace(self, etag="", last_modified="", body_hash="")

    def marked(self, state: SourceState) -> SourceState:
        """The state with these marks, to be stored after publishing."""
        return replace(
            state,
            etag=self.etag,
            last_modified=self.last_modified,
            body_hash=self.body_hash,
            ttl_seconds=self.ttl_seconds,
            cursor=self.cursor or state.cursor,
            refused=self.refused,
        )


async def gather(tools: Tools, source: Source, state: SourceState) -> Gathered:
    """The entries at the source now.

    Raises:
        FetchFailed, Crowded, NotAFeed, ParserKilled: why there are none.
    """
    box = tools.boxes.get(source.kind)
    if box is not None:
        now = tools.clock.now()
        return _boxed(await box.take(source, state.cursor, now), state, now - tools.rules.letter_told_for)
    if source.kind not in (SourceKind.FEED, SourceKind.BOARD):
        raise NotAFeed(f"没有配置读取 {source.kind.value} 类信息源的方式")
    fetched = await tools.fetcher.fetch(source.url, conditions(state))
    asked, notes = rhythm.wait_from_headers(fetched.headers, tools.clock.now()), moved_notes(fetched)
    # A feed that has not changed asks what it asked when it was read.
    unchanged = (None, max(asked, state.ttl_seconds), state.ttl_seconds)
    digest = hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
    if fetched.status == HTTP_NOT_MODIFIED:
        marks = (state.etag, state.last_modified, state.body_hash)
        return Gathered(*unchanged, *marks, notes=notes, refused=state.refused)
    etag, modified = fetched.headers.get("etag", ""), fetched.headers.get("last-modified", "")
    if digest == state.body_hash:
        return Gathered(*unchanged, etag, modified, digest, notes=notes, refused=state.refused)
    parsed = await parse(tools, source, fetched)
    entries = all_entries([parsed, *await further_pages(tools, source, parsed)])
    left_out = tuple(remark(flag) for flag in parsed.flags if flag.startswith(TOLD))
    refused, ttl = tuple(Refusal(source.url, flag, tools.clock.now()) for flag in left_out), parsed.ttl_seconds or 0
    wait = max(asked, ttl)
    return Gathered(entries, wait, ttl, etag, modified, digest, notes=notes + left_out, refused=refused)


def _boxed(taken: Taken, state: SourceState, told_since: datetime) -> Gathered:
    """A box that has never shown anything has its history still before it."""
    anew = {one.name for one in taken.refused}
    standing = [one for one in state.refused if one.name not in anew and _stands(one, taken, told_since)]
    refused, more = (*taken.refused, *standing)[:TOLD_MOST], taken.more or not taken.cursor
    return Gathered(taken.entries, cursor=taken.cursor, notes=taken.reasons, refused=refused, more=more)


def _stands(one: Refusal, taken: Taken, told_since: datetime) -> bool:
    return one.at > told_since if taken.there is None else one.name in taken.there


def moved_notes(fetched: Fetched) -> tuple[str, ...]:
    """What to tell people where the server says that the address has changed for good.

    The address itself is not changed here: it is the operator's, and a login page on the way says 301 too.
    """
    return (f"对方称地址已永久改为 {fetched.moved[:300]}，请核对后更新配置",) if fetched.moved else ()


def conditions(state: SourceState) -> dict[str, str]:
    """The headers that let the server answer 304."""
    headers = {"if-none-match": state.etag, "if-modified-since": state.last_modified}
    return {name: value for name, value in headers.items() if value}


async def parse(tools: Tools, source: Source, fetched: Fetched) -> Parsed:
    """The body's entries, links read against the address it finally came from."""
    located = replace(source, url=fetched.url)
    return await tools.parser.parse(located, fetched.body, fetched.headers, tools.clock.now())


async def further_pages(tools: Tools, source: Source, first: Parsed) -> list[Parsed]:
    """Pages 2 … max_pages of a board. A page that fails is left for the next look: page 1 is what matters."""
    found: list[Parsed] = []
    address, pages = first.next_page, source.board.max_pages if source.board else 1
    visited = {source.url}
    while address and pages > 1 and address not in visited:
        visited.add(address)
        try:
            parsed = await parse(tools, source, await tools.fetcher.fetch(address, {}))
        except (FetchFailed, Crowded, NotAFeed, ParserKilled):
            break
        found.append(parsed)
        address, pages = parsed.next_page, pages - 1
    return found


def all_entries(pages: Iterable[Parsed]) -> tuple[Entry, ...]:
    """Those of every page, in their order."""
    return tuple(entry for page in pages for entry in page.entries)


async def with_articles(tools: Tools, source: Source, fresh: Sequence[Fresh], limit: int) -> list[Fresh]:
    """The same items, with the article behind each summary where the source is configured for it.

    What is remembered stays the hash of the summary, so that the page is not fetched again at the next look, and how
    often an article that did not come will be tried for again.
    """
    if not (source.full_text and tools.articles):
        return list(fresh)
    done, left = [], limit
    until = tools.clock.now() + ARTICLES_WITHIN
    for item in fresh:
        if not (item.entry.summary_only and item.entry.url):
            done.append(item)
            continue
        in_time = left > 0 and tools.clock.now() < until and not tools.rest_seconds(item.entry.url)
        article = await _article(tools, source, item.entry.url) if in_time else None
        left -= 1
        done.append(completed(item, article, tools.rules.article_tries))
    return done


async def _article(tools: Tools, source: Source, url: str) -> Article | None:
    """The article at `url`, or an empty one: a summary today is better than an article that never comes.

    None where the page was not asked for.
    """
    assert tools.articles is not None
    try:
        fetched = await tools.fetcher.fetch(url, {})
        return await tools.articles.article(source, fetched.body, fetched.headers)
    except FetchFailed as failed:
        if failed.kind is Failure.BUSY:
            tools.rest(url, failed)
        return Article("")
    except Crowded:
        return None
    except (NotAFeed, ParserKilled):
        return Article("")
