"""`huiying import`: files that people bring in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.adapters.figures_sheet import BadSheet, Stamp, read_sheet
from services.adapters.hotline import Columns, RefusedRow, read_export
from services.adapters.store.figures import FigureStore
from services.cli import output
from services.domain.intake import Channel
from services.domain.post import Post
from services.domain.report import BadFigure
from services.domain.source import Source, SourceKind
from services.usecases import reporting
from services.usecases.collecting import Tools
from services.usecases.collecting.contract import NotAFeed
from services.usecases.importing import Imported, bring_in
from services.usecases.reporting import NoSuchUnit
from services.wiring import House
from services.wiring import reporting as reports
from services.wiring import sources as wiring

AT_ONCE = 1_000

importing = typer.Typer(help="Bring in files.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(importing, name="import")


@importing.command("hotline")
def hotline(
    file: Path,
    source: Annotated[
        str, typer.Option(help="a hotline source of config/sources.toml; its column mapping is used")
    ] = "",
    backfill: Annotated[bool, typer.Option("--backfill", help="old petitions: stored, but no clock starts")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Import a 12345 export (CSV, XLSX, JSON). Repeatable; a line for every refused row, exit 1 if there is one."""
    if not file.is_file():
        output.fail(f"{file}: 文件不存在")
    try:
        imported, refused = output.run(_import(file, source, backfill))
    except NotAFeed as error:
        output.fail(f"{file}: {error}")
    for row in refused:
        output.line(row) if as_json else output.text(f"拒收  {row}")
    if as_json:
        output.line({"new": imported.new, "edited": imported.edited, "known": imported.known, "refused": len(refused)})
    else:
        done = f"新增 {imported.new} 条，更新 {imported.edited} 条，已有 {imported.known} 条，拒收 {len(refused)} 行"
        output.text(done)
    raise typer.Exit(1 if refused else 0)


async def _import(file: Path, source_id: str, backfill: bool) -> tuple[Imported, list[RefusedRow]]:
    async with output.house() as house, wiring.collecting_tools(house) as tools:
        source = _hotline_source(house, source_id)
        channel = Channel(source.id, "hotline", house.clock.now(), source.vendor, backfill)
        return await _read(tools, source, file, channel)


def _hotline_source(house: House, wanted: str) -> Source:
    """The source asked for, or the only one configured, or one without a mapping of its own."""
    known = [one for one in wiring.sources_file(house).sources if one.kind is SourceKind.HOTLINE]
    chosen = [one for one in known if one.id == wanted] if wanted else known[:1]
    if wanted and not chosen:
        output.fail(f"--source: config/sources.toml 中没有热线信息源“{wanted}”")
    return chosen[0] if chosen else Source("hotline", "", "12345热线", SourceKind.HOTLINE, "hotline", "12345热线")


async def _read(tools: Tools, source: Source, file: Path, channel: Channel) -> tuple[Imported, list[RefusedRow]]:
    imported, refused = Imported(), list[RefusedRow]()
    with _bar() as bar:
        task = bar.add_task(file.name, total=None)
        rows = read_export(file, Columns.configured(source.options), channel, lambda n: bar.update(task, completed=n))
        for batch in _batches(rows):
            refused += [row for row in batch if isinstance(row, RefusedRow)]
            posts = [row for row in batch if isinstance(row, Post)]
            imported += await bring_in(tools, source, posts, backfill=channel.backfill)
    return imported, refused


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("行"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _batches(rows: Iterator[Post | RefusedRow]) -> Iterator[list[Post | RefusedRow]]:
    while batch := list(islice(rows, AT_ONCE)):
        yield batch


@importing.command("figures")
def figures(
    file: Path,
    unit: Annotated[str, typer.Option(help="the unit's code in config/departments.toml")],
    year: Annotated[int, typer.Option(help="the reporting year")],
    layout: Annotated[str, typer.Option(help="2014, 2019 or 2021")] = "2014",
    by: Annotated[str, typer.Option(help="who enters the figures")] = "import",
) -> None:
    """Enter a unit's figures from a filled workbook: all of them, or none with the cell and the reason."""
    try:
        entered = output.run(_figures(file, layout, (unit, year, by)))
    except (BadSheet, BadFigure, NoSuchUnit) as reason:
        output.fail(f"{file}: {reason}")
    output.text(f"已录入 {entered} 格")


async def _figures(file: Path, layout: str, stamp: tuple[str, int, str]) -> int:
    async with output.house() as house:
        form = reports.layout(house, layout)
        unit, year, by = stamp
        entries = read_sheet(file, form, Stamp(unit, year, by, house.clock.now()))
        await reporting.enter(entries, form, reports.office(house), FigureStore(house.database))
        return len(entries)
