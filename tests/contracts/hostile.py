"""What the tests of hostile bodies share: a good feed between them, and how the reading of one ended."""

from __future__ import annotations

from datetime import UTC, datetime

from services.adapters.parsing.pool import ParsingPool
from services.domain.source import Source
from services.usecases.collecting.contract import NotAFeed, Parsed, ParserKilled
from tests.contracts.feed_seeds import seeds

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SOURCE = Source("s", "http://www.example.cn/feed.xml")
GOOD = next(seed.body for seed in seeds() if seed.name == "rss20")


async def outcome(pool: ParsingPool, body: bytes) -> str:
    try:
        await pool.parse(SOURCE, body, {}, NOW)
    except NotAFeed as refusal:
        return "broken" if str(refusal).startswith("内容无法解析") else "refused"
    except ParserKilled:
        return "killed"
    return "read"


async def good_feed_is_read(pool: ParsingPool) -> None:
    found: Parsed = await pool.parse(SOURCE, GOOD, {}, NOW)
    assert len(found.entries) == 2


def channel(inner: bytes) -> bytes:
    return b'<rss version="2.0"><channel><title>x</title><item><title>t</title>' + inner + b"</item></channel></rss>"
