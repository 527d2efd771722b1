"""Feed, JSON Feed, GBK message board with pages behind it, hotline folder and mailbox: each brings its posts, once."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from services.adapters import wire
from services.adapters.fetch.guard import Guard
from services.adapters.hotline import HotlineDrop
from services.adapters.mailbox import Mailbox
from services.adapters.parsing.exchange import Task
from services.adapters.parsing.pool import OF_AN_EXPORT, ParsingPool
from services.domain.post import Post
from services.domain.source import BoardSelectors, Source, SourceKind
from services.usecases.collecting import Collector, Tools
from services.usecases.collecting.contract import Box
from tests.collecting_kit import Asked, HandClock, KeptLog, answer, tools, web
from tests.contracts.imap_server import ImapServer

MORNING = "2026-11-22 07:55"
ARTICLE = "城南小区多名居民反映室温不达标，最低只有十四度。供热公司表示故障已经找到，抢修人员已经到场，预计两天内恢复。"
RSS = (
    "<rss version='2.0'><channel><title>x</title><item><title>供热故障</title><link>/news/1.html?from=rss</link>"
    f"<pubDate>{MORNING}</pubDate><description>摘要……</description></item></channel></rss>"
)
BOARD = "<ul><li><a href='{0}.html'>{1}</a><i>{2}</i></li></ul><a class=next href='{3}'>下一页</a>"
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "items": [
        {
            "id": "7",
            "url": "/j/7",
            "title": "公交改线",
            "content_text": "十二路改线后老人看病不便",
            "date_published": MORNING,
        }
    ],
}
PAGES = {
    "/feed.xml": RSS.encode(),
    "/news/1.html?from=rss": f"<nav>导航</nav><article><p>{ARTICLE}</p></article>".encode(),
    "/feed.json": json.dumps(JSON_FEED).encode(),
    "/board/": BOARD.format("a", "路灯不亮", MORNING, "2.html").encode("gbk"),
    "/board/2.html": BOARD.format("b", "道路积水", MORNING, "javascript:void(0)").encode("gbk"),
}


async def serve(asked: Asked, writer: asyncio.StreamWriter) -> None:
    body = PAGES.get(asked.path)
    answer(writer, 200 if body else 404, body or b"", content_type="text/html")


@pytest.fixture
async def collecting(tmp_path: Path) -> AsyncIterator[Tools]:
    clock, pool = HandClock(datetime(2026, 11, 22, 0, 0, tzinfo=UTC)), ParsingPool(size=1)
    guard, exports = Guard(["127.0.0.0/8"]), ParsingPool(1, OF_AN_EXPORT, of=Task.EXPORT)
    mailbox = Mailbox(pool, guard)
    boxes: dict[SourceKind, Box] = {SourceKind.HOTLINE: HotlineDrop(exports), SourceKind.MAILBOX: mailbox}
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/huiying.sqlite", clock) as plain:
        yield replace(plain, parser=pool, boxes=boxes, articles=pool)
    mailbox.close()
    guard.close()
    await pool.close()
    await exports.close()


def sources(site: str, imap: int, tmp_path: Path) -> list[Source]:
    (tmp_path / "password").write_text("secret", encoding="utf-8")
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "1.csv").write_text(
        f"工单编号,标题,诉求内容,受理时间\nA1,停水,停水三天,{MORNING}\n", encoding="utf-8"
    )
    login = (("password_file", str(tmp_path / "password")), ("user", "mayor"))
    board = BoardSelectors(item="li", time="i", next_page="a.next", max_pages=3)
    return [
        Source("rss", f"{site}feed.xml", full_text=True),
        Source("json", f"{site}feed.json"),
        Source("board", f"{site}board/", kind=SourceKind.BOARD, board=board),
        Source("hotline", str(tmp_path / "drop"), kind=SourceKind.HOTLINE, vendor="12345热线"),
        Source("mailbox", f"imap://127.0.0.1:{imap}/INBOX", kind=SourceKind.MAILBOX, options=login),
    ]


def letter() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["Message-ID"] = "停电投诉", "市民甲 <a@example.cn>", "<1@example.cn>"
    message["Date"] = "Sun, 22 Nov 2026 07:55:00 +0800"
    message.set_content("整栋楼停电")
    return message.as_bytes()


async def an_hour_of_looking(collecting: Tools, configured: list[Source]) -> list[Post]:
    """All posts published so far, after an hour in which every source came up at least once."""
    assert isinstance(collecting.log, KeptLog)
    assert isinstance(collecting.clock, HandClock)
    await collecting.store.sync(configured, collecting.clock.now())  # type: ignore[attr-defined]  # the real store has it
    looked: set[str] = set()
    for _ in range(20):
        for claimed in await collecting.store.claim(collecting.clock.forward(minutes=3), 100):
            outcome = await Collector(collecting).look(claimed)
            assert outcome.state.last_error == "", outcome
            looked.add(outcome.source.id)
    assert looked == {source.id for source in configured}
    return [wire.decode_post(message.body) for _, message in collecting.log.published]


async def test_every_kind_of_source_brings_its_posts_and_brings_them_once(collecting: Tools, tmp_path: Path) -> None:
    async with web(serve) as site, ImapServer(folders={"INBOX": [letter()]}).serving() as imap:
        configured = sources(site.url(), imap.port, tmp_path)
        assert isinstance(collecting.clock, HandClock)
        # The clock stands in 2026, the file was made now: a folder waits until a file is at rest.
        collecting.clock.at = max(collecting.clock.at, datetime.now(UTC)).replace(microsecond=0)
        found = await an_hour_of_looking(collecting, configured)
        assert sorted((post.source, post.title) for post in found) == [
            ("board", "路灯不亮"),
            ("board", "道路积水"),
            ("hotline", "停水"),
            ("json", "公交改线"),
            ("mailbox", "停电投诉"),
            ("rss", "供热故障"),
        ]
        by_source = {post.source: post for post in found}
        assert ARTICLE in by_source["rss"].text
        assert by_source["hotline"].vendor == "12345热线"
        assert {post.origin for post in found} == {"feed", "board", "hotline", "mailbox"}
        assert all(post.published_at == datetime(2026, 11, 21, 23, 55, tzinfo=UTC) for post in found)
        assert len(await an_hour_of_looking(collecting, configured)) == len(found)
