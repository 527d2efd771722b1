"""OPML in and out, the list of sources, and the trial of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.reading import BadConfig
from config.sources import load_sources
from services.adapters.opml import BadOpml, read_opml, write_opml
from services.adapters.source_office import export_opml, figures, import_opml, list_sources, try_source
from services.adapters.store.sources import Sources
from services.domain.source import Source, SourceKind, without_password
from services.usecases.collecting import Collector, Tools
from tests.collecting_kit import START, HandClock, answer, feed, web
from tests.collecting_kit import Asked as Asked

PATTERN = Source("", "", source_class="media", floor_seconds=300)
OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><body><outline text="group">
<outline text="日报 &amp; 晚报" xmlUrl="http://a.test/rss"/>
<outline title="b" XMLURL=" https://b.test/feed?x=1 "/>
<outline text="again" xmlUrl="http://a.test/rss"/>
<outline text="file" xmlUrl="file:///etc/hostname"/>
<outline text="script" xmlUrl="javascript:alert(1)"/>
<outline text="folder"/></outline></body></opml>""".encode()


def store(kit: Tools) -> Sources:
    assert isinstance(kit.store, Sources)
    return kit.store


def test_every_outline_is_taken_or_refused_with_its_line_and_reason() -> None:
    read = read_opml(OPML, PATTERN)
    assert [(s.name, s.url, s.floor_seconds) for s in read.sources] == [
        ("日报 & 晚报", "http://a.test/rss", 300),
        ("b", "https://b.test/feed?x=1", 300),
    ]
    reasons = [(one.line, one.reason) for one in read.refused]
    assert reasons == [(5, "文件中重复"), (6, "只允许 http 和 https 地址"), (7, "只允许 http 和 https 地址")]


def test_a_list_written_here_is_read_here() -> None:
    sources = [Source(f"s{n}", f"http://h{n}.test/?a=1&b=<2>", f'名称 "{n}"') for n in range(50)]
    board = Source("b", "http://board.test/", kind=SourceKind.BOARD)
    read = read_opml(write_opml([*sources, board], "清单"), PATTERN)
    assert [(s.name, s.url) for s in read.sources] == [(s.name, s.url) for s in sources]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"hello", "第 1 行不是合法的 XML"),
        (b"<opml><body>\n<outline", "第 2 行不是合法的 XML"),
        (b"<rss/>", "不是 OPML 文件"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml>&a;</opml>', "文件含有实体声明，拒绝读取"),
        (b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///etc/hostname">]><opml>&a;</opml>', "文件含有实体声明，拒绝读取"),
        (b" " * (5 * 1024 * 1024 + 1), "文件超过 5 MiB"),
    ],
)
def test_what_is_not_opml_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(BadOpml, match=reason):
        read_opml(data, PATTERN)


async def test_an_import_can_be_repeated(kit: Tools, clock: HandClock) -> None:
    first = await import_opml(store(kit), OPML, PATTERN, clock.now())
    again = await import_opml(store(kit), OPML, PATTERN, clock.now())
    renamed = await import_opml(store(kit), OPML.replace(b'title="b"', b'title="c"'), PATTERN, clock.now())
    assert [len(result.added) for result in (first, again, renamed)] == [2, 0, 0]
    assert [source.name for source in renamed.changed] == ["c"]
    assert again.changed == ()
    exported = read_opml(await export_opml(store(kit), clock.now()), PATTERN)
    assert sorted(source.name for source in exported.sources) == ["c", "日报 & 晚报"]


async def test_what_the_file_configures_is_neither_doubled_nor_renamed_by_an_import(
    kit: Tools, clock: HandClock
) -> None:
    taken, waiting = (Source(f"s{n}", url, "ours") for n, url in enumerate(("http://a.test/", "http://b.test/")))
    await store(kit).sync([taken], clock.now())
    listed = write_opml([replace(taken, name="theirs"), replace(waiting, name="theirs")], "t")
    done = await import_opml(store(kit), listed, PATTERN, clock.now(), configured=[taken, waiting])
    assert (done.added, done.changed) == ((), ())
    assert await store(kit).managed() == {"s0": "file"}


