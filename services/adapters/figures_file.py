"""A report as a YAML file: figures and relations read strictly, refused with file, line, field and reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from services.domain.figures import BadRelation, Document, Figure, Relation, Verdict, check

MAX_BYTES = 5 * 1024 * 1024
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_LARGEST = Decimal(10) ** 18
_BOUNDS = {
    "at_least": ("at_least", "lower", "min", ">=", "余", "餘", "多", "以上", "至少", "逾", "超过"),
    "at_most": ("at_most", "upper", "max", "<=", "以下", "以内", "不足", "不到"),
}
_PRINTED_BOUND = re.compile(r"([0-9]+(?:\.[0-9]+)?)([余餘多]?)([万萬亿億]?)([余餘多]?)")
_SCALES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "": 1}


class BadFigures(ValueError):
    """A file that cannot be checked; the message is one line: file, line, field, reason."""

    def __init__(self, path: Path, line: int, field: str, reason: str) -> None:
        super().__init__(f"{path}:{line}: {field}: {reason}")
        self.path, self.line, self.field, self.reason = path, line, field, reason


def check_file(path: Path) -> list[Verdict]:
    """The verdicts on every relation of the file.

    Raises:
        BadFigures: unreadable file, broken YAML, missing or impossible value, unknown kind, unknown figure.
    """
    root = _root(path)
    relations = _entries(path, root, "relations")
    document = Document(_figures(path, root), tuple(_relation(path, entry) for entry in relations))
    try:
        return check(document)
    except BadRelation as error:
        lines = {str(entry.get("id")): entry.line for entry in relations}
        raise BadFigures(path, lines[error.relation_id], f"{error.relation_id}.{error.field}", error.reason) from error


class _Entry(dict[str, Any]):
    """A mapping of the file that remembers its line."""

    line: int = 0


def _root(path: Path) -> _Entry:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFigures(path, 1, "-", f"larger than {MAX_BYTES} bytes")
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_PlainLoader)
        root = None if node is None else _value(path, node)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFigures(path, 1, "-", str(error).replace("\n", " ")) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFigures(path, line, "-", f"not YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadFigures(path, 1, "-", f"not YAML: {type(error).__name__}") from error
    if not isinstance(root, _Entry):
        raise BadFigures(path, 1, "-", "must be a mapping with `figures` and `relations`")
    return root


class _PlainLoader(yaml.SafeLoader):
    """No aliases: a file of a kilobyte can otherwise stand for a gigabyte."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.get_event()  # type: ignore[no-untyped-call]  # the stubs leave it untyped
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def _value(path: Path, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        entry = _Entry()
        entry.line = node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            if not key or key in entry:
                raise BadFigures(path, key_node.start_mark.line + 1, key or "-", "key repeated or not a word")
            entry[key] = _value(path, value_node)
            if entry[key] is None and _NUMBER.fullmatch(key):  # {value: 9,021} reads as value 9 and a key 021
                raise BadFigures(path, key_node.start_mark.line + 1, key, "a number written with a comma")
        return entry
    if isinstance(node, yaml.SequenceNode):
        return [_value(path, item) for item in node.value]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Decimal | str | None:
    """Numbers keep the digits they were written with: 21.90 is not a binary fraction."""
    text = str(node.value)
    if node.tag.endswith(":null"):
        return None
    if node.tag.endswith((":int", ":float")) and _NUMBER.fullmatch(text):
        return Decimal(text)
    return text


def _entries(path: Path, root: _Entry, field: str) -> list[_Entry]:
    raw = root.get(field)
    if not isinstance(raw, list) or not raw:
        raise BadFigures(path, root.line, field, "missing, empty or not a list")
    seen: set[str] = set()
    for number, entry in enumerate(raw, start=1):
        if not isinstance(entry, _Entry):
            raise BadFigures(path, root.line, f"{field}[{number}]", "must be a mapping")
        if entry.get("id") is None or str(entry["id"]) in seen:
            raise BadFigures(path, entry.line, f"{field}[{number}].id", "missing or used twice")
        seen.add(str(entry["id"]))
    return raw


def _figures(path: Path, root: _Entry) -> Mapping[str, Figure]:
    if root.get("figures") in (None, []):
        return {}
    return {str(entry["id"]): _figure(path, entry) for entry in _entries(path, root, "figures")}


def _figure(path: Path, entry: _Entry) -> Figure:
    name, value = str(entry["id"]), entry.get("value")
    if not isinstance(value, Decimal):
        raise BadFigures(path, entry.line, f"{name}.value", f"not a number: {value!r}")
    if abs(value) >= _LARGEST:
        raise BadFigures(path, entry.line, f"{name}.value", "too large to be a count")
    unit = "" if entry.get("unit") is None else str(entry["unit"])
    bound = _bound(entry.get("bound")) or _bound_in(str(entry.get("quote") or ""), value, unit)
    return Figure(name, value, unit, bound)


def _bound(raw: object) -> str:
    """The declared bound in our words; any other word for inexactness is "about"."""
    text = str(raw or "").strip()
    if text.lower() in ("", "false", "no", "exact", "none"):
        return ""
    return next((bound for bound, words in _BOUNDS.items() if text in words), "about")


def _bound_in(quote: str, value: Decimal, unit: str) -> str:
    """at_least where the quoted text prints this very number with 余 or 多 (300余万, 9万餘)."""
    plain = value * _SCALES.get(unit[:1], 1)
    for digits, before, scale, after in _PRINTED_BOUND.findall(quote):
        if (before or after) and Decimal(digits) * _SCALES[scale] == plain:
            return "at_least"
    return ""


def _relation(path: Path, entry: _Entry) -> Relation:
    name, members, stated = str(entry["id"]), entry.get("members"), entry.get("stated")
    if entry.get("kind") is None:
        raise BadFigures(path, entry.line, f"{name}.kind", "missing")
    if not isinstance(members, _Entry):
        raise BadFigures(path, entry.line, f"{name}.members", "missing or not a mapping")
    if isinstance(stated, list | dict):
        raise BadFigures(path, entry.line, f"{name}.stated", "must be one value")
    return Relation(name, str(entry["kind"]), members, stated)
