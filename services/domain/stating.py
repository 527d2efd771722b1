"""Which grave words of a text tell of something that happened: not what is denied, averted, played or still unknown."""

from __future__ import annotations

from collections.abc import Callable

from services.domain.casualties.context import Background
from services.domain.casualties.drills import is_drill
from services.domain.denials import claim_denied
from services.domain.patterns import late
from services.domain.severity.occurrence import sentence_span
from services.domain.signals import Hit, Signals

GRAVE = ("major", "emergency")
"""The lists whose words count only where they are stated."""
MAX_TRIES = 8
"""A text that names a word so often without stating it is a list or a flood."""
_FAR = 24
# What may stand between the denial and the word: 未造成任何人员受伤、死亡.
_BETWEEN = (
    r"(?:造成|发生|出现|导致|引发|引起|接到|收到|发现|新增|存在|人员|群众|居民|员工|乘客|学生|一?人|一例|一起|过|有|再|更多|"
    r"任何|重大|严重|次生|类似|此类|其他|受伤|死亡|伤亡|被困|失联|失踪|中毒|爆炸|火灾|起火|灾害|事故|报告|[、或和及的与])"
)
_NOT = late(
    rf"(?:无|没有?|未|零|否认|排除|避免|以免|防止|防范|预防|减少|杜绝|是否(?:会?有|会?造成|存在)?人员?|不会|不致|会不会){_BETWEEN}*$"
)
# 伤亡情况正在核实: nobody knows yet whether anybody was hurt; 死亡原因正在调查 says that somebody died.
_UNKNOWN = late(
    r"伤亡(?:的?具体)?(?:情况|人数|数字)?(?:目前|暂时?|尚|还|仍)?(?:正在|正|在|有待|待|未|无法|不)?(?:进一步)?"
    r"(?:核实|核查|统计|确认|调查|了解|清楚|明|详)"
)


# The dead of a verdict and of a year's figures are not those of an event; whoever tells of his own is heard.
_DEAD = frozenset(("死亡", "遇难", "身亡", "伤亡", "命案", "凶杀", "捅死", "砍死", "刺死"))
_JUDGED = late(r"宣判|[一二终]审|开庭|判处|获刑|判刑|裁定")
_OWN = late(r"[我俺咱]|本人|家属|亲属|父亲|母亲|[儿孙]子|女儿|丈夫|妻子|爱人|老伴")


def stated(title: str, text: str, full: str, signals: Signals) -> Signals:
    """The signals with the grave words left out that state nothing; `full` is title and text as they were searched."""
    grave = [name for name in GRAVE if signals.has(name)]
    if not grave:
        return signals
    played = is_drill(title, text)
    kept = {name: [] if played else _stated(full, signals.of(name)) for name in grave}
    return Signals({name: hits for name, hits in {**signals.hits, **kept}.items() if hits}, signals.title_end)


def _stated(full: str, hits: list[Hit]) -> list[Hit]:
    return [hit for hit in (first(full, one, _open) for one in hits) if hit is not None]


def first(full: str, hit: Hit, void: Callable[[str, int, int], bool]) -> Hit | None:
    """The first place from `hit` on where its word stands and is not `void`; None where there is none."""
    start, size = hit.start, len(hit.word)
    for _ in range(MAX_TRIES):
        if not void(full, start, start + size):
            return hit if start == hit.start else hit._replace(start=start, end=start + size)
        start = full.find(hit.word, start + size)
        if start < 0:
            return None
    return None


def _open(full: str, start: int, end: int) -> bool:
    if _NOT.search(full[max(0, start - _FAR) : start]) is not None or _of_no_event(full, start, end):
        return True
    return _UNKNOWN.match(full, end - 2) is not None or claim_denied(full, start)


def _of_no_event(full: str, start: int, end: int) -> bool:
    """Whether these dead are those of a case in court or of statistics."""
    if full[start:end] not in _DEAD:
        return False
    begins, ends = sentence_span(full, start, end)
    sentence = full[begins:ends]
    if _OWN.search(sentence):
        return False
    return _JUDGED.search(sentence) is not None or Background([sentence]).verdict(0, start - begins) == "statistics"
