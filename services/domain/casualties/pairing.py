"""Tokens → mentions: which number belongs to which outcome (3人死亡, 死亡3人, 死亡人数升至7人, 2死1伤)."""

from __future__ import annotations

from typing import NamedTuple

from services.domain.casualties.scanning import NUMBERS, OUTCOMES, Token
from services.domain.casualties.words import (
    ADDED_BEFORE,
    AGENT,
    APART,
    BOUND_BEFORE,
    BRIDGE,
    CLAUSE,
    CORRECTION,
    COUNTED,
    HURT,
    JOIN,
    NOUNS,
    RESUMES,
    STRIKES,
    SUCCUMBED,
    SUPPOSED,
    TOTAL,
    UPDATE,
)
from services.domain.patterns import late

_AND_ANOTHER = tuple(p + j + a for p in "他她" for j in "与和及" for a in ("另", "另外"))
# 司机、售票员和8名乘客遇难: whoever there is one of counts without a numeral.
_ONE_EACH = "司机|驾驶员|驾驶人|售票员|乘务员|押运员|安全员|副驾驶|机长|船长|船主|教练|导游|领队|店主|房主|户主"
_LISTED = late(
    rf"(?<![名位个一二两三0-9、])(?:(?:{_ONE_EACH})[、和与及以并]{{1,2}}){{1,4}}(?:另外?|其他|其余|[车船机店]上|[车船机店]内|同车|同行|的)*\Z"
)
_JOINS = tuple("、和与及以并上内的另外他余车行")
_EACH = late(_ONE_EACH)
# 1名老人及其孙子死亡, 一名女子和她的儿子身亡.
_AND_KIN = late(
    r"[^，。、；0-9]{0,8}?[及和与](?:其|他的?|她的?)(?:[大小]?(?:外?孙[子女]?|儿子|女儿|妻子|丈夫|母亲|父亲|老伴|爱人|女友|男友)|哥哥|弟弟|姐姐|妹妹|爷爷|奶奶)(?!们|[俩0-9一二两三])"
)
_SINCE_HURT = late(r"(?:随?后|最终|经?(?:送医|抢救|救治|医治)|送往?医院|无效|不治|不幸|均|都|[，,]){1,5}")


class Mention(NamedTuple):
    """An outcome with its number inside one sentence; `value` is None where only 多人 or 部分 was said."""

    field: str
    value: int | None
    bound: str
    start: int
    end: int
    within: bool = False
    added: bool = False
    total: bool = False
    updated: bool = False
    corrected: bool = False
    noun: bool = False
    threshold: bool = False


