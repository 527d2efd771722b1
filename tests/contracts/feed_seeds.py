"""Fifty small feeds, written for the tests: every format, and every habit and fault met in the field."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass

RSS = '<rss version="2.0"{ns}><channel><title>民声</title><link>http://www.example.cn/</link>{items}</channel></rss>'
CONTENT = ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
DC = ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"{more}><title>民声</title><id>urn:x</id>'
    "<updated>2026-11-22T00:00:00Z</updated>{items}</feed>"
)
ATOM03 = '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>民声</title>{items}</feed>'
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"{ns}>'
    '<channel rdf:about="http://www.example.cn/"><title>民声</title></channel>{items}</rdf:RDF>'
)
DECLARED = '<?xml version="1.0" encoding="{0}"?>\n'
DATE = "<pubDate>Sun, 22 Nov 2026 08:05:00 +0800</pubDate>"
TEXT = "城南小区三号楼暖气不热，室温只有十四度，多次反映无人处理。"

PACKED = b64encode(TEXT.encode()).decode()


@dataclass(frozen=True)
class Seed:
    """A feed as it would arrive, and how many items a careful reader finds in it."""

    name: str
    body: bytes
    items: int = 2
    content_type: str = ""


def _items(*bodies: str) -> str:
    return "".join(f"<item>{body}</item>" for body in bodies)


def _pair(extra: str = DATE, text: str = TEXT) -> str:
    return _items(*(
        f"<title>供热问题之{n}</title><link>http://www.example.cn/{n}.html</link>"
        f"<guid>g{n}</guid>{extra}<description>{text}({n})</description>" for n in "一二"
    ))  # fmt: skip


def _rss(items: str = "", ns: str = "", head: str = "") -> str:
    return head + RSS.format(ns=ns, items=items or _pair())


def _entry(number: str, more: str = "", date: str = "<updated>2026-11-22T08:05:00+08:00</updated>") -> str:
    return (
        f'<entry><title>停水之{number}</title><link href="http://www.example.cn/a/{number}"/>'
        f"<id>urn:{number}</id>{date}<summary>{TEXT}</summary>{more}</entry>"
    )


def _json(version: str = "https://jsonfeed.org/version/1.1", **more: object) -> bytes:
    items = [
        {"id": n, "url": f"http://www.example.cn/j/{n}", "title": f"堵车{n}", "content_html": f"<p>{TEXT}{n}</p>",
         "date_published": "2026-11-22T08:05:00+08:00", **more}
        for n in ("1", "2")
    ]  # fmt: skip
    return json.dumps({"version": version, "title": "民声", "items": items}, ensure_ascii=False).encode()


_WELL_FORMED: dict[str, str] = {
    "rss20": _rss(head=DECLARED.format("utf-8")),
    "rss20 without declaration": _rss(),
    "rss20 cdata": _rss(_pair(text=f"<![CDATA[<p>{TEXT}</p><p>第二段</p>]]>")),
    "rss20 escaped html": _rss(_pair(text=f"&lt;p&gt;{TEXT}&lt;/p&gt;&lt;br/&gt;第二段")),
    "rss20 escaped twice": _rss(_pair(text=f"&amp;lt;p&amp;gt;{TEXT}&amp;lt;/p&amp;gt;")),
    "rss20 content encoded": _rss(
        _pair(DATE + f"<content:encoded><![CDATA[<div>{TEXT * 5}</div>]]></content:encoded>"), CONTENT
    ),
    "rss20 dublin core": _rss(_pair("<dc:creator>王记者</dc:creator><dc:date>2026-11-22T08:05:00+08:00</dc:date>"), DC),
    "rss20 naive date": _rss(_pair("<pubDate>2026-11-22 08:05:00</pubDate>")),
    "rss20 chinese date": _rss(_pair("<pubDate>2026年11月22日 08:05</pubDate>")),
    "rss20 date in cdata": _rss(_pair("<pubDate><![CDATA[2026-11-22 08:05]]></pubDate>")),
    "rss20 no date": _rss(_pair("")),
    "rss20 absurd date": _rss(_pair("<pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate>")),
    "rss20 guid as link": _rss(_items(*(
        f'<title>停电{n}</title><guid isPermaLink="true">http://www.example.cn/p{n}</guid>{DATE}' for n in "12"))),
    "rss20 no title": _rss(_items(f"<description>{TEXT}甲</description>", f"<description>{TEXT}乙</description>")),
    "rss20 title only": _rss(_items("<title>停电通知</title>", "<title>停水通知</title>")),
    "rss20 relative links": _rss(_items(*(f"<title>噪音{n}</title><link>/a/{n}.html</link>{DATE}" for n in "12"))),
    "rss20 query in link": _rss(_items(*(
        f"<title>拆迁{n}</title><link>http://www.example.cn/s?a=1&amp;id={n}</link>" for n in "12"))),
    "rss20 comment between": _rss(_pair() + "<!-- <item><title>删去</title></item> -->"),
    "rss20 comment with a date": _rss(_pair(f"<!-- <pubDate>2001-01-01</pubDate> -->{DATE}")),
    "rss20 item inside cdata": _rss(_pair(text="<![CDATA[<item>不是条目</item>]]>")),
    "rss20 ttl": _rss("<ttl>30</ttl>" + _pair()),
    "rss20 enclosure": _rss(_pair(DATE + '<enclosure url="http://www.example.cn/a.mp3" type="audio/mpeg"/>')),
    "rss20 source": _rss(_pair(DATE + '<source url="http://o.example.cn/">转载</source><author>李某</author>')),
    "rss20 stylesheet": _rss(head=DECLARED.format("utf-8") + '<?xml-stylesheet href="a.xsl" type="text/xsl"?>'),
    "rss20 doctype": _rss(head='<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">'),
    "rss20 internal entity": _rss(_pair(text="&city;停水"), head='<!DOCTYPE rss [\n <!ENTITY city "江城">\n]>\n'),
    "rss20 empty": _rss("<description>暂无</description>"),
    "rss092": _rss().replace('"2.0"', '"0.92"'),
    "rss091": _rss().replace('"2.0"', '"0.91"'),
    "rdf 1.0": RDF.format(ns=DC, items="".join(
        f'<item rdf:about="http://www.example.cn/r{n}"><title>积水{n}</title><link>http://www.example.cn/r{n}</link>'
        f"<dc:date>2026-11-22T08:05:00+08:00</dc:date><description>{TEXT}</description></item>" for n in "12")),
    "rss 0.90": RDF.format(ns="", items=_pair("")).replace("purl.org/rss/1.0/", "my.netscape.com/rdf/simple/0.9/"),
    "atom10": ATOM.format(more="", items=_entry("1") + _entry("2")),
    "atom10 html content": ATOM.format(more="", items="".join(
        _entry(n, f'<content type="html">&lt;p&gt;{TEXT * 3}&lt;/p&gt;</content>') for n in "12")),
    "atom10 xhtml content": ATOM.format(more="", items="".join(
        _entry(n, f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{TEXT}</p><p>二</p></div></content>')
        for n in "12")),
    "atom10 published and updated": ATOM.format(more="", items="".join(
        _entry(n, "<published>2026-11-21T08:00:00+08:00</published>") for n in "12")),
    "atom10 author": ATOM.format(more="", items="".join(_entry(n, "<author><name>张三</name></author>") for n in "12")),
    "atom10 base": ATOM.format(more=' xml:base="http://b.example.cn/x/"', items=(_entry("1") + _entry("2")).replace(
        "http://www.example.cn/", "")),
    "atom10 several links": ATOM.format(more="", items="".join(
        _entry(n, f'<link rel="edit" href="http://www.example.cn/edit/{n}"/>') for n in "12")),
    "atom10 prefixed": ATOM.format(more="", items=_entry("1") + _entry("2")).replace("<", "<a:").replace("<a:/", "</a:")
        .replace("xmlns=", "xmlns:a="),
    "atom03": ATOM03.format(items="".join(
        _entry(n, date="<issued>2026-11-22T08:05:00+08:00</issued><modified>2026-11-22T09:05:00+08:00</modified>")
        for n in "12")),
    "atom03 escaped": ATOM03.format(items="".join(
        _entry(n, f'<content type="text/html" mode="escaped">&lt;p&gt;{TEXT * 2}&lt;/p&gt;</content>') for n in "12")),
    "atom03 base64": ATOM03.format(items="".join(
        _entry(n, f'<content type="text/html" mode="base64">{PACKED}</content>') for n in "12")),
}  # fmt: skip

_FAULTY: dict[str, str] = {
    "stray ampersand": _rss().replace("民声", "民声 & 回应"),
    "ampersands in items": _rss(
        _pair(text="供水 & 供热 A&B &copy; " + TEXT).replace(".html</link>", ".html?a=1&b=2</link>")
    ),
    "truncated": _rss()[:-60],
    "leading blank": "\n\n  " + _rss(head=DECLARED.format("utf-8")),
    "control character": _rss(_pair(text="停\x08水" + TEXT)),
    "html entity": _rss(_pair(text=f"{TEXT}&nbsp;&mdash;完")),
    "unclosed html": _rss(_pair(text=f"<![CDATA[<p>{TEXT}<b>未完]]>")),
    "text before": "Notice: undefined index\n" + _rss(head=DECLARED.format("utf-8")),
}


def seeds() -> list[Seed]:
    """All of them, in a fixed order."""
    plain = [Seed(name, text.encode(), 0 if name.endswith("empty") else 2)
             for name, text in (_WELL_FORMED | _FAULTY).items()]  # fmt: skip
    encoded = [
        Seed("gb2312", _rss(head=DECLARED.format("gb2312")).encode("gb18030")),
        Seed("gbk labelled utf-8", _rss(head=DECLARED.format("utf-8")).encode("gbk")),
        Seed("utf-16", _rss(head=DECLARED.format("utf-16")).encode("utf-16")),
        Seed("utf-8 with mark", b"\xef\xbb\xbf" + _rss(head=DECLARED.format("utf-8")).encode()),
        Seed("json feed 1.1", _json(), 2, "application/feed+json"),
        Seed("json feed 1.0", _json("https://jsonfeed.org/version/1", author={"name": "赵"}), 2, "application/json"),
    ]
    return plain + encoded
