"""Special watches: `watches.toml` → `services.domain.watches.Watch`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from config.reading import CONFIG_DIR, BadConfig, Section, check_names, check_words, read_toml
from services.domain.watches import Watch

FILE = CONFIG_DIR / "watches.toml"


class _Watch(Section, frozen=True, kw_only=True):
    name: str
    first: str
    last: str
    words: list[str]


class _File(Section, frozen=True, kw_only=True):
    watch: list[_Watch]


def load_watches(path: Path = FILE) -> tuple[Watch, ...]:
    """The watches, or `BadConfig` for a name or word that is none, or a period that ends before it begins."""
    found, read = [], read_toml(path, _File).watch
    check_names(path, "watch", [one.name for one in read])
    for one in read:
        check_words(path, f"{one.name}.words", one.words)
        first, last = _when(path, f"{one.name}.first", one.first), _when(path, f"{one.name}.last", one.last)
        if isinstance(first, date) != isinstance(last, date):
            raise BadConfig(path, one.name, "first and last must both be yearly or both be dates")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            raise BadConfig(path, one.name, "the watch ends before it begins")
        found.append(Watch(one.name, tuple(one.words), first, last))
    return tuple(found)


def _when(path: Path, key: str, written: str) -> date | tuple[int, int]:
    yearly = len(written) == 5
    try:
        day = date.fromisoformat(f"2024-{written}" if yearly else written)
    except ValueError as error:
        raise BadConfig(path, key, f"“{written}”: write MM-DD or YYYY-MM-DD") from error
    return (day.month, day.day) if yearly else day
