"""What a new version adds to a table of an office's own file stands as it ships, until the office writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR, BadConfig
from services.wiring.config_files import edited

TABLES = [
    *(("sources.toml", table) for table in ("collecting", "silence")),
    *(("departments.toml", table) for table in ("coordination", "weighing", "territory")),
    ("policy.toml", "desk"),
    *(("grouping.toml", table) for table in ("windows", "likeness", "outbreaks")),
]


def without(text: str, table: str) -> str:
    """The file without every key of this table."""
    return re.sub(rf"(?ms)^\[{table}\].*?(?=^\[)", "", text, count=1)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_that_is_not_there_is_as_it_ships(tmp_path: Path, name: str, table: str) -> None:
    path, shipped = tmp_path / name, CONFIG_DIR / name
    text = shipped.read_text(encoding="utf-8")
    path.write_text(without(text, table), encoding="utf-8")
    assert f"\n[{table}]" not in path.read_text(encoding="utf-8")
    now, usual = edited(tmp_path)[path](path), edited(CONFIG_DIR)[shipped](shipped)
    assert getattr(now, "__dict__", now) == getattr(usual, "__dict__", usual)


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_key_that_nobody_knows_is_refused_all_the_same(tmp_path: Path, name: str, table: str) -> None:
    path = tmp_path / name
    text = (CONFIG_DIR / name).read_text(encoding="utf-8")
    path.write_text(f"{without(text, table)}\n[{table}]\nmisspelt = 1\n", encoding="utf-8")
    with pytest.raises(BadConfig, match="misspelt"):
        edited(tmp_path)[path](path)
