"""教训: the disasters that a sentence names as a lesson, a case or another place's; they are not what happened now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from services.domain.casualties.dates import LONG_AGO
from services.domain.patterns import late

# Looked for before any expression: few sentences speak of lessons.
_SIGN = late(
    "教训|警示|警醒|案例|专题片|教育|培训|科普|宣讲|班会|为鉴|为戒|为镜|外省|外地|外市|兄弟|其他|某[地省市县]|精神|那次|那回|那年|·|•|・|‧|．"
)
_DOTTED = late(r"[“\"'‘][0-9]{1,4}[.]")
# What happens while a play is given or a lesson held is no play and no lesson.
MEANWHILE = (
    r"(?:《[^》]{0,20}》|[^，。,《》]){0,12}?"
    r"(?:期间|(?<![0-9])时(?![代期光隔])|之际|过程中|现场|中途|散场|开演|谢幕|排练)"
)
_FILM = r"(?:案例|警示(?:教育|录)?片|警示录|专题片|教育片|培训片|宣传片|影像资料)"
_LESSON = late(
    r"(?=[吸汲牢铭反总对参借某从以观收播学传讲剖解教培宣科班外兄其那“\"'‘])(?:"
    # 吸取“11·24”火灾10人遇难教训, 从那起事故中吸取教训: the object of the lesson, and no more than that
    r"(?P<drawn>(?:吸取|汲取|牢记|铭记|反思|反省|总结|对照|参照|借鉴)(?=(?P<object>[^。；;！？]{0,60}?(?:教训|警示)))"
    r"|从(?=(?P<source>[^。；;！？]{2,40}?[中里](?:充分|深刻|认真)?(?:吸取|汲取|得到)))|以(?=(?P<mirror>[^。；;！？]{2,40}?为[鉴戒镜])))"
    # 观看某爆炸案例, 培训课上播放某火灾专题片: all that it tells of
    rf"|(?P<shown>(?:观看|收看|播放|学习|讲解|讲述|剖析|解读)(?=[^，。,；;！？：:]{{0,40}}{_FILM}(?!{MEANWHILE}))"
    rf"|(?:传达|学习)(?=[^，。,；;！？：:]{{0,40}}(?:通报|指示|批示|讲话)精神(?!{MEANWHILE}))"
    r"|(?:教育|培训|宣讲|科普|班会)[^，。,；;！？：:]{0,8}[：:](?=[^，。,；;]{0,10}某[地省市县校])"
    r"|(?:外省市?|外地|外市|兄弟(?:省份?|城市|地市)|其他(?:省份|省市|城市))"
    r"(?=的?(?:发生|近期|[几多一]起|同类|类似|[“\"'‘][0-9])))"
    # 某地一幼儿园火灾致13人死亡，我市要举一反三
    r"|(?P<elsewhere>某[地省市县](?=[^。；;！？]{0,50}[，,][^。；;！？]{0,6}(?:我市|本市|我区|我县|各地|各区)[^。；;！？]{0,12}(?:排查|举一反三|整治|检查|部署|自查|警惕)))"
    r"|(?P<named>[“\"'‘](?:(?P<year>(?:19|20)[0-9]{2})[·•・‧．.])?(?P<month>[0-9]{1,2})[·•・‧．.](?P<day>[0-9]{1,2})[”\"'’])"
    r"|(?P<then>那[次回年](?=[^。；;]{0,20}(?:[0-9一二三四五六七八九十百两几]|教训))))"
)
_TAUGHT = late(r"[^，。,；;]{0,40}(?:教训|案例|警示)(?!惨痛|深刻|极|十分|沉痛)")
_SPOKEN_OF_NOW = late(r"今[天日早晨晚]|昨[天日晚夜]|前天|刚[才刚]?|凌晨|[早晚]上|[上下]午|半夜|夜里")
_TODAY = late(r"今[天日早晨晚]|昨[天日晚夜]|前天|刚刚|刚才|截[至止]|本报讯|[，,][^，,]{0,8}(?:突然|忽然|猛然)")
REFERS = late(r"\s*(?:该|那)(?:起|次|场)?(?:事故|火灾|爆炸|案|事件|灾难|惨剧|悲剧)|\s*当时")
_END = late(r"[。；;！？!?]")


def lessons(sentence: str, on: date | None) -> Iterator[tuple[int, int]]:
    """Where the sentence tells of other disasters; a day of now in it, or a sudden turn (，会场突然坍塌), ends that.

    `on` is the day of the report.
    """
    if not _SIGN.search(sentence) and not ("." in sentence and _DOTTED.search(sentence)):
        return
    for found in _LESSON.finditer(sentence):
        if found["named"] and not (_long_ago(found, on) or _TAUGHT.match(sentence, found.end())):
            continue
        if found["then"] and _SPOKEN_OF_NOW.search(sentence, 0, found.start()):
            continue
        until = _until(sentence, found)
        today = _TODAY.search(sentence, found.end(), until)
        yield found.start(), until if today is None else today.start()


def _until(sentence: str, found: re.Match[str]) -> int:
    spans = [found.span(name) for name in ("object", "source", "mirror") if found[name]]
    if spans and not REFERS.match(sentence, min(spans[0][1] + 1, len(sentence))):
        return spans[0][1]
    end = _END.search(sentence, found.end())
    return len(sentence) if end is None else end.start()


def _long_ago(found: re.Match[str], on: date | None) -> bool:
    """“8·2”昆山爆炸 read in November: an event that bears a date of months ago is none of now."""
    if on is None:
        return False
    year = int(found["year"]) if found["year"] else on.year
    try:
        day = date(year, int(found["month"]), int(found["day"]))
        day = day if found["year"] or day <= on + timedelta(days=1) else day.replace(year=on.year - 1)
    except ValueError:
        return False
    return day < on - LONG_AGO
