"""`source list` as metrics: every source by its id, in numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.settings import Settings
from services.domain.source import Source
from services.wiring import SteppedClock, open_house
from services.wiring.sources import of_each_source, source_store

NOW = datetime(2026, 11, 2, tzinfo=UTC)


async def test_a_source_that_was_never_read_has_a_next_check_and_no_success(tmp_path: Path) -> None:
    async with open_house(Settings(data_dir=tmp_path), SteppedClock(NOW)) as house:
        source = Source("city-news", "https://news.example.cn/rss.xml")
        await source_store(house).add([source], NOW)
        told = (await of_each_source(house))["city-news"]
    assert told["failures_in_row"] == told["items_a_day"] == told["trouble"] == 0
    assert abs(told["next_check"] - NOW.timestamp()) <= timedelta(hours=1).total_seconds()
    assert "last_success" not in told
