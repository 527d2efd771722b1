"""The dead, the missing and the hurt in the words of those who stood there, where no bulletin's wording counts them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from services.domain.casualties.pairing import Mention
from services.domain.casualties.spoken_words import (
    BETWEEN,
    CALAMITY,
    CARRIED_OFF,
    EVERYBODY,
    FINE,
    HEAD,
    HELPERS,
    NOT_ALL,
    PERIL,
    SIGN,
    THINGS,
    UNHARMED,
    heads_near,
)
from services.domain.casualties.statements import Count
from services.domain.numerals import ABOUT, read_number, read_quantity
from services.domain.patterns import late

_PERIL = frozenset(PERIL)
_CALAMITY = late("|".join(CALAMITY))
_NEAR, _FAR = 14, 44
_MOST = 24
_EVACUEES = 100
"""Fewer who leave are no evacuation in these loose words."""
_ANOTHER = late("老板|房东|商家|公司|中介|平台|客服|开发商|物业")
_GRIM = ("death", "gone", "missing")
_MAY_DIE = ("injury", "serious")
_AUDIENCE = late("群里|群友|粉丝|网友|观众|股民|[猫狗鸡鸭鹅羊牛猪鱼]")
_STOP = late("[，,：:、—…；~～ ]")
_UNTIL_STOP = re.compile(".*[，,：:、—…；~～ ]", re.DOTALL)
# 12个人的宿舍全烧没了: what is gone is theirs.
_THEIRS = late("的(?!人|[^，,。]{0,4}(?:人|伙|姐妹|兄弟|孩子|工友|师傅|乘客|学生))")
_LAID_OUT = late("白布|白单|尸|单子")
_BY = ("被", "遭", "被其中", "遭其中", "被另", "被另外")
_FEW = {"俩": 2, "仨": 3}
_FIELD = {
    "death": "death",
    "gone": "death",
    "missing": "missing",
    "serious": "serious",
    "injury": "injury",
    "evacuated": "evacuated",
}


class Head(NamedTuple):
    """A number of people in a sentence."""

    start: int
    end: int
    value: int
    bound: str


class _Sign(NamedTuple):
    kind: str
    start: int
    end: int


def happened(full: str) -> bool:
    """Whether the text tells of anything that people die of, and may count them."""
    return perilous(full, PERIL) and HEAD.search(full) is not None


def perilous(full: str, words: Iterable[str]) -> bool:
    """Whether the text may tell of anything that people die of, and count them: a cheap look before reading it.

    `words` are those of `PERIL` and others that the text contains, or all of them.
    """
    return next(heads_near(full), None) is not None and any(word in full for word in words if word in _PERIL)


def calamitous(words: str) -> bool:
    """Whether the words name a calamity, in which whoever is counted is in danger."""
    return _CALAMITY.search(words) is not None


def spoken(sentence: str, heads: Sequence[Head], before: Sequence[Head] = (), back: int = 0) -> list[Mention]:
    """Who died, is missing or hurt by the signs of the sentence with these heads; `before` are those of the sentence
    before it, which begins `back` characters earlier: a number that stands there has a negative start.

    Every number is used once, by the sign nearest to it; one that is only implied is about right.
    """
    if not heads and (_carried(before, back) is None or EVERYBODY.search(sentence) is None):
        return []
    signs = [_Sign(m.lastgroup or "", m.start(), m.end()) for m in islice(SIGN.finditer(sentence), _MOST)]
    used: set[Head] = set()
    found: list[Mention] = []
    for at, sign in enumerate(signs):
        head = _head_of(sentence, signs, at, [h for h in heads if h not in used])
        if head is None and not heads and EVERYBODY.search(sentence, _clause(sentence, sign.start), sign.end):
            head = _carried(before, back)
        if sign.kind == "evacuated" and head is not None and head.value < _EVACUEES:
            head = None
        if head is None and found and sign.kind == "death" and found[-1].field in _MAY_DIE:
            found[-1] = found[-1]._replace(field="death", end=sign.end)  # 俩小伙熏倒了,再没醒过来
        elif head is not None:
            used.add(head)
            if sign.kind not in _GRIM or not FINE.search(sentence, head.end if head.start >= 0 else 0):
                found.append(_mention(sign, head))
    return found


def heads_of(sentence: str) -> list[Head]:
    """The people that are counted in a sentence; onlookers, helpers and those who came out are none."""
    found = []
    for match in islice(HEAD.finditer(sentence), _MOST):
        value, bound = 0, ""
        if match["group"]:
            value = _of_group(match["group"])
        elif match["few"]:
            value = _FEW[match["few"]]
        else:
            stated = read_quantity(match["sum"] or match["n"] + (match["more"] or ""))
            value, bound = (int(stated.value), stated.bound) if stated else (0, "")
            if match.group().endswith("条") and not _LAID_OUT.search(sentence):
                continue
        if _AUDIENCE.search(sentence, max(0, match.start() - 3), match.start()):
            continue
        if HELPERS.match(sentence, match.end()):
            continue
        begins = match.start()
        if sentence.endswith(_BY, 0, begins):
            continue  # 被其中一名女子捅伤: who did it did not suffer it
        alone = value == 1 and (sentence[begins - 1 : begins] == "没" or EVERYBODY.match(sentence, begins) is not None)
        if value and not alone and not NOT_ALL.search(sentence, max(0, match.start() - 12), match.start()):
            found.append(Head(match.start(), match.end(), value, bound))
    return found[:_MOST]


def _of_group(words: str) -> int:
    digits = [c for c in words if c in "三四五六七八九十"]
    return (read_number(digits[0]) or 2) if digits else 3 if "仨" in words else 2


def _head_of(sentence: str, signs: list[_Sign], at: int, heads: list[Head]) -> Head | None:
    sign = signs[at]
    begins = _clause(sentence, sign.start)
    last = signs[at - 1].end if at else 0
    same = [h for h in heads if h.end <= sign.start and h.start >= max(begins, last) and sign.start - h.end <= _NEAR]
    if same and not THINGS.search(sentence, same[-1].end, sign.start):
        return None if _THEIRS.match(sentence, same[-1].end) else same[-1]
    if sign.kind != "gone" or not same:
        things = CARRIED_OFF.search(sentence, begins, sign.end)
        behind = None if things else next((h for h in heads if h.start >= sign.end), None)
        if behind and BETWEEN.fullmatch(sentence, sign.end, behind.start) and not _wanted(sentence, signs, at, behind):
            return behind
    if any(h for h in heads if begins <= h.start < sign.start):
        return None
    return _before(sentence, sign, begins, last, heads)


def _wanted(sentence: str, signs: list[_Sign], at: int, head: Head) -> bool:
    """Whether a sign behind the number in its clause has the better claim."""
    ends = _clause_end(sentence, head.end)
    return any(head.end <= s.start < ends and s.kind != signs[at].kind for s in signs[at + 1 :])


def _before(sentence: str, sign: _Sign, begins: int, last: int, heads: list[Head]) -> Head | None:
    """The number of an earlier clause that nothing has been said of yet (15个人埋里头，现在还没扒出来)."""
    earlier = [h for h in heads if last <= h.start and h.end <= begins and sign.start - h.end <= _FAR]
    everybody = EVERYBODY.search(sentence, begins, sign.end) is not None
    soon = sign.start - begins <= 8 and sign.kind in ("death", "missing")
    if _ANOTHER.search(sentence, begins, sign.start):
        return None
    return earlier[-1] if earlier and (everybody or soon) and earlier[-1].value > 1 else None


def _carried(before: Sequence[Head], back: int) -> Head | None:
    if not before or before[-1].value < 2:
        return None
    return before[-1]._replace(start=before[-1].start - back, end=before[-1].end - back)


def _clause(sentence: str, at: int) -> int:
    found = _UNTIL_STOP.match(sentence, 0, at)
    return found.end() if found else 0


def _mention(sign: _Sign, head: Head) -> Mention:
    start = min(sign.start, head.start)
    implied = sign.kind in ("gone", "missing") or head.start < 0
    return Mention(
        _FIELD[sign.kind], head.value, head.bound or (ABOUT if implied else ""), start, max(sign.end, head.end)
    )


_MANY = 10


def endangered(sentences: Sequence[str], counted: Mapping[int, Sequence[Head]]) -> Iterator[tuple[int, Count]]:
    """Every number (≥ 10) of people beside a calamity of whom nothing better is said, with its sentence's index.

    `counted` are the heads by the index of their sentence, ascending.

    What became of them nobody has said in words that are known; who is not said to be safe is taken to be in danger.
    """
    for number, heads in counted.items():
        if not any(head.value >= _MANY for head in heads):
            continue
        sentence = sentences[number]
        if not calamitous(sentence) and not (number and calamitous(sentences[number - 1])):
            continue
        for at, head in enumerate(heads):
            if head.value < _MANY:
                continue
            ends = heads[at + 1].start if at + 1 < len(heads) else len(sentence)
            ends = min(_clause_end(sentence, _clause_end(sentence, head.end) + 1), ends)
            begins = _clause(sentence, head.start)
            if not UNHARMED.search(sentence, begins, ends) and not FINE.search(sentence, head.end):
                yield number, Count(head.value, head.bound or ABOUT, head.start, head.end)


def _clause_end(sentence: str, at: int) -> int:
    found = _STOP.search(sentence, at)
    return found.start() if found else len(sentence)
