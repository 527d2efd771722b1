"""Entries to posts: which are new, which were edited, and what each is called on the topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.domain.identity import content_hash
from services.domain.post import Post, shortened
from services.domain.source import Source
from services.usecases.collecting.contract import Article, Entry, Seen

FETCHED, MISSING = "full_text_fetched", "full_text_missing"
SHORT_ARTICLE = 40
"""Characters."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """An entry that must be published, under the id of its post, and what will be remembered of it afterwards.

    A `late` one was published before without its article, and is again only once that has come.
    """

    entry: Entry
    seen: Seen
    late: bool = False

    @property
    def is_news(self) -> bool:
        """Whether it has to be published."""
        return not self.late or FETCHED in self.entry.flags


def fresh_entries(entries: Iterable[Entry], known: Mapping[str, Seen], now: datetime) -> list[Fresh]:
    """The entries that are new or edited, each identity once; the last of several wins, as a reader would see it.

    Other words are an edit; another time, author or punctuation is none.
    """
    by_id = {entry.id: entry for entry in entries}
    found = []
    for entry in by_id.values():
        digest, before = digest_of(entry), known.get(entry.id)
        if before and before.content_hash == digest:
            continue
        version, post_id = (before.version + 1, before.post_id) if before else (1, "")
        seen = Seen(entry.id, digest, version, entry.url, now, post_id, entry.wording, entry.published_raw)
        found.append(Fresh(replace(entry, id=post_id) if post_id else entry, seen))
    return found


def late_entries(entries: Iterable[Entry], known: Mapping[str, Seen]) -> list[Fresh]:
    """The entries whose words are as they were, and whose article is still owed."""
    by_id = {entry.id: entry for entry in entries}
    owing = [(entry, seen) for entry in by_id.values() if (seen := known.get(entry.id)) and seen.articles_owed]
    return [
        Fresh(replace(entry, id=seen.post_id) if seen.post_id else entry, seen, late=True)
        for entry, seen in owing
        if seen.content_hash == digest_of(entry)
    ]


def digest_of(entry: Entry) -> str:
    """The content hash of its words."""
    return entry.words or content_hash(entry.title, entry.text)


def post_of(source: Source, fresh: Fresh, now: datetime, backfill: bool = False) -> Post:
    """The post that this entry becomes. An edit keeps its id and says so: `edited`, `version_2`."""
    entry, version = fresh.entry, fresh.seen.version
    edited = (*(() if fresh.late else ("edited",)), f"version_{version}") if version > 1 else ()
    return Post(
        id=entry.id,
        source=source.id,
        title=entry.title,
        text=entry.text,
        collected_at=now,
        url=entry.url,
        author=entry.author,
        published_at=entry.published_at,
        origin=source.kind.value,
        vendor=source.vendor or entry.vendor,
        backfill=backfill,
        flags=entry.flags + edited,
    )


def completed(item: Fresh, found: Article | None, tries: int) -> Fresh:
    """The item with the page's text behind its summary, the summary kept unless the article repeats it.

    Without an article it stays as it is and owes one, for so many `tries`; None is no try.
    """
    entry, seen = item.entry, item.seen
    summary, article = entry.text.strip(), found.text.strip() if found else ""
    if not _is_whole(article, summary):
        owed = max((seen.articles_owed or tries) - (found is not None), 0)
        return replace(
            item, entry=replace(entry, flags=(*entry.flags, MISSING)), seen=replace(seen, articles_owed=owed)
        )
    joined = article if summary and _plain(summary) in _plain(article) else f"{summary}\n\n{article}".strip()
    seen = replace(seen, articles_owed=0, version=seen.version + item.late)
    text, cut = shortened(joined)
    flags = dict.fromkeys((*entry.flags, FETCHED, *(found.flags if found else ()), *cut))
    full = replace(entry, text=text, words="", summary_only=False, flags=tuple(flags))
    return replace(item, entry=full, seen=seen)


def _is_whole(article: str, summary: str) -> bool:
    """A few words beside a summary may be a page's frame; a bulletin of one sentence is an article, too."""
    long_enough = len(article) >= SHORT_ARTICLE or len(article) > len(summary)
    return bool(article) and (long_enough or _plain(summary) in _plain(article))


def _plain(text: str) -> str:
    return "".join(text.split()).rstrip(".…")
