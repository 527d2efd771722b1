"""Words: jieba's segmentation with our dictionary. rjieba carries the hot path; a test holds it against jieba."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import rjieba


class Segmenter:
    """Cuts Chinese text into words with the default dictionary plus `config/lexicon.txt`.

    The dictionary is the one that rjieba loads anyway, the same for the whole process: another one of our own would
    double that part of every start.
    """

    def __init__(self, lexicon: Path) -> None:
        for word, frequency, tag in read_lexicon(lexicon):
            rjieba.add_word(word, frequency, tag)

    def words(self, text: str) -> Sequence[str]:
        """The words in order; joined they are the text again. The text has no lone surrogates."""
        found: Sequence[str] = rjieba.cut(text)
        return found


def read_lexicon(path: Path) -> list[tuple[str, int, str]]:
    """The user dictionary in jieba's own format: word, frequency, part of speech.

    Raises:
        ValueError: a line that is not of this form; the message names file and line.
    """
    entries = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            parts = line.split()
            if len(parts) != 3 or not parts[1].isdigit():
                raise ValueError(f"{path}:{number}: expected word, frequency and tag")
            entries.append((parts[0], int(parts[1]), parts[2]))
    return entries
