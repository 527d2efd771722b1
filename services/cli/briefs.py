"""`huiying brief`: 日报, 周报, 专报."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from services.adapters.desk.briefs import BriefReader
from services.adapters.exports.brief_docx import brief_as_docx
from services.cli import output
from services.domain.briefing import Brief, as_text
from services.domain.performance import Period
from services.usecases import briefing
from services.usecases.briefing import NothingToTell
from services.web.sentences import sentence
from services.wiring import House

brief = typer.Typer(help="日报、周报、专报 from the ledger, as text or as a Word document.", no_args_is_help=True)
FORMATS = ("text", "docx")

Day = Annotated[str, typer.Option("--date", help="a day in Beijing, YYYY-MM-DD; the last whole one unless set")]
Format = Annotated[str, typer.Option("--format", help=f"one of: {', '.join(FORMATS)}")]
Out = Annotated[Path | None, typer.Option(help="file to write; standard output unless set")]
Make = Callable[[House], Awaitable[Brief]]
Periodical = Callable[[BriefReader, Period, timedelta, Callable[[str], str]], Awaitable[Brief]]


def register(app: typer.Typer) -> None:
    app.add_typer(brief, name="brief")


@brief.command()
def daily(day: Day = "", out_format: Format = "text", out: Out = None) -> None:
    """日报 of one day: what came, what is overdue, what was answered.

    New incidents by grade; on-time rates and times per department.
    """
    _write(_of_period(briefing.daily, briefing.day_of, _date(day)), out_format, out)


@brief.command()
def weekly(day: Day = "", out_format: Format = "text", out: Out = None) -> None:
    """周报: the same from Monday to Sunday. The week is that of --date, the last whole one unless set."""
    _write(_of_period(briefing.weekly, briefing.week_of, _date(day)), out_format, out)


@brief.command()
def incident(
    number: Annotated[str, typer.Option("--incident", help="the incident's number")],
    out_format: Format = "text",
    out: Out = None,
) -> None:
    """专报 on one incident. What happened when, duties, publications, next deadlines."""

    async def make(house: House) -> Brief:
        name = house.people.department_name
        words = (lambda entry: sentence(entry.kind, entry.data, name), name)
        return await briefing.on_incident(_desk(house), number, house.clock.now(), words)

    _write(make, out_format, out)


def _of_period(make: Periodical, around: Callable[[date | None, datetime], Period], day: date | None) -> Make:
    async def made(house: House) -> Brief:
        ahead, name = house.policy.desk.brief_ahead, house.people.department_name
        return await make(_desk(house), around(day, house.clock.now()), ahead, name)

    return made


def _desk(house: House) -> BriefReader:
    return BriefReader(house.database)


def _date(day: str) -> date | None:
    try:
        return date.fromisoformat(day) if day else None
    except ValueError:
        output.fail(f"--date: “{day}” is no date; write YYYY-MM-DD")


def _write(make: Make, out_format: str, out: Path | None) -> None:
    if out_format not in FORMATS:
        output.fail(f"--format: “{out_format}” is unknown; one of: {', '.join(FORMATS)}")
    if out is None and out_format == "docx" and sys.stdout.isatty():
        output.fail("--out FILE is needed for docx")
    made, at = output.run(_made(make))
    content = brief_as_docx(made, at) if out_format == "docx" else as_text(made).encode()
    if out is None:
        sys.stdout.buffer.write(content)
        return
    try:
        out.write_bytes(content)
    except OSError as error:
        output.fail(f"{out}: {error.strerror}")
    print(f"huiying: {out} written", file=sys.stderr)


async def _made(make: Make) -> tuple[Brief, datetime]:
    async with output.records() as house:
        try:
            return await make(house), house.clock.now()
        except NothingToTell as reason:
            output.fail(str(reason))
