"""`huiying import`: files that people bring in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.adapters.figures_sheet import BadSheet, Stamp, read_sheet
from services.adapters.hotline import Columns
from services.adapters.store.figures import FigureStore
from services.cli import output
from services.domain.report import BadFigure
from services.domain.source import Source, SourceKind
from services.usecases import reporting
from services.usecases.collecting.contract import Exported, NotAFeed
from services.usecases.importing import Imported, bring_in
from services.usecases.reporting import NoSuchUnit
from services.wiring import House
from services.wiring import reporting as reports
from services.wiring import sources as wiring

AT_ONCE = 1_000

importing = typer.Typer(help="Bring in hotline exports and filled workbooks.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(importing, name="import")


@importing.command("hotline")
def hotline(
    file: Annotated[Path, typer.Argument(help="the export as the hotline's system wrote it")],
    source: Annotated[
        str, typer.Option(help="a hotline source of config/sources.toml; its column mapping is used")
    ] = "",
    backfill: Annotated[bool, typer.Option("--backfill", help="old petitions: stored, but no clock starts")] = False,
    as_json: output.AsJson = False,
) -> None:
    """Import a 12345 export (CSV, XLSX, JSON). Repeatable; a line for every refused row, exit 1 if there is one."""
    if not file.is_file():
        output.fail(f"{file}: 文件不存在")
    try:
        imported, export = output.run(_import(file, source, backfill))
    except NotAFeed as error:
        output.fail(f"{file}: {error}")
    if export.ended and not (export.entries or export.refused):
        output.fail(f"{file}: {export.ended}")
    _tell(file, imported, export, as_json=as_json)
    raise typer.Exit(1 if export.refused or export.ended else 0)


def _tell(file: Path, imported: Imported, export: Exported, *, as_json: bool) -> None:
    for row in export.refused:
        output.line(row) if as_json else output.text(f"拒收  {row}")
    if as_json:
        counts = {"new": imported.new, "edited": imported.edited, "known": imported.known}
        output.line(counts | {"refused": len(export.refused)} | ({"ended": export.ended} if export.ended else {}))
        return
    if export.ended:
        output.text(f"未读完  {file.name}：{export.ending}")
    done = f"新增 {imported.new} 条，更新 {imported.edited} 条，已有 {imported.known} 条"
    output.text(f"{done}，拒收 {len(export.refused)} 行")


async def _import(file: Path, source_id: str, backfill: bool) -> tuple[Imported, Exported]:
    async with output.house() as house, wiring.collecting_tools(house) as tools, wiring.hotline_drop() as drop:
        source, imported = _hotline_source(house, source_id), Imported()
        Columns.configured(source.options)
        with _bar() as bar:
            reading = bar.add_task(f"读取 {file.name}", total=None)
            export = await drop.read(source, file, house.clock.now(), lambda rows: bar.advance(reading, rows))
            storing = bar.add_task("入库", total=len(export.entries))
            for start in range(0, len(export.entries), AT_ONCE):
                batch = export.entries[start : start + AT_ONCE]
                imported += await bring_in(tools, source, batch, backfill=backfill)
                bar.advance(storing, len(batch))
        return imported, export


def _hotline_source(house: House, wanted: str) -> Source:
    """The source asked for, or the only one configured, or one without a mapping of its own."""
    known = [one for one in wiring.sources_file(house).sources if one.kind is SourceKind.HOTLINE]
    chosen = [one for one in known if one.id == wanted] if wanted else known[:1]
    if wanted and not chosen:
        output.fail(f"--source: config/sources.toml 中没有热线信息源“{wanted}”")
    return chosen[0] if chosen else Source("hotline", "", "12345热线", SourceKind.HOTLINE, "hotline", "12345热线")


def _bar() -> Progress:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("行"),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


@importing.command("figures")
def figures(
    file: Annotated[Path, typer.Argument(help="what `huiying report annual --format xlsx` wrote, filled in")],
    unit: Annotated[str, typer.Option(help="the unit's code in config/departments.toml")],
    year: Annotated[int, typer.Option(help="the reporting year")],
    layout: Annotated[str, typer.Option(help="2014, 2019 or 2021")] = "2014",
    by: Annotated[str, typer.Option(help="who enters the figures")] = "import",
) -> None:
    """Enter a unit's figures from a filled workbook. All of them, or none with the cell and the reason."""
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
