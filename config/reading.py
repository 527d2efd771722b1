"""Read one TOML file into typed values, or refuse it: file, key and reason in one line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from services.domain.characters import legible

T = TypeVar("T")
CONFIG_DIR = Path(__file__).parent
_FIELD = re.compile("(?:unknown|required) field `(.+)`")
_ESCAPED = re.compile(r"\\[befuUx]")
_STEP = re.compile(r"[^\W\d]\w*|\[")


class BadConfig(ValueError):
    """A configuration file that must not be used; the message names file, key and reason."""

    def __init__(self, path: Path, key: str, reason: str) -> None:
        super().__init__(f"{path}: {key}: {reason}")
        self.path, self.key, self.reason = path, key, reason


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of a TOML file. Unknown keys are refused, so that a misspelt limit is never silently ignored."""


def read_toml(path: Path, shape: type[T], as_shipped: Sequence[str] = ()) -> T:
    """The file as `shape`. Keys that a file of one's own leaves out of the tables `as_shipped` stand as they ship.

    Raises:
        BadConfig: missing file, broken TOML, unknown key, wrong type or impossible value.
    """
    raw = _parsed(path)
    if as_shipped and path.parent != CONFIG_DIR:
        _complete(raw, _parsed(CONFIG_DIR / path.name), as_shipped)
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        reason, _, at = str(error).partition(" - at `")
        named, at = at.startswith("key` in `"), at.removeprefix("key` in `").lstrip("$").strip("`.")
        field = _FIELD.search(reason)
        key = ".".join(filter(None, (at, field[1] if field else "")))
        raise BadConfig(path, key or "-", reason + _choices(shape, at, named)) from error


def _choices(shape: object, at: str, named: bool) -> str:
    """What may stand there, where the file's shape has a list of it. `named`: it is the key that cannot stand there."""
    import msgspec.inspect  # only where a file is refused

    info: Any = msgspec.inspect.type_info(shape)
    for step in _STEP.findall(at):
        fields = {field.encode_name: field.type for field in getattr(info, "fields", ())}
        fields["["] = getattr(info, "item_type", None) or getattr(info, "value_type", None)
        info = fields.get(step)
    info = getattr(info, "key_type", info) if named else info
    values = [one.value for one in getattr(info, "cls", ())] if isinstance(info, msgspec.inspect.EnumType) else []
    values += info.values if isinstance(info, msgspec.inspect.LiteralType) else ()
    return f"; there are {', '.join(values)}" if values else ""


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise BadConfig(path, "-", "file not found") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(path, "-", str(error)) from error
    if legible(text)[1] or _ESCAPED.search(text):
        _legible(path, raw, "")
    return raw


def _complete(raw: dict[str, Any], shipped: dict[str, Any], tables: Sequence[str]) -> None:
    """A file of before an upgrade goes on working: the keys that it does not know yet have one value, the shipped."""
    for name in tables:
        given = raw.get(name, {})
        if isinstance(given, dict):
            raw[name] = shipped[name] | given


def _legible(path: Path, value: object, key: str) -> None:
    """TOML can write any character as \\u0000; a name that holds such a one can be neither stored nor shown."""
    if isinstance(value, str) and legible(value)[1]:
        raise BadConfig(path, key or "-", "holds a control character")
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        _legible(path, name, key)
        _legible(path, part, f"{key}[{name}]" if isinstance(name, int) else f"{key}.{name}".lstrip("."))


def check_names(path: Path, key: str, names: Sequence[str]) -> None:
    """Raises BadConfig where a name is blank or stands there twice."""
    for number, name in enumerate(names):
        if not name.strip():
            raise BadConfig(path, f"{key}[{number}].name", "must not be empty")
        if name in names[:number]:
            raise BadConfig(path, f"{key}[{number}].name", f"“{name}” is there twice")


def check_texts(path: Path, key: str, words: Collection[str]) -> None:
    """Raises BadConfig where one of the words is blank: it would be found in every text."""
    if not all(word.strip() for word in words):
        raise BadConfig(path, key, "none of the words may be empty: it would be found in every text")


def check_words(path: Path, key: str, words: Sequence[str]) -> None:
    """Raises BadConfig where there is no word, or a blank one."""
    if not words:
        raise BadConfig(path, key, "needs words")
    check_texts(path, key, words)
