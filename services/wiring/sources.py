"""Collecting, assembled: guarded fetcher, killable parsers, the source store."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakSet

from config.reading import BadConfig
from config.settings import Settings
from config.sources import SourcesFile, load_sources
from services.adapters import wire
from services.adapters.slot import slot
from services.adapters.source_office import SourceLine, figures, list_sources
from services.adapters.store.sources import Sources
from services.domain.source import SourceKind
from services.usecases.collecting import Outcome, Tools
from services.usecases.collecting.alerting import notices
from services.usecases.collecting.contract import Box
from services.wiring.house import House

if TYPE_CHECKING:
    from services.adapters.hotline import HotlineDrop
    from services.adapters.parsing.pool import ParsingPool

_pools: WeakSet[ParsingPool] = WeakSet()
_looks: Counter[str] = Counter()


def sources_file(house: House) -> SourcesFile:
    """`sources.toml`. Raises BadConfig."""
    return load_sources(house.settings.config_dir / "sources.toml")


def source_store(house: House, owner: str = "") -> Sources:
    """The state of every source. Only a collector needs a name of its own: leases are held under it."""
    return Sources(house.database, owner or f"{os.uname().nodename}:{os.getpid()}")


@contextmanager
def collector_name(house: House) -> Iterator[str]:
    """The same after kill -9, so that leases are taken back at once; another for a second collector beside it."""
    folder = house.settings.data_dir.resolve()
    place = hashlib.blake2b(str(folder).encode(), digest_size=4).hexdigest()
    with slot(folder, "collector") as number:
        yield f"{os.uname().nodename}:{place}:{number}"


@asynccontextmanager
async def collecting_tools(house: House, store: Sources | None = None) -> AsyncIterator[Tools]:
    """Everything a look at a source needs; workers and connections are closed at the end."""
    from services.adapters.fetch import Guard, HttpFetcher  # only who looks at sources needs their readers
    from services.adapters.mailbox import Mailbox
    from services.adapters.parsing.pool import ParsingPool

    rules = sources_file(house).rules
    try:
        guard = Guard(house.settings.allowed_networks)
    except ValueError as error:
        raise BadConfig(Path("environment"), "HUIYING_ALLOWED_NETWORKS", str(error)) from error
    fetcher, parser = HttpFetcher(guard, proxy=_proxy(house.settings)), ParsingPool()
    mailbox = Mailbox(parser, guard)
    _pools.add(parser)
    try:
        async with hotline_drop() as drop:
            boxes: dict[SourceKind, Box] = {SourceKind.HOTLINE: drop, SourceKind.MAILBOX: mailbox}
            memory = store or source_store(house)
            yield Tools(fetcher, parser, memory, house.log, house.clock, wire.encode_post, rules, boxes, parser)
    finally:
        mailbox.close()
        await fetcher.close()
        await parser.close()
        guard.close()


@asynccontextmanager
async def hotline_drop() -> AsyncIterator[HotlineDrop]:
    """What reads exports, in a process of its own that starts with the first of them."""
    from services.adapters.hotline import HotlineDrop  # as above
    from services.adapters.parsing.exchange import Task
    from services.adapters.parsing.pool import OF_AN_EXPORT, ParsingPool

    pool = ParsingPool(1, OF_AN_EXPORT, of=Task.EXPORT)
    _pools.add(pool)
    try:
        yield HotlineDrop(pool)
    finally:
        await pool.close()


def _proxy(settings: Settings) -> str:
    """The environment's usual names for a proxy are never read: only what was meant for this program counts."""
    parts = urlsplit(settings.proxy)
    if settings.proxy and not (parts.scheme in ("http", "https") and parts.hostname):
        raise BadConfig(Path("environment"), "HUIYING_PROXY", "must be like http://host:port")
    return settings.proxy


def observe(outcome: Outcome) -> None:
    """Count a look of this process for the metrics."""
    _looks[outcome.result.value] += 1


async def tell_of_trouble(house: House) -> int:
    """Write the notices about sources in trouble nobody has been told of; returns how many sources these are.

    The sources count as told in the same transaction, so that a crash neither loses a notice nor doubles it.
    """
    link = f"{house.settings.public_url.rstrip('/')}/sources" if house.settings.public_url else ""
    people = await house.directory()
    async with house.database.write() as connection:
        troubled = await source_store(house).in_trouble(connection)
        rows = notices(troubled, people, house.clock.now(), link)
        await house.deliveries.within(connection).add(rows)
    return len(troubled)


async def of_each_source(house: House) -> dict[str, dict[str, float]]:
    """The lines of `source list` as numbers, by the id of the source."""
    return {line.id: _of_one(line) for line in await list_sources(source_store(house), house.clock.now())}


def _of_one(line: SourceLine) -> dict[str, float]:
    """What `source list` tells of a source, as numbers; what never was is left out."""
    known = {
        "last_success": line.last_success_at.timestamp() if line.last_success_at else None,
        "failures_in_row": line.failures_in_row,
        "items_a_day": line.items_a_day,
        "next_check": line.next_check_at.timestamp(),
        "trouble": line.condition in ("隔离", "出错", "静默"),
    }
    return {what: float(value) for what, value in known.items() if value is not None}


async def source_metrics(house: House) -> dict[str, float]:
    """How the sources are doing, by name of the figure.

    The first seven are the installation's; the others those of the collector, where it runs in this process.
    """
    now = house.clock.now()
    office = asdict(figures(await list_sources(source_store(house), now), now))
    return {name: float(value) for name, value in office.items()} | collector_figures()


def collector_figures() -> dict[str, float]:
    """What the collector in this process did since its start: its looks by result, and what its parsers did.

    `parser_opened` and `parser_connected` above 0 mean an attack.
    """
    looks = {f"looks_{result}": float(number) for result, number in _looks.copy().items()}
    parser = {f"parser_{name}": sum(getattr(p, name) for p in _pools) for name in ("opened", "connected", "killed")}
    return looks | {name: float(value) for name, value in parser.items()}


async def broke_news(house: House, source_ids: Sequence[str]) -> None:
    """An incident began at these sources: they are looked at twice as often for a while."""
    await source_store(house).broke_news(source_ids, house.clock.now())
