"""A list page without a feed is read by its selectors, and says so when they no longer match."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.adapters.boards import read_board
from services.domain.remarks import remark
from services.domain.source import BoardSelectors, Source, SourceKind
from services.usecases.collecting.contract import NotAFeed

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SELECTORS = BoardSelectors(
    item="ul.list li", link="a", title="a", time="span.date", author="span.who", next_page="a.next", max_pages=3
)
SAME = "我们小区三号楼自十一月十五日起暖气不热，室内温度只有十四度，多次拨打供热公司电话无人处理，家中有老人。"
SOURCE = Source("board", "http://www.example.gov.cn/bxt/index.html", kind=SourceKind.BOARD, board=SELECTORS)
PAGE = """<html><body><ul class="list">
<li><a href="./t1.html" title="关于南岗区某小区供热温度不达标的投诉">关于南岗区某小区供热…</a>
<span class="date">2026年11月22日</span><span class="who">市民甲</span></li>
<li><a href="/bxt/t2.html">路灯不亮</a><span class="date">11-22 08:05</span></li>
<li><a href="http://other.cn/t3">施工扰民<script>alert(1)</script></a><span class="date">3小时前</span></li>
<li><a href="javascript:void(0)">积水</a><span class="date"></span></li>
</ul><a class="next" href="index_2.html">下一页</a></body></html>"""


def test_items_links_titles_times_and_the_next_page_are_found() -> None:
    found = read_board(PAGE.encode("gbk"), "text/html", SOURCE, NOW)
    assert [entry.title for entry in found.entries] == [
        "关于南岗区某小区供热温度不达标的投诉",
        "路灯不亮",
        "施工扰民",
        "积水",
    ]
    assert [entry.url for entry in found.entries] == [
        "http://www.example.gov.cn/bxt/t1.html",
        "http://www.example.gov.cn/bxt/t2.html",
        "http://other.cn/t3",
        "",
    ]
    assert [entry.published_at for entry in found.entries] == [
        datetime(2026, 11, 21, 16, 0, tzinfo=UTC),
        datetime(2026, 11, 22, 0, 5, tzinfo=UTC),
        datetime(2026, 11, 22, 1, 0, tzinfo=UTC),
        None,
    ]
    assert found.entries[0].author == "市民甲"
    assert found.entries[0].summary_only
    assert "link_removed" in found.entries[3].flags
    assert found.next_page == "http://www.example.gov.cn/bxt/index_2.html"


def test_residents_who_send_one_text_are_all_there() -> None:
    items = "".join(f"<div class=m><a href=/{n}.html>暖气不热</a><div class=b>{SAME}</div></div>" for n in range(5))
    board = BoardSelectors(item="div.m", body="div.b")
    found = read_board(items.encode(), "text/html; charset=utf-8", replace(SOURCE, board=board), NOW)
    assert (len(found.entries), found.flags) == (5, ())


def test_a_body_selector_brings_the_text_along() -> None:
    page = "<div class=m><h3>停电</h3><div class=b><p>三天了</p><p>没人管</p></div></div>"
    board = BoardSelectors(item="div.m", title="h3", body="div.b")
    entry = read_board(page.encode(), "text/html; charset=utf-8", replace(SOURCE, board=board), NOW).entries[0]
    assert (entry.title, entry.text, entry.summary_only) == ("停电", "三天了\n没人管", False)


def test_an_item_that_is_itself_the_link_and_a_machine_readable_time_are_understood() -> None:
    page = '<a class=i href=/1>停水<time datetime="2026-11-22T08:05:00+08:00">上午</time></a>'
    board = BoardSelectors(item="a.i", time="time")
    entry = read_board(page.encode(), "", replace(SOURCE, board=board), NOW).entries[0]
    assert entry.url == "http://www.example.gov.cn/1"
    assert entry.published_at == datetime(2026, 11, 22, 0, 5, tzinfo=UTC)


def test_the_page_s_own_base_address_is_used() -> None:
    page = '<base href="http://cdn.example.cn/x/"><ul class=list><li><a href=1.html>停水</a></li></ul>'
    assert read_board(page.encode(), "", SOURCE, NOW).entries[0].url == "http://cdn.example.cn/x/1.html"


@pytest.mark.parametrize(
    ("board", "reason"),
    [
        (None, "没有配置"),
        (BoardSelectors(item="table.gone tr"), "table.gone tr.*改版"),
        (BoardSelectors(item="li[["), "选择器有误：item = “li\\[\\[”$"),
        (BoardSelectors(item="ul.list li", time="b::"), "选择器有误：time = “b::”$"),
        (BoardSelectors(item="ul.list li", title="h3"), "4 个条目.*title = “h3”"),
    ],
)
def test_a_rebuilt_page_or_a_wrong_selector_is_said_in_chinese(board: BoardSelectors | None, reason: str) -> None:
    with pytest.raises(NotAFeed, match=reason):
        read_board(PAGE.encode(), "", replace(SOURCE, board=board), NOW)


def test_a_last_page_has_no_next_one() -> None:
    page = PAGE.replace('href="index_2.html"', 'href="javascript:void(0)"')
    assert read_board(page.encode(), "", SOURCE, NOW).next_page is None


@pytest.mark.parametrize("name", ["link", "time", "author"])
def test_a_selector_that_finds_nothing_anywhere_is_told(name: str) -> None:
    found = read_board(PAGE.encode(), "", replace(SOURCE, board=replace(SELECTORS, **{name: "b.gone"})), NOW)
    assert [flag for flag in found.flags if "selector" in flag] == [f"selector_matches_nothing_{name}"]
    assert remark(f"selector_matches_nothing_{name}").endswith(("任何内容", "各条没有网址", "改用首次发现时间"))


def test_what_was_never_asked_for_is_not_missed() -> None:
    page = "<div class=m><h3>停电</h3><div class=b><p>三天了</p></div></div>"
    board = BoardSelectors(item="div.m", title="h3", body="div.b")
    assert read_board(page.encode(), "", replace(SOURCE, board=board), NOW).flags == ()
