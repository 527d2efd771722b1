"""Dates written out in a sentence: whether everything it dates is long past on the day of the report."""

from __future__ import annotations

import re
from datetime import date, timedelta

from services.domain.patterns import late

LONG_AGO = timedelta(days=60)
"""What is dated further back than this is none of the news of now."""
_FULL = late(r"(?<![0-9])((?:19|20)[0-9]{2})年(?:([0-9]{1,2})月)?(?:([0-9]{1,2})日)?")
_SHORT = late(r"(?<![年0-9])[0-9]{1,2}月[0-9]{1,2}日")
# Beside a year these say how old a thing is, or what became of it then, not when something happened.
_AGE = late(
    r"[建成]于|成立|始建|出生|(?<!发)生于|年[建投竣交开购生注起以来款代产级度]|(?:获得|荣获|获评|入选)(?=(?:19|20)[0-9]{2}年)"
)
_HISTORY = late(
    r"(?:月|日|[0-9]{1,2}月[0-9]{1,2}日)?(?:就|已|才|刚刚?|曾|还|又|初|底|末|春|夏|秋|冬|上半年|下半年)*(?:因[^，,]{0,16})?(?:被[^，,]{0,12}(?:鉴定|约谈|处罚|罚|查处|查封|责令|评|列|认定|通报|整改)|"
    r"获评|获得|荣获|翻新|通车|开业|改造|装修|整改|投用|取得|挂牌|验收|交付|竣工|扩建|搬|入住|注册|换|起租|转让|评为|入选)"
)
_TODAY = late(r"(?:今[天日早晨晚]|昨[天日晚夜]|刚刚|刚才)[^，,]*[，,]")


def long_past(sentence: str, on: date | None) -> bool:
    """True where the sentence names full dates, all of them long before `on`, and does not tell of today first."""
    if on is None or "年" not in sentence or _SHORT.search(sentence):
        return False
    found = [m for m in _FULL.finditer(sentence) if not _of_a_thing(sentence, m)]
    if not found or _TODAY.search(sentence, 0, found[0].start()):
        return False
    return all(_last_day(m) < on - LONG_AGO for m in found)


def _of_a_thing(sentence: str, dated: re.Match[str]) -> bool:
    """该楼2019年被鉴定为危楼, 2023年刚翻新的体育馆: the date belongs to the history of a thing."""
    near = _AGE.search(sentence, max(0, dated.start() - 6), dated.end() + 6)
    return near is not None or _HISTORY.match(sentence, dated.end()) is not None


def _last_day(match: re.Match[str]) -> date:
    """The last day that the wording can mean."""
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        return date(year, month or 12, day or 28)
    except ValueError:
        return date(year, 12, 31)
