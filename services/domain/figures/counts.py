"""Things that can be counted: lists and periods."""

from __future__ import annotations

import calendar
import re
from decimal import Decimal

from services.domain.figures.amounts import shown
from services.domain.figures.members import Members
from services.domain.figures.model import Outcome, Verdict

_RANGE = re.compile(r"([0-9]+)\s*(?:–|—|-|~|~|至|到)\s*([0-9]+)")
_SEPARATORS = re.compile(r"[、,,;;]|和|及|以及")
_DIGITS = "零一二三四五六七八九"
_SPOKEN = re.compile(f"([{_DIGITS}])?(十)?([{_DIGITS}])?")
_PERIODS = {"monthly": 12, "quarterly": 4, "half_yearly": 2}


def enumeration(m: Members) -> Verdict:
    """The list is as long as the text says."""
    listed = _length(m)
    stated = _stated(m)
    if stated is None:
        return m.verdict(Outcome.NOT_PRINTED, f"文字没有说明数目;所列共 {listed} 项")
    if stated == listed:
        return m.verdict(Outcome.HOLDS, f"所列共 {listed} 项")
    return m.verdict(Outcome.WRONG, f"所列共 {listed} 项,文字写作 {shown(stated)} 项", Decimal(listed))


def _stated(m: Members) -> Decimal | None:
    """The number the text gives, in digits or in Chinese numerals up to 99 (十一)."""
    raw = m.relation.members.get("stated") or m.relation.stated
    spoken = _SPOKEN.fullmatch(str(raw))
    if spoken and (spoken[1] or spoken[2] or spoken[3]):
        tens = (_DIGITS.index(spoken[1]) if spoken[1] else 1) if spoken[2] else 0
        ones = spoken[3] or ("" if spoken[2] else spoken[1])
        return Decimal(tens * 10 + (_DIGITS.index(ones) if ones else 0))
    return m.amount("stated").printed if m.has("stated") else m.stated()


def _length(m: Members) -> int:
    """A list counts its items; a text is a range (items 1–15) or an enumeration with 、."""
    listed = m.raw("listed")
    if isinstance(listed, list | tuple):
        return len(listed)
    text = str(listed)
    span = _RANGE.search(text)
    if span:
        return int(span[2]) - int(span[1]) + 1
    return len([item for item in _SEPARATORS.split(text) if item.strip()])


def frequency(m: Members) -> Verdict:
    """Something done every month is done twelve times; every day of a leap year, 366 times."""
    wrong: list[tuple[str, Decimal, int]] = []
    for period in m.relation.members:
        printed, expected = m.amount(period).printed, _times(m, period)
        if printed != expected:
            wrong.append((period, printed, expected))
    if not m.relation.members:
        raise m.bad("monthly", "no period is given")
    if not wrong:
        return m.verdict(Outcome.HOLDS, "次数与频率相符")
    why = ";".join(f"{period} 应为 {expected} 次,印为 {shown(printed)} 次" for period, printed, expected in wrong)
    return m.verdict(Outcome.WRONG, why, Decimal(wrong[0][2]))


def _times(m: Members, period: str) -> int:
    if period in _PERIODS:
        return _PERIODS[period]
    year = re.fullmatch(r"daily_([12][0-9]{3})", period)
    if year is None:
        raise m.bad(period, "unknown period; known: monthly, quarterly, half_yearly, daily_YYYY")
    return 366 if calendar.isleap(int(year[1])) else 365
