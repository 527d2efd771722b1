"""One look at one source.

1. Ask the server whether anything changed (ETag, Last-Modified, the body's hash).
2. Parse what came, in a worker that can be killed.
3. Keep the entries that are new or edited; fetch the article where the source gives only a summary.
4. Publish them.
5. Only then remember: items, ETag, when to look again. A crash before this repeats the look and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services import topics
from services.domain import rhythm
from services.domain.post import Post
from services.domain.source import Failure, Source, SourceState
from services.usecases.collecting.contract import (
    Claimed,
    Crowded,
    FetchFailed,
    NotAFeed,
    ParserKilled,
    Seen,
)
from services.usecases.collecting.gather import Gathered, Tools, gather, with_articles
from services.usecases.collecting.harvest import Fresh, post_of
from services.usecases.collecting.recall import News, news_of
from services.usecases.ports import Log, Message, NotNow

PUBLISH_BATCH = 500
NOT_NOW_SECONDS = 5
MAX_NOTE = 1000


class Result(StrEnum):
    """How a look ended."""

    NEW = "new"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look did. `state` is what is now remembered; `became_silent` asks for an alert, once per silence.

    `notes` say in plain Chinese what a look that worked had to leave out, and where the source has moved to.
    """

    source: Source
    result: Result
    state: SourceState
    published: int = 0
    became_silent: bool = False
    notes: tuple[str, ...] = ()


class Collector:
    """Looks at claimed sources."""

    def __init__(self, tools: Tools) -> None:
        self._tools, self._rules = tools, tools.rules

    async def look(self, claimed: Claimed) -> Outcome:
        """Look once. A failure of the source is an outcome, not an exception.

        Raises:
            NotNow: the log or the database is not usable; the lease was given back if that was possible.
        """
        source, state = claimed.source, claimed.state
        try:
            return await self._looked(source, state)
        except Crowded as crowded:
            return await self._postponed(source, state, crowded.seconds)
        except FetchFailed as failed:
            wait = rhythm.wait_from_headers(failed.headers, self._now())
            return await self._failed(source, state, failed.kind, failed.reason, wait)
        except NotAFeed as refused:
            return await self._failed(source, state, Failure.NOT_A_FEED, str(refused))
        except ParserKilled as killed:
            return await self._failed(source, state, Failure.PARSER_KILLED, str(killed))
        except NotNow:
            await self._tools.store.postpone(source.id, self._now() + timedelta(seconds=NOT_NOW_SECONDS))
            raise

    async def give_up(self, claimed: Claimed, reason: str) -> Outcome:
        """Record a look that ended in an error of our own, so that the source is seen to fail and others go on."""
        return await self._failed(claimed.source, claimed.state, Failure.NOT_A_FEED, reason)

    async def _looked(self, source: Source, state: SourceState) -> Outcome:
        gathered = await gather(self._tools, source, state)
        if gathered.entries is None:
            return await self._advanced(source, state, gathered, News([], []))
        news = await news_of(self._tools, source, gathered.entries)
        owing = [*news.fresh, *news.late]
        full = await with_articles(self._tools, source, owing, self._rules.articles_per_look)
        await self._publish(source, state, [item for item in full if item.is_news])
        if any(item.seen.articles_owed for item in full):
            gathered = gathered.unmarked().waiting(self._tools.rest_seconds(source.url))
        return await self._advanced(source, state, gathered, News(full, news.moved))

    async def _publish(self, source: Source, state: SourceState, fresh: Sequence[Fresh]) -> None:
        now = self._now()
        news: list[Message] = []
        old: list[Message] = []
        for item in fresh:
            backfill = self._is_old(state, item, now)
            post = post_of(source, item, now, backfill)
            (old if backfill else news).append(message_of(self._tools.encode, post, item.seen))
        await publish_all(self._tools.log, topics.POSTS_COLLECTED, news)
        await publish_all(self._tools.log, topics.POSTS_BACKFILLED, old)

    def _is_old(self, state: SourceState, item: Fresh, now: datetime) -> bool:
        days, printed = self._rules.first_look_days, item.entry.published_at
        first = now if item.late else state.first_look(now)
        return bool(first and days and printed and first - printed > timedelta(days=days))

    async def _advanced(self, source: Source, state: SourceState, gathered: Gathered, news: News) -> Outcome:
        published = tuple(e.published_at for e in gathered.entries or () if e.published_at)
        new = sum(item.seen.version == 1 and not item.late for item in news.fresh)
        seen, sent = [item.seen for item in news.fresh], sum(item.is_news for item in news.fresh)
        looked, now = rhythm.Looked(new, published, gathered.wait_seconds, gathered.more), self._now()
        after = rhythm.after_success(source, gathered.marked(state), now, looked, self._rules.pace)
        reading = state.first_look(now) if gathered.more else None
        after = replace(after, last_error="；".join(gathered.told)[:MAX_NOTE], reading_since=reading)
        await self._tools.store.advance(after, [*seen, *news.moved])
        result = Result.NEW if sent else Result.UNCHANGED
        return Outcome(source, result, after, sent, _became_silent(state, after), gathered.notes)

    async def _failed(
        self, source: Source, state: SourceState, kind: Failure, reason: str, wait: float = 0.0
    ) -> Outcome:
        failed = rhythm.Failed(kind, reason, wait)
        after = rhythm.after_failure(source, state, self._now(), failed, self._rules.pace)
        await self._tools.store.advance(after, [])
        return Outcome(source, Result.FAILED, after, became_silent=_became_silent(state, after))

    async def _postponed(self, source: Source, state: SourceState, seconds: float) -> Outcome:
        until = self._now() + timedelta(seconds=seconds)
        await self._tools.store.postpone(source.id, until)
        return Outcome(source, Result.POSTPONED, replace(state, next_check_at=until))

    def _now(self) -> datetime:
        return self._tools.clock.now()


def message_of(encode: Callable[[Post], bytes], post: Post, seen: Seen) -> Message:
    """The post as a message. The version is part of an edit's id: a text changed back is news again."""
    key, version = post.key, f":{seen.version}" if seen.version > 1 else ""
    return Message(id=f"{key}:{seen.content_hash}{version}", key=key, body=encode(post))


async def publish_all(log: Log, topic: str, messages: Sequence[Message]) -> None:
    """Publish in batches; returns when every message is durable."""
    for start in range(0, len(messages), PUBLISH_BATCH):
        await log.publish(topic, messages[start : start + PUBLISH_BATCH])


def _became_silent(before: SourceState, after: SourceState) -> bool:
    return after.silent_since is not None and before.silent_since is None