async def test_what_somebody_switched_off_stays_off_and_comes_in_no_second_time(kit: Tools, clock: HandClock) -> None:
    configured = [Source("off", "http://off.test/rss", "停的", enabled=False), Source("new", "http://new.test/rss")]
    waiting = Source("waits", "http://waits.test/rss", enabled=False)
    await store(kit).sync(configured, clock.now())
    [imported] = (await import_opml(store(kit), write_opml([Source("i", "http://i.test/")], ""), PATTERN, START)).added
    await store(kit).add([replace(imported, enabled=False)], clock.now())
    listed = write_opml([*configured, waiting, replace(imported, name="又一名")], "t")
    done = await import_opml(store(kit), listed, PATTERN, clock.now(), configured=[*configured, waiting])
    assert (done.added, done.changed, done.refused) == ((), (), ())
    assert {one.id for one in done.kept_off} == {"off", "waits", imported.id}
    now_there = {one.source.id: one.source.enabled for one in await store(kit).all(switched_off=True)}
    assert now_there == {"off": False, "new": True, imported.id: False}


async def test_a_password_in_an_address_is_neither_shown_nor_handed_on(kit: Tools, clock: HandClock) -> None:
    await store(kit).add([Source("own", "http://reader:geheim@own.test:81/a@b?c=1", "ours")], clock.now())
    exported = await export_opml(store(kit), clock.now())
    [line] = await list_sources(store(kit), clock.now())
    assert line.url == "http://reader:***@own.test:81/a@b?c=1"
    assert b"geheim" not in exported
    again = await import_opml(store(kit), exported.replace(b'"ours"', b'"theirs"'), PATTERN, clock.now())
    assert ([one.name for one in again.changed], again.added, again.refused) == (["theirs"], (), ())
    [kept] = await store(kit).all()
    assert kept.source.url == "http://reader:geheim@own.test:81/a@b?c=1"
    [refused] = read_opml(exported, PATTERN).refused
    assert refused.reason == "地址里的密码已隐去，请补上再导入"


@pytest.mark.parametrize("url", ["http://a.test/x:y@z", "http://user@a.test/", "/data/a:b@c", "imaps://a.test/INBOX"])
def test_an_address_without_a_password_is_shown_as_it_is(url: str) -> None:
    assert without_password(url) == url


async def test_a_list_handed_on_keeps_the_class_of_each_source(kit: Tools, clock: HandClock) -> None:
    """A department's own site is looked at sooner than a paper; an import that forgot it would hear too late."""
    classes = {"media": PATTERN, "government": replace(PATTERN, source_class="government", floor_seconds=120)}
    await store(kit).sync([replace(classes["government"], id="gov", url="http://gov.example.cn/feed")], clock.now())
    read = read_opml(await export_opml(store(kit), clock.now()), PATTERN, classes=classes)
    assert [(s.source_class, s.floor_seconds) for s in read.sources] == [("government", 120)]


@pytest.mark.parametrize("encoding", ["gb2312", "gb18030", "utf-16"])
def test_a_list_in_a_chinese_encoding_is_read_and_its_lines_are_those_of_the_file(encoding: str) -> None:
    text = f"""<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0"><body>
<outline text="哈尔滨日报" xmlUrl="http://a.example.cn/feed"/>
<outline text="坏的" xmlUrl="file:///etc/passwd"/></body></opml>"""
    read = read_opml(text.encode(encoding), PATTERN)
    assert [source.name for source in read.sources] == ["哈尔滨日报"]
    assert [(refused.line, refused.name) for refused in read.refused] == [(4, "坏的")]


