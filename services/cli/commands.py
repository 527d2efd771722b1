"""Which module has which command; it is imported when the command is called: each brings much of the house along."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

UsageError: type[Any] = typer.BadParameter.__mro__[1]
"""What Typer raises for bad use: it gives no name to it."""
MODULES = {
    "running": {
        "up": "Start everything in one process, on an embedded database and log.",
        "run": "Run one role in this process, against the configured database and log.",
    },
    "demoing": {"demo": "Watch a fictional city day at one hour a minute."},
    "drilling": {"drill": "Run a scenario and print its ledger."},
    "machine": {
        "assess": "Assess posts: JSON Lines in, one answer a line out.",
        "group": "Group posts: JSON Lines in, post and incident out.",
    },
    "learning": {
        "train": "Learn from decisions, rebuild the topic model.",
        "evaluate": "Measure how often the machine is right.",
    },
    "reports": {"report": "The annual tables, and the check of published figures."},
    "briefs": {"brief": "日报、周报、专报 from the ledger, as text or as a Word document."},
    "sources": {"source": "Try, list, switch, import and export the sources of posts."},
    "importing": {"import": "Bring in hotline exports and filled workbooks."},
    "accounts": {"user": "Accounts for people and tokens for programs."},
    "maintenance": {
        "db": "Bring the tables of the database up to date.",
        "deadletters": "List and replay messages that nobody could read.",
    },
    "auditing": {"audit": "Find out whether anybody changed the ledger."},
    "configuring": {"config": "Copy the configuration that ships, to edit it."},
    "health": {"healthcheck": "Ask the process of a role how it is, for a container engine."},
    "doctoring": {"doctor": "Look over everything and say what to do."},
    "backing": {
        "backup": "Write database, configuration and secret key into one file.",
        "restore": "Check every file of a backup, then put it in place.",
    },
}
"""Every command in the order of the help, by module of this package, with what the list of commands says of it."""


class ReaderGone(Exception):
    """Nobody reads stdout any more, as after `huiying assess FILE | head`. Typer would make it exit code 1."""


class Commands(TyperGroup):
    """All commands by name."""

    def make_context(self, *given: Any, **named: Any) -> Any:
        with kept(), _telling_readers_gone(), _in_one_line():  # Typer loads pydantic here, and writes the help
            return super().make_context(*given, **named)

    def invoke(self, ctx: Any) -> Any:
        with _telling_readers_gone(), _in_one_line():
            return super().invoke(ctx)

    def list_commands(self, _ctx: Any) -> list[str]:
        return [name for names in MODULES.values() for name in names]

    def format_commands(self, _ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):  # from the table: asking each command would load the whole program
            formatter.write_dl([row for rows in MODULES.values() for row in rows.items()])

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        return next((_loaded(module)[cmd_name] for module, names in MODULES.items() if cmd_name in names), None)


@contextmanager
def _telling_readers_gone() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error


@contextmanager
def _in_one_line() -> Iterator[None]:
    """A bad option is told like everything else a user can put right; Typer would write a block of four lines."""
    try:
        yield
    except UsageError as error:
        if type(error).__name__ == "NoArgsIsHelpError":  # no mistake: the help is wanted
            raise
        where = f"; see {error.ctx.command_path} --help" if error.ctx else ""
        print(f"huiying: {' '.join(error.format_message().split()).rstrip('.')}{where}", file=sys.stderr)
        raise typer.Exit(2) from error


@contextmanager
def kept() -> Iterator[None]:
    """Around the loading of what stays to the end: looking through it for garbage takes up to a tenth of a start."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@cache
def _loaded(module: str) -> dict[str, Any]:
    """The commands of one module."""
    app = typer.Typer(rich_markup_mode=None)
    app.callback()(_together)
    with kept():
        import_module(f"services.cli.{module}").register(app)
    return dict(get_group(app).commands)


def _together() -> None:
    """Keeps even a single command a command of a group."""
