"""Collecting, assembled: guarded fetcher, killable parsers, the source store."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from config.reading import BadConfig
from config.sources import SourcesFile, load_sources
from services.adapters import wire
from services.adapters.fetch import Guard, HttpFetcher
from services.adapters.hotline import HotlineDrop
from services.adapters.mailbox import Mailbox
from services.adapters.parsing.pool import ParsingPool
from services.adapters.store.sources import Sources
from services.domain.source import SourceKind
from services.usecases.collecting import Tools
from services.usecases.collecting.contract import Box
from services.wiring.house import House


def sources_file(house: House) -> SourcesFile:
    """`sources.toml`. Raises BadConfig."""
    return load_sources(house.settings.config_dir / "sources.toml")


def source_store(house: House) -> Sources:
    """The state of every source; leases are held under this process's name."""
    return Sources(house.database, f"{os.uname().nodename}:{os.getpid()}")


@asynccontextmanager
async def collecting_tools(house: House) -> AsyncIterator[Tools]:
    """Everything a look at a source needs; workers and connections are closed at the end."""
    try:
        guard = Guard(house.settings.allowed_networks)
    except ValueError as error:
        raise BadConfig(Path("environment"), "HUIYING_ALLOWED_NETWORKS", str(error)) from error
    fetcher, parser = HttpFetcher(guard), ParsingPool()
    try:
        boxes: dict[SourceKind, Box] = {SourceKind.HOTLINE: HotlineDrop(), SourceKind.MAILBOX: Mailbox(parser)}
        yield Tools(fetcher, parser, source_store(house), house.log, house.clock, wire.encode_post, boxes, parser)
    finally:
        await fetcher.close()
        await parser.close()
        guard.close()
