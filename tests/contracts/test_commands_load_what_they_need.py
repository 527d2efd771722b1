"""A command brings along what it needs: starting is quick, and a role's process stays small."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest
import typer
from typer.main import get_group

from services.cli.commands import MODULES


def loaded(module: str) -> set[str]:
    """Everything that a fresh process has loaded after importing `module`."""
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_assessing_a_file_loads_no_database_and_no_web() -> None:
    assert not loaded("services.cli.machine") & {"sqlalchemy", "fastapi", "alembic", "aiokafka", "openpyxl"}


def test_a_role_loads_neither_the_web_nor_the_models_before_it_needs_them() -> None:
    assert not loaded("services.cli.roles") & {"fastapi", "rjieba", "ahocorasick_rs", "aiokafka", "numpy", "openpyxl"}


@pytest.mark.parametrize("module", MODULES)
def test_the_table_names_every_command_of_a_module(module: str) -> None:
    app = typer.Typer()
    app.callback()(lambda: None)
    import_module(f"services.cli.{module}").register(app)
    assert set(get_group(app).commands) == set(MODULES[module])
