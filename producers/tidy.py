"""Housekeeping, driven by time: what nobody needs any more is kept only for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from config.grouping import load_grouping
from producers.clock import every
from services.adapters.locallog import LocalLog
from services.adapters.store import grouping
from services.adapters.store.seen_items import SeenItems
from services.topics import READERS
from services.wiring import House

log = structlog.get_logger(__name__)
HOURLY = 3600.0
SEEN = timedelta(days=180)
"""How long an item of a source is known again after it was last published."""
KEEP = 250_000
"""Messages of a partition that stay although every group has done them: irrelevant posts are kept in the log."""


async def tick(house: House) -> int:
    """Prune every topic; returns how many messages went. Kafka does this itself, by its retention."""
    if not isinstance(house.log, LocalLog):
        return 0
    gone = 0
    for topic, groups in READERS.items():
        gone += await house.log.prune(topic, groups, keep=KEEP)
    if gone:
        log.info("log pruned", messages=gone)
    return gone


async def forget(house: House) -> int:
    """What grouping remembers of matters nobody has spoken of for the longest window; returns how many posts went."""
    before = house.clock.now() - load_grouping(house.settings.config_dir / "grouping.toml").longest
    gone = 0
    while True:
        async with house.database.write() as connection:
            some = await grouping.forget(connection, before)
        gone += some
        if not some:
            return gone


async def forget_items(house: House) -> int:
    """What sources brought longer ago than anybody shows it; returns how many items went."""
    return await SeenItems(house.database).forget(house.clock.now() - SEEN)


async def run(house: House, stop: asyncio.Event) -> None:
    """Prune every hour until `stop` is set."""
    tickers = [
        every(HOURLY, lambda: tick(house), name="prune"),
        every(HOURLY, lambda: forget(house), name="forget"),
        every(HOURLY, lambda: forget_items(house), name="forget_items"),
    ]
    await stop.wait()
    for ticker in tickers:
        ticker.stop()
