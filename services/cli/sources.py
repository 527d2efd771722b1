"""`huiying source`: where posts come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from services.adapters.opml import BadOpml, read_opml
from services.adapters.source_office import (
    Imported,
    SourceLine,
    UnknownSource,
    chosen,
    export_opml,
    import_opml,
    list_sources,
    not_taken_over,
)
from services.adapters.store.sources import Sources
from services.cli import output, source_words
from services.domain.source import BoardSelectors, Source, without_password
from services.domain.zone import SHANGHAI
from services.usecases.collecting import (
    Backfilled,
    Claimed,
    Crowded,
    Examined,
    FetchFailed,
    NotAFeed,
    ParserKilled,
    backfill,
    examine,
)
from services.wiring import House
from services.wiring import sources as wiring

source = typer.Typer(help="Try, list, switch, import and export the sources of posts.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(source, name="source")


@source.command("test")
def try_out(
    what: Annotated[str, typer.Argument(help="an id of config/sources.toml, a URL, an imap(s) address or a folder")],
    item: Annotated[str, typer.Option(help="a list page: CSS selector of one item")] = "",
    link: Annotated[str, typer.Option(help="… of the link inside an item")] = "a",
    title: Annotated[str, typer.Option(help="… of the title")] = "a",
    time: Annotated[str, typer.Option(help="… of the time")] = "",
    body: Annotated[str, typer.Option(help="… of the text, where the list shows it")] = "",
    author: Annotated[str, typer.Option(help="… of the author")] = "",
    next_page: Annotated[str, typer.Option(help="… of the link to the next page; two pages are tried")] = "",
    full_text: Annotated[bool, typer.Option("--full-text", help="fetch the page behind a summary")] = False,
    user: Annotated[str, typer.Option(help="a mailbox: the account")] = "",
    password_file: Annotated[str, typer.Option(help="a mailbox: the file with the password")] = "",
    as_json: output.AsJson = False,
) -> None:
    """Look once: what would be stored, and why anything is refused. Nothing is kept."""
    board = BoardSelectors(item, link, title, time, body, author, next_page, max_pages=2) if item else None
    account = (("password_file", password_file), ("user", user)) if user else ()
    examined = output.run(_test(what, Source("", "", full_text=full_text, board=board, options=account)))
    output.line(examined) if as_json else source_words.trial(examined)
    raise typer.Exit(1 if examined.failure else 0)


async def _test(what: str, trial: Source) -> Examined:
    async with output.house() as house, wiring.collecting_tools(house) as tools:
        try:
            return await examine(tools, chosen(what, await _known(house), trial))
        except UnknownSource as error:
            output.fail(str(error))


async def _known(house: House) -> dict[str, Source]:
    """Sources by id: those of the file as they stand there now, and those that were imported."""
    stored = {one.source.id: one.source for one in await wiring.source_store(house).all(switched_off=True)}
    return stored | {one.id: one for one in wiring.sources_file(house).sources}


@source.command("list")
def list_all(as_json: output.AsJson = False) -> None:
    """Every source and how it does. Last success, failures in a row, items a day, next look and last error."""
    lines = output.run(_list())
    if as_json:
        for one in lines:
            output.line(one)
        return
    source_words.table(lines)


async def _list() -> list[SourceLine]:
    async with output.records() as house:
        return await list_sources(
            wiring.source_store(house), house.clock.now(), switched_off=True, configured=_configured(house)
        )


def _configured(house: House) -> Sequence[Source]:
    """The file's sources. Only a collector takes them over: a command may stand beside the wrong file."""
    return wiring.sources_file(house).sources


@source.command("backfill")
def fill_back(
    source_id: Annotated[str, typer.Argument(metavar="ID", help="as `huiying source list` shows it")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="the first day wanted, in local time")],
) -> None:
    """Bring in what a source still shows of the past. It is stored and grouped, but starts no clock."""
    try:
        done = output.run(_backfill(source_id, since.replace(tzinfo=SHANGHAI)))
    except (FetchFailed, Crowded, NotAFeed, ParserKilled) as error:
        output.fail(f"{source_id}: {error}", code=1)
    span = f"，{output.local(done.oldest)} 至 {output.local(done.newest)}" if done.oldest and done.newest else ""
    output.text(f"补采 {done.published} 条{span}；只入库和归并，不启动时限")


async def _backfill(source_id: str, since: datetime) -> Backfilled:
    async with output.house() as house, wiring.collecting_tools(house) as tools:
        one = await _one(house, source_id)
        return await backfill(tools, one.source, one.state, since)


