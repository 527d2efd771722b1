"""A command brings along what it needs: starting is quick, and a role's process stays small."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_group

from services.cli.commands import MODULES


def loaded(module: str) -> set[str]:
    """Everything that a fresh process has loaded after importing `module`."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def used(*arguments: str) -> set[str]:
    """Everything that a command has loaded when it ends."""
    code = (
        f"import sys\nfrom services.cli import app\napp({list(arguments)}, standalone_mode=False)\nprint(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_help_loads_no_command() -> None:
    assert not {one for one in used("--help") if one.startswith(("services.adapters", "services.wiring", "sqlalchemy"))}


def test_a_command_that_asks_the_database_loads_neither_the_log_nor_what_makes_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYING_DATA_DIR", str(tmp_path))
    subprocess.run([sys.executable, "-c", "from services.cli import main; main()", "db", "upgrade"], check=True)
    others = {"alembic", "aiokafka", "fastapi", "httpx2", "numpy", "openpyxl", "rich", "structlog"}
    for command in (("user", "list"), ("source", "list", "--json"), ("deadletters", "list")):
        assert not used(*command) & others, command


def test_assessing_a_file_loads_no_database_and_no_web() -> None:
    assert not loaded("services.cli.machine") & {"sqlalchemy", "fastapi", "alembic", "aiokafka", "openpyxl"}


def test_a_role_loads_neither_the_web_nor_the_models_before_it_needs_them() -> None:
    others = {
        "fastapi",
        "rjieba",
        "ahocorasick_rs",
        "aiokafka",
        "numpy",
        "openpyxl",
        "apscheduler",
        "httpx2",
        "alembic",
    }
    assert not loaded("services.cli.roles") & others
    assert not loaded("services.cli.running") & others


def test_the_web_answers_without_the_readers_of_feeds_and_the_models() -> None:
    others = {"rjieba", "ahocorasick_rs", "aiokafka", "numpy", "openpyxl", "apscheduler", "httpx2", "feedparser"}
    assert not loaded("services.web.server") & others


@pytest.mark.parametrize("module", MODULES)
def test_the_table_names_every_command_of_a_module(module: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    import_module(f"services.cli.{module}").register(app)
    assert set(get_group(app).commands) == set(MODULES[module])
