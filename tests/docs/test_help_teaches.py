"""`make help` and the help of every command say what each thing is for, whole."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
import typer
from typer.main import get_group

from services.cli.commands import MODULES
from tests.docs.tables import ROOT


def below(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    yield name, command
    for sub, one in getattr(command, "commands", {}).items():
        yield from below(one, f"{name} {sub}")


def commands() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in MODULES:
        app = typer.Typer()
        import_module(f"services.cli.{module}").register(app)
        app.command("together")(lambda: None)  # one command alone would be no group
        for name, command in get_group(app).commands.items():
            found |= below(command, name) if name != "together" else {}
    return found


COMMANDS = commands()


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does_in_a_line_and_what_each_word_means(name: str) -> None:
    command = COMMANDS[name]
    assert command.help
    if " " in name:
        assert not command.get_short_help_str(64).endswith("..."), "it is cut off in the list of commands"
    assert not [param.name for param in command.params if not param.help]


def test_make_help_lists_every_target_that_has_a_word() -> None:
    told = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    worded = re.findall(r"^([^:\s]+):[^\n]*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.findall(r"^  make (\S+)", told, re.MULTILINE) == worded
    assert "test-full" in worded
