"""The missing who were found: 失联的12名矿工全部获救, 失踪的2人遗体找到; alive or dead, they are missing no more."""

from __future__ import annotations

from collections.abc import Sequence

from services.domain.casualties.pairing import Mention
from services.domain.casualties.statements import Count
from services.domain.numerals import FIRST, QUANTITY, read_number
from services.domain.patterns import late

_LOST = "失踪|失联|下落不明|失去联系|联系不上|被困|被埋"
_WHO = (
    "矿工|工人|驴友|游客|乘客|村民|居民|人员|学生|船员|渔民|队员|消防员|登山者|徒步者|司机|群众|儿童|老人|"
    "男子|女子|女孩|男孩|者|人"
)
_NUMBER = rf"(?=[{FIRST}])(?P<NUMBER>{QUANTITY})\s?[名位人个]"
_ALL = r"(?:全部|全都|均|都|悉数|全员|已|今[天晨晚日早]|昨[天晚日]|目前|现|最终|终于|也|被|成功|安全|平安)*"
# 无一生还, 生还机会渺茫: only who is said to be back alive, and nothing more, is back.
_ALIVE = r"(?<!无[一人])(?<!没[能有])(?<!未能)(?<!难以)(?<![未没])生还(?=[，,。；;！!\s]|$)"
_SAFE = (
    rf"(?:获救|救出|脱险|脱困|升井|{_ALIVE}|(?:安全|平安)(?:下山|返回|上岸|归来|撤离|转移|抵达|回家|无恙)|"
    r"(?<=[部均都已数])(?:安全|平安)|取得(?:了)?联系|联系上|"
    r"(?:找到|寻回)[^。；;]{0,12}?(?:平安|安全|无恙|健康|良好|平稳|无生命危险|无大碍))"
)
_DEAD = (
    r"(?:(?:遗体|尸体)[^，,。；;未没]{0,10}?(?:找到|寻获|发现|打捞|出水|升井|确认)|"
    r"(?<=者)的?(?:遗体|尸体)(?=[，,。；;]|$)|(?:找到|发现|打捞出?|寻获|搜寻到)[^，,。；;未没]{0,12}?(?:遗体|尸体)|"
    r"(?:不幸|确认|已经?)*(?:遇难|身亡|死亡|罹难|溺亡)|(?:被?(?:找到|发现|救出)[^。；;]{0,16}?)(?:遇难|死亡|身亡|(?:无|没有)生命(?:体征|迹象)))"
)
# Between who was lost and what became of them: no other number, no doubt, no search that goes on.
_BETWEEN = (
    r"(?:(?!可能|恐|或|尚|未|没|正在|搜[寻救]|寻找|希望|疑似|家属|亲属|其中|部分|[0-9一二三四五六七八九十]+[名人位])"
    r"[^。；;、]){0,24}?"
)
_FOUND = late(
    rf"(?<!寻找)(?<!搜寻)(?<!搜救)(?<!打捞)(?:(?P<last>最后)|(?P<rest>其余|所有))?(?:的)?(?:"
    rf"{_NUMBER.replace('NUMBER', 'a')}(?:{_LOST})的?(?:{_WHO})"
    rf"|(?:{_LOST})(?:的|者|人员)(?P<final>最后)?的?(?:{_NUMBER.replace('NUMBER', 'b')})?(?:{_WHO})?"
    rf"|(?:{_LOST})(?:{_WHO})"
    rf"|(?:{_LOST})(?:{_NUMBER.replace('NUMBER', 'c')})(?:{_WHO})?(?={_ALL}(?:全部|均|都|悉数|遗体|{_SAFE})))"
    rf"{_BETWEEN}{_ALL}(?P<fate>{_SAFE}|{_DEAD})"
)
_HOPED = late(r"希望|盼|祈|期待|但愿|祝愿|愿所有|争取|力争|能否|是否|如果|直[到至]|等待|尽快")
_WHOLE = late(r"全[部都员]|均|都|悉数")
_WORD = late(_LOST)
_SIGN = late("失踪|失联|下落不明|失去联系|联系不上")
_TRAPPED = ("被困", "被埋")
# 32人全部找到，均平安: nobody is missing any more; others who are safe say nothing of them.
_ALL_SAFE = late(
    r"(?:(?P<others>其余|其他|其它|另外?|别的|被困|[0-9一二三四五六七八九十]+[人名位])[^，,。；;]{0,12}?)?"
    r"(?<!未)(?:全部|均已|都已|悉数|全都)(?:被|安全|平安)?(?:(?:找到|寻回|获救|救出|脱险|联系上|取得联系)"
    r"(?![^。；]{0,12}(?:遇难|死亡|身亡|遗体|无生命体征))[^。；]{0,12}?(?:平安|安全|无恙|无生命危险|无人伤亡|无大碍|健康|良好|平稳)|"
    rf"获救|救出|脱险|脱困|升井|{_ALIVE}|(?:下山|返回|上岸))"
)


def found_again(sentence: str) -> tuple[str, list[Mention]]:
    """The sentence with the word that they were missing blanked, so that the number is theirs who were found.

    The mentions are of the kind "found", with no value where all or the last are.
    """
    if not _SIGN.search(sentence):
        return sentence, []
    told = []
    for match in list(_FOUND.finditer(sentence)):
        word = _WORD.search(sentence, *match.span())
        if word is None or word.group() in _TRAPPED or _hoped(sentence, *match.span()):
            continue
        words = match["a"] or match["b"] or match["c"]
        last = match["last"] or match["rest"] or match["final"]
        everybody = last or (not words and _WHOLE.search(match.group()))
        number = None if everybody else read_number(words) if words else 1
        told.append(Mention("found", number, "", *match.span()))
        sentence = f"{sentence[: word.start()]}{chr(1) * len(word.group())}{sentence[word.end() :]}"
    return sentence, told


def still_missing(missing: Count | None, full: str, found: Sequence[Mention]) -> Count | None:
    """Who is missing after those were found that are told of behind the number: none where all of them were."""
    if missing is None:
        whole = next((f for f in found if f.value is None or _WHOLE.search(full, f.start, f.end)), None)
        return None if whole is None else Count(0, "", whole.start, whole.end)
    missing = _found_safe(missing, full)
    later = [f for f in found if f.start >= missing.start]
    if not later:
        return missing
    left = 0 if any(f.value is None for f in later) else max(0, missing.value - max(f.value or 0 for f in later))
    return missing._replace(value=left, bound=missing.bound if left else "")


def _hoped(text: str, start: int, end: int) -> bool:
    """希望失踪者全部生还: who hopes tells of nobody found."""
    begins = max(text.rfind(mark, max(0, start - 16), start) for mark in "，,。；;\n") + 1
    return _HOPED.search(text, max(begins, start - 16), end) is not None


def _found_safe(missing: Count, full: str) -> Count:
    """失联12人。目前全部获救: zero where it is said of them, not of others or of another number."""
    for safe in _ALL_SAFE.finditer(full, missing.start):
        others = safe["others"] or ""
        if _hoped(full, *safe.span()):
            continue
        if not others or read_number(others.rstrip("人名位")) == missing.value:
            return missing._replace(value=0, bound="", end=max(missing.end, safe.end()))
    return missing
