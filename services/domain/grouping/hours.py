"""The hours of the day that a text names."""

from __future__ import annotations

import re

from services.domain.numerals import read_number

_PARTS = {
    "凌晨": (0, 6), "清晨": (4, 9), "早晨": (5, 10), "早上": (5, 10), "上午": (6, 12), "中午": (11, 14),
    "下午": (12, 19), "傍晚": (16, 20), "晚上": (17, 24), "晚间": (17, 24), "夜间": (17, 24), "深夜": (21, 24),
    "昨晚": (17, 24), "今晚": (17, 24), "当晚": (17, 24), "夜里": (17, 24),
}  # fmt: skip
_HOUR = re.compile(
    rf"(?P<part>{'|'.join(_PARTS)})(?:约|大约)?(?:(?P<hour>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})[时点:：])?|"
    r"(?<![0-9:：])(?P<alone>[0-9]{1,2})(?:时(?!间)|点(?![0-9])|[:：][0-9]{2})"
)


def hours_of(text: str) -> list[tuple[int, int]]:
    """The hours of the day that are named; one without a part of the day may be of either half, but 20日3时 is not."""
    found = []
    for match in _HOUR.finditer(text):
        part, alone = match["part"], match["alone"]
        if alone is not None:
            of_a_day = text[match.start() - 1 : match.start()] == "日" and match.group().endswith("时")
            found += [(hour, hour + 1) for hour in {int(alone), int(alone) if of_a_day else _other_half(int(alone))}]
        elif match["hour"]:
            found.append(_exactly(part, read_number(match["hour"]) or 0))
        else:
            found.append(_PARTS[part])
    return found


def _other_half(hour: int) -> int:
    return hour + 12 if hour < 12 else hour


def _exactly(part: str, hour: int) -> tuple[int, int]:
    low, high = _PARTS[part]
    hour = hour + 12 if hour < low and hour + 12 <= high else hour
    return hour, hour + 1
