"""RSS 0.9x–2.0, RDF, Atom 0.3 and 1.0 to raw entries. The only module that imports feedparser and fastfeedparser.

1. fastfeedparser reads the document (40 times faster); its dates are taken from the document itself, because it reads a
   date without a zone as UTC where every mainland source means Beijing time.
2. Where it finds nothing, refuses, disagrees with the document about the number of items, or where an item holds
   anything that the two may read differently (`plainness`), feedparser, the authority, reads it.

feedparser opens a file when it is handed a name, so it only ever gets a BytesIO; fastfeedparser fetches a `str` that
looks like an address, so it only ever gets bytes.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from html.entities import html5
from typing import Any

import fastfeedparser
import feedparser

from services.adapters.encodings import as_utf8_xml
from services.adapters.entries import RawEntry
from services.adapters.feeds.plainness import has_content, is_plain
from services.domain.characters import legible
from services.usecases.collecting.contract import NotAFeed

# Looking for a driver that no longer exists searches every folder of the installation, once per document.
feedparser.api.PREFERRED_XML_PARSERS = []

_STAMPS = re.compile(
    r"<(?:[\w-]{1,20}+:)?+(?=[iepdumc])(item|entry|pubDate|published|issued|date|updated|modified|created)"
    r"(?:\s[^<>]{0,200})?>(?:\s*(?:<!\[CDATA\[)?([^<\]]{0,100}))?",
    re.IGNORECASE,
)
_RANK = {"pubdate": 0, "published": 0, "issued": 0, "date": 1, "created": 1, "updated": 2, "modified": 2}
HEAD = 20_000
_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_FEED_TAG = re.compile(r"<(?:[\w-]{1,20}:)?(?:rss|rdf|feed|channel)\b", re.IGNORECASE)
_START = re.compile(rf"<\?xml|<!doctype|{_FEED_TAG.pattern}", re.IGNORECASE)
# Where the differential test (tests/contracts/test_feeds.py) found fastfeedparser to lose or change something.
_KNOWN_WRONG = re.compile(r"<!ENTITY|xml:base\s*=|mode\s*=\s*[\"']base64", re.IGNORECASE)
# The same less exactly; each begins with a fixed character, which is found eight times faster.
_SUSPECT = [re.compile(sign, re.IGNORECASE) for sign in ("<!ENTITY", r":base\s*=", r"=\s*[\"']base64")]
_INSTEAD = '没有订阅源的栏目可按列表页采集（kind = "board"，试读时加 --item）'


def read_xml_feed(text: str) -> list[RawEntry]:
    """The items of the document.

    Raises:
        NotAFeed: it is something else, with what it seems to be.
    """
    if _PAGE.match(text):
        raise NotAFeed(f"这是网页，不是订阅源；{_INSTEAD}")
    start = _START.search(text, 0, HEAD)
    if start is None or not _FEED_TAG.search(text, start.start(), start.start() + HEAD):
        raise NotAFeed(f"内容不是 RSS、Atom、RDF 或 JSON Feed 订阅源；{_INSTEAD}")
    text = text[start.start() :]  # warnings of the server's own scripts often stand before it
    document = as_utf8_xml(text)
    found = None if known_wrong(text) or not is_plain(text) else _fast(document, text)
    return found or _authority(document)


def known_wrong(text: str) -> bool:
    """Whether the document has something in it that the fast reader is known to lose or to change."""
    return any(sign.search(text) for sign in _SUSPECT) and _KNOWN_WRONG.search(text) is not None


def ttl_seconds(text: str) -> int | None:
    """How long the feed asks to be left alone: `ttl` in minutes, or the syndication module's period and frequency."""
    head = text[: max(text.find("<item"), 8_192)][:65_536]
    ttl = re.search(r"<ttl>\s*(\d{1,5})\s*</ttl>", head)
    if ttl:
        return int(ttl[1]) * 60 or None
    period = re.search(r"<(?:\w+:)?updatePeriod>\s*(hourly|daily|weekly|monthly|yearly)", head, re.IGNORECASE)
    if not period:
        return None
    often = re.search(r"<(?:\w+:)?updateFrequency>\s*(\d{1,4})", head)
    return _PERIODS[period[1].lower()] // max(int(often[1]) if often else 1, 1)


_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(x?[0-9a-fA-F]{1,8});|([A-Za-z][A-Za-z0-9]{1,31});)?")


