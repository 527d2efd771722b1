"""`huiying assess`, `group`: the machine's judgement on files."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from config.place import config_dir
from services.adapters.assess_lines import BadLine, assess_lines
from services.cli import output
from services.cli.commands import kept
from services.wiring import SystemClock
from services.wiring.machine import make_assessor, make_file_grouper

STDIN = Path("-")


def register(app: typer.Typer) -> None:
    app.command()(assess)
    app.command()(group)


def assess(file: Annotated[Path, typer.Argument(help="JSON Lines, or - for standard input")] = STDIN) -> None:
    """Assess posts: JSON Lines in {"id","title","text","published_at"?,"source"?,"origin"?}, one answer a line out.

    "origin" says how the post came: hotline, board, mailbox or manual are our own doors, whose letters are ours
    whatever place they name; feed is the press; push (if nothing is said) anybody on the net, who must name a place
    or a matter.

    Example: echo '{"id":"1","text":"道里区停电了","origin":"hotline"}' | huiying assess -
    """
    with kept():
        assessor = make_assessor(config_dir())
    _answer(file, assess_lines(_lines(file), assessor, SystemClock().now()))


def _answer(file: Path, answers: Iterable[object]) -> None:
    """Print them; each bad line is named on stderr, and the exit code tells that there were some."""
    bad = 0
    for answer in answers:
        if isinstance(answer, BadLine):
            bad += 1
            print(f"huiying: {file}:{answer.line}: {answer.field}: {answer.reason}", file=sys.stderr)
        else:
            output.line(answer)
    if bad:
        output.fail(f"{bad} line(s) could not be read; the others were answered")


def _lines(file: Path) -> Iterable[bytes]:
    try:
        handle = sys.stdin.buffer if file == STDIN else file.open("rb")
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
    with handle:
        yield from handle


def group(file: Annotated[Path, typer.Argument(help="JSON Lines, or - for standard input")] = STDIN) -> None:
    """Group posts: JSON Lines in {"id","title","text","published_at"}, {"id","incident"} out."""
    from services.adapters.group_lines import group_lines  # grouping's expressions, which `assess` never asks

    with kept():
        grouper = make_file_grouper(config_dir())
    _answer(file, group_lines(_lines(file), grouper))
