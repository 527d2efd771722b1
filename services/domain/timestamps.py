"""发布时间: what a source printed as a time, as a moment in UTC, or None and the reason.

Understood are RFC 822, ISO 8601, Unix seconds and milliseconds, and the forms Chinese pages use: 2026年11月22日 8时5分,
二〇二六年十一月二十二日, 11-22 08:05, 今天 08:05, 昨天, 大前天, 去年11月22日, 上周五 10:00, 3小时前, 1个半小时前,
两天前 10:30, 刚刚, 下午3:20, 03:20 PM. 03/04/2026 is March to some and April to others: it is not read.
A time without a zone is Beijing time. A time that cannot be true is worse than none: a clock might start from it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from services.domain.patterns import late
from services.domain.printed_zone import is_range, without_zone
from services.domain.zone import SHANGHAI

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=10)

MISSING, UNREADABLE = "time_missing", "time_unreadable"
IN_FUTURE, TOO_OLD = "time_in_future", "time_too_old"
DATE_ONLY, ZONE_CORRECTED = "time_date_only", "time_zone_corrected"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time read from a source. `at` is in UTC; None means that the time of first sight has to stand in."""

    at: datetime | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    at: datetime
    date_only: bool = False


def read_time(raw: str, now: datetime, zone: tzinfo = SHANGHAI) -> Moment:
    """What `raw` means, seen at `now`; a time without a zone is in `zone`. Never raises."""
    text = raw.strip()
    if not text:
        return Moment(None, (MISSING,))
    try:
        reading = _read(text[:200], now, zone)
        return Moment(None, (UNREADABLE,)) if reading is None else _plausible(reading, now)
    except (ValueError, OverflowError):
        return Moment(None, (UNREADABLE,))


def _plausible(reading: _Reading, now: datetime) -> Moment:
    at = reading.at.astimezone(UTC)
    flags = (DATE_ONLY,) if reading.date_only else ()
    if at < EARLIEST:
        return Moment(None, (TOO_OLD,))
    if at <= now + SKEW:
        return Moment(at, flags)
    # Many mainland systems print Beijing time and write GMT behind it: eight hours ahead, every time.
    shifted = at - timedelta(hours=8)
    if reading.at.utcoffset() == timedelta(0) and shifted <= now + SKEW:
        return Moment(shifted, (*flags, ZONE_CORRECTED))
    return Moment(None, (IN_FUTURE,))


def _read(text: str, now: datetime, zone: tzinfo) -> _Reading | None:
    exact = _iso(text, zone) or _rfc822(text, zone) or _unix(text)
    if exact is not None:
        return exact
    plain, zone = without_zone(unicodedata.normalize("NFKC", text), zone)
    local_now = now.astimezone(zone)
    folded = _fold(plain, local_now.year)
    for form in _FORMS:
        reading = form(folded, local_now)
        if reading is not None:
            return reading
    weekday = _WEEKDAY.search(plain)
    return _on_weekday(weekday, folded, local_now) if weekday else _time_only(folded, local_now)


def _iso(text: str, zone: tzinfo) -> _Reading | None:
    if len(text) < 10 or text[4] != "-" or not text[:4].isdigit() or is_range(text):
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _Reading(at if at.tzinfo else at.replace(tzinfo=zone), date_only=len(text) == 10)


_RFC822 = late(r"^(?:[A-Za-z]{3,9},?\s+)?\d{1,2}[\s-]+[A-Za-z]{3}")
_CST = late(r"\s(?:CST|BJT|北京时间)\s*$")


def _rfc822(text: str, zone: tzinfo) -> _Reading | None:
    usual = _USUAL.fullmatch(text)
    return _usual(*usual.groups()) if usual else _any_rfc822(text, zone)


def _any_rfc822(text: str, zone: tzinfo) -> _Reading | None:
    if not _RFC822.match(text):
        return None
    # CST is Central Standard Time in the RFC and China Standard Time on every mainland server.
    try:
        at = parsedate_to_datetime(_CST.sub(" +0800", text))
    except (ValueError, IndexError, TypeError):
        return None
    return _Reading(at if at.tzinfo else at.replace(tzinfo=zone))


# As most feeds print it; every other form of the RFC, and there are many, is left to the standard library.
_MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip
_USUAL = re.compile(
    rf"(?:[A-Z][a-z]{{2}}, )?(\d{{1,2}}) ({'|'.join(_MONTHS)}) ([12]\d{{3}})"
    r" ((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d) (GMT|(?:\+|-(?!0000))(?:[01]\d|2[0-3])[0-5]\d)",
    re.ASCII,
)