async def _one(house: House, source_id: str) -> Claimed:
    store = wiring.source_store(house)
    waiting = await not_taken_over(store, _configured(house), house.clock.now())
    found = {one.source.id: one for one in (*waiting, *await store.all(switched_off=True))}
    if source_id not in found:
        output.fail(f"没有编号为“{source_id}”的信息源；huiying source list 列出全部")
    return found[source_id]


@source.command("disable")
def disable(source_id: Annotated[str, typer.Argument(metavar="ID", help="as `huiying source list` shows it")]) -> None:
    """Stop looking at an imported source. What it brought stays."""
    output.run(_switch(source_id, on=False))


@source.command("enable")
def enable(source_id: Annotated[str, typer.Argument(metavar="ID", help="as `huiying source list` shows it")]) -> None:
    """Look at a source again that was switched off."""
    output.run(_switch(source_id, on=True))


async def _switch(source_id: str, *, on: bool) -> None:
    async with output.records() as house:
        one = await _one(house, source_id)
        await _not_of_the_file(house, [source_id])
        await wiring.source_store(house).add([replace(one.source, enabled=on)], house.clock.now())
    output.text(f"{source_id} 已{'启用' if on else '停用'}")


async def _not_of_the_file(house: House, source_ids: Sequence[str]) -> None:
    places = await wiring.source_store(house).managed() | {one.id: "file" for one in _configured(house)}
    for source_id in source_ids:
        if places.get(source_id) == "file":
            output.fail(f"“{source_id}”由 config/sources.toml 管理：停用写 enabled = false，删除则去掉那一段")


@source.command("remove")
def remove(
    source_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="as `huiying source list` shows them")
    ] = None,
    opml: Annotated[Path | None, typer.Option(help="undo the import of this OPML file")] = None,
) -> None:
    """Take out imported sources. What they brought stays; added again, they bring nothing twice."""
    content = _content(opml) if opml else b""
    output.text(f"移除 {output.run(_remove(source_ids or [], content))}")


async def _remove(source_ids: Sequence[str], content: bytes) -> int:
    async with output.records() as house:
        store = wiring.source_store(house)
        wanted = [*source_ids, *(await _listed(store, content) if content else ())]
        for source_id in source_ids:
            await _one(house, source_id)
        await _not_of_the_file(house, wanted)
        return await store.remove(wanted)


async def _listed(store: Sources, content: bytes) -> list[str]:
    """The imported sources that an OPML file names."""
    try:
        shown = {without_password(one.source.url): one.source.id for one in await store.all(switched_off=True)}
        urls = {without_password(one.url) for one in read_opml(content, Source("", ""), shown).sources}
    except BadOpml as error:
        output.fail(f"--opml: {error}")
    places = await store.managed()
    return [
        one.source.id
        for one in await store.all(switched_off=True)
        if without_password(one.source.url) in urls and places[one.source.id] != "file"
    ]


@source.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="OPML, as feed readers export it")],
    as_class: Annotated[
        str, typer.Option("--class", help="a class of config/sources.toml, where the file names none")
    ] = "media",
) -> None:
    """Add the feeds of an OPML file. `source remove --opml FILE` takes them out again."""
    done = output.run(_import(_content(file), as_class))
    for one in done.added:
        output.text(f"新增  {one.id}  {one.name}  {without_password(one.url)}")
    for refused in done.refused:
        output.text(f"拒绝  第 {refused.line} 行 {refused.name}：{refused.reason}")
    for off in done.kept_off:
        output.text(f"停用  {off.id}  {off.name}：此前已停用，本次导入未启用")
    output.text(f"新增 {len(done.added)}，更新 {len(done.changed)}，拒绝 {len(done.refused)}")
    raise typer.Exit(1 if done.refused else 0)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")


async def _import(content: bytes, as_class: str) -> Imported:
    async with output.records() as house:
        classes = wiring.sources_file(house).classes
        if as_class not in classes:
            output.fail(f"--class: “{as_class}” is unknown; one of: {', '.join(classes)}")
        try:
            store, pattern, now = wiring.source_store(house), classes[as_class], house.clock.now()
            return await import_opml(store, content, pattern, now, classes, _configured(house))
        except BadOpml as error:
            output.fail(f"OPML: {error}")


@source.command("export")
def export(out: Annotated[Path | None, typer.Option(help="file to write; standard output unless set")] = None) -> None:
    """Write every feed as OPML."""
    content = output.run(_export())
    if out is None:
        output.text(content.decode())
    else:
        out.write_bytes(content)


async def _export() -> bytes:
    async with output.records() as house:
        return await export_opml(wiring.source_store(house), house.clock.now(), _configured(house))
