"""Read one TOML file into typed values, or refuse it: file, key and reason in one line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

T = TypeVar("T")
CONFIG_DIR = Path(__file__).parent


class BadConfig(ValueError):
    """A configuration file that must not be used; the message names file, key and reason."""

    def __init__(self, path: Path, key: str, reason: str) -> None:
        super().__init__(f"{path}: {key}: {reason}")
        self.path, self.key, self.reason = path, key, reason


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a TOML file. Unknown keys are refused, so that a misspelt limit is never silently ignored."""


def read_toml(path: Path, shape: type[T]) -> T:
    """The file as `shape`.

    Raises:
        BadConfig: missing file, broken TOML, unknown key, wrong type or impossible value.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadConfig(path, "-", "file not found") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(path, "-", str(error)) from error
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        reason, _, key = str(error).partition(" - at `$")
        raise BadConfig(path, key.strip("`.") or "-", reason) from error
