"""What may stand in a text: everything but the characters that no XML, docx, xlsx or database column can hold."""

from __future__ import annotations

import re

REMOVED = "control_characters_removed"

# XML 1.0 §2.2 Char, turned round; C1 controls are legal there but are only ever debris of a wrong decoding.
_DEBRIS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
# Bidirectional overrides make a text read otherwise than it is stored; zero-width ones defeat every search.
_UNSEEN = "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_ILLEGAL, _UNWANTED = re.compile(f"[{_DEBRIS}]"), re.compile(f"[{_DEBRIS}{_UNSEEN}]")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r" ?\n(?: ?\n)+ ?| ?\n ?")


def legible(text: str) -> tuple[str, bool]:
    """The text without illegal and invisible characters, and whether an illegal one had to go."""
    # Nothing that has to go is printable, and most texts are through and through.
    if text.isprintable() or not _UNWANTED.search(text):
        return text, False
    return _UNWANTED.sub("", text), _ILLEGAL.search(text) is not None


def tidy(text: str) -> str:
    """Runs of blanks as one space, runs of empty lines as one line break, nothing at either end."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # U+0020 is the only blank that is printable
        return text
    flat = _SPACES.sub(
        " ", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\x85", "\n")
    )
    return _BLANK_LINES.sub("\n", flat).strip()


def tidy_line(text: str) -> str:
    """The text on one line: for titles and names."""
    return " ".join(text.split())
