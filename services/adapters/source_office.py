"""What the commands `huiying source …` do, without printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from services.adapters.opml import RefusedOutline, imported_id, read_opml, write_opml
from services.adapters.store.sources import Sources
from services.domain.source import BoardSelectors, Source, SourceKind, SourceState, without_password
from services.usecases.collecting import Claimed, Examined, Tools, examine

RATE_DAYS = 7
# Those that need attention come first.
CONDITIONS = ("隔离", "出错", "静默", "未采集", "正常", "停用")


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One line of `source list`. `condition` is one of `CONDITIONS`; `last_error` Chinese; `url` has no password."""

    id: str
    name: str
    kind: str
    url: str
    condition: str
    last_success_at: datetime | None
    failures_in_row: int
    items_a_day: float
    next_check_at: datetime
    interval_seconds: float
    silent_since: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """The same as numbers for metrics. `overdue_seconds` is how late the most overdue source is."""

    total: int
    failing: int
    silent: int
    quarantined: int
    never_read: int
    items_a_day: float
    overdue_seconds: float


@dataclass(frozen=True, slots=True)
class Imported:
    """What an OPML import did. `kept_off` are the sources of the file that somebody switched off: they stay so."""

    added: tuple[Source, ...]
    changed: tuple[Source, ...]
    refused: tuple[RefusedOutline, ...]
    kept_off: tuple[Source, ...] = ()


class UnknownSource(ValueError):
    """What was asked for is no source. The argument is the reason in plain Chinese."""


def chosen(what: str, known: Mapping[str, Source], trial: Source) -> Source:
    """The source that `what` names: an id, or an address of a feed, list page, mailbox or folder.

    `trial` carries what an address cannot say: selectors, column names, an account.

    Raises:
        UnknownSource: it is none of these.
    """
    if what in known:
        return known[what]
    kinds = {"http": SourceKind.FEED, "https": SourceKind.FEED, "imap": SourceKind.MAILBOX, "imaps": SourceKind.MAILBOX}
    kind = SourceKind.HOTLINE if Path(what).is_dir() else kinds.get(urlsplit(what).scheme)
    if kind is None and Path(what).is_file():
        raise UnknownSource(f"“{what}”是文件：请用 huiying import hotline 导入，或给出它所在的文件夹")
    if kind is None:
        raise UnknownSource(f"“{what}”既不是信息源编号，也不是 http(s)、imap(s) 地址或文件夹")
    if kind is SourceKind.FEED and trial.board:
        kind = SourceKind.BOARD
    return replace(trial, id=imported_id(what), url=what, kind=kind)


async def try_source(tools: Tools, url: str, board: BoardSelectors | None = None, mainland: bool = True) -> Examined:
    """What would be stored from `url`, as a feed or, with selectors, as a list page. Nothing is kept."""
    kind = SourceKind.BOARD if board else SourceKind.FEED
    return await examine(tools, Source(imported_id(url), url, kind=kind, board=board, mainland=mainland))


async def list_sources(
    store: Sources, now: datetime, *, switched_off: bool = False, configured: Sequence[Source] = ()
) -> list[SourceLine]:
    """Every source that is switched on, or simply every one, those that need attention first.

    Of the `configured` ones those are added that no collector has taken over yet.
    """
    items = await store.items_since(now - timedelta(days=RATE_DAYS))
    claimed = [*await store.all(switched_off=switched_off), *await not_taken_over(store, configured, now)]
    lines = [_line(one, items.get(one.source.id, 0), now) for one in claimed]
    return sorted(lines, key=lambda line: (CONDITIONS.index(line.condition), line.id))


async def not_taken_over(store: Sources, configured: Sequence[Source], now: datetime) -> list[Claimed]:
    """Those of the configuration's sources that the store does not know yet. Nothing is written."""
    known = await store.managed() if configured else {}
    return [Claimed(one, SourceState(one.id, now)) for one in configured if one.id not in known]


def figures(lines: Sequence[SourceLine], now: datetime) -> SourceFigures:
    """The lines as numbers, without those that are switched off."""
    lines = [line for line in lines if line.condition != "停用"]
    overdue = [(now - line.next_check_at).total_seconds() for line in lines]
    count = [line.condition for line in lines].count
    return SourceFigures(
        total=len(lines),
        failing=sum(line.failures_in_row > 0 for line in lines),
        silent=sum(line.silent_since is not None for line in lines),
        quarantined=count("隔离"),
        never_read=count("未采集"),
        items_a_day=sum(line.items_a_day for line in lines),
        overdue_seconds=max([0.0, *overdue]),
    )


async def import_opml(
    store: Sources,
    data: bytes,
    pattern: Source,
    now: datetime,
    classes: Mapping[str, Source] | None = None,
    configured: Sequence[Source] = (),
) -> Imported:
    """Add the sources of an OPML file; repeating it changes nothing, and those of the configuration stay as they are.

    See `read_opml` for `pattern` and `classes`.

    Raises:
        BadOpml: the file is not OPML.
    """
    before = await _by_address(store, configured, now)
    ours = {name for name, place in (await store.managed()).items() if place == "file"} | {one.id for one in configured}
    read = read_opml(data, pattern, {url: source.id for url, source in before.items()}, classes)
    added = tuple(source for source in read.sources if source.url not in before)
    known = [(before[source.url], source.name) for source in read.sources if source.url in before]
    # An import may rename a source; everything else about it was decided here.
    renamed = [(one, replace(one, name=name)) for one, name in known if one.enabled and one.id not in ours]
    changed = tuple(after for one, after in renamed if after != one)
    await store.add([*added, *changed], now)
    return Imported(added, changed, read.refused, tuple(one for one, _ in known if not one.enabled))


async def _by_address(store: Sources, configured: Sequence[Source], now: datetime) -> dict[str, Source]:
    """Every source there is, also by its address without the password. Of two with one address the one that is on."""
    there = [one.source for one in await store.all(switched_off=True)]
    there += [one.source for one in await not_taken_over(store, configured, now)]
    by_address: dict[str, Source] = {}
    for one in sorted(there, key=lambda source: source.enabled):
        by_address |= {one.url: one, without_password(one.url): one}
    return by_address


async def export_opml(store: Sources, now: datetime, configured: Sequence[Source] = ()) -> bytes:
    """Every feed as OPML."""
    claimed = [*await store.all(), *await not_taken_over(store, configured, now)]
    return write_opml([one.source for one in claimed if one.source.enabled], "回应 信息源")


def _line(one: Claimed, items: int, now: datetime) -> SourceLine:
    source, state = one.source, one.state
    since = max(state.first_checked_at or now, now - timedelta(days=RATE_DAYS))
    days = max((now - since).total_seconds() / 86_400, 1.0)
    return SourceLine(
        id=source.id,
        name=source.name or source.id,
        kind=source.kind.value,
        url=without_password(source.url),
        condition=condition(state) if source.enabled else "停用",
        last_success_at=state.last_success_at,
        failures_in_row=state.failures_in_row,
        items_a_day=items / days,
        next_check_at=state.next_check_at,
        interval_seconds=state.interval_seconds,
        silent_since=state.silent_since,
        last_error=state.last_error,
    )


def condition(state: SourceState) -> str:
    """How a source is doing, in one word for people."""
    if state.quarantined:
        return "隔离"
    if state.failures_in_row:
        return "出错"
    if state.silent_since:
        return "静默"
    return "正常" if state.last_success_at else "未采集"
