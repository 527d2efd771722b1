"""Which documents the fast reader may read: those whose every item is made of what it reads as the authority does.

It takes the first `title`, `link` or `description` of any namespace, forgets elements inside a text and knows nothing
of most relations of links; a careful list of what it gets wrong would never be whole. So the list is of what it gets
right: a title and a link, flat children with these names, each once, and nothing inside them. Everything else is the
authority's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# Each at most once in an item: of two the readers choose different ones. The names of one group say the same thing.
_ONCE = (
    ("title",),
    ("link",),
    ("guid", "id"),
    ("description", "summary"),
    ("content:encoded", "content"),
    ("author", "dc:creator"),
    ("pubDate", "published", "issued"),
    ("dc:date", "updated", "modified"),
    ("created",),
)
_GROUP = {name: group for group, names in enumerate(_ONCE) for name in names}
_NEEDED = frozenset((_GROUP["title"], _GROUP["link"]))
_ANY_NUMBER = frozenset(
    ("category", "comments", "dc:subject", "enclosure", "slash:comments", "source", "wfw:commentRss")
)
# A namespace of its own, a link to something else than the post, a link to nothing. One by one, because an expression
# that begins with a fixed character is searched for many times faster than a choice of them.
_NOT_PLAIN = [
    re.compile(sign) for sign in (r"xmlns", r"rel\s*=\s*[\"']?(?!alternate)", r"<link\s*/>", r"<link>\s*</link>")
]
_ITEM = re.compile(r"<(?:item|entry)[\s>]")
_TAG = re.compile(r"<(/?[\w:.-]++)[^<>]*?(/?)>")
MAX_TAGS = 40


def is_plain(text: str) -> bool:
    """Whether every item of the document is plain, and all or none have full content. Linear, whatever it holds."""
    if "<rdf:RDF" in text:
        return False  # it loses authors and full content there
    bare = _bare(text)
    first = _ITEM.search(bare)
    if first is None or any(sign.search(bare, first.start()) for sign in _NOT_PLAIN):
        return False
    pieces = _ITEM.split(bare[first.start() :])[1:]
    full = has_content(pieces[0])
    return all(_is_plain_item(piece) and has_content(piece) == full for piece in pieces)


def has_content(text: str) -> bool:
    """Whether there is an element for the full text. The fast reader copies a summary there, and back."""
    return "<content" in text


def _is_plain_item(piece: str) -> bool:
    """`piece` begins behind the item's name and ends before the next item."""
    end = max(piece.find("</item>"), piece.find("</entry>"))
    if end < 0:
        return False
    tags = _TAG.findall(piece, 0, end)
    return len(tags) == piece.count("<", 0, end) and len(tags) <= MAX_TAGS and _is_plain_shape(tuple(tags))


@lru_cache(1024)
def _is_plain_shape(tags: tuple[tuple[str, str], ...]) -> bool:
    inside: list[str] = []
    groups: list[int] = []
    for name, alone in tags:
        if name.startswith("/"):
            if not inside or inside.pop() != name[1:]:
                return False
        else:
            if not _may_open(name, inside):
                return False
            if not inside and name in _GROUP:
                groups.append(_GROUP[name])
            if not alone:
                inside.append(name)
    return not inside and len(groups) == len(set(groups)) and _NEEDED.issubset(groups)


def _may_open(name: str, inside: list[str]) -> bool:
    if not inside:
        return name in _GROUP or name in _ANY_NUMBER
    return inside == ["author"] and name == "name"


def _bare(text: str) -> str:
    return "".join(_outside(text)) if "<!" in text else text


def _outside(text: str) -> Iterator[str]:
    """The document without comments, and with a letter for every CDATA section.

    By hand, because a regular expression is quadratic on many openings without an end.
    """
    place = start = 0
    while (start := text.find("<!", start)) >= 0:
        opening, closing, instead = ("<!--", "-->", "") if text.startswith("<!--", start) else ("<![CDATA[", "]]>", "x")
        end = text.find(closing, start + len(opening)) if text.startswith(opening, start) else -1
        if end < 0:
            start += 2
            if text.startswith(opening, start - 2):
                break
            continue
        yield text[place:start] + instead
        place = start = end + len(closing)
    yield text[place:]
