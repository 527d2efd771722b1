"""`huiying drill`: a scripted scenario through the whole embedded system, on a fast-forwarded clock."""

from __future__ import annotations

from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import load_settings
from services.cli import output
from services.cli.drill.runner import run
from services.cli.drill.scenario import BadScenario, Scenario, load_scenario
from services.domain.vocabulary import EntryKind
from services.domain.zone import SHANGHAI
from services.wiring.config_files import read_at_start


def register(app: typer.Typer) -> None:
    app.command()(drill)


def drill(
    scenario: Annotated[Path, typer.Argument(help="a YAML file; its format stands in docs/operations.md")],
    as_json: Annotated[bool, typer.Option("--json", help="print the ledger as JSON Lines")] = False,
) -> None:
    """Run a scenario and print its ledger. The same scenario always gives the same ledger."""
    folder = load_settings().config_dir
    read_at_start(folder)
    try:
        read = load_scenario(scenario, folder)
    except BadScenario as reason:
        output.fail(str(reason))
    output.run(_drill(read, folder, as_json))


async def _drill(scenario: Scenario, folder: Path, as_json: bool) -> None:
    buried = 0
    async with aclosing(run(scenario, folder)) as rows:
        async for row in rows:
            buried += row.get("refused") == "post"
            if as_json:
                output.line(row)
            else:
                output.text(_readable(row))
    if buried:
        output.fail(f"{buried} message(s) could not be taken; the lines that refuse a post say why", code=1)


def _readable(row: dict[str, Any]) -> str:
    """One line a person can follow, in Beijing time."""
    if "refused" in row:
        return f"{_local(datetime.fromisoformat(row['at']))}  ✗ {row['refused']}  {row['why']}"
    kind = next(k for k in EntryKind if k.value == row["kind"])
    data = "  ".join(f"{k}={v}" for k, v in row["data"].items() if v not in (None, "", [], False))
    at = _local(datetime.fromisoformat(row["recorded_at"]))
    return f"{at}  {row['incident']} #{row['seq']:<3} {kind.label}  [{row['actor']}]  {data}"


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%m-%d %H:%M:%S}"
