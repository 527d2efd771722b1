"""The `huiying` command. Results on stdout (`--json`: JSON Lines), logs on stderr; exit 0 done, 1 wrong, 2 bad use."""

from __future__ import annotations

import sys

import typer

from config.reading import BadConfig
from services.cli.commands import Commands
from services.usecases.ports import NotNow

app = typer.Typer(
    name="huiying",
    cls=Commands,
    help="回应 – monitor public opinion about the city's own work, answer it within the legal limits, fill the tables.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def huiying() -> None:
    """What every command has in common: nothing so far."""


def main() -> None:
    """Errors the user can do something about are one line on stderr and exit code 2."""
    try:
        app()
    except Exception as error:
        known = _known(error)
        if known is None:
            raise
        print(f"huiying: {' '.join(str(known).split())}", file=sys.stderr)
        sys.exit(2)


def _known(error: BaseException) -> BaseException | None:
    """What the user can do something about; roles that run together raise it inside a group."""
    if isinstance(error, BaseExceptionGroup):
        return next(filter(None, map(_known, error.exceptions)), None)
    return error if isinstance(error, (BadConfig, NotNow, OSError)) else None
