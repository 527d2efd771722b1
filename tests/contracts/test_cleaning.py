"""F8: nothing that a browser could run, load or follow is left of what strangers wrote."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.adapters.cleaning import plain_line, plain_text, web_link
from services.adapters.feeds import read_feed

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PAYLOADS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//x.cn/a.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&#40;1)</script>",
    '<a href="jav&#x09;ascript:alert(1)">链接</a>',
    '<a href="javascript:alert(1)">链接</a>',
    '<a href="data:text/html,<script>alert(1)</script>">链接</a>',
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<link rel=stylesheet href=http://x.cn/a.css>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=javascript:alert(1)//>",
    "<video><source onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<template><img src=x onerror=alert(1)></template>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;img src=x onerror=alert(1)&amp;gt;",
    "&amp;amp;lt;img src=x onerror=alert(1)&amp;amp;gt;",
    "&amp;amp;amp;amp;lt;img src=x onerror=alert(1)&amp;amp;amp;amp;gt;",
    "<\x00script>alert(1)</script>",
    "<\u200bscript>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><script>alert(1)</script>",
    "<xmp><img src=x onerror=alert(1)></xmp>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<title><img src=x onerror=alert(1)></title>",
    "＜script＞alert(1)＜/script＞",
)


class Reader(HTMLParser):
    """What a browser would make of a text that is put on a page without escaping."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def tags_in(text: str) -> list[str]:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader.tags


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_leaves_a_tag_in_title_text_or_author(payload: str) -> None:
    for text in (plain_text(f"前{payload}后").text, plain_line(f"前{payload}后").text):
        assert tags_in(text) == []
        assert text.startswith("前")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_no_payload_survives_a_feed_however_often_it_is_escaped(payload: str, depth: int) -> None:
    carried = payload.replace("\x00", "")
    for _ in range(depth):
        carried = escape(carried)
    inner = carried if depth else f"<![CDATA[{carried.replace(']]>', '')}]]>"
    body = (
        f"<rss version='2.0'><channel><title>x</title><item><title>题{inner}</title><link>{escape(payload)}</link>"
        f"<author>{inner}</author><description>文{inner}</description></item></channel></rss>"
    ).encode()
    for entry in read_feed(body, "", "http://www.example.cn/", NOW).entries:
        assert tags_in(entry.title + entry.text + entry.author) == []
        assert entry.url == "" or re.match(r"https?://[^<>\"'\s]+$", entry.url)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("http://a.cn/1", "http://a.cn/1"),
        ("//a.cn/1", "http://a.cn/1"),
        ("2.html", "http://www.example.cn/x/2.html"),
        ("/a b.html", "http://www.example.cn/a%20b.html"),
        ("?id=1&amp;n=2", "http://www.example.cn/x/?id=1&n=2"),
        ("javascript:alert(1)", ""),
        ("jav\tascript:alert(1)", ""),
        (" \x01javascript:alert(1)", ""),
        ("JAVASCRIPT:alert(1)", ""),
        ("vbscript:x", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("ftp://a.cn/", ""),
        ("http://u:p@a.cn/", ""),
        ("http://[::1", ""),
        ("http://a.cn:99999999/", ""),
        ("", ""),
    ],
)
def test_a_link_is_whole_and_http_or_there_is_none(href: str, expected: str) -> None:
    assert web_link(href, "http://www.example.cn/x/") == expected


def test_paragraphs_lists_and_cells_keep_their_lines_and_images_leave_nothing() -> None:
    html = "<p>一</p><p>二<br>三</p><ul><li>四<li>五</ul><table><tr><td>六<td>七</table><img src='http://x.cn/t.gif'>"
    assert plain_text(html).text == "一\n二\n三\n四\n五\n六 七"


def test_text_that_only_looks_like_markup_is_kept() -> None:
    assert plain_text("室温 < 14 度 & 无人管，A>B").text == "室温 < 14 度 & 无人管，A>B"


def test_what_is_illegal_in_xml_goes_with_a_flag_and_what_is_invisible_without() -> None:
    found = plain_text("停\x08水\ud800三\ufffe天")
    assert (found.text, found.flags) == ("停水三天", ("control_characters_removed",))
    assert plain_text("停\u200b水\u202e三天").text == "停水三天"


@given(st.text(st.sampled_from("<>&;/ab\"'=!-[]script\x00\n"), max_size=80))
def test_no_soup_of_tags_leaves_a_tag(soup: str) -> None:
    assert tags_in(plain_text(soup).text) == []