async def test_the_list_says_who_needs_attention_first(kit: Tools, clock: HandClock) -> None:
    async def site(asked: Asked, writer: object) -> None:
        good = asked.path == "/good"
        answer(writer, 200 if good else 403, feed([("a", "t"), ("b", "u")]) if good else b"")  # type: ignore[arg-type]  # a StreamWriter

    async with web(site) as server:
        given = [Source(name, server.url(f"/{name}"), expected_seconds=3600) for name in ("good", "shut")]
        await store(kit).sync(given, clock.now())
        clock.forward(seconds=1)
        for claimed in await store(kit).claim(clock.now(), 2):
            await Collector(kit).look(claimed)
    lines = await list_sources(store(kit), clock.now())
    assert [(line.id, line.condition, line.last_error) for line in lines] == [
        ("shut", "出错", "对方拒绝访问（403）"),
        ("good", "正常", ""),
    ]
    assert [line.items_a_day for line in lines] == [0, 2]
    numbers = figures(lines, clock.now() + timedelta(hours=1))
    assert (numbers.total, numbers.failing, numbers.items_a_day) == (2, 1, 2)
    assert numbers.overdue_seconds > 0


async def test_a_trial_tells_what_would_be_stored_and_keeps_nothing(kit: Tools) -> None:
    async def site(asked: Asked, writer: object) -> None:
        answer(writer, 200, feed([("a", "供暖不热")], ttl=1800), etag='"x"')  # type: ignore[arg-type]  # a StreamWriter

    async with web(site) as server:
        trial = await try_source(kit, server.url())
        outside = await try_source(kit, "http://10.0.0.1/")
    assert [post.title for post in trial.posts] == ["供暖不热"]
    assert (trial.failure, trial.validators) == ("", ("etag",))
    assert trial.next_check_at == START + timedelta(minutes=30)
    assert outside.failure.startswith("地址 10.0.0.1 不是公网地址；确需访问时请把它的网段写入环境变量 HUIYING_ALLOWED")
    assert await store(kit).all() == []
    assert kit.log.published == []  # type: ignore[attr-defined]  # the log of the kit keeps what it is given


def test_the_file_as_shipped_is_good() -> None:
    assert set(load_sources().classes) == {"media", "government", "board", "hotline", "mailbox"}


BASE = """
[collecting]
first_look_days = 7
articles_per_look = 20
[classes.media]
floor_seconds = 120
ceiling_seconds = 3600
expected_hours = 24
"""


@pytest.mark.parametrize(
    ("more", "key", "reason"),
    [
        ('[[sources]]\nid="a"\nurl="file:///x"', "sources[0].url", "needs http or https"),
        ('[[sources]]\nid="a"\nurl="http://"', "sources[0].url", "needs http or https"),
        ('[[sources]]\nid="a"\nurl="http://a.test"\nclass="x"', "sources[0].class", "unknown class x"),
        ('[[sources]]\nid="a"\nurl="http://a.test"\nfloor_seconds=5', "sources[0].floor_seconds", "from 120"),
        ('[[sources]]\nid="a"\nurl="http://a.test"\nkind="board"', "sources[0].board.item", "needs a CSS selector"),
        ('[[sources]]\nid="a"\nurl="http://a.test"\nkind="forum"', "sources[0].kind", "forum"),
        ('[[sources]]\nid="a"\nurl="http://a.test"\ninterval=5', "sources[0]", "interval"),
        ('[[sources]]\nid=" "\nurl="http://a.test"', "sources[0].id", "1 to 100"),
        ('[[sources]]\nid="a"\nurl="http://a.test"\n' * 2, "sources[1].id", "there twice"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_key_and_reason(tmp_path: Path, more: str, key: str, reason: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(BASE + more, encoding="utf-8")
    with pytest.raises(BadConfig) as caught:
        load_sources(path)
    assert caught.value.key.startswith(key)
    assert reason in str(caught.value)


def test_a_source_has_the_rhythm_of_its_class_unless_it_says_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    more = '[[sources]]\nid="a"\nkind="hotline"\nurl="/drop"\n[sources.options.columns]\ntitle="标题"\ntext="内容"\n'
    path.write_text(BASE + more + '[[sources]]\nid="b"\nurl="http://b.test"\nfloor_seconds=7200\n', encoding="utf-8")
    first, second = load_sources(path).sources
    assert (first.floor_seconds, first.ceiling_seconds, first.expected_seconds) == (120, 3600, 86_400)
    assert (second.floor_seconds, second.ceiling_seconds) == (7200, 7200)
    assert first.options == (("columns.text", "内容"), ("columns.title", "标题"))
