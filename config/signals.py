"""The word lists: `signals.toml` → cues."""

from __future__ import annotations

from pathlib import Path

from config.reading import CONFIG_DIR, BadConfig, Section, check_texts, read_toml
from services.domain.signals import LISTS, Cue

FILE = CONFIG_DIR / "signals.toml"
NEEDED = frozenset(LISTS)


class _List(Section, frozen=True, kw_only=True):
    words: list[str]
    strong: tuple[str, ...] = ()


class _File(Section, frozen=True, kw_only=True):
    lists: dict[str, _List]


def load_signals(path: Path = FILE) -> list[Cue]:
    """Every word of every list. A list that a rule asks for and that is missing, or an unknown one, is refused."""
    read = read_toml(path, _File)
    if wrong := NEEDED.symmetric_difference(read.lists):
        raise BadConfig(path, f"lists.{min(wrong)}", "missing list" if min(wrong) in NEEDED else "unknown list")
    cues = []
    for name, one in read.lists.items():
        for weight, words in ((1.0, one.words), (2.0, one.strong)):
            check_texts(path, f"lists.{name}", words)
            cues += [Cue(name, word, weight) for word in words]
    return cues
