"""One post under many names is one post; two posts under one name stay two; an edit is a version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.domain.identity import (
    Wording,
    canonical_address,
    content_hash,
    fingerprint,
    is_front_page,
    post_id,
    same_post,
    titled_id,
)

HOME = "http://www.example.gov.cn/news/202611/t20261122_123.html"
LONG = (
    "城南小区三号楼自十一月十五日起暖气不热，室温只有十四度，物业和供热公司互相推诿，多次拨打热线无人处理，请尽快解决。"
)


@pytest.mark.parametrize(
    "spelling",
    [
        "https://www.example.gov.cn/news/202611/t20261122_123.html",
        "http://example.gov.cn/news/202611/t20261122_123.html",
        "http://m.example.gov.cn/news/202611/t20261122_123.html",
        "http://wap.example.gov.cn/news/202611/t20261122_123.html",
        "HTTP://WWW.EXAMPLE.GOV.CN/news/202611/t20261122_123.html",
        "http://www.example.gov.cn:80/news/202611/t20261122_123.html",
        "http://www.example.gov.cn./news/202611/t20261122_123.html",
        "http://www.example.gov.cn//news/202611//t20261122_123.html",
        "http://www.example.gov.cn/news/202611/t20261122_123.html#comments",
        "http://www.example.gov.cn/news/202611/t20261122_123.html?utm_source=rss&utm_medium=feed",
        "http://www.example.gov.cn/news/202611/t20261122_123.html?from=timeline&isappinstalled=0",
        "http://www.example.gov.cn/news/202611/t20261122_123.html;jsessionid=0A1B2C",
        "http://www.example.gov.cn/news/202611/t20261122_123.html?spm=C73544.P1&share_token=abc&fbclid=x",
        "http://www.example.gov.cn/news/202611/t20261122_123.html?wfr=spider&for=pc",
        "http://www.example.gov.cn/news/202611/t20261122_123.html?_t=1795305900123&random=0.4711815",
        "http://www.example.gov.cn/news/202611/t20261122%5F123.html",
        "  http://www.example.gov.cn/news/202611/t20261122_123.html  ",
    ],
)
def test_every_spelling_of_an_address_is_one_address(spelling: str) -> None:
    assert canonical_address(spelling) == canonical_address(HOME)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/show?id=1", "http://a.cn/show?id=2"),
        ("http://a.cn/a", "http://b.cn/a"),
        ("http://a.cn/a", "http://a.cn:8080/a"),
        ("http://news.a.cn/a", "http://a.cn/a"),
        ("http://a.cn/#/post/1", "http://a.cn/#/post/2"),
        ("http://a.cn/show?sid=1", "http://a.cn/show?sid=2"),
        ("http://a.cn/talk/%B9%A9%C8%C8.html", "http://a.cn/talk/%B9%AB%BD%BB.html"),
        ("http://a.cn/s?k=%B9%A9%C8%C8", "http://a.cn/s?k=%B9%AB%BD%BB"),
        ("http://a.cn/v?source_id=5", "http://a.cn/v?source_id=6"),
        ("http://a.cn/v?for=1", "http://a.cn/v?for=2"),
        ("http://a.cn/v?from=1", "http://a.cn/v?from=2"),
        ("http://a.cn/v?ref=100", "http://a.cn/v?ref=101"),
        ("http://a.cn/v?share_id=1", "http://a.cn/v?share_id=2"),
        ("http://a.cn/v?via=1", "http://a.cn/v?via=2"),
        ("http://a.cn/v?random=1", "http://a.cn/v?random=2"),
        ("http://a.cn/v?track_id=1", "http://a.cn/v?track_id=2"),
    ],
)
def test_two_pages_stay_two_addresses(one: str, other: str) -> None:
    assert canonical_address(one) != canonical_address(other)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.cn/x", "/relative", "", "http://", "http://[::1", "x"])
def test_what_is_no_web_address_has_no_canonical_form(url: str) -> None:
    assert canonical_address(url) == ""


def test_order_of_parameters_does_not_matter() -> None:
    assert canonical_address("http://a.cn/s?b=2&a=1") == canonical_address("http://a.cn/s?a=1&b=2")


@given(st.text(max_size=80))
def test_no_address_breaks_the_canonical_form(tail: str) -> None:
    canonical_address("http://a.cn/" + tail)
    canonical_address(tail)


def test_five_guids_and_a_hundred_mirrors_are_one_post() -> None:
    hosts = [f"http{s}://{host}example.gov.cn/t/1.html" for s in ("", "s") for host in ("", "m.", "www.", "wap.")]
    tails = ("", "?spm=1", "#top", "?utm_source=a", "?from=singlemessage&share_token=x")
    mirrors = [host + tail for host in hosts for tail in tails]
    guids = [f"guid-{number}" for number in range(5)]
    assert len({post_id(mirror, guid, "题", LONG) for mirror in mirrors for guid in guids}) == 1


def test_the_front_page_of_a_site_names_no_post() -> None:
    assert is_front_page(canonical_address("http://www.a.cn/index.html"))
    assert post_id("http://www.a.cn/", "n1", "甲", "乙") == "n1"
    assert post_id("http://www.a.cn/", "", "甲", "乙") != post_id("http://www.a.cn/", "", "丙", "丁")


def test_a_very_long_address_still_has_a_short_unique_name() -> None:
    names = {post_id("http://a.cn/" + "a" * 500 + str(n), "", "", "") for n in range(3)}
    assert len(names) == 3
    assert all(len(name) <= 200 for name in names)


def test_layout_and_width_are_no_edit_but_a_word_is() -> None:
    assert content_hash("供 热", "室温１４度！") == content_hash("供热", "室温14度。\n")
    assert content_hash("供热", "室温14度") != content_hash("供热", "室温12度")
    assert content_hash("火灾", "损失1.5万元") != content_hash("火灾", "损失15万元")


def test_only_a_long_text_proves_republication() -> None:
    assert fingerprint("题", LONG)
    assert fingerprint("题", "什么时候供暖？") == ""


def test_an_edited_title_is_the_same_matter_and_another_title_is_not() -> None:
    assert same_post(Wording("城南小区暖气不热无人处理", ""), Wording("城南小区暖气不热，供热公司已上门", ""))
    assert not same_post(Wording("城南小区暖气不热", ""), Wording("中山路积水严重", ""))
    assert titled_id("a.cn/live", "甲") != titled_id("a.cn/live", "乙")


NOTICES = ("警情通报", "突发事件通报", "道里公安分局警情通报第12号", "")
CRASH = "12月1日，松北区发生一起道路交通事故，两车相撞，3人轻伤，已送医。"
BLAST = "12月2日，阿城区发生一起厂房爆炸事故，造成35人遇难，120人受伤，已送医。"
FIRST = Wording("突发！道里一居民楼起火", "今天上午道里区一处居民楼起火，消防正在处置，伤亡待核实。", "u1")
LAMP = Wording("哈尔滨市南岗区经纬街路灯不亮", "哈尔滨市南岗区经纬街路灯不亮一周，请有关部门维修", "a1")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LAMP, Wording("哈尔滨市道里区燃气爆炸已致3人死亡", "哈尔滨市道里区一小区今日燃气爆炸，已致3人死亡，9人受伤")),
        (LAMP, Wording("哈尔滨市南岗区燃气爆炸", "哈尔滨市南岗区一小区今日燃气爆炸，已致3人死亡，9人受伤", "a1")),
        (Wording("道里区停水", ""), Wording("道里区爆炸", "")),
        (Wording("暴雪蓝色预警", "今夜有雪"), Wording("公交车起火三人受伤", "消防到场")),
        (Wording("群众来信", LAMP.opening, "1"), Wording("群众来信", LONG, "2")),
        (Wording("群众来信", LAMP.opening, "1"), Wording("群众来信", LONG, "1")),
        *((Wording(title, CRASH, guid), Wording(title, BLAST, guid)) for title in NOTICES for guid in ("", "1")),
        (Wording("停水通知", "12月1日8时至20时道里区停水"), Wording("停水通知", "12月2日8时至20时南岗区停水")),
        (Wording("警情通报", "两车相撞", "1"), Wording("警情通报", "仓库爆炸", "2")),
        (FIRST, Wording("道外区居民楼火灾已致12人遇难", "截至目前道外区火灾共有12人遇难，原因在查。", "u1")),
        (FIRST, Wording("道里区居民楼坍塌已致12人遇难", "截至目前共有12人遇难，原因由调查组认定中。", "u1")),
    ],
)
def test_another_matter_at_the_same_address_is_no_edit(before: Wording, after: Wording) -> None:
    assert not same_post(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (LAMP, Wording(LAMP.title, "已派人维修，今晚恢复照明，感谢来信，如有问题请再联系我们。", "a1")),
        (LAMP, Wording(f"{LAMP.title}(已修复)", f"{LAMP.opening}。更新：已修复。", "a2")),
        (LAMP, Wording("经纬街的灯修好了", f"更新：当日修复。{LAMP.opening}")),
        (Wording("火灾致3人受伤", ""), Wording("火灾致5人受伤", "")),
        (Wording("", ""), LAMP),
        (Wording("", LAMP.opening, "1"), Wording("", f"{LAMP.opening}。更新：已修复。", "2")),
        (Wording("警情通报", CRASH), Wording("警情通报", f"{CRASH}后续：3名伤者均已出院。")),
        (Wording("停水通知", ""), Wording("停水通知", CRASH)),
        (FIRST, Wording("道里区居民楼火灾已致12人遇难", "截至目前共有12人遇难，原因由调查组认定中。", "u1")),
    ],
)
def test_another_title_or_another_text_alone_is_an_edit(before: Wording, after: Wording) -> None:
    assert same_post(before, after)
