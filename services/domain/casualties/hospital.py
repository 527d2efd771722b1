"""People taken to hospital: 9人住院治疗, 送医12人. Where nobody says how many were hurt, these are the injured."""

from __future__ import annotations

from services.domain.casualties.pairing import Mention
from services.domain.numerals import FIRST, QUANTITY, read_quantity
from services.domain.patterns import late

_HOSPITAL = late("送医|住院|入院|留院|送往|送至|送到|接受治疗|接受救治|在院治疗")
_WAYS = (
    r"送(?:医|治|诊)|送[往至到][^，。,；;\s]{0,10}?(?:医院|救治|治疗|抢救)|"
    r"接受(?:治疗|救治)|在院(?:治疗|救治)|(?:住院|入院|留院)(?!部|楼|费|处|押金|报销|条件|标准|率|病人|病历|记录|号|证明|期间)"
)
# Nobody between who brings somebody else, and no other clause.
_TAKEN = late(
    rf"(?=[{FIRST}])(?P<n>{QUANTITY})\s?[人名位](?!次)(?:(?![将把送陪带为给帮医]|病历|护士|民警|志愿)[^，。,；;、：:\s]){{0,16}}?(?:被|已|均|全部|紧急|仍|正)*(?:在[^，。,；;]{{1,10}}?院)?(?:{_WAYS})"
)
_COUNTED = late(
    rf"(?:{_WAYS})(?:救治|治疗|抢救|观察)?(?:人数|人员|伤员|的|共计?|有|达|已|约|为|[:：\s]){{0,3}}(?P<n>{QUANTITY})\s?[人名位](?!次)"
)
_DIED = late(
    r"[^0-9一二三四五六七八九十两。；;]{0,16}(?:死亡|身亡|不治|去世|离世|遇难|没(?:能)?(?:抢)?救(?:过来|回来|活)|没(?:能)?[挺熬扛撑缓]过|抢救无效|没了)"
)
# The sick, the expecting and the examined are no injured.
_OTHERWISE = late(
    r"[0-9]例|病例|确诊|感染|发热|流感|新冠|肺炎|病毒|体检|生产(?!车间|线|安全|企业)|分娩|[产孕]妇|待产|人次|医保|"
    r"报销|手术费|住院费|入院费|低保"
)
# They are counted by metrics of their own.
POISONED = late(r"食物中毒|集体中毒|疑似中毒|假酒|呕吐|腹泻|上吐下泻|疫情|传染")


def taken_to_hospital(sentence: str) -> list[Mention]:
    """Those taken there and not said to have died of it, as mentions of the kind "hospital"."""
    if not _HOSPITAL.search(sentence) or _OTHERWISE.search(sentence):
        return []
    found = []
    for pattern in (_TAKEN, _COUNTED):
        for match in pattern.finditer(sentence):
            stated = read_quantity(match["n"])
            of_them = sentence.startswith("中", match.end())
            if stated is not None and not of_them and not _DIED.match(sentence, match.end()):
                found.append(Mention("hospital", int(stated.value), stated.bound, *match.span()))
    return found
