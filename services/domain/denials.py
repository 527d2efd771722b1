"""What a text says to be false: the claim that a denial governs, and nothing beside it.

Four readings of 谣言 and 不实, told apart by their subject:
1. 此消息不实, 纯属谣言, 警方已辟谣: points back at the claim before it (网传…), or at all before it where nobody is
   named who claims;
2. “死亡百人”系谣言, 关于爆炸的传言不实: denies its own subject only, what stands beside it stays;
3. 其余为谣言: denies what others claim, not what is stated here;
4. 请勿信谣传谣, 谣言已被查处: denies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from services.domain.patterns import late

_FALSE = (
    r"谣言|谣传|造谣|误传|误报|假消息|假新闻|虚假(?:信息|消息|新闻|内容)|不实(?:信息|消息|言论|内容|传言|报道)|"
    r"假的|子虚乌有|编造|捏造|杜撰|臆造|瞎编|P图|合成"
)
# Plain words are looked for before any expression: few texts deny anything, and nothing is denied without them.
_SIGN = late(
    r"谣|不实|属实|误传|误报|虚假|假消息|假新闻|假的|子虚乌有|有误|不准确|没有的事|没这回事|"
    r"事实|依据|根据|虚构|无中生有|编造|捏造|杜撰|臆造|瞎编"
)
_PREDICATE = late(
    rf"(?:(?<!不)是|(?<!因)为|系|纯?属于?)(?:一[个则条起])?(?:网络|网民|网友|个人|他人|为[^，。,]{{1,6}}|典型的?|恶意|彻头彻尾的)?"
    rf"(?:{_FALSE})"
    rf"|(?:不属实|不实|子虚乌有|(?P<weak>有误|不准确))(?=$|的?[”\"）)\s])"
    r"|(?:(?:不是|并非|不符合)事实|与事实(?:严重|完全)?不符|(?:没有|毫无|并无|缺乏)(?:任何|事实)*[依根]据|纯?属虚构|无中生有)(?=$|的?[”\"）)\s])"
    rf"|^(?:{_FALSE})$|(?<!散布|流传|传播|发布|网上|编造|发的)的(?:虚假信息|虚假消息|假消息|不实信息|不实传言|谣言)|^没有的事|^没这回事"
    r"|(?P<refuted>辟谣)(?!平台|中心|专栏|联盟|者)"
)
# What takes a claim back without calling it false; it does so only behind a claim. Calm (秩序正常, 隔壁无人员伤亡)
# contradicts nothing: so it is after real disasters.
_OTHERWISE = late(
    r"(?:系|[为是属])[^，。,]{0,10}?(?:外[地省市]|[国境]外|往年|早年|[0-9一二三四五六七八九十两几多数]+年前?)[^，。,]{0,12}?(?:视频|[旧新]闻|图片|照片|影像|画面|旧事|事[件故]|案件)"
    r"|(?:拍摄|发生|来自|出自|源[自于])[于在自]?(?:外[地省市]|[国境]外|别的(?:省|城市|地方)|(?:19|20)[0-9]{2}年)"
    r"|(?<!有)没有?(?:这|这回|这个)事|(?:并无|查无|绝无|^无|没有|不存在)(?:此|这种|这一|该)(?:事|情况)(?=$|[”\"）)\s])"
    r"|(?:系|[为是属]|用|由)[^，。,]{0,10}?(?:AI|ai|人工智能|电脑|软件|技术)[^，。,]{0,4}?(?:生成|合成|制作|特效|做的)"
    r"|(?:^|经[^，。,]{0,6}|[:：]|上)实(?:为|则是)(?![0-9一二两三四五六七八九十百])"
    r"|(?:没有|未|没)发生过?(?:任何)?(?:爆炸|火灾|起火|坍塌|塌方|坠楼|车祸|地震|泄漏|中毒)(?=$|[^，。,致死伤]{0,4}$)"
    r"|(?:系|[为是属])[^，。,]{0,10}?(?:旧闻|旧视频|旧[图照帖事]|拼接|摆拍|移花接木|张冠李戴)"
    r"|(?:系|[为是])[^，。,]{0,12}?(?:演练|演习|拍[戏摄]|(?:爆破|燃放|放炮|鞭炮)[^，。,因导致死伤]{0,6})(?=[，。,！!？?；;\s]|$)"
    r"|(?<!此前)(?<!以前)(?<!过去)(?<!从)(?:未|没有?)(?:发生|接到|接报|出现)过?(?:任何)?(?:[此该]|相关|类似|上述|这[类种起样])[^，。,]{0,6}(?:警情|事[件故]?|报[警案]|案件|情况)"
)
_OTHERWISE_SIGN = late(
    r"视频|闻|图片|照片|影像|画面|拼接|摆拍|旧|演练|演习|拍摄|拍戏|爆破|燃放|放炮|鞭炮|"
    r"AI|ai|人工智能|电脑|软件|技术|实为|实则|发生|这事|回事|个事|情况|警情|此类|此事|相关|类似|上述|移花接木|张冠李戴|外地|外省|境外|国外|年前|往年|早年"
)
_CLAIM_SIGN = late(r"传|谎称|编造|捏造|散布|网友|网民|有人|网上|朋友圈|抖音|微信群|\?|？")
_SOMEBODY = ("网友", "网民", "有人", "自媒体", "博主", "网上", "朋友圈", "抖音", "微信群")
# Every way begins with a plain character: so a text without any is passed over ten times as quickly.
_CLAIM = late(
    r"网传|网[上络][^，。,]{0,4}传|流传|传言|传闻|谣传(?<!信谣传)|有传|疯传|盛传|热传|谎称|编造|捏造|散布|"
    r"回应[^，。,]{0,6}[“\"‘]|"
    + "".join(rf"{who}[^，。,]{{0,10}}?(?:称|说|爆料|发[帖布文]|传|转发)|" for who in _SOMEBODY)
    + r"\?|？"
)
_CLOSED = "?？"
_SPEAKER = (
    r"(?:经|据|被|由|现|已|后|后来|目前|现已|记者|警方|官方|民警|交警|网警|消防|公安|平台|校方|企业|专家|当地|有关|相关|主管|"
    r"部门|机关|应急|多方|进一步|反复|调查|核实|核查|查证|查明|查|求证|证实|确认|鉴定|回应|表示|称|说|通报|澄清|紧急|随即|连夜|了|都|均){0,6}"
)
_REFERENCE = (
    r"(?P<loose>相关|有关|种种|各种|一些|部分|网络|上述相关)?(?:此|该|上述|以上|这|这些|那|其|网传)?(?:条|则|个|种|段|类|些)?"
    r"(?:消息|信息|说法|传言|传闻|谣言|视频|图片|帖子|截图|报道|内容|情况|言论|帖|一?事){0,2}(?:都|均|全部?|完全|并|实|纯|根本|就|也)?"
)
_BACK = late(rf"[”“\"'》】\s]*{_SPEAKER}[:：\s]*{_REFERENCE}\s*")
# 松北区地铁塌方传言不属实: the rumour that was asked about just before.
_RUMOUR = late(r"(?:传言|传闻|谣言|消息|说法|网帖|帖子)\Z")
_OTHERS = late(r"\s*(?:其余|其他|其它|别的|另外|此外|剩下)")
_ABOUT = late(r"^[^，。,]{0,12}(?:关于|针对|对于?)")
_GOES_ON = late(r"\s*(?:致使?|造成|导致|并|已|共|死|伤)")
_CLAUSE = late(r"[^，,：:；;\s—（()）]+")
_SENTENCE = late(r"[^。！!？?\n]+[。！!？?\n]*")
_OFFICIAL = late(r"官方|警方|通报|目前|实际|事实|真实|截[至止]|最新|核实|确认|更正|应为|实为")
_PEOPLE = late(r"[0-9一二三四五六七八九十百两]+余?多?[人名位]|[0-9一二三四五六七八九十百两]+[死伤]")
# Who answers for it himself denies nothing that others state: only an authority, or the text itself, does.
_PARTY = late(
    r"(?:物业|开发商|老板|厂[方家]|矿[方主]|施工[方队]|承建方|房东|店[家主]|商[家场]|企业|公司|经理)"
    r"[^，。,]{0,8}?(?:说|称|讲|辟谣|否认|回应|表示|澄清|声明)"
)
_AUTHORITY = late(
    r"警|消防|官方|应急|公安|政府|有关部门|相关部门|主管部门|监管|法院|记者|平台|专家|核实|核查|经查|调查|查明|证实|通报"
)
_TALK = ("", "。", "！", "!", "?", "？", "\n", "称", "说", "了", "信", "回", "通", "”", "】", "]", "）", ")")
_FAR = 6_000
# A sentence of more clauses, or a text of more denials, is a flood of signs.
_MOST = 60
_BEYOND = 160
# Whether it is so is open; what caused it, who they are and what it cost may be open after any disaster.
_CHECKING = late(
    r"(?:正在?|尚在|还在|仍在|在|有待|等待)(?:进一步|抓紧|紧急|连夜)?(?:核实|核查|查证|求证)(?![^，。,]{0,4}(?:身份|损失|原因|名单|过火))|"
    r"(?:尚未|还未|还没有?|未经|没有?经?|未获|暂未)(?:官方|警方|进一步|得到|获得|完全)*(?:核实|证实|确认)|真假(?:不明|未知|待)"
)


class Denial(NamedTuple):
    """A span of the text that is said to be false. `weak`: only its number is (死亡9人有误)."""

    start: int
    end: int
    weak: bool = False


class _Clause(NamedTuple):
    start: int
    end: int
    words: str
    denial: re.Match[str] | None
    claims: bool


def claim_denied(full: str, at: int) -> bool:
    """True where what stands at `at` is said to be false: a number there counts for nothing."""
    return any(d.start <= at < d.end for d in denials(full))


def event_denied(full: str, at: int) -> bool:
    """True where the event named at `at` is said to be false, and no true number of its people follows."""
    found = [d for d in denials(full) if d.start <= at < d.end and not d.weak]
    return bool(found) and not _confirmed(full, found[-1])


def confirmed(full: str, at: int) -> bool:
    """True where somebody who knows is heard before `at` in its sentence, behind what others claim in it."""
    begins = max(full.rfind(mark, max(0, at - _BEYOND), at) for mark in "。！？!?；;\n") + 1
    claimed = max((m.end() for m in _CLAIM.finditer(full, begins, at)), default=begins)
    return _OFFICIAL.search(full, claimed, at) is not None


def _confirmed(full: str, denial: Denial) -> bool:
    """网传死亡50人为谣言,目前确认死亡12人: who corrects the number says that it happened."""
    beyond = full[denial.end : denial.end + _BEYOND]
    return any(
        _official(clause) and not claim_denied(full, denial.end + clause.start) for clause in _clauses(beyond, 0)
    )


def unverified(full: str) -> bool:
    """True where others claim something, and who should know says that it is still being checked."""
    checking = _CHECKING.search(full, 0, _FAR)
    claim = None if checking is None else _CLAIM.search(full, 0, checking.start())
    if checking is None or claim is None:
        return False
    return not any(_official(clause) for clause in _clauses(full[claim.end() : checking.start()], 0))


@lru_cache(maxsize=4)
def denials(full: str) -> tuple[Denial, ...]:
    """Every span of the first 6,000 characters that is said to be false."""
    if not _SIGN.search(full) and not _otherwise(full):
        return ()
    found = (denial for clauses in _statements(full[:_FAR]) for denial in _of(clauses))
    return tuple(islice(found, _MOST))


def _otherwise(full: str) -> bool:
    """Whether a claim may be taken back without a word for false."""
    if not _CLAIM_SIGN.search(full) or not _OTHERWISE_SIGN.search(full):
        return False
    return _CLAIM.search(full, 0, _FAR) is not None and _OTHERWISE.search(full, 0, _FAR) is not None


def _statements(full: str) -> Iterator[list[_Clause]]:
    """The clauses of each sentence that may deny or claim; of a claim or question with the denial behind it."""
    held: list[_Clause] = []
    for match in _SENTENCE.finditer(full):
        sentence, claimed = match.group(), any(clause.claims for clause in held)
        told = claimed or _SIGN.search(sentence) or _CLAIM.search(sentence)
        clauses = _clauses(sentence, match.start()) if told else []
        if held and not (claimed and _only_denies(clauses)):
            yield held
            held = []
        held = [*held, *clauses][:_MOST]
    yield held


def _clauses(sentence: str, offset: int) -> list[_Clause]:
    return [_clause(offset + m.start(), offset + m.end(), m.group()) for m in _CLAUSE.finditer(sentence)]


def _clause(start: int, end: int, said: str) -> _Clause:
    words = said.rstrip("。！!\n")
    denial = _PREDICATE.search(words) if _SIGN.search(words) else None
    return _Clause(start, end, words, denial, _CLAIM.search(words) is not None)


def _only_denies(clauses: list[_Clause]) -> bool:
    for clause in clauses[:3]:
        match = clause.denial
        if match is not None:
            before = clause.words[: match.start()]
            told = _RUMOUR.search(before) is not None and _PEOPLE.search(before) is None
            return told or _BACK.fullmatch(before) is not None
        if _PEOPLE.search(clause.words):
            return False
        if _OTHERWISE.search(clause.words) is not None:
            return True
    return False


def _of(clauses: list[_Clause]) -> Iterator[Denial]:
    for at, clause in enumerate(clauses):
        match = clause.denial
        if match is None:
            yield from _taken_back(clauses, at)
            continue
        weak = match["weak"] is not None
        if match["refuted"] and clause.words[match.end() : match.end() + 1] not in _TALK:
            yield Denial(clause.start + match.start(), clause.end)
            continue
        start = _governed(clauses, at, match)
        if start is not None:
            yield Denial(start, _until(clauses, start, at, match), weak)


def _taken_back(clauses: list[_Clause], at: int) -> Iterator[Denial]:
    """网传…死12人，经核实系工地爆破: the claim is false."""
    clause = clauses[at]
    match = _OTHERWISE.search(clause.words) if any(_questioned(c) for c in clauses[: at + 1]) else None
    if match is None:
        return
    start = _governed(clauses, at, match)
    if start is not None:
        yield Denial(start, _until(clauses, start, at, match))


def _questioned(clause: _Clause) -> bool:
    return clause.claims or (clause.denial is not None and clause.denial["refuted"] is not None)


def _governed(clauses: list[_Clause], at: int, match: re.Match[str]) -> int | None:
    """Where the denied claim begins; None where the denial is about something that is not told here."""
    clause = clauses[at]
    claim = next((c.start for c in reversed(clauses[:at]) if c.claims), None)
    if _OTHERS.match(clause.words):
        return claim
    back = _BACK.fullmatch(clause.words, 0, match.start())
    if back is not None:
        return claim if claim is not None or back["loose"] else _stated(clauses, at)
    quoted = next((c.start for c in reversed(clauses[:at]) if "“" in c.words), None)
    if quoted is not None and "”" in clause.words and "“" not in clause.words:
        return quoted
    about = next((c.start for c in clauses[:at] if _ABOUT.match(c.words)), None)
    if about is not None or _GOES_ON.match(clause.words):
        return clauses[0].start if about is None else about
    own = clause.claims and not (clauses[0].words[-1:] in _CLOSED and _RUMOUR.search(clause.words, 0, match.start()))
    return clause.start if own or claim is None or _broken(clauses, claim, at) else claim


def _stated(clauses: list[_Clause], at: int) -> int:
    """Where that begins which the denial points back at: all before it, or only what a party to it is said to say."""
    heard = next((n for n in range(at, -1, -1) if _PARTY.search(clauses[n].words)), None)
    if heard is None or any(_AUTHORITY.search(c.words) for c in clauses[heard : at + 1]):
        return clauses[0].start
    return clauses[heard].start


def _broken(clauses: list[_Clause], claim: int, at: int) -> bool:
    return any(claim < c.start and _official(c) for c in clauses[:at])


def _official(clause: _Clause) -> bool:
    return _OFFICIAL.search(clause.words) is not None and _PEOPLE.search(clause.words) is not None


def _until(clauses: list[_Clause], start: int, at: int, match: re.Match[str]) -> int:
    """Where the denied claim ends: at the denial, or where somebody who knows is heard before it."""
    for before, clause in pairwise(clauses[:at]):
        if clause.start > start and _PEOPLE.search(clause.words) and _OFFICIAL.search(before.words + clause.words):
            return before.start if _OFFICIAL.search(before.words) and before.start > start else clause.start
    return clauses[at].start + match.end()
