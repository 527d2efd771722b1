"""扬言与打人: who announces to gather or to petition higher up, and whose hand strikes, told by more than one word."""

from __future__ import annotations

import re
from collections.abc import Mapping

from services.domain.patterns import late
from services.domain.signals import Hit, Signals

_BEFORE, _BEHIND = 40, 24
"""So far around one of its words a phrase is looked for."""
WEIGHT = 2.0

# 约好周五去信访局, 再不解决就去北京上访, 集体讨说法; not 集体土地, 向信访局反映过, 相约进京看升旗.
# Every way of beginning starts with a plain character (see patterns.py).
_IF = r"[^。！!？?\n]{0,24}?(?:就|只[好能]|我们(?:就|会|要|将))"
_PLAN = r"[^。！!？?，,\n]{0,6}?(?:一起|一块|都|集体)"
_BEGINS = (
    r"约[好定着上]|相约|结伴|组团|抱团|串联|号召|商量[好着]|说好|大伙|大家伙|几十人|数十人|上十人|一块儿?[去到上]|"
    r"集体(?!土地|经济|所有|资产|资金|收入|户口|林|利益|产权|企业|用地|宿舍|供)|"
    + "|".join(f"{word}{_IF}" for word in ("再不", "要是", "如果", "若", "不给", "不解决"))
    + "|"
    + "|".join(f"{word}{_PLAN}" for word in ("准备", "打算", "决定", "明天", "后天", "周[一二三四五六日]", "下周"))
)
_GATHERING = late(
    rf"(?:{_BEGINS})"
    r"[^。！!？?\n土地]{0,12}?(?:上访|[进赴]京(?!看|旅|游|参|上学|求学|务工|就医|赶考)|信访[局办]|"
    r"政府(?:门|大门|讨|要|静|堵|闹|找|告)|[去到上](?:北京|中央|省里|省委|省政府|市委)(?:告|找|反映|讨|$|[。，,！!])|"
    r"讨要?个?(?:说法|公道|薪|债)|集体反映|请愿|示威|游行|上街|[拉打]横幅|堵(?:路|门|桥|大门)|"
    r"(?<=集体)[去到向]?[^，。！!\n]{0,6}(?:反映|维权|抗议|停工|堵))"
)

_GUARD = (
    r"(?:城管|执法(?:人员|队员|局|大队|者)|警察|民警|辅警|协警|交警|警员|派出所|公安|狱警|看守所|"
    r"干部|村支书|村主任|拆迁办|拆迁队|局长|镇长|乡长)"
)
_STRIKES = (
    r"(?:打(?:人(?![者的])|了(?!一?[个几通次些]*(?:电话|招呼|折|比方|针|卡|水|伞|疫苗|报告|补丁|官司|防疫|预防|退烧|麻药|点滴|吊|井|桩|欠条|借条|1))|伤|死|得(?:尿|吐|鼻|头|满|血|住院|骨|半死|不轻|遍体|昏)|[我他她老商摊小菜](?!电话))|殴打|暴打|毒打|围殴|拳打|揍|"
    r"动手(?!术)|踹|扇[^，。]{0,4}耳光|按[在倒]|掐)"
)
# 城管打人, 被警察打了; not 警察被打, 派出所不处理打人的, 民警抓获打人者, 打击.
_BEATING = late(rf"{_GUARD}[^。！!？?，,；;\n被遭对处理查抓制止管拘获袭调接劝说求门话媒]{{0,8}}?{_STRIKES}")
_TOLD: Mapping[str, tuple[re.Pattern[str], tuple[str, ...]]] = {
    "gathering": (_GATHERING, ("emerging",)),
    "beating": (_BEATING, ("credibility", "major", "negative")),
}


def with_threats(text: str, signals: Signals) -> Signals:
    """The signals, and in the lists of 苗头性 and 形象公信力 the phrases of several words that belong there."""
    more: dict[str, list[Hit]] = {}
    for cue, (phrase, lists) in _TOLD.items():
        around = ((max(0, hit.start - _BEFORE), hit.end + _BEHIND) for hit in signals.of(cue))
        found = next((match for start, end in around if (match := phrase.search(text, start, end))), None)
        if found is not None:
            hit = Hit(found[0], found.start(), found.end(), WEIGHT)
            more.update({name: [*signals.of(name), hit] for name in lists})
    return Signals({**signals.hits, **more}, signals.title_end) if more else signals