def _usual(day: str, month: str, year: str, clock: str, offset: str) -> _Reading | None:
    iso = f"{year}-{_MONTHS[month]}-{day:0>2} {clock}{'+0000' if offset == 'GMT' else offset}"
    try:
        return _Reading(datetime.fromisoformat(iso))
    except ValueError:
        return None


def _unix(text: str) -> _Reading | None:
    if not (text.isascii() and text.isdigit() and len(text) in (10, 13)):
        return None
    return _Reading(datetime.fromtimestamp(int(text[:10]), UTC))


_HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
_HAN_NUMBER = late("[〇○零一二两三四五六七八九十]+(?=[年月日号时点分秒天周个小半前刻])")
_WEEKDAY = late(r"[((]?(上上|上|下|本|这)?个?(?:星期|周|礼拜)([一二三四五六日天])[))]?")
_YEAR_WORD = late("(前年|去年|今年|明年|后年)(?=[^年]{0,3}月)")
_YEARS_BACK = {"前年": 2, "去年": 1, "今年": 0, "明年": -1, "后年": -2}


def _fold(plain: str, year: int) -> str:
    """Weekdays away, Chinese numerals before a unit to digits, 去年 as the year it was."""
    numbered = _HAN_NUMBER.sub(lambda match: _han_number(match[0]), _WEEKDAY.sub(" ", plain))
    return _YEAR_WORD.sub(lambda match: f"{year - _YEARS_BACK[match[1]]}年", numbered)


def _han_number(numeral: str) -> str:
    if "十" not in numeral:
        return "".join(str(_HAN_DIGITS[c]) for c in numeral)
    tens, _, ones = numeral.partition("十")
    return str((_HAN_DIGITS[tens[0]] if tens else 1) * 10 + (_HAN_DIGITS[ones[0]] if ones else 0))


_UNITS = {
    "秒": timedelta(seconds=1), "分": timedelta(minutes=1), "刻": timedelta(minutes=15), "时": timedelta(hours=1),
    "天": timedelta(days=1), "日": timedelta(days=1), "周": timedelta(days=7), "月": timedelta(days=30),
    "年": timedelta(days=365),
}  # fmt: skip
_PART = r"(\d{1,4}|半)\s*(?:个?\s*(半)?\s*(秒|分|刻|小?时|天|日|周|年)|个(半)?(月))(?:钟头|钟)?(半(?=[以之前]|$))?\s*"
_AGO_PART = late(_PART)
_AGO = late(rf"(?<![\d月年])((?:{_PART})+)(?:以|之)?前")
_CLOCK_AFTER = late(r"\s+(?P<half>)(?P<h>\d{1,2})[::](?P<m>\d{2})(?P<halfpast>)(?P<ampm>)(?:[::](?P<s>\d{2}))?")
_JUST_NOW = late(r"刚刚|刚才|片刻前")


def _ago(text: str, local_now: datetime) -> _Reading | None:
    if _JUST_NOW.search(text):
        return _Reading(local_now)
    match = _AGO.search(text)
    if match is None:
        return None
    back = sum((_length(part) for part in _AGO_PART.finditer(match[1])), timedelta())
    clock = _CLOCK_AFTER.match(text, match.end())
    if clock and back % timedelta(days=1) == timedelta():
        return _at((local_now - back).date(), clock, local_now)
    return _Reading(local_now - back)


def _length(part: re.Match[str]) -> timedelta:
    count = 0.5 if part[1] == "半" else int(part[1]) + (0.5 if part[2] or part[4] or part[6] else 0.0)
    return count * _UNITS[(part[3] or part[5])[-1]]


_CLOCK = (
    r"(?:[T\s,日号]*(?P<half>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚|夜间)?\s*"
    r"(?P<h>\d{1,2})\s*[::时点]\s*(?:(?P<m>\d{1,2})\s*(?:[::分]\s*(?P<s>\d{1,2})?)?|(?P<halfpast>半))?"
    r"\s*(?P<ampm>[AaPp]\.?[Mm]\b)?)?"
)
_DAY = late(r"([今昨明][天日]|昨|明(?=[早晚])|大?[前后][天日])\s*" + _CLOCK)
_YEAR_LAST = late(r"(?<!\d)(?P<one>\d{1,2})([./-])(?P<two>\d{1,2})\2(?P<y>\d{4})(?!\d)" + _CLOCK)
_FULL = late(r"(?<!\d)(?P<y>\d{4})\s*[年./-]\s*(?P<mo>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})\s*[日号]?" + _CLOCK)
_COMPACT = late(r"(?<!\d)(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<m>\d{2})(?P<s>\d{2})?)?(?!\d)")
_SHORT = late(
    r"(?<!\d)(?<!\d[./-])(?P<mo>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})(?!\d|[./-]\d{1,2}(?![\d::]))\s*[日号]?" + _CLOCK
)
_TIME = late(r"^[^\d]{0,12}?" + _CLOCK.removesuffix("?") + r"\s*$")
_BACK = {"今": 0, "昨": 1, "前": 2, "大前": 3, "明": -1, "后": -2, "大后": -3}
_DAYS_OF_WEEK = "一二三四五六日"


