"""The article on a page, without the page around it.

1. Drop what is never an article. 2. Every paragraph gives its parents points for its length and its commas.
3. The element with the most points, less the share of its text that is links, is the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from services.adapters.cleaning import plain_text

_NEVER = "script, style, noscript, template, nav, header, footer, aside, form, iframe, svg, button, select"
_PARAGRAPHS = "p, td, pre, blockquote, div, section, span, li"
_GOOD_NAME = re.compile(r"article|content|body|text|zoom|trs_|editor|detail|main|正文", re.IGNORECASE)
_BAD_NAME = re.compile(
    r"comment|nav|menu|side|foot|share|relat|recommend|hot|rank|banner|crumb|copyright|tool|login|pager|tag",
    re.IGNORECASE,
)
_IMPRINT = re.compile("版权所有|未经许可|不得转载|ICP备|公网安备|技术支持[:：]|(?:主|承)办单位[:：]|网站标识码")
_CLAUSE = re.compile("[,，。；;！？]")


@dataclass(slots=True)
class _Candidate:
    element: LexborNode
    points: float


def extract_article(html: str) -> str:
    """The article as plain text, paragraphs on lines of their own; "" where the page has none."""
    page = LexborHTMLParser(html)
    for element in page.css(_NEVER):
        element.decompose()
    candidates = _candidates(page)
    if not candidates:
        return ""
    best = max(candidates, key=_worth)
    return plain_text(best.element.html or "").text if _worth(best) > 0 else ""


def _candidates(page: LexborHTMLParser) -> list[_Candidate]:
    found: dict[int, _Candidate] = {}
    for paragraph in page.css(_PARAGRAPHS):
        points = _points(_own_text(paragraph))
        for element, share in _holders(paragraph) if points else ():
            candidate = found.get(element.mem_id)
            if candidate is None:
                candidate = found[element.mem_id] = _Candidate(element, _name_points(element))
            candidate.points += points * share
    return list(found.values())


def _own_text(paragraph: LexborNode) -> str:
    """Its words without those of blocks inside it, which are counted for themselves."""
    if paragraph.tag in ("p", "pre", "blockquote"):
        return paragraph.text(deep=True, strip=True)
    return paragraph.text(deep=False, strip=True)


def _points(text: str) -> float:
    if len(text) < 10 or _IMPRINT.search(text):
        return 0.0
    return 1.0 + len(_CLAUSE.findall(text)) + min(len(text) / 50, 6.0)


def _holders(paragraph: LexborNode) -> Iterator[tuple[LexborNode, float]]:
    """Who gets points for a paragraph: its parent most, and less the farther away."""
    own = 0.7 if paragraph.tag in ("div", "td", "section") else 0.0
    element, share = (paragraph, own) if own else (paragraph.parent, 1.0)
    while element is not None and share > 0.2 and element.tag not in ("html", "body"):
        yield element, share
        element, share = element.parent, share * 0.5 if share < 1.0 or own else 0.5


def _name_points(element: LexborNode) -> float:
    name = f"{element.attributes.get('class') or ''} {element.attributes.get('id') or ''}"
    good = 4.0 if _GOOD_NAME.search(name) or element.tag == "article" else 0.0
    return good - (6.0 if _BAD_NAME.search(name) else 0.0)


def _worth(candidate: _Candidate) -> float:
    """Points less the share of the text that is links: menus are long, too."""
    whole = len(candidate.element.text(deep=True, strip=True)) or 1
    linked = sum(len(link.text(deep=True, strip=True)) for link in candidate.element.css("a"))
    return candidate.points * (1.0 - min(linked / whole, 1.0))
