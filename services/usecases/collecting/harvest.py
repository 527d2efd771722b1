"""Entries to posts: which are new, which were edited, and what each is called on the topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.domain.identity import content_hash
from services.domain.post import Post
from services.domain.source import Source
from services.usecases.collecting.contract import Entry, Seen


@dataclass(frozen=True, slots=True)
class Fresh:
    """An entry that must be published, under the id of its post, and what will be remembered of it afterwards."""

    entry: Entry
    seen: Seen


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


def digest_of(entry: Entry) -> str:
    """The content hash of its words."""
    return entry.words or content_hash(entry.title, entry.text)


def post_of(source: Source, fresh: Fresh, now: datetime, backfill: bool = False) -> Post:
    """The post that this entry becomes. An edit keeps its id and says so: `edited`, `version_2`."""
    entry, version = fresh.entry, fresh.seen.version
    edited = ("edited", f"version_{version}") if version > 1 else ()
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


def with_article(entry: Entry, article: str) -> Entry:
    """The entry with the page's text behind its summary, the summary kept unless the article repeats it."""
    summary, article = entry.text.strip(), article.strip()
    if not article:
        return replace(entry, flags=(*entry.flags, "full_text_missing"))
    joined = article if summary and _plain(summary) in _plain(article) else f"{summary}\n\n{article}".strip()
    return replace(entry, text=joined, words="", summary_only=False, flags=(*entry.flags, "full_text_fetched"))


def _plain(text: str) -> str:
    return "".join(text.split()).rstrip(".…")
