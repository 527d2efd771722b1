"""Whether an emergency has happened in a text: not a risk, a rule, an exercise, a fear, nor a thing of the past."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.domain.casualties.context import Background
from services.domain.casualties.lessons import lessons
from services.domain.denials import event_denied
from services.domain.patterns import late

_AFTER = late(
    r"怎么办|更是不堪|(?:[^，。,]{0,8})?情况下|也(?:没法|无法)|也?有发生|之势|等(?:安全|各种|重大|严重){0,2}隐患|炬|锅|季(?!度)|时(?:可能|会|如何|怎么|要|应|该)|车站|事件?报告|"
    r"[^，。,]{0,3}(?:担忧|心惊)|猛于|的?(?:可能|标准|能力|经验|风险|隐患|后果|案例|阴霾|概率|几率|危险)|会(?!不会又?[捂瞒藏])|事件频|较多|频繁|时有|经常|常有|不断|"
    r"不在少数|车痕|鉴定|赔偿|纠纷|认定|划分|科|发生的(?:概率|可能)|多次|"
    r"图谋|未遂|企图|隐患|风险|预警|预案|演练|演习|知识|教育|宣传|局|台网|保险|险情排查|安全检查|应急|防范|防控|"
    r"救援(?:队|站|基地)|报警器|探头|危险性?|性增长|灶|每年|专家|学者|工程力学|式|级|出圈|性(?:新闻|话题|消息|的?热|传播)|头(?!部)|烧旺|烧红|逃生|自救|带|[^，。]{0,2}(?:科普|培训)|"
    r"(?:监测|责任|认定书|保证金|纪念|遗址|高发|频发|多发|易发|处理(?:中心|流程)|理赔|证明|赔偿标准)"
)
_BEFORE = late(
    r"(?:(?:编造|捏造|散布)[^，。,]{0,16}|(?:彻底|气氛|氛围|心态|客流|人流|带货|演技|营销|公关|厨艺|唱功|演唱会(?:直接|堪称)|(?:草坪|草地|绿地|花坛|农田|麦田)[^，。,]{0,6}|文旅|旅游业?|冰雪游|流量|人气|热度|订单|销量|票房|直播间?|短视频|全网|朋友圈|评论区|弹幕|信息|知识|人口|情绪|颜值|口碑|话题|"
    r"IP|综艺|[电短网]剧|歌曲?)(?:又|再次?|全面|彻底|突然|一?夜|持续|直接|当场|瞬间|都|全)?|(?:明[天日晚早]|后天|下周|下个月)[^，。,]{0,8}(?:要|会|将|有)(?:有|发生|来|大)?|面临(?:着)?|即将|濒临|将要|抵御|防御|抗御|应对|不是|并非|不属于|一但[^，。,]{0,8}|(?:如|若)(?:是)?(?:发生|遇|出现)|从而|(?:容易|极易)[^，。,]{0,10}|任何[^，。,]{0,4}|好几(?:个|起|次)[^，。,]{0,4}|"
    r"(?:容易|极易|很易|会)[^，。,]{0,14}(?:导致|引起|造成|引发)[^，。,]{0,4}|快要|出了|以防|说不定[^，。]{0,4}发生|必然|将来|下次的?|经常(?:看到|发生)?|时常(?:出现|发生)?|多次(?:发生)?|"
    r"几[次起]|屡次(?:发生)?|接二连三(?:地|的)?(?:发生)?|[0-9三四五六七八九十]起|以后(?:出|发生)?|"
    r"(?:容易|极易|易)[^，。]{0,10}(?:发生|引发)|"
    r"担心[^，。]{0,10}|是不是[^，。]{0,6}|(?<!堤)防(?!线|洪纪念)|抗|战胜|抗击|预防|防止|避免|杜绝|防范|可能(?:会)?(?:发生|引发|"
    r"导致|造成)?|(?:容易|极易|易)(?:发生|"
    r"引发|导致|造成|引起)?|怕|担心|担忧|害怕|如果|一旦|万一|要是|假如|谨防|警惕|(?<![灯庙晚展机酒舞宴大集年])会(?:不会)?(?:发生|"
    r"引发|导致|引起)|"
    r"(?:没有?|未)(?:发生|出现)过?[^，。,；;]{0,10}|没有|未|随时(?:会|可能|有)?(?:发生|引发)?|模拟|演练|无一|存在|消除|排除|"
    r"导致了?很多|引发(?:了)?(?:大家|居民)?)(?:的)?(?:重大|严重|各类|任何|新的|较大)?$"
)
_NORM = late(r"的?(?:可能|标准|能力|经验|风险|隐患|危险)|演练|预案")
# A text that names an emergency so often without telling of one is a list or a flood.
MAX_TRIES = 8
# Signs in the same sentence that an emergency is being reported, not only mentioned.
_REPORTED = late(
    r"今[天日早晨晚]|昨[天日晚夜]|刚刚|刚才|突发|凌晨|清晨|上午|下午|中午|傍晚|深夜|晚上|"
    r"[0-9]{1,2}[时点日:：]|目前|现场|截至|事发|"
    r"发生|造成|致|浓烟|火光|明火|火势|扑灭|消防|救护|警方|交警|被困|伤亡|死亡|受伤|送医|抢救|不明|"
    r"[0-9一二三四五六七八九十]+[名人]"
)
# 依兰县煤矿爆炸，… tells of it without any sign: a place, what happened there, and the clause is over.
_WHERE = late(
    r"(?:[县区市镇乡村屯路街]|[厂矿店楼库桥站船]|工地|小区|学校|[小中]学|幼儿园|商场|市场|医院|饭馆|宾馆|浴池|车间|养老院|大棚|隧道|"
    r"[一两二三四五六七八九十0-9]+[辆艘架台])[^，,。；;！!？?\s]{0,8}\Z"
)
_AND_OVER = late(r"了?(?:[，,。！!；;\s]|\Z)|了")
_ASKED = late(r"[？?吗]|怎么|如何|是否|建议|希望|恳请|投诉|举报")
_LEAD = 60
_SENTENCE_END = late(r"[。！？!?\n；;]")
_CLAUSE_END = late(r"[。！？!?\n；;，,、]")
_FAR = 200
_LEAD_YEARS = 120
_YEAR = late(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年)")
_BEHIND = 20
_TITLE = 24
_HEADLINE = late(r"[0-9一二三四五六七八九十]+[人名死伤]|发生|致|造成")


def occurrences(full: str, words: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Those of `words` that tell of something that happened, with their first telling span."""
    found: dict[str, tuple[int, int]] = {}
    for word in words:
        at = full.find(word)
        for _ in range(MAX_TRIES):
            if at < 0:
                break
            if _tells(full, at, at + len(word)):
                found[word] = (at, at + len(word))
                break
            at = full.find(word, at + 1)
    return found


