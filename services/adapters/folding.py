"""Texts as they are matched: NFKC and traditional → simplified, with the way back to the original offsets."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint32]
# Beyond the BMP only these blocks have compatibility forms (mathematical letters, enclosed signs, CJK supplement).
_PLANES = (range(0x10000), range(0x1D400, 0x1D800), range(0x1EE00, 0x1F300), range(0x2F800, 0x2FA20))
_REPLACEMENT = 0xFFFD
_SEVERAL = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Folded:
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
        if (mapped == _SEVERAL).any():
            return [self._fold_slowly(text) if text else Folded("", mapped[:0]) for text in texts]
        whole = mapped.tobytes().decode("utf-32-le")
        return [Folded(whole[start:end], mapped[start:end]) for start, end in _bounds(texts)]

    def _fold_slowly(self, text: str) -> Folded:
        """As `fold`, for a text with characters that become several (㎡, ﬁ, ½): the offsets are kept beside it."""
        pieces = [self._several.get(ord(char)) or chr(self._table[ord(char)]) for char in text]
        lengths = np.array([len(piece) for piece in pieces])
        origins = np.repeat(np.arange(len(text)), lengths)
        folded = "".join(pieces)
        return Folded(folded, np.frombuffer(folded.encode("utf-32-le"), np.uint32), origins)

    def _build(self) -> Codes:
        table = np.arange(0x110000, dtype=np.uint32)
        table[0xD800:0xE000] = _REPLACEMENT  # a lone surrogate cannot be encoded for the automaton
        for plane in _PLANES:
            for code in plane:
                if not 0xD800 <= code < 0xE000:
                    self._enter(table, code, unicodedata.normalize("NFKC", chr(code)))
        for traditional, simplified in _simplified_forms():
            table[traditional] = simplified
        return table

    def _enter(self, table: Codes, code: int, form: str) -> None:
        if len(form) == 1:
            table[code] = ord(form)
        else:
            table[code] = _SEVERAL
            self._several[code] = form


def _bounds(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for text in texts:
        yield start, start + len(text)
        start += len(text)


def _simplified_forms() -> Iterator[tuple[int, int]]:
    """OpenCC's table of characters; the first form where it offers several."""
    table = resources.files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    for line in table.splitlines():
        traditional, _, simplified = line.strip().partition("\t")
        form = simplified.split(" ")[0]
        if len(traditional) == 1 == len(form):
            yield ord(traditional), ord(form)
