"""What comes through the door is whole and clean, or is refused with the reason."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.intake import Channel, Refusal, safe_link, take_in
from services.domain.post import MAX_TEXT_BYTES, Post

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PUSH = Channel("vendor-a", "push", NOW, vendor="甲公司")
GOOD: dict[str, Any] = {"id": "1", "title": "停水", "text": "南岗区停水三天", "published_at": "2026-11-22 08:05"}


def taken(**changes: Any) -> Post:
    result = take_in({**GOOD, **changes}, PUSH)
    assert isinstance(result, Post), result
    return result


def refused(**changes: Any) -> Refusal:
    result = take_in({**GOOD, **changes}, PUSH)
    assert isinstance(result, Refusal), result
    return result


def test_a_good_post_comes_in_as_it_is() -> None:
    post = taken(url="http://a.cn/1", author="王")
    assert (post.id, post.title, post.text, post.url, post.author) == (
        "1",
        "停水",
        "南岗区停水三天",
        "http://a.cn/1",
        "王",
    )
    assert (post.source, post.origin, post.vendor, post.collected_at) == ("vendor-a", "push", "甲公司", NOW)
    assert post.published_at == datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
    assert post.flags == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"id": ""}, "id"),
        ({"id": "  "}, "id"),
        ({"id": ["1"]}, "id"),
        ({"id": True}, "id"),
        ({"id": "a\x00b"}, "id"),
        ({"id": "a\ud800"}, "id"),
        ({"id": "x" * 201}, "id"),
        ({"text": None}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t "}, "text"),
        ({"text": "\x00\x01"}, "text"),
        ({"text": 5}, "text"),
        ({"text": ["正文"]}, "text"),
        ({"text": "字" * (MAX_TEXT_BYTES // 3 + 1)}, "text"),
        ({"title": {"a": 1}}, "title"),
        ({"url": 7}, "url"),
        ({"published_at": [2026]}, "published_at"),
        ({"published_at": True}, "published_at"),
        ({"publishedat": "2026-11-22"}, "publishedat"),
    ],
)
def test_what_cannot_be_kept_whole_is_refused_with_field_and_reason(changes: dict[str, Any], field: str) -> None:
    refusal = refused(**changes)
    assert refusal.field == field
    assert refusal.reason


@pytest.mark.parametrize("raw", [None, 1, "text", [], [("id", "1")], b"{}"])
def test_what_is_no_object_is_refused(raw: object) -> None:
    assert isinstance(take_in(raw, PUSH), Refusal)


def test_control_characters_and_lone_surrogates_go_and_leave_a_flag() -> None:
    post = taken(text="停\x00水\x08三\ud800天\ufffe", title="\x1b停水")
    assert (post.text, post.title) == ("停水三天", "停水")
    assert "control_characters_removed" in post.flags
    post.text.encode("utf-8")


def test_exactly_one_mebibyte_is_still_taken() -> None:
    assert len(taken(text="a" * MAX_TEXT_BYTES).text) == MAX_TEXT_BYTES


@pytest.mark.parametrize(
    ("published_at", "flag"),
    [
        ("3026-01-01", "time_in_future"),
        (4102444800.0, "time_in_future"),
        (None, "time_missing"),
        ("随便", "time_unreadable"),
        ("1970-01-01", "time_too_old"),
    ],
)
def test_an_absurd_time_is_dropped_with_a_flag_and_the_post_is_kept(published_at: object, flag: str) -> None:
    post = taken(published_at=published_at)
    assert post.published_at is None
    assert flag in post.flags


def test_without_a_title_the_text_lends_its_beginning() -> None:
    post = taken(title=None)
    assert post.title == "南岗区停水三天"
    assert "title_from_text" in post.flags


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "jav\tascript:alert(1)", "//a.cn/x", "/x",
        "http://user:pass@a.cn/", "http://a.cn/ x", 'http://a.cn/"onclick="x', "http://a.cn/<script>", "vbscript:x",
        "http://a.cn\\@b.cn/", "file:///etc/passwd", "http://\x00a.cn/", "http://a.cn/" + "x" * 3000,
    ],
)  # fmt: skip
def test_a_link_that_a_browser_must_not_follow_is_dropped(url: str) -> None:
    assert safe_link(url) == ""
    assert "link_removed" in taken(url=url).flags


def test_the_vendor_s_own_source_name_is_kept_when_the_channel_has_none() -> None:
    post = take_in({**GOOD, "source": "龙江论坛"}, Channel("push", "push", NOW))
    assert isinstance(post, Post)
    assert post.vendor == "龙江论坛"


def test_the_name_of_a_source_is_cleaned_like_every_other_field() -> None:
    post = take_in(GOOD, Channel("论\x00坛\ud800\n一\t楼", "push", NOW, "甲\x07公司"))
    assert isinstance(post, Post)
    assert (post.source, post.vendor) == ("论坛 一 楼", "甲公司")
    assert "control_characters_removed" in post.flags


@pytest.mark.parametrize("source", ["", "  ", "\x00", "\u200b\n", "源" * 201])
def test_a_source_without_a_name_is_refused(source: str) -> None:
    refusal = take_in(GOOD, Channel(source, "push", NOW))
    assert isinstance(refusal, Refusal)
    assert (refusal.id, refusal.field) == ("1", "source")


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(), max_size=20),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                    max_leaves=5)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*GOOD, "url", "author", "source", "x"]), JSON), st.text(st.characters()))
def test_nothing_that_can_be_sent_breaks_the_door(raw: dict[str, Any], source: str) -> None:
    result = take_in(raw, Channel(source, "push", NOW, source))
    if isinstance(result, Post):
        assert "\x00" not in result.source
        f"{result.source}{result.id}{result.title}{result.text}{result.author}{result.vendor}{result.url}".encode()
        assert result.text
    else:
        assert result.reason
