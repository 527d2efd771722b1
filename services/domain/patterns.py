"""Expressions that pass quickly over a text without them.

`re` skips from candidate to candidate where it sees which characters a match can begin with: it does for a set, and
for alternatives that all begin with a plain character. Anything else in front, a look to either side among them, is
tried at every character of the text, which takes up to ten times as long. `in` takes as long for two or three words
as one expression for forty of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast


def one_of(*names: str, unless_before: str = "", unless_behind: str = "") -> re.Pattern[str]:
    """One of `names` (`美国|俄罗斯`), but not behind one of these characters, nor in front of that expression."""
    before = "".join(f"(?<!{one}.)" for one in unless_before)  # a set takes a thousand times as long to compile
    behind = f"(?!{unless_behind})" if unless_behind else ""
    by_first: dict[str, list[str]] = {}
    for name in "|".join(names).split("|"):
        by_first.setdefault(name[0], []).append(name[1:])
    found = [f"{first}{before}(?:{'|'.join(rests)})" for first, rests in by_first.items()]
    return late(f"(?:{'|'.join(found)}){behind}")  # once behind them all: compiling takes a fifth


class _Late:
    """Stands for a pattern until somebody asks it something; from then on its methods are the pattern's own."""

    __slots__ = ("findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub")

    def __init__(self, source: str) -> None:
        self.pattern = source

    def __getattr__(self, name: str) -> object:  # only where a slot is still empty
        if name not in _Late.__slots__:
            raise AttributeError(name)
        compiled = re.compile(self.pattern)
        for slot in _Late.__slots__:
            setattr(self, slot, getattr(compiled, slot))
        return getattr(compiled, name)


def late(source: str) -> re.Pattern[str]:
    """`source`, compiled for the first text that needs it: large ones take up to a tenth of a second each, and of all
    of them together an ordinary complaint needs a twentieth.

    A source that is no expression is found out only then; tests compile them all.
    """
    return cast("re.Pattern[str]", _Late(source))


def any_of(sources: Sequence[str]) -> re.Pattern[str]:
    """What one of `sources` finds, compiled late; without any it finds nothing."""
    return late("|".join(sources) or "(?!)")
