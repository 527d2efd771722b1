"""The feeds of the demo, each in the way its kind is written in the field."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from html import escape

from services.demo.day import DemoPost, DemoSource, Format

Render = Callable[[DemoSource, Sequence[DemoPost], str], bytes]
CONTENT_TYPES: dict[Format, str] = {
    "rss": "application/rss+xml; charset=utf-8",
    "rss-gb18030": "text/xml",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}


def render(source: DemoSource, posts: Sequence[DemoPost], base: str) -> bytes:
    """The feed of `source` with these posts, newest first; links lead to `base`."""
    return RENDERERS[source.format](source, posts, base)


def page(source: DemoSource, post: DemoPost) -> bytes:
    """The page behind a link."""
    title, text = escape(post.title), escape(post.text)
    head = f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>{title}</title>'
    told = f"{escape(source.id)} · {post.at:%Y-%m-%d %H:%M} · 演示内容，纯属虚构"
    return f"{head}<h1>{title}</h1><p>{told}</p><article>{text}</article></html>".encode()


def _link(post: DemoPost, base: str) -> str:
    return f"{base}/posts/{post.id}"


def _rss(source: DemoSource, posts: Sequence[DemoPost], base: str) -> bytes:
    items = "".join(
        f"<item><title><![CDATA[{post.title}]]></title><link>{_link(post, base)}</link>"
        f'<guid isPermaLink="false">{post.id}</guid><pubDate>{format_datetime(post.at)}</pubDate>'
        f"<description><![CDATA[<p>{post.text}</p>]]></description></item>\n"
        for post in posts
    )
    return _channel(source, items, base, "UTF-8")


def _rss_gb18030(source: DemoSource, posts: Sequence[DemoPost], base: str) -> bytes:
    """As older county portals write it: GB18030, the encoding told in the XML declaration only, local times."""
    items = "".join(
        f"<item><title>{escape(post.title)}</title><link>{_link(post, base)}</link><guid>{_link(post, base)}</guid>"
        f"<pubDate>{post.at:%Y-%m-%d %H:%M:%S}</pubDate><description>{escape(post.text)}</description></item>\n"
        for post in posts
    )
    return _channel(source, items, base, "GB18030")


def _channel(source: DemoSource, items: str, base: str, encoding: str) -> bytes:
    channel = f"<title>{escape(source.id)}</title><link>{base}/</link><description>演示</description>"
    declared = f'<?xml version="1.0" encoding="{encoding}"?>'
    return f'{declared}\n<rss version="2.0"><channel>{channel}\n{items}</channel></rss>'.encode(encoding)


def _atom(source: DemoSource, posts: Sequence[DemoPost], base: str) -> bytes:
    entries = "".join(
        f"<entry><id>tag:demo.example,2026:{post.id}</id><title>{escape(post.title)}</title>"
        f'<link href="{_link(post, base)}"/>'
        f"<published>{post.at.isoformat()}</published><updated>{post.at.isoformat()}</updated>"
        f'<content type="html">{escape(f"<p>{escape(post.text)}</p>")}</content></entry>\n'
        for post in posts
    )
    head = f"<id>tag:demo.example,2026:feed</id><title>{escape(source.id)}</title>"
    declared = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{declared}\n<feed xmlns="http://www.w3.org/2005/Atom">{head}\n{entries}</feed>'.encode()


def _json(source: DemoSource, posts: Sequence[DemoPost], base: str) -> bytes:
    items = [
        {
            "id": post.id,
            "url": _link(post, base),
            "title": post.title,
            "content_text": post.text,
            "date_published": post.at.isoformat(),
        }
        for post in posts
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": source.id, "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


RENDERERS: dict[Format, Render] = {"rss": _rss, "rss-gb18030": _rss_gb18030, "atom": _atom, "json": _json}
