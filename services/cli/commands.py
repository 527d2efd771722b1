"""Which module has which command; it is imported when the command is called: each brings much of the house along."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

MODULES = {
    "running": ("up", "run"),
    "demoing": ("demo",),
    "drilling": ("drill",),
    "machine": ("assess", "group"),
    "learning": ("train", "evaluate"),
    "reports": ("report",),
    "briefs": ("brief",),
    "sources": ("source",),
    "importing": ("import",),
    "accounts": ("user",),
    "maintenance": ("db", "deadletters"),
    "auditing": ("audit",),
    "configuring": ("config",),
    "doctoring": ("doctor",),
    "backing": ("backup", "restore"),
}
"""Every command in the order of the help, by module of this package."""


class ReaderGone(Exception):
    """Nobody reads stdout any more, as after `huiying assess FILE | head`. Typer would make it exit code 1."""


class Commands(TyperGroup):
    """All commands by name."""

    def make_context(self, *given: Any, **named: Any) -> Any:
        with _telling_readers_gone():  # the help is written here
            return super().make_context(*given, **named)

    def invoke(self, ctx: Any) -> Any:
        with _telling_readers_gone():
            return super().invoke(ctx)

    def list_commands(self, _ctx: Any) -> list[str]:
        return [name for names in MODULES.values() for name in names]

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        return next((_loaded(module)[cmd_name] for module, names in MODULES.items() if cmd_name in names), None)


@contextmanager
def _telling_readers_gone() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderGone from error


@cache
def _loaded(module: str) -> dict[str, Any]:
    """The commands of one module."""
    app = typer.Typer(rich_markup_mode=None)
    app.callback()(_together)
    import_module(f"services.cli.{module}").register(app)
    return dict(get_group(app).commands)


def _together() -> None:
    """Keeps even a single command a command of a group."""
