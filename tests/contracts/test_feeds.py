"""Every kind of feed is read, and the fast reader never says anything else than the authority."""

import re
from datetime import UTC, datetime

import pytest

from services.adapters.encodings import as_utf8_xml, decode
from services.adapters.entries import entries_of
from services.adapters.feeds import read_feed, xmlfeed
from services.domain.characters import legible
from services.usecases.collecting.contract import NotAFeed, Parsed
from tests.contracts.feed_seeds import Seed, seeds

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
BASE = "http://www.example.cn/feed.xml"
SEEDS = seeds()
MORNING = datetime(2026, 11, 22, 0, 5, tzinfo=UTC)


def parsed(seed: Seed) -> Parsed:
    return read_feed(seed.body, seed.content_type, BASE, NOW)


def named(name: str) -> Parsed:
    return parsed(next(seed for seed in SEEDS if seed.name == name))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("若a<b则停水，c>d，5<10\\n第二段", "若a＜b则停水，c>d，5<10\n第二段"),
        ("R&amp;D", "R&amp;D"),
        ("<p>停水</p><p>停电</p>", "停水\n停电"),
    ],
)
def test_a_text_that_is_said_to_be_plain_keeps_its_marks_and_lines(content: str, text: str) -> None:
    body = f'{{"version": "https://jsonfeed.org/version/1", "items": [{{"id": "1", "content_text": "{content}"}}]}}'
    (entry,) = read_feed(body.encode(), "", BASE, NOW).entries
    assert entry.text == text
    assert ("markup_neutralised" in entry.flags) == ("＜" in text)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_every_seed_is_read_to_its_last_item(seed: Seed) -> None:
    found = parsed(seed)
    assert len(found.entries) == seed.items
    for entry in found.entries:
        assert entry.title
        assert "<" not in entry.title + entry.text
        assert not re.search(r"&#?\w+;", entry.title + entry.text)


def test_an_html_page_plain_text_and_other_json_are_refused_with_the_reason_in_chinese() -> None:
    for body, reason in (
        (b"<!doctype html><html><body>hello</body></html>", "网页"),
        (b"hello", "纯文本"),
        (b"  \n", "为空"),
        (b"", "为空"),
        (b'{"items": []}', "JSON Feed"),
        (b"[1, 2", "格式有错"),
        (b"<svg><item/></svg>", "不是 RSS"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "不是|文本"),
    ):
        with pytest.raises(NotAFeed, match=reason):
            read_feed(body, "", BASE, NOW)


def test_half_a_surrogate_in_one_item_of_a_json_feed_costs_no_other() -> None:
    items = ",".join(f'{{"id": "{n}", "content_text": "停\\ud800水{n}天"}}' for n in range(3))
    body = f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{items}]}}'
    found = read_feed(body.encode(), "", BASE, NOW)
    assert [entry.text for entry in found.entries] == ["停水0天", "停水1天", "停水2天"]


def test_a_feed_so_broken_that_the_authority_stumbles_is_refused_with_the_reason() -> None:
    with pytest.raises(NotAFeed, match="残缺"):
        read_feed(b"<channel><item<link></item</link<", "", "http://www.example.cn/", NOW)


def test_a_tag_that_is_an_item_only_to_those_who_ignore_case_harms_no_other() -> None:
    odd = _item("停水", "http://a.cn/1", "1", "<\u0131tem>x</\u0131tem>")
    assert len(read_feed(_feed(odd, _item("停电", "http://a.cn/2", "2")), "", BASE, NOW).entries) == 2


def test_an_empty_feed_is_a_feed() -> None:
    assert named("rss20 empty").entries == ()


@pytest.mark.parametrize(
    "name", ["rss20 naive date", "rss20 chinese date", "rss20 date in cdata", "rss20 comment with a date", "atom03"]
)
def test_a_date_without_a_zone_is_beijing_time_and_the_original_is_kept(name: str) -> None:
    for entry in named(name).entries:
        assert entry.published_at == MORNING
        assert "2026" in entry.published_raw


def test_the_publication_not_the_last_change_dates_a_post() -> None:
    dates = {entry.published_at for entry in named("atom10 published and updated").entries}
    assert dates == {datetime(2026, 11, 21, 0, 0, tzinfo=UTC)}


