"""JSON Feed 1.0 and 1.1 (jsonfeed.org) to raw entries."""

from __future__ import annotations

import re
from typing import Any

from services.adapters.entries import RawEntry
from services.adapters.loose_json import NotJson, read_json
from services.usecases.collecting.contract import NotAFeed

_TAGGED = re.compile(r"</[a-zA-Z]+>|<br|<img|<p[ >]")


def read_json_feed(text: str) -> list[RawEntry]:
    """The items of a JSON Feed; fields of a wrong type count as missing.

    Raises:
        NotAFeed: broken JSON, or JSON that is no feed.
    """
    try:
        document = read_json(text.encode("utf-8", "replace"))
    except NotJson:
        raise NotAFeed("内容像 JSON，但格式有错，无法读取") from None
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or "jsonfeed" not in _text(document, "version"):
        raise NotAFeed("这是 JSON 数据，但不是 JSON Feed 订阅源(缺少 version 或 items)")
    return [_raw(item) for item in items if isinstance(item, dict)]


def _raw(item: dict[str, Any]) -> RawEntry:
    html, text = _text(item, "content_html"), _text(item, "content_text")
    return RawEntry(
        title=_text(item, "title"),
        summary=_text(item, "summary"),
        content=html or text,
        link=_text(item, "url") or _text(item, "external_url"),
        guid=_text(item, "id"),
        author=_author(item),
        times=(_text(item, "date_published"), _text(item, "date_modified")),
        # The standard says plain text; what closes its tags is HTML all the same.
        literal=bool(text and not html and not _TAGGED.search(text)),
    )


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors")
    candidates = [*(authors if isinstance(authors, list) else ()), item.get("author")]
    names = (_text(author, "name") for author in candidates if isinstance(author, dict))
    return "、".join(dict.fromkeys(name for name in names if name))


def _text(holder: dict[str, Any], key: str) -> str:
    value = holder.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)
