"""收件: the one door for posts that somebody hands in – push, hotline export, mail, console."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from services.domain.characters import REMOVED, legible, tidy, tidy_line
from services.domain.post import MAX_TEXT_BYTES, Post
from services.domain.timestamps import read_time

MAX_ID, MAX_TITLE, MAX_NAME, MAX_URL = 200, 1_000, 200, 2_000
TITLE_FROM_TEXT = 60
FIELDS = frozenset({"id", "title", "text", "url", "author", "published_at", "source"})
LINK_REMOVED, TITLE_CUT, TITLE_TAKEN = "link_removed", "title_shortened", "title_from_text"


@dataclass(frozen=True, slots=True)
class Channel:
    """How a post comes in: what it cannot say about itself. `collected_at` is the moment of receipt, in UTC.

    `source` and `vendor` may be somebody's own words (a push names its source): they are cleaned or refused as every
    other field is.
    """

    source: str
    origin: str
    collected_at: datetime
    vendor: str = ""
    backfill: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a post was not taken in, in plain Chinese. `id` is what the sender called it, "" if that is unreadable."""

    id: str
    field: str
    reason: str


class _Refused(Exception):
    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def take_in(raw: object, channel: Channel) -> Post | Refusal:
    """`raw` as a post, or the first reason why not. Never raises.

    `raw` is a mapping with `id` and `text` and, where known, `title`, `url`, `author`, `published_at` and `source`
    (the origin as the vendor names it; it is kept in `vendor`). Unknown fields are refused: a misspelt field would
    lose its content silently. A bad link or time is dropped with a flag, the post is kept.
    """
    if not isinstance(raw, Mapping):
        return Refusal("", "", "每条信息应为一个对象(键值对)")
    try:
        return _post(raw, channel)
    except _Refused as refused:
        return Refusal(_shown_id(raw), refused.field, refused.reason)


def _shown_id(raw: Mapping[str, object]) -> str:
    value = raw.get("id")
    return legible(str(value))[0][:MAX_ID] if isinstance(value, str | int) else ""


def _post(raw: Mapping[str, object], channel: Channel) -> Post:
    _known_fields(raw)
    identity = _identity(raw)
    source, source_repaired = _source(channel)
    text, text_repaired = _words(raw, "text", required=True)
    title, title_repaired = _words(raw, "title")
    author, author_repaired = _words(raw, "author")
    origin_name, _ = _words(raw, "source")
    url, link_flags = _link(raw)
    moment = read_time(_time_text(raw), channel.collected_at)
    title, title_flags = entitled(tidy_line(title), text)
    repaired = text_repaired or title_repaired or author_repaired or source_repaired
    return Post(
        id=identity,
        source=source,
        title=title,
        text=text,
        collected_at=channel.collected_at.astimezone(UTC),
        url=url,
        author=tidy_line(author)[:MAX_NAME],
        published_at=moment.at,
        origin=channel.origin,
        vendor=tidy_line(legible(channel.vendor)[0] or origin_name)[:MAX_NAME],
        backfill=channel.backfill,
        flags=((REMOVED,) if repaired else ()) + title_flags + link_flags + moment.flags,
    )


def _known_fields(raw: Mapping[str, object]) -> None:
    for name in raw:
        if name not in FIELDS:
            raise _Refused(legible(str(name))[0][:40], "未知字段")


def _identity(raw: Mapping[str, object]) -> str:
    value = raw.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise _Refused("id", "缺少编号" if value is None else "编号应为字符串")
    cleaned, repaired = legible(value.strip())
    if not cleaned:
        raise _Refused("id", "编号为空")
    if repaired:
        # Two ids that differ in an invisible character would become one: nothing may be guessed here.
        raise _Refused("id", "编号含有控制字符或残缺字符")
    if len(cleaned) > MAX_ID:
        raise _Refused("id", f"编号超过 {MAX_ID} 个字符")
    return cleaned


def _source(channel: Channel) -> tuple[str, bool]:
    cleaned, repaired = legible(channel.source)
    name = tidy_line(cleaned)
    if not 0 < len(name) <= MAX_NAME:
        raise _Refused("source", f"来源应为 1–{MAX_NAME} 个字符")
    return name, repaired


def _words(raw: Mapping[str, object], field: str, *, required: bool = False) -> tuple[str, bool]:
    value = raw.get(field)
    if value is None and not required:
        return "", False
    if not isinstance(value, str):
        raise _Refused(field, "缺少正文" if value is None else "应为字符串")
    # A character takes at most four bytes, so most texts need not be encoded to be measured.
    if len(value) * 4 > MAX_TEXT_BYTES and len(value.encode("utf-8", "replace")) > MAX_TEXT_BYTES:
        raise _Refused(field, "超过 1 MiB")
    cleaned, repaired = legible(value)
    tidied = tidy(cleaned)
    if required and not tidied:
        raise _Refused(field, "正文为空")
    return tidied, repaired


def as_kept(title: str, text: str) -> tuple[str, str]:
    """Title and text as they are kept of what came without complaint: legible, tidy, and never without a title."""
    tidied = tidy(legible(text)[0])
    return entitled(tidy_line(legible(title)[0]), tidied)[0], tidied


def entitled(title: str, text: str) -> tuple[str, tuple[str, ...]]:
    """The title as it is kept, the beginning of the text where there is none, and what was done to it."""
    if not title:
        return tidy_line(text)[:TITLE_FROM_TEXT], (TITLE_TAKEN,)
    return (title[:MAX_TITLE], (TITLE_CUT,)) if len(title) > MAX_TITLE else (title, ())


def _link(raw: Mapping[str, object]) -> tuple[str, tuple[str, ...]]:
    value = raw.get("url")
    if value is None or value == "":
        return "", ()
    if not isinstance(value, str):
        raise _Refused("url", "应为字符串")
    url = safe_link(value)
    return (url, ()) if url else ("", (LINK_REMOVED,))


_LINK = re.compile(
    r"https?://(?:[^\s/?#@:\[\]\\<>\"`]+|\[[0-9a-f:.]+\])(?::\d{1,5})?(?:[/?#][^\s<>\"\\`]*)?", re.IGNORECASE
)


def safe_link(url: str) -> str:
    """The address when a browser may follow it: http or https, a host, no blanks, quotes, credentials; else ""."""
    url = url.strip()
    if len(url) > MAX_URL or not _LINK.fullmatch(url) or legible(url) != (url, False):
        return ""
    return url


def _time_text(raw: Mapping[str, object]) -> str:
    value = raw.get("published_at")
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Refused("published_at", "时间应为字符串或数字")
    return str(int(value)) if isinstance(value, float) and abs(value) < 1e14 else str(value)
