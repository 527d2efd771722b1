"""A pattern that looks at the first character before it tries its alternatives must know every one they begin with."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import services.domain
from services.domain.patterns import _Late, late

ANY = "any"


def patterns() -> Iterator[tuple[str, str]]:
    """Name and source of every pattern of the domain, also of those in rows and tables."""
    for module in pkgutil.walk_packages(services.domain.__path__, "services.domain."):
        for name, value in vars(importlib.import_module(module.name)).items():
            for one in inside(value):
                yield f"{module.name.removeprefix('services.domain.')}.{name}", one.pattern


def inside(value: object) -> Iterator[Any]:
    if isinstance(value, re.Pattern | _Late):
        yield value
    elif isinstance(value, dict):
        yield from (found for one in value.values() for found in inside(one))
    elif isinstance(value, tuple | list):
        yield from (found for one in value for found in inside(one))


def guarded() -> Iterator[Any]:
    for name, source in patterns():
        if source.startswith("(?=["):
            tree = list(parser.parse(source))
            if tree[0][0] is op.ASSERT and len(tree[0][1][1]) == 1:
                yield pytest.param(tree, id=name)


def first_of(tree: Any) -> tuple[set[str], bool]:
    """The characters that it can begin with, and whether it may be empty."""
    found: set[str] = set()
    for code, value in tree:
        here, empty = first_of_one(code, value)
        found |= here
        if not empty:
            return found, False
    return found, True


def first_of_one(code: Any, value: Any) -> tuple[set[str], bool]:
    if code is op.LITERAL:
        return {chr(value)}, False
    if code is op.IN:
        return members(value), False
    if code in (op.ANY, op.NOT_LITERAL):
        return {ANY}, False
    if code is op.BRANCH:
        parts = [first_of(one) for one in value[1]]
        return set().union(*(chars for chars, _ in parts)), any(empty for _, empty in parts)
    if code is op.SUBPATTERN:
        return first_of(value[3])
    if code is op.ATOMIC_GROUP:
        return first_of(value)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        chars, empty = first_of(value[2])
        return chars, empty or value[0] == 0
    return set(), True  # looks around, and edges


def members(items: Any) -> set[str]:
    found: set[str] = set()
    for code, value in items:
        if code is op.LITERAL:
            found.add(chr(value))
        elif code is op.RANGE:
            found |= {chr(one) for one in range(value[0], value[1] + 1)}
        else:
            found.add(ANY)
    return found


def test_a_late_pattern_is_the_pattern_from_the_first_question_on() -> None:
    pattern = late("死(?P<n>[0-9]+)人")
    assert pattern.pattern == "死(?P<n>[0-9]+)人"
    assert [match["n"] for match in pattern.finditer("死3人，死12人")] == ["3", "12"]
    assert (pattern.sub("", "死3人了"), pattern.fullmatch("死3")) == ("了", None)
    with pytest.raises(AttributeError):
        pattern.no_such_thing  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(re.error):
        late("(").search("")


def test_every_pattern_of_the_domain_can_be_compiled() -> None:
    broken = []
    for name, source in patterns():
        try:
            re.compile(source)
        except re.error as error:
            broken.append((name, str(error)))
    assert not broken


@pytest.mark.parametrize("tree", list(guarded()))
def test_the_look_at_the_first_character_hides_nothing(tree: Any) -> None:
    known, _ = first_of(tree[0][1][1])
    begins, empty = first_of(tree[1:])
    assert not empty
    assert ANY not in begins
    assert not begins - known, f"missing: {''.join(sorted(begins - known))}"
