"""List pages of message boards and news columns that have no feed (百姓谈, 市长信箱), by CSS selectors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from services.adapters.cleaning import web_link
from services.adapters.encodings import DAMAGED, UNCERTAIN, decode
from services.adapters.entries import RawEntry, entries_of, left_out
from services.domain.remarks import DEAD
from services.domain.source import BoardSelectors, Source
from services.usecases.collecting.contract import NotAFeed, Parsed

# Where selectors point at an element that carries the value in an attribute, not in its text.
_TIME_ATTRIBUTES = ("datetime", "data-time", "data-timestamp", "content")

DEFAULT_LINK = BoardSelectors("").link


def read_board(body: bytes, content_type: str, source: Source, now: datetime) -> Parsed:
    """The items on the list page in `body`, which came from `source.url`.

    Raises:
        NotAFeed: the source has no selectors, one is misspelt, or they match nothing (the page was rebuilt).
    """
    if source.board is None:
        raise NotAFeed("该信息源没有配置列表页选择器")
    decoded = decode(body, content_type, mainland=source.mainland)
    page = LexborHTMLParser(decoded.text)
    for element in page.css("script, style, noscript, template"):
        element.decompose()
    base = _base(page, source.url)
    try:
        items = page.css(source.board.item)
        raws = [_raw(item, source.board) for item in items]
        following = _next_page(page, source.board.next_page, base)
        dead = _dead(items, source.board)
    except SelectolaxError:
        name = misspelt(source.board)
        raise NotAFeed(f"列表页选择器有误：{name} = “{getattr(source.board, name, '')}”") from None
    if not items:
        raise NotAFeed(f"列表页上没有与“{source.board.item}”相符的条目，请核对选择器：网页可能已改版")
    doubts = tuple(flag for flag in decoded.flags if flag in (UNCERTAIN, DAMAGED))
    entries = entries_of(raws, base, now, doubts, many_voices=True)
    if not entries:
        raise NotAFeed(f"列表页上有 {len(items)} 个条目，但都没有文字：title = “{source.board.title}”没有匹配到内容")
    return Parsed(entries, None, decoded.encoding, (*decoded.flags, *left_out(raws, entries), *dead), following)


def _dead(items: Sequence[LexborNode], selectors: BoardSelectors) -> tuple[str, ...]:
    """A flag for every selector that finds nothing in any item: the page was rebuilt, or it never fitted."""
    asked = [name for name in ("link", "title", "time", "body", "author") if getattr(selectors, name)]
    if selectors.body and selectors.link == DEFAULT_LINK:
        asked.remove("link")  # where the text stands on the list, nobody has asked for links
    return tuple(f"{DEAD}_{name}" for name in asked if not any(_find(item, getattr(selectors, name)) for item in items))


def misspelt(board: BoardSelectors) -> str:
    """The field whose selector cannot be read, or nothing."""
    page = LexborHTMLParser("<p>")
    for name in ("item", "link", "title", "time", "body", "author", "next_page"):
        try:
            page.css(getattr(board, name) or "p")
        except SelectolaxError:
            return name
    return ""


def _base(page: LexborHTMLParser, address: str) -> str:
    element = page.css_first("base[href]")
    return web_link(_attribute(element, "href"), address) or address


def _raw(item: LexborNode, selectors: BoardSelectors) -> RawEntry:
    link, title = _find(item, selectors.link), _find(item, selectors.title)
    return RawEntry(
        title=_title(title),
        content=_markup(_find(item, selectors.body)),
        link=_attribute(link, "href"),
        author=_words(_find(item, selectors.author)),
        times=(_time(_find(item, selectors.time)),),
    )


def _find(item: LexborNode, selector: str) -> LexborNode | None:
    """The first match inside the item; an item that is itself the link is its own match."""
    if not selector:
        return None
    found = item.css_first(selector)
    return item if found is None and item.tag == selector else found


def _title(element: LexborNode | None) -> str:
    """Boards cut long titles and put the whole one into the `title` attribute."""
    shown, whole = _words(element), _attribute(element, "title").strip()
    return whole if len(whole) > len(shown.rstrip(".… ")) else shown


def _time(element: LexborNode | None) -> str:
    attributes = (_attribute(element, name).strip() for name in _TIME_ATTRIBUTES)
    return next((value for value in attributes if value), _words(element))


def _words(element: LexborNode | None) -> str:
    return " ".join(element.text(separator=" ").split()) if element is not None else ""


def _markup(element: LexborNode | None) -> str:
    return (element.html or "") if element is not None else ""


def _attribute(element: LexborNode | None, name: str) -> str:
    return (element.attributes.get(name) or "") if element is not None else ""


def _next_page(page: LexborHTMLParser, selector: str, base: str) -> str | None:
    if not selector:
        return None
    address = web_link(_attribute(page.css_first(selector), "href"), base)
    return address if address and address != base else None
