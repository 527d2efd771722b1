"""`huiying audit`: is the ledger what was once written?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from services.adapters.store.audit import Anchor, Audit
from services.cli import output

audit = typer.Typer(help="Find out whether anybody changed the ledger.", no_args_is_help=True)
_read = msgspec.json.Decoder(Anchor).decode


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")


@audit.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="one line for each finding, and one for the sum")] = False,
    anchors: Annotated[
        Path | None, typer.Option("--anchors", help="a file that `huiying audit anchors` wrote earlier")
    ] = None,
) -> None:
    """Recompute the hash chain of every incident's ledger.

    Every stored post and version is compared with what was seen of it when it was filed. Exit 1 with incident and seq
    when anything was changed, deleted, reordered or cut off. With --anchors also a ledger that was written anew as a
    whole is found.
    """
    wrong, seen = output.run(_verify(_anchors(anchors) if anchors else [], as_json))
    if as_json:
        output.line({"incidents": seen.incidents, "entries": seen.entries, "texts": seen.texts, "wrong": wrong})
    else:
        verdict = f"发现 {wrong} 处不符" if wrong else "台账完整"
        output.text(f"{verdict}：核对事件 {seen.incidents} 件、台账 {seen.entries} 条、信息原文 {seen.texts} 份")
    if wrong:
        raise typer.Exit(1)


async def _verify(anchors: Sequence[Anchor], as_json: bool) -> tuple[int, Audit]:
    wrong = 0
    async with output.records() as house:
        walk = Audit(house.database)
        async for finding in walk.findings(anchors):
            wrong += 1
            if as_json:
                output.line(finding)
            else:
                where = f"{finding.incident} #{finding.seq}  " if finding.incident else ""
                output.text(f"{where}{finding.reason}")
    return wrong, walk


def _anchors(file: Path) -> list[Anchor]:
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
    read = []
    for number, line in enumerate(lines, start=1):
        try:
            read.append(_read(line))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            output.fail(f"{file}:{number}: {error}")
    return read


@audit.command("anchors")
def write_anchors() -> None:
    """Print the end of every chain as JSON Lines. Keep it off this machine, for `audit verify --anchors`."""
    output.run(_write_anchors())


async def _write_anchors() -> None:
    async with output.records() as house:
        async for anchor in Audit(house.database).anchors():
            output.line(anchor)
