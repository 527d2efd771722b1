"""Values in words: terms, grades, times in Beijing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from services.domain.characters import legible
from services.domain.vocabulary import EventGrade, Term
from services.domain.zone import SHANGHAI

_FULL_WIDTH = {",": "，", ":": "：", "(": "（", ")": "）", ";": "；"}
_AMONG_CHINESE = re.compile(r"(?<![0-9A-Za-z])[,:;()]|[,:;()](?![0-9A-Za-z])")
ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"}


def clean(text: str) -> str:
    """What somebody typed, without characters that no database or page can hold."""
    return legible(text)[0].strip()


def local(at: datetime | str | None, pattern: str = "%m-%d %H:%M") -> str:
    """A time in Beijing; a dash where there is none. Ledger data holds times as text, a person's entry maybe none."""
    if isinstance(at, str) and at:
        try:
            at = datetime.fromisoformat(at)
        except ValueError:
            return str(at)
    if not isinstance(at, datetime):
        return "—"
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(SHANGHAI).strftime(pattern)


def term(kind: type[Term], value: Any) -> str:
    """The Chinese term for an identifier; the identifier where it is unknown."""
    return next((t.label for t in kind if t.value == value), str(value))


def event_grade(value: Any) -> str:
    """Ⅱ级（重大）突发事件, or that it is none."""
    return f"{ROMAN[value]}级（{term(EventGrade, value)}）突发事件" if value in ROMAN else "非突发事件"


def spoken_seconds(seconds: Any) -> str:
    """1 小时 5 分."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours} 小时 {minutes} 分" if hours else f"{minutes} 分"


def typeset(words: str) -> str:
    """Rules are written with the narrow marks that texts are matched in; a page has the wide ones."""
    return _AMONG_CHINESE.sub(lambda mark: _FULL_WIDTH[mark[0]], words)
