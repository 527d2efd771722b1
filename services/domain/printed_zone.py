"""时区: the zone that is printed behind a time, as UTC, GMT+8 or +0000."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo

# RFC 822 dates name zones of their own; their reader knows them.
_NAMED = r"(?<![A-Za-z])(?:UTC|GMT)\s*(?P<named>[+-]\d{1,2}(?::?[0-5]\d)?)?"
_BARE = r"(?<=:\d\d)\s*(?:Z|(?P<bare>[+-]\d{2}:?[0-5]\d))"
_ZONE = re.compile(rf"\s*[((]?\s*(?:{_NAMED}|{_BARE})\s*[))]?\s*$", re.ASCII)

# 08:00-09:30 is a time and its end, 08:00:00-09:30 and 2026-11-22T08:00-09:30 are a time and its zone.
_RANGE = re.compile(r"(?<![T\d:])\d?\d:?\d\d(?::?(\d\d))?-\d\d:?[0-5]\d(?(1):?\d\d)\s*\)?\s*$", re.ASCII)


def is_range(text: str) -> bool:
    """Whether the text ends with two times of day, from and to."""
    return _RANGE.search(text) is not None


def without_zone(text: str, usual: tzinfo) -> tuple[str, tzinfo]:
    """The text without the zone behind it, and that zone; `usual` where none is printed.

    Raises:
        ValueError: no place on earth is a day ahead.
    """
    found = _ZONE.search(text)
    if found is None or is_range(text):
        return text, usual
    printed = found["named"] or found["bare"] or "+0"
    hours, minutes = printed[1:].replace(":", ""), "0"
    if len(hours) > 2:
        hours, minutes = hours[:-2], hours[-2:]
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return text[: found.start()], timezone(-offset if printed[0] == "-" else offset)