class Pairing:
    """Walks the outcomes of one sentence from left to right; a number is used once."""

    def __init__(self, sentence: str, tokens: list[Token], within: bool = False) -> None:
        self._text = sentence
        self._tokens = tokens
        self._used: set[int] = set()
        self._within = within

    def mentions(self) -> list[Mention]:
        """Every outcome that has a number, in the order of the text."""
        found: list[Mention] = []
        within, hurt = self._within, list[int]()
        for index, token in enumerate(self._tokens):
            if token.kind in ("within", "added"):
                within = token.kind == "within" or (within and self._within)
            elif token.kind in OUTCOMES:
                numbers = self._numbers_of(index)
                if not numbers and hurt and (self._succumbed(index) or self._died_of_it(found[-1].end, token)):
                    numbers, hurt = hurt, []
                    found.pop()
                if numbers:
                    found.append(self._mention(token, numbers, within))
                    hurt = numbers if token.kind in ("injury", "serious") else []
        return found

    def _succumbed(self, index: int) -> bool:
        """一名男子被捅伤，送医后不治身亡: who was just counted as hurt died of it."""
        outcome = self._tokens[index]
        if self._names(outcome):
            return False
        if outcome.kind == "death" and outcome.words not in NOUNS and self._of_the_hurt(index):
            return True
        head = self._text[max(0, outcome.start - 16) : outcome.start]
        return outcome.kind == "death" and outcome.words not in NOUNS and SUCCUMBED.search(head) is not None

    def _died_of_it(self, hurt_until: int, outcome: Token) -> bool:
        """一人重伤后不治."""
        if self._names(outcome):
            return False
        return outcome.kind == "death" and _SINCE_HURT.fullmatch(self._text, hurt_until, outcome.start) is not None

    def _names(self, outcome: Token) -> bool:
        """2人重伤，遇难的兄弟有七个: who died is somebody else."""
        return self._text.startswith(("的", "者", "人员", "人数"), outcome.end)

    def _of_the_hurt(self, index: int) -> bool:
        """一名重伤员今早去世: the noun in the same clause is who died."""
        for token in reversed(self._tokens[:index]):
            if token.kind in OUTCOMES:
                return token.words in HURT
            if token.kind in (*NUMBERS, "comma"):
                return False
        return False

    def _numbers_of(self, index: int) -> list[int]:
        """Indices of the number tokens of this outcome: one, several joined by 及 or 和, or none."""
        after, before = self._after(index), self._before(index)
        if after is not None and self._tokens[index].words.endswith("ICU") and self._wanted(after):
            after = None  # ICU三名患者死亡: the ward is where they died
        if after is not None and (before is None or self._prefers_after(index, before, after)):
            chosen = [after]
        elif before is not None:
            chosen = self._joined(before)
        else:
            carried = self._carried(index)
            chosen = [] if carried is None else [carried]
        self._used.update(chosen)
        return chosen

    def _after(self, index: int) -> int | None:
        """The number behind an outcome; of 由3人升至7人 the last one."""
        outcome, renewed = self._tokens[index], False
        for j in range(index + 1, min(index + 6, len(self._tokens))):
            token = self._tokens[j]
            if token.kind in NUMBERS:
                gap = self._text[outcome.end : token.start]
                if not renewed and (len(gap) > 24 or not BRIDGE.fullmatch(gap)):
                    return None
                renewed = self._renewed(j)
                if not renewed:
                    return j
            elif not self._bridges(token, outcome):
                return None
        return None

    def _bridges(self, token: Token, outcome: Token) -> bool:
        """Whether the way from an outcome to its number may lead over `token` (全部疏散,共计120人)."""
        if token.kind == "comma" and token.words in "，,、":
            if self._text[max(0, token.start - 3) : token.start].rstrip("居民家庭群众").endswith("户"):
                return True  # 1200户、3600人
            return self._text.startswith(("共", "总计", "合计", "累计"), token.end)
        return token.kind in ("comma", outcome.kind)

    def _renewed(self, index: int) -> bool:
        """True where the number at `index` is at once replaced by the next one (10人更正为8人)."""
        following = self._tokens[index + 1] if index + 1 < len(self._tokens) else None
        if following is None or following.kind not in NUMBERS:
            return False
        return UPDATE.fullmatch(self._text[self._tokens[index].end : following.start]) is not None

    def _prefers_after(self, index: int, before: int, after: int) -> bool:
        gap = self._text[self._tokens[index].end : self._tokens[after].start]
        if "：" in gap or ":" in gap or " " in gap:
            return False
        if COUNTED.search(gap) is not None:
            return True
        return self._tokens[before].end < self._tokens[index].start and not self._wanted(after)

    def _wanted(self, index: int) -> bool:
        """True where the number at `index` has an outcome of its own behind it in the same clause."""
        for token in self._tokens[index + 1 :]:
            if token.kind == "comma":
                return False
            if token.kind in OUTCOMES:
                return True
        return False

    def _before(self, index: int) -> int | None:
        outcome = self._tokens[index]
        for j in range(index - 1, -1, -1):
            token = self._tokens[j]
            if token.kind in ("comma", "animal", "added") and token.words != " ":
                return None
            if token.kind == "comma" or token.kind == "within":
                return None
            if token.kind in NUMBERS:
                return j if j not in self._used and self._fits(token, outcome) else None
        return None

    def _fits(self, number: Token, outcome: Token) -> bool:
        """Whether the number before an outcome is the number of those who suffered it."""
        gap = self._text[number.end : outcome.start].replace("\x01", "")
        if (
            len(gap) > 40
            or "将" in gap
            or "把" in gap
            or AGENT.search(self._text, max(0, number.start - 6), number.start)
        ):
            return False
        if outcome.words in NOUNS:
            return gap in ("", "的", "重", "轻", "受", "危重")
        ends = self._text[outcome.end : outcome.end + 2].removeprefix("了")[:1] in "，。、,！!；; \x01后于"
        active = STRIKES.match(outcome.words) is not None or outcome.kind == "evacuated"
        return not active or ends or gap == "" or "被" in gap or "遭" in gap or "均" in gap

    def _joined(self, index: int) -> list[int]:
        chosen = [index]
        for j in range(index - 1, -1, -1):
            token = self._tokens[j]
            if token.kind == "comma" and token.words == "、":
                continue
            gap = self._text[token.end : self._tokens[chosen[-1]].start]
            free = token.kind in ("quantity", "pair") and j not in self._used
            if not free or not JOIN.fullmatch(gap) or APART.search(gap):
                break
            chosen.append(j)
        return chosen

    def _carried(self, index: int) -> int | None:
        """两名工人…，结果不幸被撞死: the number stands in an earlier clause of the same subject."""
        outcome = self._tokens[index]
        comma = next((j for j in range(index - 1, -1, -1) if self._tokens[j].kind == "comma"), None)
        if comma is None or outcome.words in NOUNS or outcome.kind == "evacuated":
            return None
        head = self._text[self._tokens[comma].end : outcome.start]
        none_left = not head and outcome.words.startswith(("无", "没", "未", "再", "葬身"))
        if len(head) > 22 or not (none_left or RESUMES.match(head)):
            return None
        for j in range(comma - 1, -1, -1):
            token = self._tokens[j]
            if token.kind in OUTCOMES or j in self._used or token.kind in ("animal", "vague"):
                return None
            if token.kind in ("quantity", "pair"):
                return None if AGENT.search(self._text, max(0, token.start - 6), token.start) else j
        return None

    def _mention(self, outcome: Token, numbers: list[int], within: bool) -> Mention:
        chosen = [self._tokens[j] for j in numbers]
        start = min(outcome.start, *(t.start for t in chosen)) if chosen else outcome.start
        end = max(outcome.end, *(t.end for t in chosen))
        value, bound = self._sum(chosen)
        if value is not None:
            value += self._uncounted(chosen, outcome)
        if value and SUPPOSED.search(self._text, outcome.end, chosen[0].start):
            bound = "about"
        clause = self._clause_before(start)
        loose = BOUND_BEFORE.search(clause)
        bound = bound or (loose.lastgroup or "" if loose and value else "")
        near = clause + self._text[start:end]
        return Mention(
            field=outcome.kind,
            value=value,
            bound=bound,
            start=start,
            end=end,
            within=within and not TOTAL.search(clause),
            added=ADDED_BEFORE.search(clause) is not None,
            total=TOTAL.search(near) is not None,
            updated=UPDATE.search(near) is not None,
            corrected=CORRECTION.search(near) is not None,
            noun=outcome.words in NOUNS,
            threshold=any(t.words.endswith(("以上", "以下")) for t in chosen),
        )

    def _sum(self, chosen: list[Token]) -> tuple[int | None, str]:
        quantities = [t.quantity for t in chosen if t.quantity is not None]
        if len(quantities) < len(chosen):
            return None, ""
        bounds = [q.bound for q in quantities if q.bound]
        value = int(sum(q.value for q in quantities))
        return value, bounds[0] if bounds else ""

    def _uncounted(self, chosen: list[Token], outcome: Token) -> int:
        """Those beside the counted who are one each: 她与另一名司机, 司机和九名乘客, 1名老人及其孙子."""
        start, last = chosen[-1].start, chosen[0]
        head = self._text[max(0, start - 24) : start]
        if head.endswith(_AND_ANOTHER):
            return 1
        if head[-1:] in _JOINS and (listed := _LISTED.search(head)):
            return len(_EACH.findall(listed.group()))
        return int(last.end <= outcome.start and _AND_KIN.match(self._text, last.end, outcome.start) is not None)

    def _clause_before(self, start: int) -> str:
        head = self._text[max(0, start - 24) : start]
        last = CLAUSE.search(head)
        return last.group() if last else ""
