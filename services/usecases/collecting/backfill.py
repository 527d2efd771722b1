"""`--since`: what a source still shows of the past goes on its own topic and starts no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services import topics
from services.domain.source import Source, SourceState
from services.usecases.collecting.contract import Entry
from services.usecases.collecting.gather import Tools, further_pages, parse
from services.usecases.collecting.harvest import post_of
from services.usecases.collecting.look import Rules, message_of, publish_all
from services.usecases.collecting.recall import news_of

MAX_PAGES = 200


@dataclass(frozen=True, slots=True)
class Backfilled:
    """How many posts were published, and the times of the oldest and the newest of them."""

    source: Source
    published: int
    oldest: datetime | None = None
    newest: datetime | None = None


async def backfill(
    tools: Tools, source: Source, state: SourceState, since: datetime, rules: Rules | None = None
) -> Backfilled:
    """Publish what `source` shows from `since` on and did not bring before.

    What came after the last look is left to the next one: that is news, and its clock must start. So is what a first
    look would take for news, where there has been none.

    Raises:
        FetchFailed, Crowded, NotAFeed, ParserKilled: the source cannot be read.
    """
    entries = await _everything(tools, source)
    until = state.last_success_at
    if until is None:
        until = tools.clock.now() - timedelta(days=(rules or Rules()).first_look_days)
        entries = tuple(entry for entry in entries if entry.published_at)
    wanted = list(_between(entries, since, until))
    news, now = await news_of(tools, source, wanted), tools.clock.now()
    fresh = [item for item in news.fresh if item.seen.version == 1]
    messages = [message_of(tools.encode, post_of(source, item, now, backfill=True), item.seen) for item in fresh]
    await publish_all(tools.log, topics.POSTS_BACKFILLED, messages)
    await tools.store.remember(source.id, [*(item.seen for item in fresh), *news.moved])
    times = [item.entry.published_at for item in fresh if item.entry.published_at]
    return Backfilled(source, len(fresh), min(times, default=None), max(times, default=None))


async def _everything(tools: Tools, source: Source) -> tuple[Entry, ...]:
    box = tools.boxes.get(source.kind)
    if box is not None:
        return (await box.take(source, "", tools.clock.now())).entries
    deep = replace(source, board=replace(source.board, max_pages=MAX_PAGES)) if source.board else source
    parsed = await parse(tools, deep, await tools.fetcher.fetch(source.url, {}))
    return parsed.entries + await further_pages(tools, deep, parsed)


def _between(entries: Iterable[Entry], since: datetime, until: datetime) -> Iterable[Entry]:
    """Entries without a time are taken: they stand on the page, and no clock is at stake."""
    return (entry for entry in entries if entry.published_at is None or since <= entry.published_at <= until)
