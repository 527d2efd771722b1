"""The article on a page, without the page around it."""

from __future__ import annotations


def extract_article(html: str) -> str:
    """The article as plain text, paragraphs on lines of their own; "" where the page has none."""
    return ""
