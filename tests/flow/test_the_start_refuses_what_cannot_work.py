"""What cannot work is one line on stderr and exit code 2, before any post is judged by it."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR, BadConfig
from services.adapters.slot import slot
from services.cli.running import welcome
from services.wiring import config_files
from tests.real.servers import free_port

FILES = sorted(p.relative_to(CONFIG_DIR).as_posix() for p in CONFIG_DIR.rglob("*.toml"))


def start(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUIYING_")}
    environment |= {"HUIYING_DATA_DIR": str(folder), "HUIYING_PORT": str(free_port())} | settings
    return subprocess.run(
        [sys.executable, "-c", "from services.cli import main; main()", *(arguments or ("up",))],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip


def refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    lines = [line for line in done.stderr.splitlines() if line.startswith("huiying:")]
    assert (done.returncode, len(lines)) == (2, 1), done.stderr
    assert "Traceback" not in done.stderr
    assert all(word in lines[0] for word in words), lines[0]


def spoilt(tmp_path: Path, name: str) -> Path:
    """A copy of the configuration with a key nobody knows in one file."""
    config = tmp_path / "config"
    shutil.copytree(CONFIG_DIR, config, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    path = config / name
    path.write_text("no_such_key = 1\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    return config


@pytest.mark.parametrize("name", FILES)
def test_an_unknown_key_in_any_file_is_refused_by_name(tmp_path: Path, name: str) -> None:
    config = spoilt(tmp_path, name)
    with pytest.raises(BadConfig, match="no_such_key") as refusal:
        config_files.read(config / name, config_files.edited(config)[config / name])
    assert refusal.value.path.name == Path(name).name


SCENARIO = "start: 2018-02-15T16:00:00+08:00\nsteps: []\nuntil: 1m\n"
READERS = [
    ("gazetteer.toml", ("up",)),
    ("watches.toml", ("up",)),
    ("grouping.toml", ("up",)),
    ("grades.toml", ("run", "assess")),
    ("grouping.toml", ("run", "track")),
    ("signals.toml", ("drill", "drill.yaml")),
    ("grouping.toml", ("drill", "drill.yaml")),
    ("watches.toml", ("assess",)),
    ("grouping.toml", ("group",)),
]


@pytest.mark.parametrize(("name", "command"), READERS, ids=[f"{' '.join(c)} {n}" for n, c in READERS])
def test_a_bad_file_stops_whoever_goes_by_it_before_it_begins(
    tmp_path: Path, name: str, command: tuple[str, ...]
) -> None:
    config, drill = spoilt(tmp_path, name), tmp_path / "drill.yaml"
    drill.write_text(SCENARIO, encoding="utf-8")
    given = [str(drill) if part == drill.name else part for part in command]
    done = start(tmp_path / "data", *given, HUIYING_CONFIG_DIR=str(config))
    refused(done, f"{name}: no_such_key:")
    assert "ready" not in done.stderr


@pytest.mark.parametrize("file", ["model/topics.npz", "model/gravity.npz", "grouping.npz"])
def test_what_was_learned_and_is_damaged_stops_the_start(tmp_path: Path, file: str) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG_DIR, config, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    (config / file).write_bytes(b"PK\x03\x04 cut")
    done = start(tmp_path / "data", HUIYING_CONFIG_DIR=str(config))
    refused(done, Path(file).name)
    assert "ready" not in done.stderr


def test_a_port_that_is_taken_is_told_and_is_no_good_end(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(start(tmp_path, HUIYING_PORT=port), f"127.0.0.1:{port}", "--port")


def test_an_address_that_is_none_is_told_and_is_no_good_end(tmp_path: Path) -> None:
    refused(start(tmp_path, "up", "--host", "999.1.1.1"), "999.1.1.1")


@pytest.mark.parametrize("command", [("up",), ("run", "notify")], ids=["up", "notify"])
def test_a_signing_key_that_is_not_there_stops_whoever_sends(tmp_path: Path, command: tuple[str, ...]) -> None:
    config = spoilt(tmp_path, "roster.toml")
    roster = (CONFIG_DIR / "roster.toml").read_text(encoding="utf-8")
    person = '\n[[person]]\nname = "duty1"\nwebhook = "https://example.org/"\nsecret_file = "/no/such/key"\n'
    (config / "roster.toml").write_text(roster + person, encoding="utf-8")
    done = start(tmp_path / "data", *command, HUIYING_CONFIG_DIR=str(config))
    refused(done, "roster.toml", "person[0].secret_file", "/no/such/key")


def test_a_second_start_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    with slot(tmp_path, "up"):
        refused(start(tmp_path), str(tmp_path), "already")


@pytest.mark.parametrize("url", ["nonsense", "mysql+foo://x", "sqlite:////tmp/x.db"])
def test_an_address_of_no_database_is_refused(tmp_path: Path, url: str) -> None:
    refused(start(tmp_path, HUIYING_DATABASE_URL=url), "HUIYING_DATABASE_URL")


def test_a_database_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "huiying.sqlite")
    with database:
        database.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        database.execute("INSERT INTO alembic_version VALUES ('f00d')")
    database.close()
    refused(start(tmp_path, "db", "upgrade"), "another version")


def test_a_misspelt_setting_is_refused(tmp_path: Path) -> None:
    refused(start(tmp_path, HUIYING_DATBASE_URL="x"), "HUIYING_DATBASE_URL", "unknown setting")


def test_replaying_a_dead_letter_that_is_not_there_is_bad_use(tmp_path: Path) -> None:
    refused(start(tmp_path, "deadletters", "replay", "track/posts.assessed/0/99"), "no dead letter")


def test_whoever_has_accounts_is_not_told_how_to_make_the_first() -> None:
    assert "huiying user add" in welcome("http://127.0.0.1:8600", False)
    assert "user add" not in welcome("http://127.0.0.1:8600", True)


@pytest.mark.parametrize("away", ["kafka", "database"])
def test_a_role_whose_server_is_away_at_the_start_ends_so_that_it_is_started_again(tmp_path: Path, away: str) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    database = {"HUIYING_DATABASE_URL": f"postgresql+asyncpg://huiying@{nowhere}/huiying"}
    kafka = {"HUIYING_LOG": "kafka", "HUIYING_KAFKA_BOOTSTRAP": nowhere}
    refused(start(tmp_path, "run", "project", **(kafka if away == "kafka" else database)), f"{away}: ")
