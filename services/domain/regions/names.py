"""What the gazetteer knows about one name, and the rules of reading that are not names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

Hit = tuple[int, int, int]
Matcher = Callable[[str], Sequence[Hit]]


class Kind(Enum):
    """How a name in the text is read."""

    CITY = "city"
    """Our city itself."""
    DIVISION = "division"
    """A district, county, street or town of ours."""
    PLACE = "place"
    """A well-known place of ours; its code is the division it lies in."""
    ELSEWHERE = "elsewhere"
    """Another city, county or province."""
    DECOY = "decoy"
    """A word that hides a name (街道里) and means no place of ours."""
    SUFFIX = "suffix"
    """The end of a finer place's name (小区, 路, 学校): the name stands before it."""
    BESIDE = "beside"
    """A word that follows a place's name (附近, 旁边)."""


class Name(NamedTuple):
    """One string of the gazetteer. `sure` names need no other name beside them.

    `code` is the division the name stands for or lies in; empty for decoys and suffixes.
    `official` is how the reading calls it (哈尔滨 → 哈尔滨市).
    """

    text: str
    kind: Kind
    code: str = ""
    official: str = ""
    sure: bool = True


class Mention(NamedTuple):
    """A city, division or well-known place where the text names it, ours or another.

    `within` where it is a part of our city or a place in it, not the city itself.
    """

    name: str
    start: int
    end: int
    ours: bool
    within: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """Neighbours that change how a name is read; `config/gazetteer.toml` explains each list.

    `divisions` maps the six-digit codes of the city to their names; `plain` are short names that are no other word,
    `things` those that are also a thing (平房).
    """

    bodies: tuple[str, ...] = ()
    plain: frozenset[str] = frozenset()
    things: frozenset[str] = frozenset()
    sites: tuple[str, ...] = ()
    lands: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    into: tuple[str, ...] = ()
    begins: frozenset[str] = frozenset()
    hidden: Mapping[str, str] = field(default_factory=dict)
    not_behind: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    streets: tuple[str, ...] = ()
    not_streets: tuple[str, ...] = ()
    doors: tuple[str, ...] = ()
    roads: tuple[str, ...] = ()
    not_roads: tuple[str, ...] = ()
    not_division: tuple[str, ...] = ()
    joints: frozenset[str] = frozenset({""})
    divisions: dict[str, str] = field(default_factory=dict)


def plain_matcher(terms: Sequence[str]) -> Matcher:
    """Leftmost-longest matching in plain Python: the reference for the automaton, and enough for small gazetteers."""
    by_first: dict[str, list[tuple[int, str]]] = {}
    for index, term in enumerate(terms):
        by_first.setdefault(term[0], []).append((index, term))
    for known in by_first.values():
        known.sort(key=lambda pair: -len(pair[1]))

    def match(text: str) -> list[Hit]:
        hits: list[Hit] = []
        at = 0
        while at < len(text):
            hit = next((pair for pair in by_first.get(text[at], ()) if text.startswith(pair[1], at)), None)
            if hit is not None:
                hits.append((hit[0], at, at + len(hit[1])))
            at += len(hit[1]) if hit else 1
        return hits

    return match
