"""The examples of config/sources.toml become sources when the # before them goes."""

from __future__ import annotations

import re
from pathlib import Path

from config.reading import CONFIG_DIR
from config.sources import load_sources
from services.adapters.hotline import Columns
from services.domain.source import BoardSelectors, SourceKind

# A line of TOML behind the mark, not prose.
_EXAMPLE = re.compile(r"^# (?=\[|\w+ = )", re.MULTILINE)


def test_one_of_each_kind_loads_when_uncommented(tmp_path: Path) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(_EXAMPLE.sub("", (CONFIG_DIR / "sources.toml").read_text(encoding="utf-8")), encoding="utf-8")
    found = {source.id: source for source in load_sources(file).sources}
    kinds = {name: source.kind for name, source in found.items()}
    assert kinds == {
        "city-news": SourceKind.FEED,
        "district-news": SourceKind.FEED,
        "people-talk": SourceKind.BOARD,
        "hotline-12345": SourceKind.HOTLINE,
        "mayor-mailbox": SourceKind.MAILBOX,
    }
    assert found["people-talk"].board == BoardSelectors(
        "ul.list > li", time="span.date", author="span.author", next_page="a.next", max_pages=3
    )
    names = Columns.configured(found["hotline-12345"].options).names
    assert (names["id"], names["text"]) == (("受理单号",), ("问题描述+事发地址",))
    assert {name for name, _ in found["mayor-mailbox"].options} == {"user", "password_file", "ca_file"}


def test_as_shipped_nothing_is_collected() -> None:
    assert load_sources().sources == ()
