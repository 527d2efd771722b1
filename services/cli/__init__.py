"""The `huiying` command. Results on stdout (`--json`: JSON Lines), logs on stderr; exit 0 done, 1 wrong, 2 bad use."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

from config.reading import BadConfig
from services.cli.commands import Commands, ReaderGone
from services.usecases.ports import NotNow, TooManyDead

READER_GONE = 141  # what a shell reports of a command that SIGPIPE ended: 128 + 13

app = typer.Typer(
    name="huiying",
    cls=Commands,
    help="回应 – monitor public opinion about the city's own work, answer it within the legal limits, fill the tables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def huiying() -> None:
    """What every command has in common: nothing so far."""


def main() -> None:
    """Errors the user can do something about are one line on stderr and exit code 2; 1 where the program is wrong."""
    try:
        app()
    except Exception as error:
        known = known_in(error)
        if known is None:
            raise
        if isinstance(known, (ReaderGone, BrokenPipeError)):
            _end(READER_GONE)
        _end(*told(known))
    except SystemExit as ended:
        _end(ended.code)


def _end(code: str | int | None, reason: str = "") -> NoReturn:
    """Leave with this code and reason; what stdout still holds may find its reader gone, too."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes once more when it ends
        sys.exit(READER_GONE)
    if reason:
        print(reason, file=sys.stderr)
    sys.exit(code)


def told(error: BaseException) -> tuple[int, str]:
    """The exit code and the one line for an error."""
    wrong = isinstance(error, TooManyDead) or known_in(error) is None
    return 1 if wrong else 2, f"huiying: {' '.join(str(error).split()) or type(error).__name__}"


def known_in(error: BaseException) -> BaseException | None:
    """What the user can do something about; roles that run together raise it inside a group."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(known_in, error.exceptions)), None)
    return error if isinstance(error, (BadConfig, NotNow, OSError, ReaderGone, TooManyDead)) else None
