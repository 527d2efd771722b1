"""`huiying source test`: one look that publishes nothing and remembers nothing, told in full."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain import rhythm
from services.domain.post import Post
from services.domain.source import Source, SourceKind, SourceState
from services.usecases.collecting.contract import Crowded, Entry, FetchFailed, NotAFeed, ParserKilled
from services.usecases.collecting.gather import Tools, all_entries, further_pages, moved_notes, parse, with_articles
from services.usecases.collecting.harvest import fresh_entries, post_of

ARTICLES = 3
# A look waits until a file is at rest; a trial is of what has just been put there.
AT_REST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Examined:
    """What a look would store, and why something would be refused.

    `failure` is empty when the source can be read, else the reason in plain Chinese. `flags` concern the whole body;
    what was repaired in one post is on the post. `next_check_at` is when the next look would be.
    """

    source: Source
    failure: str = ""
    url: str = ""
    bytes_read: int = 0
    encoding: str = ""
    flags: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    printed_times: tuple[str, ...] = ()
    next_check_at: datetime | None = None
    validators: tuple[str, ...] = ()


async def examine(tools: Tools, source: Source) -> Examined:
    """Look at `source` without publishing or remembering anything."""
    try:
        if source.kind in (SourceKind.FEED, SourceKind.BOARD):
            return await _examine_page(tools, source)
        return await _examine_box(tools, source)
    except (FetchFailed, NotAFeed, ParserKilled) as refused:
        return Examined(source, failure=str(refused))
    except Crowded as crowded:
        return Examined(source, failure=f"该主机正忙，请 {crowded.seconds:.0f} 秒后再试")


async def _examine_page(tools: Tools, source: Source) -> Examined:
    fetched = await tools.fetcher.fetch(source.url, {})
    parsed = await parse(tools, source, fetched)
    entries = all_entries([parsed, *await further_pages(tools, source, parsed)])
    posts, printed = await _posts(tools, source, entries)
    wait = max(rhythm.wait_from_headers(fetched.headers, tools.clock.now()), parsed.ttl_seconds or 0)
    return Examined(
        source,
        url=fetched.url,
        bytes_read=len(fetched.body),
        encoding=parsed.encoding,
        flags=(*parsed.flags, *moved_notes(fetched)),
        posts=posts,
        printed_times=printed,
        next_check_at=_next_check(tools, source, entries, wait),
        validators=tuple(name for name in ("etag", "last-modified") if fetched.headers.get(name)),
    )


async def _examine_box(tools: Tools, source: Source) -> Examined:
    box = tools.boxes.get(source.kind)
    if box is None:
        return Examined(source, failure=f"没有配置读取 {source.kind.value} 类信息源的方式")
    taken = await box.take(source, "", tools.clock.now() + AT_REST)
    posts, printed = await _posts(tools, source, taken.entries)
    return Examined(source, url=source.url, flags=taken.reasons, posts=posts, printed_times=printed)


async def _posts(tools: Tools, source: Source, entries: tuple[Entry, ...]) -> tuple[tuple[Post, ...], tuple[str, ...]]:
    """The posts, and the time of each as it was printed: an item that stands on two pages is one post."""
    now = tools.clock.now()
    full = await with_articles(tools, source, fresh_entries(entries, {}, now), ARTICLES)
    return tuple(post_of(source, item, now) for item in full), tuple(item.seen.printed for item in full)


def _next_check(tools: Tools, source: Source, entries: tuple[Entry, ...], wait: float) -> datetime:
    now = tools.clock.now()
    published = tuple(entry.published_at for entry in entries if entry.published_at)
    state = SourceState(source.id, next_check_at=now)
    looked = rhythm.Looked(len(entries), published, wait)
    return rhythm.after_success(source, state, now, looked, tools.rules.pace).next_check_at
