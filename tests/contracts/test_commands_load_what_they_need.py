"""A command brings along what it needs: starting is quick, and a role's process stays small."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_group

from config.place import PREFIX, config_dir
from config.reading import CONFIG_DIR, BadConfig
from config.settings import load_settings
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


def test_assessing_a_file_loads_neither_database_nor_web_nor_settings_nor_grouping() -> None:
    others = {"sqlalchemy", "fastapi", "alembic", "aiokafka", "openpyxl"}
    others |= {"pydantic_settings", "asyncio", "services.domain.grouping"}
    assert not loaded("services.cli.machine") & others


def test_the_folder_of_the_configuration_is_the_one_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        monkeypatch.delenv(name)
    assert config_dir() == load_settings().config_dir == CONFIG_DIR
    monkeypatch.setenv("HUIYING_CONFIG_DIR", "/etc/huiying")
    assert config_dir() == load_settings().config_dir == Path("/etc/huiying")


@pytest.mark.parametrize(
    ("name", "value"), [("HUIYING_DATBASE_URL", "x"), ("HUIYING_PORT", "x"), ("huiying_port", "x")]
)
def test_who_asks_only_for_the_folder_is_told_of_a_wrong_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadConfig, match=name.upper()):
        config_dir()


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
