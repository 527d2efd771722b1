"""Dates written out in a sentence: whether everything it dates is long past on the day of the report."""

from __future__ import annotations

import re
from datetime import date, timedelta

_OLD = timedelta(days=60)
_FULL = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年(?:([0-9]{1,2})月)?(?:([0-9]{1,2})日)?")
_SHORT = re.compile(r"(?<![年0-9])[0-9]{1,2}月[0-9]{1,2}日")
# Beside a year these say how old a thing is, not when something happened.
_AGE = re.compile(r"[建成]于|成立|始建|出生|生于|年[建投竣交开购生注起以来款代产级]")
_TODAY = re.compile(r"(?:今[天日早晨晚]|昨[天日晚夜]|刚刚|刚才)[^，,]*[，,]")


def long_past(sentence: str, on: date | None) -> bool:
    """True where the sentence names full dates, all of them long before `on`, and does not tell of today first."""
    if on is None or "年" not in sentence or _SHORT.search(sentence):
        return False
    found = [m for m in _FULL.finditer(sentence) if not _AGE.search(sentence, max(0, m.start() - 6), m.end() + 6)]
    if not found or _TODAY.search(sentence, 0, found[0].start()):
        return False
    return all(_last_day(m) < on - _OLD for m in found)


def _last_day(match: re.Match[str]) -> date:
    """The last day that the wording can mean."""
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        return date(year, month or 12, day or 28)
    except ValueError:
        return date(year, 12, 31)
