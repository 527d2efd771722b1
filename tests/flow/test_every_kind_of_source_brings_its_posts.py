"""RSS, RDF, Atom, JSON Feed, a list page, a hotline folder: each tried first and then collected, by the real parser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services import topics
from services.adapters import wire
from services.adapters.hotline import HotlineDrop
from services.adapters.parsing.exchange import Task
from services.adapters.parsing.pool import OF_AN_EXPORT, ParsingPool
from services.adapters.store.sources import Sources
from services.domain.source import BoardSelectors, Source, SourceKind
from services.usecases.collecting import Collector, Result, Tools, examine
from tests.collecting_kit import Asked, HandClock, KeptLog, answer, tools, web

ITEM = "<title>南岗区供暖不热</title><link>http://example.cn/1.html</link>"
PAGES = {
    "/rss": f"<rss version='2.0'><channel><item>{ITEM}<description>室温十四度</description></item></channel></rss>",
    "/rdf": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>"
    f"<item rdf:about='http://example.cn/1.html'>{ITEM}</item></rdf:RDF>",
    "/atom": "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>南岗区供暖不热</title><id>tag:1</id>"
    "<link href='http://example.cn/1.html'/><summary>室温十四度</summary></entry></feed>",
    "/json": '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","url":"http://example.cn/1.html",'
    '"title":"南岗区供暖不热","content_text":"室温十四度"}]}',
    "/board": "<html><body><ul><li><a href='http://example.cn/1.html'>南岗区供暖不热</a><span>11-21 08:05</span>"
    "</li></ul></body></html>",
}
BOARD = BoardSelectors("li", time="span")


async def town(asked: Asked, writer: asyncio.StreamWriter) -> None:
    answer(writer, 200, PAGES[asked.path].encode(), content_type="text/html; charset=utf-8")


@pytest.fixture(scope="module")
async def parser() -> AsyncIterator[ParsingPool]:
    made = ParsingPool(1)
    yield made
    await made.close()


@pytest.fixture(scope="module")
async def exports() -> AsyncIterator[ParsingPool]:
    made = ParsingPool(1, OF_AN_EXPORT, of=Task.EXPORT)
    yield made
    await made.close()


@pytest.fixture
async def kit(tmp_path: Path, parser: ParsingPool, exports: ParsingPool) -> AsyncIterator[Tools]:
    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", HandClock()) as made:
        yield replace(made, parser=parser, boxes={SourceKind.HOTLINE: HotlineDrop(exports)})


async def tried_and_collected(kit: Tools, source: Source) -> tuple[list[str], list[str]]:
    """Titles as the trial shows them, and as they were published."""
    trial = await examine(kit, source)
    assert trial.failure == ""
    assert isinstance(kit.store, Sources)
    assert isinstance(kit.log, KeptLog)
    await kit.store.sync([source], kit.clock.now())
    (claimed,) = await kit.store.claim(kit.clock.now(), 1)
    outcome = await Collector(kit).look(claimed)
    assert outcome.result is Result.NEW
    posts = [wire.decode_post(message.body) for topic, message in kit.log.published if topic == topics.POSTS_COLLECTED]
    assert {post.origin for post in posts} == {source.kind.value}
    assert {post.vendor for post in posts} == {"供应商"}
    return [post.title for post in trial.posts], [post.title for post in posts]


@pytest.mark.parametrize("path", PAGES)
async def test_what_a_page_shows_is_tried_and_collected_alike(kit: Tools, path: str) -> None:
    board = BOARD if path == "/board" else None
    kind = SourceKind.BOARD if board else SourceKind.FEED
    async with web(town) as server:
        source = Source("s", server.url(path), kind=kind, board=board, vendor="供应商")
        tried, collected = await tried_and_collected(kit, source)
    assert tried == collected == ["南岗区供暖不热"]


async def test_a_hotline_folder_is_tried_and_collected_alike(kit: Tools, tmp_path: Path) -> None:
    folder = tmp_path / "hotline"
    folder.mkdir()
    (folder / "export.csv").write_text(
        "单号,问题,时刻\nA1,供暖不热,2026-11-21 08:00\nA2,,2026-11-21 09:00\n", encoding="utf-8"
    )
    columns = (("columns.id", "单号"), ("columns.text", "问题"), ("columns.published_at", "时刻"))
    # A file is read when it has come to rest, by the machine's own clock.
    assert isinstance(kit.clock, HandClock)
    kit.clock.at = datetime.now(UTC) + timedelta(hours=1)
    source = Source("h", str(folder), kind=SourceKind.HOTLINE, vendor="供应商", options=columns)
    tried, collected = await tried_and_collected(kit, source)
    assert tried == collected
    assert len(collected) == 1
    assert isinstance(kit.store, Sources)
    assert "第 3 行" in (await kit.store.all())[0].state.last_error
