"""`--since`: what a source still shows of the past goes on its own topic and starts no clock."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services import topics
from services.domain.source import Source, SourceState
from services.domain.timestamps import DATE_ONLY
from services.usecases.collecting.contract import Box, Crowded, Entry
from services.usecases.collecting.gather import Tools, all_entries, further_pages, parse, with_articles
from services.usecases.collecting.harvest import Fresh, post_of
from services.usecases.collecting.look import message_of, publish_all
from services.usecases.collecting.recall import news_of

MAX_PAGES = 200
# Published and remembered together, with the articles that come within a minute.
BATCH = 10
ONE_DAY, NO_TIME = timedelta(days=1), timedelta(0)

_Shown = tuple[tuple[Entry, ...], tuple[Entry, ...]]


@dataclass(frozen=True, slots=True)
class Backfilled:
    """How many posts were published, and the times of the oldest and the newest of them."""

    source: Source
    published: int
    oldest: datetime | None = None
    newest: datetime | None = None


async def backfill(tools: Tools, source: Source, state: SourceState, since: datetime) -> Backfilled:
    """Publish what `source` shows from `since` on and did not bring before, with its articles.

    What came after the last look is left to the next one: that is news, and its clock must start. So is what a first
    look would take for news, where the history has not been read through, and what has no time or today's date only.

    Raises:
        FetchFailed, Crowded, NotAFeed, ParserKilled: the source cannot be read.
    """
    first = state.first_look(tools.clock.now())
    until = first - timedelta(days=tools.rules.first_look_days) if first else state.last_success_at
    assert until is not None
    done = Backfilled(source, 0)
    async with aclosing(_everything(tools, source, state)) as pieces:
        async for shown, behind in pieces:
            wanted = [entry for entry in shown if _is_between(entry, since, until)]
            wanted += [one for one in behind if _is_between(one, since, until) or not (first or one.published_at)]
            done = _together(done, await _bring(tools, source, wanted))
    return done


async def _bring(tools: Tools, source: Source, wanted: Sequence[Entry]) -> Backfilled:
    """Publish those of the entries that are not known, and remember them."""
    news = await news_of(tools, source, wanted)
    fresh = [item for item in news.fresh if item.seen.version == 1]
    for start in range(0, len(fresh), BATCH):
        await _publish(tools, source, fresh[start : start + BATCH])
    await tools.store.remember(source.id, news.moved)
    times = [item.entry.published_at for item in fresh if item.entry.published_at]
    return Backfilled(source, len(fresh), min(times, default=None), max(times, default=None))


def _together(one: Backfilled, other: Backfilled) -> Backfilled:
    times = [at for at in (one.oldest, one.newest, other.oldest, other.newest) if at]
    published = one.published + other.published
    return Backfilled(one.source, published, min(times, default=None), max(times, default=None))


async def _publish(tools: Tools, source: Source, fresh: Sequence[Fresh]) -> None:
    full, now = await with_articles(tools, source, fresh, len(fresh)), tools.clock.now()
    rests = [tools.rest_seconds(item.entry.url) for item in full if item.seen.articles_owed]
    if any(rests):
        raise Crowded(max(rests))
    messages = [message_of(tools.encode, post_of(source, item, now, backfill=True), item.seen) for item in full]
    await publish_all(tools.log, topics.POSTS_BACKFILLED, messages)
    # Nothing is owed: an article that comes at a look would come as news.
    await tools.store.remember(source.id, [replace(item.seen, articles_owed=0) for item in full])


async def _everything(tools: Tools, source: Source, state: SourceState) -> AsyncGenerator[_Shown]:
    """Piece by piece what looks see, and what stands on pages further back, which none will see any more."""
    box = tools.boxes.get(source.kind)
    if box is not None:
        async with box.sitting(source) as sitting, aclosing(_all_taken(tools, sitting, source, state)) as pieces:
            async for entries in pieces:
                yield entries, ()
        return
    deep = replace(source, board=replace(source.board, max_pages=MAX_PAGES)) if source.board else source
    parsed = await parse(tools, deep, await tools.fetcher.fetch(source.url, {}))
    pages, looked_at = (
        [parsed, *await further_pages(tools, deep, parsed)],
        source.board.max_pages if source.board else 1,
    )
    yield all_entries(pages[:looked_at]), all_entries(pages[looked_at:])


async def _all_taken(tools: Tools, box: Box, source: Source, state: SourceState) -> AsyncGenerator[tuple[Entry, ...]]:
    """All that a box holds, as much at once as it gives, but what the next look will find and take for news."""
    now, ahead = tools.clock.now(), frozenset[str]()
    if state.cursor and not state.reading_since:
        ahead = frozenset(entry.id for entry in (await box.take(source, state.cursor, now)).entries)
    cursor, more = "", True
    while more:
        taken = await box.take(source, cursor, now)
        yield tuple(entry for entry in taken.entries if entry.id not in ahead)
        cursor, more = taken.cursor, taken.more and taken.cursor != cursor


def _is_between(entry: Entry, since: datetime, until: datetime) -> bool:
    """Whether it was said then. A date without an hour reaches to the end of its day."""
    at = entry.published_at
    return at is not None and since <= at <= until - (ONE_DAY if DATE_ONLY in entry.flags else NO_TIME)
