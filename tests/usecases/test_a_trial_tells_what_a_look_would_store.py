"""`source test`: a look that keeps nothing is told item by item, each with its own time."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from services.domain.source import BoardSelectors, Source, SourceKind
from services.usecases.collecting import examine
from tests.collecting_kit import Asked, HandClock, answer, tools, web


async def test_an_item_pinned_on_two_pages_shifts_nobody_s_time(tmp_path: Path) -> None:
    pages = {
        "/0": [{"id": "pin", "title": "pinned", "printed": "P"}, {"id": "a", "title": "a", "printed": "A"}],
        "/1": [{"id": "pin", "title": "pinned", "printed": "P"}, {"id": "b", "title": "b", "printed": "B"}],
    }

    async def site(asked: Asked, writer: asyncio.StreamWriter) -> None:
        following = {"next": server.url("/1")} if asked.path == "/0" else {}
        answer(writer, 200, json.dumps({"items": pages[asked.path], **following}).encode())

    async with tools(f"sqlite+aiosqlite:///{tmp_path}/s.db", HandClock()) as kit, web(site) as server:
        board = BoardSelectors("li", max_pages=2)
        tried = await examine(kit, Source("s1", server.url("/0"), kind=SourceKind.BOARD, board=board))
    assert [post.title for post in tried.posts] == ["pinned", "a", "b"]
    assert tried.printed_times == ("P", "A", "B")
