"""`huiying source`: where posts come from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from services.adapters.source_office import SourceLine, export_opml, import_opml, list_sources, try_source
from services.cli import output
from services.domain.roster import SHANGHAI
from services.usecases.collecting import Examined
from services.wiring import sources as wiring

source = typer.Typer(help="Where posts come from.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(source, name="source")


@source.command("test")
def try_out(url: str, as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Look at an address once: what would be stored, or why it is refused. Nothing is kept."""
    examined = output.run(_test(url))
    if as_json:
        output.line(replace(examined, posts=()) if examined.failure else examined)
    else:
        _show(examined)
    if examined.failure:
        raise typer.Exit(1)


async def _test(url: str) -> Examined:
    async with output.house() as house, wiring.collecting_tools(house) as tools:
        return await try_source(tools, url)


def _show(examined: Examined) -> None:
    if examined.failure:
        output.text(f"拒绝：{examined.failure}")
        return
    output.text(f"{examined.url}  {examined.bytes_read} 字节  编码 {examined.encoding}  {' '.join(examined.flags)}")
    for post in examined.posts:
        at = f"{post.published_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if post.published_at else "无时间"
        output.text(f"  {at}  {post.title[:60]}  {post.url}  {' '.join(post.flags)}")
    output.text(f"共 {len(examined.posts)} 条；下次采集 {examined.next_check_at or '-'}")


@source.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json")] = False) -> None:
    """Every source with its last success, failures in a row, items a day, next look and last error."""
    for one in output.run(_list()):
        if as_json:
            output.line(one)
        else:
            last = f"{one.last_success_at.astimezone(SHANGHAI):%m-%d %H:%M}" if one.last_success_at else "从未"
            after = f"{one.next_check_at.astimezone(SHANGHAI):%m-%d %H:%M}"
            figures = f"成功 {last}\t失败 {one.failures_in_row}\t日均 {one.items_a_day:.1f}\t下次 {after}"
            output.text(f"{one.condition}\t{one.id}\t{figures}\t{one.last_error}")


async def _list() -> list[SourceLine]:
    async with output.house() as house:
        store = wiring.source_store(house)
        await store.sync(wiring.sources_file(house).sources, house.clock.now())
        return await list_sources(store, house.clock.now())


@source.command("import")
def import_file(
    file: Path, as_class: Annotated[str, typer.Option("--class", help="a class of config/sources.toml")] = "media"
) -> None:
    """Add the feeds of an OPML file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
    output.run(_import(content, as_class))


async def _import(content: bytes, as_class: str) -> None:
    async with output.house() as house:
        classes = wiring.sources_file(house).classes
        if as_class not in classes:
            output.fail(f"--class: “{as_class}” is unknown; one of: {', '.join(classes)}")
        done = await import_opml(wiring.source_store(house), content, classes[as_class], house.clock.now())
    for refused in done.refused:
        output.text(f"拒绝：{refused}")
    output.text(f"新增 {len(done.added)}，更新 {len(done.changed)}，拒绝 {len(done.refused)}")


@source.command("export")
def export(out: Annotated[Path | None, typer.Option(help="file to write; standard output unless set")] = None) -> None:
    """Write every source as OPML."""
    content = output.run(_export())
    if out is None:
        output.text(content.decode())
    else:
        out.write_bytes(content)


async def _export() -> bytes:
    async with output.house() as house:
        return await export_opml(wiring.source_store(house))
