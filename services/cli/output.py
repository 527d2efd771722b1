"""What a command prints: results on stdout, one clear line on stderr when something is wrong."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import msgspec
import typer

from services.domain.zone import SHANGHAI

if TYPE_CHECKING:
    from config.settings import Settings
    from services.wiring import House

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="JSON Lines, for programs")]
_encode = msgspec.json.Encoder().encode


def line(value: Any) -> None:
    """One JSON line on stdout, in UTF-8 whatever the locale says."""
    sys.stdout.buffer.write(_encode(value) + b"\n")


def text(value: str) -> None:
    """One line of text on stdout."""
    sys.stdout.buffer.write(value.encode() + b"\n")


def local(at: datetime) -> str:
    """Date and time of day in Beijing."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def fail(reason: str, code: int = 2) -> NoReturn:
    """Stop with one line on stderr: 2 for bad use or bad input, 1 where something was found wrong."""
    sys.stdout.flush()
    print(f"huiying: {reason}", file=sys.stderr)
    raise typer.Exit(code)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run the command's coroutine."""
    import asyncio  # takes a moment, and not every command has a coroutine

    return asyncio.run(work)


@asynccontextmanager
async def house(**given: object) -> AsyncIterator[House]:
    """The configured installation, for the length of a command."""
    from config.settings import load_settings  # pydantic's models are loaded by who asks for settings
    from services.wiring import set_up_logs

    settings = load_settings(**given)
    set_up_logs(settings)
    async with _opened(settings, log=True) as opened:
        yield opened


@asynccontextmanager
async def records() -> AsyncIterator[House]:
    """The same for commands that only ask the database: they work while the broker is away, and start sooner."""
    from config.settings import load_settings

    async with _opened(load_settings(), log=False) as opened:
        yield opened


def _opened(settings: Settings, log: bool) -> AbstractAsyncContextManager[House]:
    from services.wiring import open_house  # the database is loaded by who opens it

    return open_house(settings, log=log)
