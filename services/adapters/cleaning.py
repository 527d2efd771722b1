"""Strangers' HTML to plain text. Nothing that a browser could run, load or follow is left in it."""

from __future__ import annotations

import html
import re
from typing import NamedTuple
from urllib.parse import urljoin

import nh3

from services.domain.characters import REMOVED, legible, tidy, tidy_line
from services.domain.identity import PLAIN_ADDRESS
from services.domain.intake import MAX_URL, safe_link

NEUTRALISED = "markup_neutralised"
# Feeds are escaped twice as often as correctly, and three times now and then.
ROUNDS = 3

_BREAKING = {
    "p", "br", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "pre", "section", "article", "hr", "figcaption",
}  # fmt: skip
_SILENT = {"script", "style", "template", "noscript", "svg", "math", "object", "iframe", "select", "title"}
_KEPT = _BREAKING | {"td", "th"}
_CLEANER = nh3.Cleaner(tags=_KEPT, clean_content_tags=_SILENT, attributes={}, link_rel=None, url_schemes=set())
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
# Paragraphs and line breaks only: each tag ends a line, whatever the browser would make of their order.
_FLAT, _FLAT_TAG = re.compile(r"(?:[^<>&\r\n]++|</?p>|<br ?/?>)*+"), re.compile(r"<[^>]+>")
_CELL = re.compile(r"</?t[dh]>")
_TAG = re.compile(r"</?[a-z][a-z0-9]*>")
_TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
_TABS = re.compile(r"[\t\r\n]")
_LINE_ENDS = re.compile(r"\s*[\r\n]\s*")


class Cleaned(NamedTuple):
    """Plain text and what had to be done to it."""

    text: str
    flags: tuple[str, ...] = ()


def plain_text(markup: str) -> Cleaned:
    """HTML (or text that may contain some) as paragraphs of plain text."""
    text, repaired = legible(markup)
    for _ in range(ROUNDS):
        if "<" not in text and "&" not in text:
            break
        text, again = legible(html.unescape(_stripped(text) if _MARKUP.search(text) else text))
        repaired = repaired or again
    return _neutral(tidy(text), (REMOVED,) if repaired else ())


def _neutral(text: str, flags: tuple[str, ...]) -> Cleaned:
    if "<" in text and _MARKUP.search(text):
        return Cleaned(_TAG_START.sub("＜", text), (*flags, NEUTRALISED))
    return Cleaned(text, flags)


def literal_text(written: str) -> Cleaned:
    """Text that is no HTML: every mark is the writer's own, and is shown as one."""
    text, repaired = legible(written)
    return _neutral(tidy(text), (REMOVED,) if repaired else ())


def plain_line(markup: str) -> Cleaned:
    """The same on one line: for titles and names."""
    cleaned = plain_text(markup)
    return Cleaned(tidy_line(cleaned.text), cleaned.flags) if "\n" in cleaned.text else cleaned


def _stripped(markup: str) -> str:
    """Without any tag; where a block ended there is a line break. The result is still escaped."""
    return _FLAT_TAG.sub("\n", markup) if _FLAT.fullmatch(markup) else _browsed(markup)


def _browsed(markup: str) -> str:
    """Any markup, in a browser's reading of it."""
    flowing = _LINE_ENDS.sub(" ", markup) if "<pre" not in markup else markup
    kept = _CELL.sub(" ", _CLEANER.clean(flowing))
    return _TAG.sub("\n", kept)


def web_link(href: str, base: str) -> str:
    """The absolute http(s) address that `href` means on the page `base`, or "" when it must not be followed."""
    printed = html.unescape(href)
    if PLAIN_ADDRESS.fullmatch(printed) and len(printed) <= MAX_URL:
        return printed
    return _joined(printed, base)


def _joined(href: str, base: str) -> str:
    # Browsers drop tabs and line breaks inside an address before they look at its scheme; so must we.
    compact = _TABS.sub("", legible(href)[0]).strip().replace(" ", "%20")
    if not compact:
        return ""
    try:
        return safe_link(urljoin(base, compact))
    except ValueError:
        return ""
