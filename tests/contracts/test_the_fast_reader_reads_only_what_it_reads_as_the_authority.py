"""Of thousands of feeds put together at random, none reads otherwise than the authority reads it.

Every element that the two readers were ever seen to differ on is among the parts, before and after the item's own.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest

from services.adapters.encodings import as_utf8_xml
from services.adapters.entries import RawEntry, entries_of
from services.adapters.feeds import read_feed, xmlfeed
from services.adapters.feeds.plainness import is_plain
from services.domain.characters import legible

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
BASE = "http://www.example.cn/feed.xml"
DOCUMENTS = 1_200
NAMESPACES = (
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"'
    ' xmlns:georss="http://www.georss.org/georss" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    ' xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
)
WORDS = ("停水", "<![CDATA[<b>路</b>&amp;灯]]>", "一 &amp; 二", "&lt;p&gt;暖气&lt;/p&gt;不热", "", " \n", "&#21335;岗")
DATES = ("Sun, 22 Nov 2026 08:05:00 +0800", "2026-11-22T00:05:00Z", "2026-11-22 08:05", "昨天", "")
OWN = {
    "rss": (
        "<title>{w}</title>", "<link>http://a.cn/{n}</link>", "<guid>urn:{n}</guid>", "<author>{w}</author>",
        "<guid isPermaLink='false'>http://a.cn/g{n}</guid>", "<description>{w}</description>", "<pubDate>{d}</pubDate>",
        "<dc:date>{d}</dc:date>", "<dc:creator>{w}</dc:creator>", "<content:encoded>{w}</content:encoded>",
        "<category>{w}</category>", "<comments>http://a.cn/c{n}</comments>", "<slash:comments>3</slash:comments>",
        "<enclosure url='http://a.cn/{n}.mp3' type='audio/mpeg' length='1'/>", "<title/>", "<link/>", "<description/>",
        "<source url='http://b.cn/f'>{w}</source>", "<guid>http://a.cn/p{n}</guid>", "<dc:subject>{w}</dc:subject>",
        "<wfw:commentRss>http://a.cn/r{n}</wfw:commentRss>", "<!-- <title>假</title> -->",
    ),
    "atom": (
        "<title>{w}</title>", "<title type='html'>{w}</title>", "<link href='http://a.cn/{n}'/>", "<id>urn:{n}</id>",
        "<link rel='alternate' href='http://a.cn/{n}'/>", "<summary>{w}</summary>", "<updated>{d}</updated>",
        "<published>{d}</published>", "<content type='html'>{w}</content>", "<content>{w}</content>",
        "<author><name>{w}</name></author>", "<author><name>{w}</name><email>a@b.cn</email></author>",
        "<category term='x'/>", "<id>http://a.cn/i{n}</id>", "<issued>{d}</issued>", "<modified>{d}</modified>",
        "<content src='http://a.cn/full' type='text/html'/>", "<created>{d}</created>", "<!-- <title>假</title> -->",
        "<summary type='text'>{w}</summary>",
    ),
}  # fmt: skip
ODD = (
    "<atom:link rel='self' href='http://a.cn/self'/>", "<media:title>假题</media:title>",
    "<itunes:title>假</itunes:title>",
    "<media:content url='x'><media:title>假</media:title><media:description>假文</media:description></media:content>",
    "<itunes:summary>假文</itunes:summary>", "<image><title>图</title><link>http://a.cn/img</link></image>",
    "<description><p>一<b>二</b></p><p>三</p></description>", "<dc:title>题</dc:title>",
    "<description>又一</description>",
    "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>题<em>目</em></div></title>",
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>文</p></div></content>",
    "<link rel='enclosure' href='http://a.cn/x.mp3'/>", "<link rel='self' href='http://a.cn/self'/>",
    "<media:x><pubDate>Sun, 01 Nov 2020 08:05:00 GMT</pubDate></media:x>", "<title>又一题</title>",
    "<feedburner:origLink>http://a.cn/o</feedburner:origLink>", "<georss:point>45 126</georss:point>",
    "<source><title>源</title><id>urn:s</id><updated>2020-01-01T00:00:00Z</updated></source>",
    "<contributor><name>丙</name></contributor>",
)  # fmt: skip
FRAMES = {
    "rss": '<rss version="2.0" {ns}><channel><title>民声</title><link>http://a.cn/</link>{items}</channel></rss>',
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {ns}>'
    "<channel><title>民声</title></channel>{items}</rdf:RDF>",
    "atom": '<feed xmlns="http://www.w3.org/2005/Atom" {ns}><title>民声</title><id>urn:x</id>{items}</feed>',
    "atom03": '<feed version="0.3" xmlns="http://purl.org/atom/ns#" {ns}><title>民声</title>{items}</feed>',
}


def document(chance: random.Random) -> str:
    """A feed of one to three items whose parts stand in any order."""
    frame = chance.choice(list(FRAMES))
    own, tag = (OWN["atom"], "entry") if frame.startswith("atom") else (OWN["rss"], "item")
    items = "".join(f"<{tag}>{_parts(chance, own)}</{tag}>" for _ in range(chance.randint(1, 3)))
    return FRAMES[frame].format(ns=NAMESPACES, items=items)


def _parts(chance: random.Random, own: tuple[str, ...]) -> str:
    if chance.random() < 0.7:  # as most feeds are: a title, a link and no element twice
        parts = [own[0], own[2 if own is OWN["atom"] else 1], *chance.sample(own, chance.randint(0, 5))]
        parts = list({part.split(">")[0].split()[0]: part for part in reversed(parts)}.values())
    else:
        parts = chance.sample(own, chance.randint(1, 7)) + chance.sample(ODD, chance.choice((0, 1, 2)))
    chance.shuffle(parts)
    number = chance.randint(1, 999)
    return "".join(part.format(w=chance.choice(WORDS), d=chance.choice(DATES), n=number) for part in parts)


def differing(text: str) -> str:
    """What the two readers make of a document that the fast one may read, where that is not the same."""
    text = legible(xmlfeed.resolved(text))[0]
    if not is_plain(text) or xmlfeed.known_wrong(text):
        return ""
    body = as_utf8_xml(text)
    fast, slow = xmlfeed._fast(body, text), xmlfeed._authority(body)
    return "" if not fast or _read(fast) == _read(slow) else f"{text}\n{_read(fast)}\n{_read(slow)}"


def _read(raws: list[RawEntry]) -> list[object]:
    return [
        (
            entry.id,
            entry.title,
            entry.text,
            entry.url,
            entry.author,
            entry.published_at,
            entry.flags,
            entry.summary_only,
        )
        for entry in entries_of(raws, BASE, NOW)
    ]


def test_no_feed_put_together_at_random_is_read_otherwise_than_by_the_authority() -> None:
    chance = random.Random(20261122)
    documents = [document(chance) for _ in range(DOCUMENTS)]
    found = [difference for text in documents if (difference := differing(text))]
    assert not found, f"{len(found)}: {found[0]}"
    assert sum(is_plain(text) for text in documents) > DOCUMENTS // 5, "the fast reader reads some of them"


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("frame", FRAMES)
def test_the_authority_is_asked_wherever_an_item_holds_something_unusual(odd: str, frame: str) -> None:
    tag, link = (
        ("entry", "<link href='http://a.cn/1'/>")
        if frame.startswith("atom")
        else ("item", "<link>http://a.cn/1</link>")
    )
    own = f"<title>真题</title>{link}<description>真文</description>"
    for parts in (odd + own, own + odd):
        assert not is_plain(FRAMES[frame].format(ns=NAMESPACES, items=f"<{tag}>{parts}</{tag}>"))


def test_a_picture_s_title_an_episode_s_a_self_link_and_raw_markup_change_nothing() -> None:
    first = f"<media:title>图</media:title><itunes:title>集</itunes:title>{ODD[0]}"
    own = "<title>真题</title><link>http://a.cn/1</link><description><p>一<b>二</b></p></description>"
    text = FRAMES["rss"].format(ns=NAMESPACES, items=f"<item>{first}{own}</item>")
    (entry,) = read_feed(text.encode(), "", BASE, NOW).entries
    assert (entry.title, entry.url, entry.text) == ("真题", "http://a.cn/1", "一二")


def test_what_may_be_read_fast_is_decided_in_linear_time() -> None:
    for part in ("<!--", "<![CDATA[", "<item>", "<item><title>", "<!", "<item><a ", "</item>"):
        assert not is_plain(part * 200_000)
