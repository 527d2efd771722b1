"""线索: the words of the lexicons found in one post, and where. Every rule of the assessment reads these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from services.domain.assessment import Reason

WHOLE = "whole"
"""The list of words that hide others: what is found inside one of them does not count."""
LISTS: Final[Mapping[str, str]] = {
    WHOLE: "整词",
    "request": "诉求",
    "complaint": "投诉反映",
    "question": "咨询",
    "suggestion": "意见建议",
    "petition": "来信口气",
    "letter": "书信开头",
    "bare": "闲聊也说的话",
    "talk": "闲谈",
    "trouble": "出了毛病",
    "thanks": "感谢",
    "courtesy": "客套话",
    "advertisement": "广告",
    "noise": "文体娱乐",
    "foreign": "境外",
    "decision": "决策部署",
    "livelihood": "切身利益",
    "credibility": "政府形象和公信力",
    "emergency": "突发事件与灾害",
    "morality": "社会道德底线",
    "rumour": "不实信息的常见说法",
    "denial": "辟谣",
    "major": "重大问题",
    "wrong_view": "错误看法",
    "emerging": "苗头性",
    "desperate": "轻生的话",
    "gathering": "扬言聚集的线索",
    "beating": "公职人员打人的线索",
    "negative": "负面情绪",
    "positive": "正面情绪",
    "irony": "反话",
}
"""The lists that the rules ask for, with the names by which people read of them."""


class Cue(NamedTuple):
    """One word of one list, as configured. `weight` is what a single occurrence is worth to that list."""

    list: str
    word: str
    weight: float = 1.0


class Hit(NamedTuple):
    """A cue found: `start` and `end` are offsets into the text that was searched (end exclusive)."""

    word: str
    start: int
    end: int
    weight: float


@dataclass(slots=True)
class Signals:
    """The hits of one post by list, in the order of the text. `title_end` is where the title stops."""

    hits: Final[Mapping[str, list[Hit]]] = field(default_factory=dict)
    title_end: Final[int] = 0

    def of(self, name: str) -> list[Hit]:
        """The hits of a list, none when the list did not speak."""
        return self.hits.get(name, [])

    def first(self, name: str) -> Hit | None:
        """The first hit of the list."""
        found = self.hits.get(name)
        return found[0] if found else None

    def any(self, names: Iterable[str]) -> Hit | None:
        """The first hit of the first of these lists that spoke."""
        for name in names:
            if found := self.hits.get(name):
                return found[0]
        return None

    def has(self, name: str) -> bool:
        return name in self.hits

    def weight(self, name: str) -> float:
        """The weights of the distinct words of a list: repeating a word does not make it truer."""
        found = self.hits.get(name)
        return worth(found) if found else 0.0

    def in_title(self, name: str) -> Hit | None:
        """The first hit of the list inside the title."""
        for hit in self.hits.get(name, ()):
            if hit[2] <= self.title_end:
                return hit
        return None


def worth(hits: Sequence[Hit]) -> float:
    """The weights of the distinct words of these hits."""
    if len(hits) < 2:
        return hits[0][3] if hits else 0.0
    return sum({hit[0]: hit[3] for hit in hits}.values())


def cite(rule: str, hit: Hit | None, evidence: str = "") -> Reason:
    """A reason that points at the hit, or at nothing when there is none."""
    if hit is None:
        return Reason(rule, evidence)
    word, start, end, _ = hit
    return Reason(rule, evidence or word, start, end)
