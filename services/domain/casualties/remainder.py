"""Who is left of those aboard, below or buried once some came out: 车上32人，目前救出11人 leaves 21."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice
from typing import NamedTuple

from services.domain.casualties.merging import merge
from services.domain.casualties.pairing import Mention
from services.domain.casualties.statements import Count, state
from services.domain.numerals import ABOUT, AT_MOST, FIRST, QUANTITY, read_number, read_quantity
from services.domain.patterns import late

DEAD, MISSING, TRAPPED, SAFE = "dead", "missing", "trapped", "safe"
_PERSON = (
    r"\s?(?:多?(?:人(?!次|家|民|行)|名|位)|多?口(?:人|子)?(?!井)|"
    r"号(?:人|(?=[^，,。；;0-9]{0,3}[人工员]))|个(?:多?人|[大小]?(?:孩|学生|娃|老人|工人|工友|师傅|矿工|女工|民工|职工|员工|船员|驴友|大人|乘客|游客|村民|男|女)|(?=[，,。；;！!\s]|$|活[的着])))"
)
_NUMBER = rf"(?=[{FIRST}])(?P<n>{QUANTITY}){_PERSON}"
_WHERE = (
    r"[车船艇机桥筏舟篮]上|(?:[车舱船机井矿洞楼屋房室场坑店棚院窖仓梯厢园厅馆堂吧]|超市|商城|隧道|巷道|宿舍|车间|工地)[内里中](?:[面边头])?|"
    r"井下|底下|[下入]井|当班|值班|作业|一行|全队|队伍|实载|搭载|载[客有着]?|乘坐|乘有|坐着?了?|拉着?了|里[面头边]|[一全整][车船]|家子|全家|老小|冰[上排面]上?|[冲卷]走了?|掉[下进][去来]?|住客|住着|船员|乘客|"
    r"被困|困住了?|遇险|被[埋压]|[掩活]埋了?|埋住了?|埋了|压住了?|压了|落水|坠[江河湖海井]"
)
_AMONG = (
    r"(?:[0-9]{1,3}户|一?大?家子|工人|矿工|人员|作业|乘客|旅客|游客|司乘|员工|职工|船员|船工|学生|师生|孩子|幼儿|群众|村民|人数|的|者|总|"
    r"当时|原本|原来|一共|总共|共计?|正|就|已|还?载有?|载着|[坐拉装困埋压住]着?了?|有|是|为|达|着|了|[约:：\s]){0,6}"
)
_UNDER = (
    "被困|困在|困住|遇险|被埋|被压|埋在|压在|落水|坠[江河湖海崖谷井落]|坠入|掉[进入到下]|[冲卷]走|"
    "[入下]井|在井下|在[车船]上"
)
_WHOLE = (
    late(rf"(?P<told>{_WHERE}){_AMONG}{_NUMBER}"),
    late(rf"{_NUMBER}[^，,。；;0-9]{{0,8}}?(?P<told>{_UNDER})"),
)
_HELD = ("被困", "困", "遇险")
_IN_PERIL = (*_HELD, "被", "埋", "压", "掩埋", "活埋", "冲", "卷", "落水", "坠", "掉")
# Of these nobody is: what a vehicle may carry, who is still inside, who came to help.
_NO_WHOLE = late(
    r"(?:[核限可应]载|定员|容纳|仍有?|[还尚剩余]有?|其余|其他|另有?|救援|消防|出动|派出|调集)[^，,。；;0-9]{0,5}\Z"
)
_OUT = (
    r"找到|收治|吊运|接[走回]|获救|得救|脱险|脱困|升井|出井|生还|幸存|自救|逃生|被[^，,。；;0-9]{0,4}救|救[出起上下回](?:来|去)?了?|营救|解救|"
    r"(?:逃|跑|爬|游|钻|撤)(?:出|脱|离|上)(?:来|去|岸)?了?|上岸|(?:捞|拉|扒|挖|刨|抬|抱|拽|背|扛|架)(?:上|出|下)来?了?"
)
_SAVED = late(rf"(?=[找收吊接获得脱升出生幸自逃被救营解跑爬游钻撤上捞拉扒挖刨抬抱拽背扛架])(?:{_OUT})")
_OTHERS = ("其余", "其他人", "剩下", "余下")
_MANY = "[0-9一二两三四五六七八九十百几]"
_LATER = "失踪|失联|下落|遇难|死亡|受伤|重伤|轻伤|联系不上|被困|生死"
_CAME = (
    late(
        rf"(?<![没未无不])(?<!没能)(?<!未能)(?<!没有)(?P<told>{_OUT})(?:的|者|伤[员者]|人员|人数|乘客|矿工|已|现|共|约|达|来|就|才|只|仅|有|了|[:：\s]){{0,4}}{_NUMBER}(?![^，,。；;0-9]{{0,3}}(?:{_LATER}))"
    ),
    late(
        rf"{_NUMBER}(?!中)(?:(?![没未无不])[^，,。；;0-9]){{0,10}}?(?P<told>{_OUT})(?!(?:了|的|来|出|者|有|仅|只|就|共|已){{0,3}}{_MANY}{{1,4}}[人名位个](?!{_LATER}))"
    ),
)
_ONE_MORE = late(r"(?:又|再|另|还)[^，,。；;]{0,6}\Z")
_OF_THEM = "其中"
_BODIES = late(r"\s*(?:具|遗体|尸体|遇难)|[^，,。；;]{0,4}(?:遗体|尸体|遇难者)")
_ONLY_LEFT = late(r"(?:仅|只|就|才)有?[^，,。；;0-9]{0,3}\Z")
_ALIVE = ("生还", "幸存")
_REST = late(
    rf"(?:其余|其他|其它|剩下|剩余|余下|剩的|别的|余者)(?!船只|车|路|楼|部门|救援|单位|地|方面|原因|情况|工作)(?:的)?(?:(?P<n>{_MANY}{{1,4}})[余多]?[人名位个])?(?P<told>[^。；;！!]{{0,24}})"
)
_ALL_DEAD = late(
    r"遇难|死亡|丧生|罹难|身亡|溺亡|溺水而亡|无一(?:人)?生还|没有?生还|无人生还|无生命|没有?生命|牺牲|葬身|遗体|都没了|全没了|没救过来|没能救"
)
# They left by themselves, were fetched or had not been there.
_GONE = (
    r"(?<![没未不冲卷漂刮带])(?<!没有)(?:走了|走[出下路着]|步行|离[开店场](?!人世)|结账|退房|下班|休班|轮休|休假|夜班|请假|接[走回]|在外(?!面)|外出|"
    r"复课|平安|原地等|自行|自己[走出下离跑]|跑[下出]|(?<![掉摔塌砸坠])下来了|[到在去]楼下|坐上|[换转]乘|回家|到家|没[上下][车船井山]|休息|等着)"
)
_ALL_WELL = late(
    r"(?<![没未不能])(?<!没有)(?:安全|无恙|大碍|轻伤|受伤|送医|治疗|救治|获救|救出|脱险|脱困|疏散|撤离|下车|没事|返回|没有?危险|无生命危险|惊吓)|"
    + _GONE
)
_ALL_GONE = late(
    r"(?:(?<![0-9名位个的救者险])(?:大家|乘客|旅客|游客|学生|师生|孩子|居民|住户|工人|员工|客人|顾客|群众|人员?)们?[也已]?[全都均]|"
    rf"(?P<n>{_MANY}{{1,4}})[余多]?[人名位个])[^，,。；;！!没未不0-9]{{0,10}}?{_GONE}"
)
_LOST = late(
    r"失联|失踪|联系不上|失去联系|联系不到|下落|搜[救寻]|没[有]?找[到着]|未找到|找不[到着]|没(?:能)?(?:出|上|爬|跑|逃|[抱抬背捞扒挖救][上出下])|未(?:能)?(?:逃|脱|出)|生死|没影|没信|不见|捞|没动静|去向|被埋|埋|(?<!脱)困|水[里中下]|里[面头边]"
)
# What fell, sank, was buried or burns below ground lets nobody out by himself.
_SWALLOWED = late(
    r"坠(?!楼|亡|物)|沉(?![着默重痛浸稳迷淀思])|倾覆|翻[船覆]|船翻|失事|落水|溺|淹|(?:[掉扎栽翻]|冲(?!水)|(?<!打)开)[进入到下了]?[^，,。；;]{0,4}(?:水|江|河|湖|海|沟|冰|崖|谷|井|坑)|冰面|"
    r"塌|垮|被埋|埋在|透水|突水|冒顶|片帮|瓦斯|雪崩|泥石流|滑坡|山洪|决口"
)
_BELOW = late("[井矿][下上]|[升入]井|矿[井难坑洞]|[煤铁金铜]矿")
_NO_DOOR = ("船", "艇", "筏", "舟", "舱", "井", "巷道", "洞", "窖", "仓")
# Who is not carried out of these walks out, as from a vehicle that only turned over or hit another.
_BURNING = late("着火|着了|起火|失火|大火|火灾|火势|烧|爆|炸|泄漏|中毒|缺氧")
# Nobody counts these apart: all the others are not out.
_NOT_OUT = late(
    rf"[，,。；;！!？?\s](?:(?!{_MANY})[^，,。；;！!？?]){{0,12}}?(?:(?:还|仍|尚)(?:(?!{_MANY})[^，,。；;！!？?无没]){{0,6}}?(?:被?困|在[里楼屋车])|"
    r"(?:没|没能|没有|未能)[跑逃爬走]?(?:出来|下来|出去)|[出下]不来|失联|失踪|联系不[上到]|下落不明|生死[不未]|仍在搜[救寻]|被埋|[压堵憋卡]在|喊救命)"
)
_ALOFT = late("索道|缆车|半空|高空|悬崖|山上|深山|暴风雪|劫持|持刀")
_ALL_FINE = late(
    r"(?<![未没不非])(?:全部|全都|均已?|都已?|悉数|全员)(?:被|已|安全|成功|平安|有序|自行)*(?:疏散|撤[离出]|获救|救[出起上下]|脱险|脱困|升井|上岸|安全|平安|转移|无恙|逃[出生]|跑出)|"
    r"(?<!有)(?:无|没有)(?:人员?)?(?:受伤|伤亡|被困|失联)(?!情况)|(?:没听说|未接到|没接到|未接|没有接到)有?(?:人员?)?(?:伤亡|受伤|被困)|未造成人员伤亡|虚惊"
)
_NONE_HURT = ("无", "没", "未", "虚")
_THE_RESCUED = late(r"(?:获救|救[出起上]|脱险|生还|找到|升井)来?的?[^，,。；;0-9]{0,4}\Z")
_STILL = late(
    rf"(?:仍有|还有|尚有|还剩|剩下|另有|其余|剩余|余下|[仍还尚])(?:的)?{_NUMBER}[^，,。；;0-9]{{0,10}}?"
    r"(?P<told>失联|失踪|联系不上|下落不明|没(?:有|能)?(?:找到|出来|救出|上来|升井)|未(?:能)?(?:找到|救出|升井|脱险)|被困|被埋|搜[救寻]|遇险)"
)
_UNKNOWN = late("失联|失踪|联系不|失去联系|下落|生死|没找|找不|去向|不见")
_UPDATED = late("截[至止]|目前|现在|[增升]|累计|共|最新|最终|已有")
_END = late("[。！？!?；;\n]")
_BESIDE = 24
_MOST = 12

Found = list[tuple[int, list[Mention]]]


class _Told(NamedTuple):
    """A number of people with the words beside it; `at` is where its digits stand."""

    value: int
    bound: str
    start: int
    end: int
    at: int
    words: str


class Remainder:
    """Reads one text; `counts` says of a span whether it tells of this event."""

    def __init__(self, full: str, counts: Callable[[int, int], bool]) -> None:
        self._full, self._counts = full, counts

    def added_to(self, found: Found) -> tuple[Found, Count | None]:
        """`found` with those who are left among the dead or the missing, and how many of them are in danger.

        None where the text does not count both the whole and who came out, or says nothing that people die of.
        """
        wholes = [w for w in self._told(_WHOLE) if not self._behind(_NO_WHOLE, w.at)]
        came = [c for c in self._told(_CAME) if not _BODIES.match(self._full, c.end)] if wholes else []
        whole = max(wholes, key=lambda w: (w.words.startswith(_IN_PERIL), w.value), default=None)
        if whole is None or whole.bound == AT_MOST:
            return found, None
        if not came:
            return self._less_the_counted(found, whole)
        out = self._out(came)
        return self._reckoned(found, whole, came, out) if out <= whole.value else (found, None)

    def _less_the_counted(self, found: Found, whole: _Told) -> tuple[Found, Count | None]:
        """车上28人，5人死亡、17人受伤，其余正在搜寻: nobody is said to have come out, and the others are not found."""
        counted = merge([state(mentions, at) for at, mentions in found])
        dead, hurt = _value(counted, "deaths"), _value(counted, "injuries")
        left = whole.value - dead - hurt
        told = self._rest(whole.end, left) if dead + hurt and left > 0 else ""
        if told and _ALL_DEAD.search(told) and hurt:
            everybody = Mention("death", left + dead, whole.bound, whole.start, whole.end, total=True)
            return _with(found, everybody), Count(left, whole.bound, whole.start, whole.end)
        if told and _ALL_WELL.search(told) and _LOST.search(told) is None:
            return found, Count(0, "", whole.start, whole.end)
        if not told or _LOST.search(told) is None or "missing" in counted:
            return found, None
        found = _with(found, Mention("missing", left, ABOUT, whole.start, whole.end))
        return found, Count(left, ABOUT, whole.start, whole.end)

    def _reckoned(self, found: Found, whole: _Told, came: list[_Told], out: int) -> tuple[Found, Count | None]:
        last = came[-1]
        left = whole.value - out
        still = next((s for s in self._told((_STILL,)) if s.at > whole.at), None)
        fate = self._fate(whole, came, left, still)
        if fate is None:
            return found, None
        start = whole.start if 0 <= last.start - whole.end <= _BESIDE else last.start
        if _END.search(self._full, start, last.end):
            start = last.start
        if fate == DEAD:
            bound = whole.bound or (ABOUT if last.words.startswith(_ALIVE) else "")
            found = _with(found, Mention("death", left, bound, start, last.end, total=True))
            return found, Count(left, bound, start, last.end)
        counted = merge([state([m for m in ms if not _among(m, at, came, self._full)], at) for at, ms in found])
        left = still.value if still else max(0, left - _value(counted, "deaths"))
        if fate == SAFE or (still is None and left <= _value(counted, "injuries")):
            left = 0
        rest = Count(left, ABOUT, start, last.end)
        stated = {m.value for _, ms in found for m in ms if m.field == "missing" and m.value}
        if left and fate == MISSING and stated <= {whole.value, out}:
            found = [(at, [m for m in ms if m.field != "missing"]) for at, ms in found]
            found = _with(found, Mention("missing", left, rest.bound, start, last.end))
        return found, rest

    def _fate(self, whole: _Told, came: list[_Told], left: int, still: _Told | None) -> str | None:
        """What became of those who are left; None where nobody would call them lost."""
        held, last = whole.words.startswith(_HELD), came[-1]
        told = self._rest(min(whole.end, last.end), left)
        if still is not None or (told and _LOST.search(told)):
            return TRAPPED if held and not _UNKNOWN.search(still.words if still else told) else MISSING
        if told and _ALL_DEAD.search(told):
            return DEAD
        if (
            not left
            or (told and _ALL_WELL.search(told))
            or self._all_fine(whole, came)
            or self._gone(whole, came, left)
        ):
            return SAFE
        if last.words.startswith(_ALIVE) and _ONLY_LEFT.search(self._full, max(0, last.start - 6), last.at):
            return DEAD
        swallowed = _SWALLOWED.search(self._full) is not None
        deadly = swallowed or _BURNING.search(self._full) is not None
        if held:
            return TRAPPED if deadly or _ALOFT.search(self._full) else SAFE
        if not deadly:
            return None
        if swallowed or whole.words.startswith((*_IN_PERIL, *_NO_DOOR)) or _BELOW.search(self._full):
            return MISSING
        return MISSING if any(self._counts(*m.span()) for m in _NOT_OUT.finditer(self._full)) else SAFE

    def _gone(self, whole: _Told, came: list[_Told], left: int) -> bool:
        """The others left by themselves or had not been there: 乘客都跑下来了, 3人确认在外休班."""
        rescued = {one.at for one in came}
        return any(
            (match["n"] is None or (match.start() not in rescued and read_number(match["n"]) == left))
            and self._counts(*match.span())
            for match in islice(_ALL_GONE.finditer(self._full, whole.end), _MOST)
        )

    def _all_fine(self, whole: _Told, came: list[_Told]) -> bool:
        """Everybody is; not only the ones who came out (找到5人，均平安)."""
        ends = {one.end + more for one in came if one.value < whole.value for more in (0, 1)}
        return any(
            match[0].startswith(_NONE_HURT) or not (match.start() in ends or self._behind(_THE_RESCUED, match.start()))
            for match in islice(_ALL_FINE.finditer(self._full, whole.start), _MOST)
        )

    def _rest(self, since: int, left: int) -> str:
        """What is said of all the others: 其余全部遇难, 其他人联系不上."""
        for match in islice(_REST.finditer(self._full, since), _MOST):
            if self._counts(*match.span()) and (match["n"] is None or read_number(match["n"]) == left):
                return str(match["told"])
        return ""

    def _out(self, came: list[_Told]) -> int:
        """How many came out: those of one sentence together, else the most that a sentence tells of."""
        most = total = 0
        before: _Told | None = None
        for one in came:
            gap = "" if before is None else self._full[before.end : one.start]
            if before is not None and _OF_THEM in gap and not _END.search(gap):
                continue
            more = before is not None and (
                self._behind(_ONE_MORE, one.start) or not (_END.search(gap) or _UPDATED.search(gap))
            )
            total = total + one.value if more else one.value
            most, before = max(most, total), one
        return most

    def _behind(self, pattern: re.Pattern[str], at: int) -> bool:
        return pattern.search(self._full, max(0, at - 10), at) is not None

    def _told(self, patterns: Iterable[re.Pattern[str]]) -> list[_Told]:
        """The numbers that one of the patterns finds, each once, in the order of the text."""
        found: dict[int, _Told] = {}
        for pattern in patterns:
            for match in islice(pattern.finditer(self._full), _MOST):
                stated = read_quantity(match["n"])
                if stated is None or stated.value < 1 or not self._counts(*match.span()):
                    continue
                at = match.start("n")
                if at in found and not match["told"].startswith(_IN_PERIL):
                    continue  # 洞里22名工人被困: that they are trapped says more than where they are
                found[at] = _Told(int(stated.value), stated.bound, *match.span(), at, match["told"])
        return [found[at] for at in sorted(found)]


def some_saved(full: str) -> bool:
    """Whether the text says of anybody that he came out, or of others what became of them: a cheap look."""
    return _SAVED.search(full) is not None or any(word in full for word in _OTHERS)


def _with(found: Found, mention: Mention) -> Found:
    start = mention.start
    own = (start, [mention._replace(start=0, end=mention.end - start)])
    return sorted([*((at, ms) for at, ms in found if ms), own], key=lambda item: item[0])


def _among(mention: Mention, offset: int, came: list[_Told], full: str) -> bool:
    """Whether those who died or were hurt are among the ones that came out (救出9人，其中2人死亡)."""
    at = offset + mention.start
    return mention.within or any(
        (at < c.end and c.start < offset + mention.end) or (c.end <= at and _OF_THEM in full[c.end : at][:_BESIDE])
        for c in came
    )


def _value(counted: dict[str, Count], name: str) -> int:
    return counted[name].value if name in counted else 0