def test_full_content_wins_over_the_summary_and_a_summary_is_known_as_one() -> None:
    assert not any(entry.summary_only for entry in named("rss20 content encoded").entries)
    assert all(entry.summary_only for entry in named("rss20").entries)


@pytest.mark.parametrize("name", ["atom03 escaped", "atom03 base64", "atom10 html content", "atom10 xhtml content"])
def test_content_is_read_however_it_is_packed(name: str) -> None:
    assert all(entry.text.startswith("城南小区三号楼暖气不热") for entry in named(name).entries)


def test_relative_links_are_made_whole_and_ttl_is_read() -> None:
    assert named("rss20 relative links").entries[0].url == "http://www.example.cn/a/1.html"
    assert named("atom10 base").entries[0].url == "http://b.example.cn/x/a/1"
    assert named("rss20 ttl").ttl_seconds == 1800
    assert named("rss20").ttl_seconds is None


def test_a_control_character_goes_and_every_entry_says_so() -> None:
    found = named("control character")
    assert found.entries[0].text.startswith("停水")
    assert all("control_characters_removed" in entry.flags for entry in found.entries)


def test_a_wrong_encoding_label_loses_and_is_noted() -> None:
    found = named("gbk labelled utf-8")
    assert found.entries[0].text.startswith("城南小区")
    assert "encoding_label_wrong" in found.flags


def _feed(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()


def _item(title: str, link: str, guid: str, text: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link><guid>{guid}</guid><description>{text}</description></item>"


LONG = (
    "城南小区三号楼自十一月十五日起暖气不热，室温只有十四度，物业和供热公司互相推诿，多次拨打热线无人处理，请尽快解决。"
)


def test_one_item_under_five_guids_and_twenty_spellings_of_its_address_is_one_entry() -> None:
    hosts = ("http://www.a.cn", "https://a.cn", "http://m.a.cn", "http://a.cn:80")
    tails = ("", "?utm_source=x", "?from=timeline", "#c", "?spm=1.2")
    items = [
        _item("暖气不热", f"{host}/1.html{tail}", f"g{n % 5}", LONG) for n, host in enumerate(hosts) for tail in tails
    ]
    assert len(read_feed(_feed(*items), "", BASE, NOW).entries) == 1


def test_a_hundred_mirrors_of_a_long_text_are_one_entry() -> None:
    items = [_item("暖气不热", f"http://mirror{n}.cn/{n}", f"m{n}", LONG) for n in range(100)]
    assert len(read_feed(_feed(*items), "", BASE, NOW).entries) == 1


def test_an_edit_keeps_the_identity_and_a_republication_under_a_new_guid_too() -> None:
    before = read_feed(_feed(_item("暖气不热无人管", "http://a.cn/1", "g1", LONG)), "", BASE, NOW).entries[0]
    after = read_feed(
        _feed(_item("暖气不热无人管(更新)", "http://a.cn/1?from=timeline", "g9", LONG + "已修复。")), "", BASE, NOW
    )
    assert after.entries[0].id == before.id
    assert after.entries[0].text != before.text


def test_different_posts_behind_one_address_stay_different() -> None:
    items = [_item("暖气不热", "http://a.cn/live", "1", "甲"), _item("道路积水", "http://a.cn/live", "2", "乙")]
    assert len({entry.id for entry in read_feed(_feed(*items), "", BASE, NOW).entries}) == 2


def test_two_matters_of_one_district_behind_one_address_stay_two() -> None:
    place = "哈尔滨市道里区"
    items = [_item(f"{place}停水", "http://a.cn/live", "1"), _item(f"{place}爆炸", "http://a.cn/live", "2")]
    assert [e.title for e in read_feed(_feed(*items), "", BASE, NOW).entries] == [f"{place}停水", f"{place}爆炸"]


@pytest.mark.parametrize("seed", [seed for seed in SEEDS if "json" not in seed.name], ids=lambda seed: seed.name)
def test_the_fast_reader_and_the_authority_agree(seed: Seed) -> None:
    text = legible(xmlfeed.resolved(decode(seed.body, seed.content_type).text))[0]
    if xmlfeed.known_wrong(text) or seed.name == "truncated":
        return  # the first the authority reads anyway; of a torn item the fast reader saves more
    document = as_utf8_xml(text)
    fast = xmlfeed._fast(document, text)
    if fast is not None:
        slow = xmlfeed._authority(document)
        assert entries_of(fast, BASE, NOW) == entries_of(slow, BASE, NOW)
