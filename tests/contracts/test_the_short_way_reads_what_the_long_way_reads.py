"""What is usual is read on a short way; whatever it reads, the long way, which knows every case, reads the same."""

import html
import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from services.adapters import cleaning
from services.adapters.feeds import read_feed, xmlfeed
from services.domain import characters, identity, timestamps
from services.domain.identity import content_hash
from tests.contracts.feed_seeds import seeds

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
BASE = "http://www.example.cn/feed.xml"
ROUNDS = 20_000
SIGNS = (
    "供热", "暖气", "a", "Z", "7", "1.5", "1．5", "．", ".", "，", "：", "…", "％", "～", "！", "_", "-", " ", "  ",
    "\u3000", "\xa0", "\n", "\r\n", "\r", "\t", "\x1c", "\x85", "\u2028", "\u200b", "\ufeff", "\x00", "\ud800",
    "\uffff", "é", "\u0301", "ﬁ", "㎡", "①", "ß", "İ", "Ａ", "ｶﾞ", "\u1100\u1161", "😀",
)  # fmt: skip
MARKUP = (
    "供热", "室温", "1.5", " ", "\n", "\t", "\xa0", "\u200b", "\x0c", "<p>", "</p>", "<br>", "<br/>", "<br />",
    "<p>", "</p>", "<P>", "<p/>", "</br>", "<p a=1>", "<b>", "</div>", "<pre>", "<td>", "&amp;", "&#8203;", "<", ">",
    "&",
)  # fmt: skip
ADDRESS = (
    ("http://", "https://", "HTTP://", "ftp://", "//", ""),
    ("www.a.cn", "m.a.com.cn", "a.cn", "A.cn", "a..cn", "-a", "a.cn:80", "a.cn:81", "u@a.cn", "例子.cn", "[::1]"),
    ("/1.html", "", "/", "//", "/index.html", "/a/Default.aspx", "/a//b", "/a;x=1", "/a%20b", "/中", "/a/../b", "/a'b"),
    ("?b=2&a=1", "", "?", "?id=1", "?utm_source=x", "?a", "?a=b=c", "?=x", "?&&a=1&", "?a=%41", "?a+b", "?a;b", "?a?b"),
    ("", "#", "#x", "#/p/5", " ", "\n", "\u200b"),
)  # fmt: skip
DATE = (
    ("Sun, ", "Xxx, ", "", "sun, ", "Sunday, ", "Sun "),
    ("22", "2", "02", "31", "0", "32", "２"),
    (" ", "-", "  "),
    ("Nov", "Feb", "Sep", "nov", "Foo"),
    (" 2026 ", " 2025 ", " 1000 ", " 26 ", " 0026 ", " 20260 ", " ２０２６ "),
    ("08:05:00", "23:59:59", "24:00:00", "8:5:0", "08:05", "08:60:00", "08:05:60"),
    (" +0800", " GMT", " -0000", " +0000", " -0530", " +0860", " +2400", " CST", " Z", "", " +08:00", " -0001"),
)
DOCUMENT = (
    "<item>", "<ITEM a='1'>", "<entry\n>", "</item>", "<pubDate>", "<dc:date>", "<a:b:date>", f"<{'n' * 20}:date>",
    f"<{'n' * 21}:date>", "<updated >", "<datex>", "<\u0131tem>", "<![CDATA[", "]]>", "2026-11-22", " ", "&amp;",
    "<title>", "<", "x", "<!ENTITY", "<!entity", "xml:base =''", "XML:BASE='", "a:base='", "mode='base64'",
    "x=\"base64\"", "mode = 'BASE64'",
)  # fmt: skip
STAMPS = re.compile(
    r"<(?:[\w-]{1,20}:)?(item|entry|pubDate|published|issued|date|updated|modified|created)(?:\s[^<>]{0,200})?>"
    r"(?:\s*(?:<!\[CDATA\[)?([^<\]]{0,100}))?",
    re.IGNORECASE,
)


