"""`huiying report`: the annual tables, and the check of published figures."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer

from config.layouts import layout_names
from services.adapters.exports import FORMATS
from services.adapters.figures_file import BadFigures, check_file
from services.cli import output
from services.domain.figures import Outcome
from services.domain.timestamps import EARLIEST
from services.domain.zone import SHANGHAI
from services.usecases.reporting import NoSuchUnit, Request
from services.wiring import reporting

report = typer.Typer(help="The annual tables, and the check of published figures.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(report, name="report")


@report.command()
def annual(
    year: Annotated[int, typer.Option(min=2000, max=2100, help="the reporting year")],
    layout: Annotated[str, typer.Option(help=f"one of: {', '.join(layout_names())}")],
    unit: Annotated[str, typer.Option(help="a unit's code; the city's, the sum over all units, unless set")] = "",
    out_format: Annotated[str, typer.Option("--format", help=f"one of: {', '.join(FORMATS)}")] = "json",
    as_of: Annotated[
        str, typer.Option("--as-of", metavar="DATE", help="as it stood at the end of that day; now unless set")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="file to write; standard output unless set")] = None,
) -> None:
    """Fill the annual table of a unit or of the city. Part 二 of layout 2014 is counted from the ledger.

    With --as-of a closed year is printed as it stood then: without what was recorded, merged or entered later.
    """
    if layout not in layout_names():
        output.fail(f"--layout: “{layout}” is unknown; one of: {', '.join(layout_names())}")
    if out_format not in FORMATS:
        output.fail(f"--format: “{out_format}” is unknown; one of: {', '.join(FORMATS)}")
    if out is None and out_format in ("xlsx", "docx") and sys.stdout.isatty():
        output.fail(f"--out FILE is needed for {out_format}")
    try:
        stood = end_of_day(as_of)
    except (ValueError, OverflowError):
        output.fail(f"--as-of: “{as_of}” is no day; write YYYY-MM-DD")
    content = output.run(_annual(year, layout, out_format, (unit, stood)))
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
        print(f"huiying: {out} written", file=sys.stderr)


def end_of_day(day: str) -> datetime | None:
    """The last moment of a day in Beijing; None where no day is named. Raises ValueError or OverflowError."""
    if not day:
        return None
    last = datetime.combine(date.fromisoformat(day), time.max, SHANGHAI).astimezone(UTC)
    if last < EARLIEST:
        raise ValueError(day)
    return last


async def _annual(year: int, layout: str, out_format: str, whose: tuple[str, datetime | None]) -> bytes:
    unit, stood = whose
    async with output.records() as house:
        now = house.clock.now()
        if stood and stood > now + timedelta(days=1):
            output.fail("--as-of: the day has not come yet")
        request = Request(unit or reporting.office(house).city.code, year, min(stood or now, now))
        try:
            filled = await reporting.annual(house, request, layout)
        except NoSuchUnit as reason:
            output.fail(f"--unit: {reason}")
    return FORMATS[out_format](filled)


@report.command()
def check(
    file: Annotated[Path, typer.Argument(help="published figures and their relations as YAML")],
    as_json: output.AsJson = False,
) -> None:
    """Check published figures against their relations. Exit 1 when any is wrong; nothing is repaired."""
    try:
        verdicts = check_file(file)
    except BadFigures as reason:
        output.fail(str(reason))
    for verdict in verdicts:
        if as_json:
            output.line(verdict.as_json())
        else:
            output.text(f"{verdict.verdict.value:13} {verdict.id}  {verdict.why}")
    if any(verdict.verdict is Outcome.WRONG for verdict in verdicts):
        raise typer.Exit(1)
