"""Housekeeping, driven by time: the embedded log keeps what no group needs any more only for a while."""

from __future__ import annotations

import asyncio

import structlog

from producers.clock import every
from services.adapters.locallog import LocalLog
from services.topics import READERS
from services.wiring import House

log = structlog.get_logger(__name__)
HOURLY = 3600.0
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


async def run(house: House, stop: asyncio.Event) -> None:
    """Prune every hour until `stop` is set."""
    ticker = every(HOURLY, lambda: tick(house), name="tidy")
    await stop.wait()
    ticker.stop()
