"""`huiying config copy`: what ships is copied once; what somebody edited is never touched."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from config.reading import CONFIG_DIR
from services.cli import app
from services.cli.configuring import copy_missing
from services.wiring.config_files import edited, learned, read


def test_what_was_copied_can_be_started_from_and_edits_stay(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    first = CliRunner().invoke(app, ["config", "copy", str(folder)])
    assert first.exit_code == 0
    for path, load in (edited(folder) | learned(folder)).items():
        read(path, load)
    assert not list(folder.rglob("*.py*"))
    roster = folder / "roster.toml"
    changed = roster.read_text(encoding="utf-8").replace('"duty1"', '"wang"')
    roster.write_text(changed, encoding="utf-8")
    (folder / "watches.toml").unlink()
    again = CliRunner().invoke(app, ["config", "copy", str(folder)])
    assert again.stdout.splitlines()[:-1] == [str(folder / "watches.toml")]
    assert roster.read_text(encoding="utf-8") == changed
    assert copy_missing(CONFIG_DIR, folder) == []


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "office").write_text("a file", encoding="utf-8")
    done = CliRunner().invoke(app, ["config", "copy", str(tmp_path / "office")])
    assert done.exit_code == 2
    assert done.stderr.startswith("huiying: ")
    assert len(done.stderr.splitlines()) == 1