def strung(pieces: tuple[str, ...], most: int) -> Iterator[str]:
    chance = random.Random(20261122)
    for _ in range(ROUNDS):
        yield "".join(chance.choices(pieces, k=chance.randint(1, most)))


def one_of_each(columns: tuple[tuple[str, ...], ...]) -> Iterator[str]:
    """The first of every column is the usual one, and usual in two cases of three."""
    chance = random.Random(20261122)
    for _ in range(ROUNDS):
        yield "".join(column[0] if chance.random() < 2 / 3 else chance.choice(column) for column in columns)


def agreed(texts: Iterator[str], short: Callable[[str], object], long: Callable[[str], object]) -> None:
    for text in texts:
        assert short(text) == long(text), ascii(text)


def test_no_character_that_has_to_go_is_printable_and_no_other_blank_than_the_common_one() -> None:
    every = [chr(code) for code in range(0x110000)]
    assert not [c for c in every if c.isprintable() and characters._UNWANTED.match(c)]
    assert [c for c in every if c.isprintable() and c.isspace()] == [" "]


def test_a_tidy_text_is_what_tidying_makes_of_it() -> None:
    def long(text: str) -> str:
        lines = re.sub("\r\n|\r|\u2028|\x85", "\n", text)
        return re.sub(r" ?\n(?: ?\n)* ?", "\n", re.sub(r"[^\S\n]+", " ", lines)).strip()

    agreed(strung(SIGNS, 8), characters.tidy, long)


def test_words_are_compared_as_after_full_normalisation() -> None:
    def long(text: str) -> str:
        narrow = re.sub(r"(?<=\d)\.(?=\d)", "点", unicodedata.normalize("NFKC", text))
        return re.sub(r"[\W_]", "", narrow).casefold()

    agreed(strung(SIGNS, 8), identity.squeezed, long)


def test_paragraphs_without_attributes_read_as_a_browser_reads_them() -> None:
    def lines(stripped: str) -> str:
        return characters.tidy(html.unescape(stripped))

    markups = [characters.legible(markup)[0] for markup in strung(MARKUP, 9)]
    assert sum(cleaning._FLAT.fullmatch(markup) is not None for markup in markups) > ROUNDS // 10
    agreed(iter(markups), lambda m: lines(cleaning._stripped(m)), lambda m: lines(cleaning._browsed(m)))


def test_a_plain_address_is_named_and_linked_as_the_standard_library_dissects_it() -> None:
    addresses = list(one_of_each(ADDRESS))
    assert sum(identity.PLAIN_ADDRESS.fullmatch(address) is not None for address in addresses) > ROUNDS // 10
    agreed(iter(addresses), identity.canonical_address, identity._dissected)
    agreed(
        iter(addresses),
        lambda a: cleaning.web_link(a, BASE),
        lambda a: cleaning._joined(html.unescape(a), BASE),
    )
    queries = [address.partition("?")[2] for address in addresses]
    agreed(iter(queries), identity._query, identity._unquoted_query)


def test_the_usual_date_means_what_the_standard_library_reads() -> None:
    dates = list(one_of_each(DATE))
    assert sum(timestamps._USUAL.fullmatch(date) is not None for date in dates) > ROUNDS // 10
    zone = timestamps.SHANGHAI
    agreed(iter(dates), lambda d: timestamps._rfc822(d, zone), lambda d: timestamps._any_rfc822(d, zone))


def test_stamps_and_signs_are_found_as_by_the_plain_expression() -> None:
    agreed(strung(DOCUMENT, 9), xmlfeed._STAMPS.findall, STAMPS.findall)
    agreed(strung(DOCUMENT, 9), xmlfeed.known_wrong, lambda text: xmlfeed._KNOWN_WRONG.search(text) is not None)


def test_the_words_an_entry_carries_are_those_of_its_title_and_text() -> None:
    entries = [entry for seed in seeds() for entry in read_feed(seed.body, seed.content_type, BASE, NOW).entries]
    assert entries
    assert all(entry.words == content_hash(entry.title, entry.text) for entry in entries)