def _day_word(text: str, local_now: datetime) -> _Reading | None:
    match = _DAY.search(text)
    return match and _at(local_now.date() - timedelta(days=_BACK[match[1].rstrip("天日")]), match, local_now)


def _full(text: str, local_now: datetime) -> _Reading | None:
    match = _FULL.search(text)
    return match and _at(date(int(match["y"]), int(match["mo"]), int(match["d"])), match, local_now)


def _year_last(text: str, local_now: datetime) -> _Reading | None:
    """22/11/2026 and 11/22/2026. Where either could be the month, nobody may guess."""
    match = _YEAR_LAST.search(text)
    if match is None:
        return None
    one, two, year = int(match["one"]), int(match["two"]), int(match["y"])
    if one <= 12 and two <= 12 and one != two:
        raise ValueError("month and day cannot be told apart")
    return _at(date(year, *((two, one) if one > 12 else (one, two))), match, local_now)


def _compact(text: str, local_now: datetime) -> _Reading | None:
    match = _COMPACT.search(text)
    if match is None:
        return None
    clock = time(int(match["h"] or 0), int(match["m"] or 0), int(match["s"] or 0), tzinfo=local_now.tzinfo)
    day = date(int(match["y"]), int(match["mo"]), int(match["d"]))
    return _Reading(datetime.combine(day, clock), date_only=match["h"] is None)


def _short(text: str, local_now: datetime) -> _Reading | None:
    """Month and day: of this year, or of the last one where that day lies ahead (a page read on New Year's Day)."""
    match = _SHORT.search(text)
    if match is None:
        return None
    month, day = int(match["mo"]), int(match["d"])
    next_year = _at(_latest(month, day, local_now.year + 1), match, local_now)
    if local_now < next_year.at <= local_now + SKEW:
        return next_year
    this_year = _at(_latest(month, day, local_now.year), match, local_now)
    # A moment of today that is still to come cannot be true; nor was it a year ago to the day.
    if this_year.at <= local_now + SKEW or (month, day) == (local_now.month, local_now.day):
        return this_year
    return _at(_latest(month, day, local_now.year - 1), match, local_now)


def _latest(month: int, day: int, year: int) -> date:
    """29 February belongs to the last year that had one."""
    while (month, day) == (2, 29) and (year % 4 or (year % 100 == 0 and year % 400)):
        year -= 1
    return date(year, month, day)


def _on_weekday(weekday: re.Match[str], text: str, local_now: datetime) -> _Reading:
    """周五 is the last Friday there was, 上周五 the Friday of last week, 下周五 no time of a post."""
    week, today = weekday[1], local_now.date()
    if week == "下":
        raise ValueError("next week")
    day = today + timedelta(days=_DAYS_OF_WEEK.index(weekday[2].replace("天", "日")) - today.weekday())
    day -= timedelta(days=7 * len(week) if week in ("上", "上上") else 0)
    clock = _TIME.match(text)
    reading = _at(day, clock, local_now)
    if week is None and reading.at > local_now + SKEW:
        return _at(day - timedelta(days=7), clock, local_now)
    return reading


def _time_only(text: str, local_now: datetime) -> _Reading | None:
    match = _TIME.match(text)
    if match is None:
        return None
    today = _at(local_now.date(), match, local_now)
    return today if today.at <= local_now + SKEW else _Reading(today.at - timedelta(days=1))


def _at(day: date, match: re.Match[str] | None, local_now: datetime) -> _Reading:
    if match is None or match["h"] is None:
        return _Reading(datetime.combine(day, time(), local_now.tzinfo), date_only=True)
    hour = int(match["h"])
    afternoon = match["half"] in ("下午", "傍晚", "晚上", "晚", "夜间") or (match["half"] == "中午" and hour < 11)
    if (afternoon or (match["ampm"] or "").upper().startswith("P")) and hour < 12:
        hour += 12
    elif hour == 12 and (match["half"] == "凌晨" or (match["ampm"] or "").upper().startswith("A")):
        hour = 0
    elif hour == 12 and match["half"] in ("晚上", "晚", "夜间"):
        hour = 24
    if hour == 24:
        day, hour = day + timedelta(days=1), 0
    minute = 30 if match["halfpast"] else int(match["m"] or 0)
    return _Reading(datetime.combine(day, time(hour, minute, int(match["s"] or 0)), local_now.tzinfo))


_FORMS: tuple[Callable[[str, datetime], _Reading | None], ...] = (_ago, _full, _year_last, _compact, _day_word, _short)
