"""Texts as they are matched: NFKC and traditional → simplified, with the way back to the original offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
# In the BMP nothing else has compatibility forms, no ideograph and no syllable of Hangul; of what lies beyond it only
# mathematical letters, enclosed signs and the CJK supplement are read.
_BMP = (range(0xA0, 0x3400), range(0xA000, 0xAC00), range(0xF900, 0xFFFF))
_PLANES = (*_BMP, range(0x1D400, 0x1D800), range(0x1EE00, 0x1F300), range(0x2F800, 0x2FA20))
_REPLACEMENT = 0xFFFD
NO_CHARACTER = "\uffff"
"""Stands in no folded text: what is told apart by it stays apart."""
_SEVERAL = 0xFFFFFFFF
# One sign may become eighteen: of a text of nothing else only so much is matched, of a short one everything.
_SHORT = 1_000


class Folded(NamedTuple):
    """One text for matching. `origins` maps its offsets to the original's; None = the same offsets."""

    text: str
    codes: Codes
    origins: NDArray[np.int64] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span of this one, which is not empty; (-1, -1) stays."""
        if self.origins is None or start < 0:
            return start, end
        return int(self.origins[start]), int(self.origins[end - 1]) + 1


class Folder:
    """Folds many texts at once by one table look-up for all their characters."""

    def __init__(self) -> None:
        self._several: dict[int, str] = {}
        self._table = self._build()

    def fold(self, texts: Sequence[str]) -> list[Folded]:
        """The texts in order. A character becomes what NFKC and the table of simplified forms make of it alone."""
        codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
        mapped = self._table[codes]
        ends = np.cumsum([len(text) for text in texts])
        several = np.flatnonzero(mapped == _SEVERAL)
        whole = "" if len(several) else mapped.tobytes().decode("utf-32-le")
        found, start, first = [], 0, 0
        for end, last in zip(ends.tolist(), np.searchsorted(several, ends).tolist(), strict=True):
            piece = mapped[start:end]
            if first < last:
                found.append(self._expand(codes[start:end], piece, several[first:last] - start))
            else:
                found.append(Folded(whole[start:end] or piece.tobytes().decode("utf-32-le"), piece))
            start, first = end, last
        return found

    def _expand(self, codes: Codes, mapped: Codes, inside: NDArray[np.int64]) -> Folded:
        """A text with characters that become several (㎡, ﬁ, ½): its offsets are kept beside it."""
        lengths = np.ones(len(mapped), np.int64)
        pieces, last = [], 0
        for at in inside.tolist():
            form = self._several[int(codes[at])]
            lengths[at] = len(form)
            pieces += [mapped[last:at].tobytes().decode("utf-32-le"), form]
            last = at + 1
        most = max(_SHORT, 2 * len(mapped))
        folded = "".join([*pieces, mapped[last:].tobytes().decode("utf-32-le")])[:most]
        origins = np.repeat(np.arange(len(mapped)), lengths)[:most]
        return Folded(folded, np.frombuffer(folded.encode("utf-32-le"), np.uint32), origins)

    def _build(self) -> Codes:
        table = np.arange(0x110000, dtype=np.uint32)
        table[0xD800:0xE000] = _REPLACEMENT  # a lone surrogate cannot be encoded for the automaton
        table[ord(NO_CHARACTER)] = _REPLACEMENT
        for plane in _PLANES:
            for char in map(chr, plane):
                if not unicodedata.is_normalized("NFKC", char):
                    self._enter(table, ord(char), unicodedata.normalize("NFKC", char))
        for traditional, simplified in _simplified_forms():
            table[traditional] = simplified
        return table

    def _enter(self, table: Codes, code: int, form: str) -> None:
        if len(form) == 1:
            table[code] = ord(form)
        elif any(char.isalnum() for char in form):  # … stays one sign: three dots say no more
            table[code] = _SEVERAL
            self._several[code] = form


def simplified(texts: Sequence[str]) -> list[str]:
    """The texts with traditional characters of the BMP made simplified ones; their lengths stay."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    whole = _simplifying().take(codes).tobytes().decode("utf-32-le", "surrogatepass")
    ends = accumulate(map(len, texts))
    return [whole[end - len(text) : end] for text, end in zip(texts, ends, strict=True)]


@cache
def _simplifying() -> Codes:
    """What each code point becomes."""
    table = np.arange(0x110000, dtype=np.uint32)
    for traditional, form in _simplified_forms():
        if traditional < 0x10000 and form < 0x10000:
            table[traditional] = form
    return table


def _simplified_forms() -> Iterator[tuple[int, int]]:
    """OpenCC's table of characters; the first form where it offers several."""
    opencc = find_spec("opencc")  # the package itself and importlib.resources take a moment to load
    assert opencc
    assert opencc.origin
    table = Path(opencc.origin).with_name("dictionary").joinpath("TSCharacters.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        traditional, _, simplified = line.strip().partition("\t")
        form = simplified.split(" ")[0]
        if len(traditional) == 1 == len(form):
            yield ord(traditional), ord(form)