def stated(full: str, start: int, end: int) -> bool:
    """True where the wording of a rule is a fact: what stands before and behind it is no background, norm or denial."""
    if _NORM.match(full, end) or event_denied(full, start) or another_year(full, start, end):
        return False
    return counted(full, start, start)


def _tells(full: str, start: int, end: int) -> bool:
    if _titled(full, start, end) or _AFTER.match(full, end) or _BEFORE.search(full[max(0, start - _BEHIND) : start]):
        return False
    return counted(full, start, end)


def _titled(full: str, start: int, end: int) -> bool:
    """《大地震》重映: a name in title marks is a work or a law, unless it tells of numbers like a headline."""
    opened = full.rfind("《", max(0, start - _TITLE), start)
    closed = full.find("》", end, end + _TITLE) if opened >= 0 else -1
    return closed >= 0 and "》" not in full[opened:start] and _HEADLINE.search(full, opened, closed) is None


def reported(full: str, start: int, end: int) -> bool:
    """True where the word stands in the title or lead, in a sentence with signs of a report or that says just that."""
    if start > full.find("\n") + _LEAD:
        return False
    head = _start_after(_SENTENCE_END, full, start)
    around = full[max(head, start - 60) : min(_end_before(_SENTENCE_END, full, end), end + 60)]
    return not full[:head].strip() or _REPORTED.search(around) is not None or _plainly(full, start, end, around)


def _plainly(full: str, start: int, end: int, around: str) -> bool:
    before = full[max(0, start - _BEHIND) : start]
    return _AND_OVER.match(full, end) is not None and _WHERE.search(before) is not None and not _ASKED.search(around)


def sentence_around(full: str, start: int, end: int) -> str:
    """The sentence that holds `start` to `end`, at most `_FAR` characters to either side."""
    return full[slice(*sentence_span(full, start, end))]


def sentence_span(full: str, start: int, end: int) -> tuple[int, int]:
    """Where that sentence begins and ends."""
    head = max(_start_after(_SENTENCE_END, full, start), start - _FAR)
    return head, min(_end_before(_SENTENCE_END, full, end), end + _FAR)


def another_year(full: str, start: int, end: int) -> bool:
    """True where the sentence names a year that title and lead do not: it is background."""
    years = set(_YEAR.findall(sentence_around(full, start, end)))
    return start > _LEAD_YEARS and bool(years) and not years & set(_YEAR.findall(full, 0, _LEAD_YEARS))


def clause_start(full: str, at: int) -> int:
    """Where the clause that holds `at` begins."""
    return max(_start_after(_CLAUSE_END, full, at), at - _FAR)


def _start_after(mark: re.Pattern[str], full: str, at: int) -> int:
    last = mark.search(full[max(0, at - _FAR) : at][::-1])
    return 0 if last is None else at - last.start()


def _end_before(mark: re.Pattern[str], full: str, at: int) -> int:
    first = mark.search(full, at, at + _FAR)
    return len(full) if first is None else first.start()


def counted(full: str, start: int, end: int) -> bool:
    """True where the words at `start` are about this event: no past, no statistics, no fear, no rumour."""
    head = max(_start_after(_SENTENCE_END, full, start), start - _FAR)
    whole = full[head : min(_end_before(_SENTENCE_END, full, end), end + _FAR)]
    if Background([whole]).verdict(0, end - head - 1) or event_denied(full, start):
        return False
    return not any(begins <= start - head < ends for begins, ends in lessons(whole, None))