def resolved(text: str) -> str:
    """HTML's own entities as characters, bare ampersands escaped, references to no character as U+0000.

    XML knows none of these, half of all feeds use them, and on a surrogate feedparser gives up the whole document.
    Inside CDATA this escapes once more than needed, which is undone because every field is read as HTML.
    """
    return _AMPERSAND.sub(_reference, text) if "&" in text else text


def _reference(match: re.Match[str]) -> str:
    if match[1]:
        return match[0] if _is_character(match[1]) else "\x00"
    if not match[2]:
        return "&amp;"
    character = html5.get(f"{match[2]};", "")
    return character if character and character not in "<>&\"'" else match[0]


def _is_character(number: str) -> bool:
    try:
        code = int(number[1:], 16) if number[0] == "x" else int(number)
    except ValueError:
        return False
    return code <= 0x10FFFF and not legible(chr(code))[1]


def _fast(document: bytes, text: str) -> list[RawEntry] | None:
    """None where the authority has to be asked."""
    try:
        entries = fastfeedparser.parse(document, include_tags=False, include_media=False, include_enclosures=False)[
            "entries"
        ]
    except Exception:  # noqa: BLE001 - whatever it stumbles over, the authority decides
        return None
    stamps = _printed_times(text)
    if len(stamps) != len(entries) or not all(_has_head(entry) for entry in entries):
        return None
    full = has_content(text)
    return [_from_fast(entry, times, full) for entry, times in zip(entries, stamps, strict=True)]


def _has_head(entry: Mapping[str, Any]) -> bool:
    """An empty title or link may be a lost one."""
    return bool((entry.get("title") or "").strip() and entry.get("link"))


def _from_fast(entry: Mapping[str, Any], times: tuple[str, ...], full: bool) -> RawEntry:
    parts = entry.get("content") or ()
    return RawEntry(
        title=entry.get("title") or "",
        summary=entry.get("description") or "",
        content=next((part["value"] for part in parts if (part.get("value") or "").strip()), "") if full else "",
        link=entry.get("link") or "",
        guid=entry.get("id") or "",
        author=entry.get("author") or "",
        times=times,
    )


def _printed_times(text: str) -> list[tuple[str, ...]]:
    """For every item the times inside it, as printed, publication before change."""
    items: list[list[tuple[int, str]]] = []
    for tag, words in _STAMPS.findall(_without_comments(text)):
        name = tag.lower()
        if name in ("item", "entry"):
            items.append([])
        elif items and name in _RANK and (printed := html.unescape(words).strip()):
            items[-1].append((_RANK[name], printed))
    return [tuple([printed for _, printed in sorted(stamps, key=_by_rank)]) for stamps in items]


def _by_rank(stamp: tuple[int, str]) -> int:
    return stamp[0]


def _without_comments(text: str) -> str:
    return "".join(_outside_comments(text)) if "<!--" in text else text


def _outside_comments(text: str) -> Iterator[str]:
    """By hand, because a regular expression is quadratic on many openings without an end."""
    place = 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        yield text[place:start]
        place = end + 3
    yield text[place:]


def _authority(document: bytes) -> list[RawEntry]:
    headers = {"content-type": "application/xml; charset=utf-8"}
    try:
        result = feedparser.parse(
            io.BytesIO(document), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        # Its loose parser expects that what a broken document closes was once opened.
        raise NotAFeed(f"信息源残缺，无法读取({type(error).__name__})") from error
    return [_from_authority(entry) for entry in result.get("entries") or ()]


def _own_link(entry: dict[str, Any]) -> str:
    """A guid without `isPermaLink` stands in for a missing link, but most are names, not addresses."""
    link = str(entry.get("link") or "")
    return link if link != entry.get("id") or "://" in link or link.startswith("/") else ""


def _from_authority(entry: dict[str, Any]) -> RawEntry:
    # FeedParserDict answers `updated` with `published` and a warning; dict.get does not guess.
    got = {key: dict.get(entry, key) for key in ("published", "created", "updated")}
    content = entry.get("content") or ()
    return RawEntry(
        title=entry.get("title") or "",
        summary=entry.get("summary") or "",
        content=next((part["value"] for part in content if part.get("value")), ""),
        link=_own_link(entry),
        guid=entry.get("id") or "",
        author=entry.get("author") or "",
        times=tuple(printed for printed in got.values() if isinstance(printed, str) and printed),
    )
