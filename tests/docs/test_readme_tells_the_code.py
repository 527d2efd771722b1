"""README.md and README.zh-CN.md: the same content, and what they tell people to write can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config.reading import CONFIG_DIR
from config.settings import OUTSIDE
from config.sources import load_sources
from services.domain.source import SourceKind
from tests.docs.tables import ROOT

PAGES = ("README.md", "README.zh-CN.md")


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", read(page), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_the_sources_in_the_readme_can_be_added_to_the_file(page: str, tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text("\n".join([(CONFIG_DIR / "sources.toml").read_text("utf-8"), *blocks(page, "toml")]), "utf-8")
    assert {source.kind for source in load_sources(file).sources} == set(SourceKind)


def test_both_have_the_same_commands_sources_and_headings() -> None:
    english, chinese = PAGES
    assert blocks(english, "toml") == blocks(chinese, "toml")
    commands = [[line.split("#")[0].strip() for line in "".join(blocks(p, "sh")).splitlines()] for p in PAGES]
    assert commands[0] == commands[1]
    assert read(english).count("\n## ") == read(chinese).count("\n## ")


@pytest.mark.parametrize("page", PAGES)
def test_what_the_tests_take_from_outside_is_told(page: str) -> None:
    by_make = {"HUIYING_FULL"}
    assert all(f"`{name}=" in read(page) for name in OUTSIDE - by_make)
    assert "HUIYING_FULL=1" in read("Makefile")


def test_the_screenshot_is_small_enough_to_load() -> None:
    assert (ROOT / "docs/desk.png").stat().st_size < 400_000
