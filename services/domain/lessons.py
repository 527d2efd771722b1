"""学自更正: what people's decisions on earlier texts say about the next one. A table that can be read and undone.

Two kinds of lesson, both about who leads and which disposition fits; grades follow from the numbers and points of
their rules and are never learned:

- a text that was decided otherwise than proposed: the same or nearly the same text is proposed as it was decided;
- words that several such texts share and the others do not: they speak only where the machine proposes what people
  overruled there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.domain.assessment import Reason
from services.domain.correction import CorrectionKind

KINDS = (CorrectionKind.DEPARTMENT, CorrectionKind.DISPOSITION)
"""What is learned."""
ALIKE = 0.8
"""The share of all their words that two texts have in common from which they count as nearly the same."""
AT_LEAST = 2
"""So many of the shared words must be there: one word alone is no matter."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A text that people decided on: its words, who or what they decided, on how many posts."""

    kind: CorrectionKind
    decided: str
    words: frozenset[str]
    posts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """Words that the texts share in which `proposed` was overruled by `decided`, each with its weight.

    They speak from `needed` on, the weights of the words in the text added up. `corrections` counts distinct texts.
    """

    kind: CorrectionKind
    proposed: str
    decided: str
    words: Mapping[str, float]
    needed: float
    corrections: int

    def speaks(self, words: Collection[str]) -> bool:
        found = [weight for word, weight in self.words.items() if word in words]
        return len(found) >= AT_LEAST and sum(found) >= self.needed

    def strongest(self, words: Collection[str]) -> str:
        """The word in the text that speaks most."""
        return max((word for word in self.words if word in words), key=lambda word: (self.words[word], word))


class Taught(NamedTuple):
    """What the decisions say: `word` speaks most for it, empty where the whole text is the same."""

    decided: str
    corrections: int
    word: str = ""

    def reason(self, kind: str, decided: str, text: str) -> Reason:
        """Why it is proposed, pointing at the word in the text."""
        start = text.find(self.word) if self.word else -1
        end = start + len(self.word) if start >= 0 else -1
        how = f":{self.word}" if self.word else ",内容相同或几乎相同"
        return Reason(f"{kind}:{decided}", f"学自更正 {self.corrections} 条{how}", start, end)


def ideographic(words: Iterable[str]) -> frozenset[str]:
    """The words that are compared: without figures, letters and punctuation."""
    return frozenset(word for word in words if "一" <= word < "\ua000")


class Memory:
    """Finds the text that is nearly the same as another one.

    Who shares four fifths of the words lacks at most a fifth of them: of any few more than that one is there. So only
    the texts are compared that have one of those few in common.
    """

    def __init__(self, texts: Iterable[Remembered] = ()) -> None:
        self._texts: list[Remembered] = []
        self._by_word: dict[str, list[int]] = {}
        for one in texts:
            self.add(one)

    def add(self, one: Remembered) -> None:
        """The longest words stand for a text: hardly another one has them."""
        for word in sorted(one.words, key=lambda word: (-len(word), word))[: len(one.words) // 5 + 1]:
            self._by_word.setdefault(word, []).append(len(self._texts))
        self._texts.append(one)

    def find(self, kind: CorrectionKind, words: frozenset[str]) -> Remembered | None:
        """The most alike of those that are nearly the same, the first one added where several are."""
        near = {number for word in words & self._by_word.keys() for number in self._by_word[word]}
        known = [self._texts[number] for number in sorted(near)]
        alike = [(share, one) for one in known if one.kind is kind and (share := _alike(one.words, words)) >= ALIKE]
        return max(alike, key=lambda pair: pair[0])[1] if alike else None


def _alike(left: frozenset[str], right: frozenset[str]) -> float:
    return len(left & right) / len(left | right)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Agreement on texts that were not learned from, before and after; `worse` were right and are not any more."""

    kind: CorrectionKind
    texts: int
    before: int
    after: int
    worse: int


@dataclass(frozen=True, slots=True)
class Lessons:
    """The table, and how well it held for texts left out.

    `ignored` are keys of posts whose decisions are not learned from, as the office says.
    """

    texts: Sequence[Remembered] = ()
    shared: Sequence[Shared] = ()
    ignored: Sequence[str] = ()
    held_out: Sequence[HeldOut] = ()
    _memory: Memory = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_memory", Memory(self.texts))

    def __bool__(self) -> bool:
        return bool(self.texts or self.shared)

    def taught(self, kind: CorrectionKind, proposed: str, words: frozenset[str]) -> Taught | None:
        """What people would decide instead of the proposal, None where they are not known to disagree."""
        if not self:
            return None
        same = self._memory.find(kind, words)
        if same is not None:
            return Taught(same.decided, len(same.posts)) if same.decided != proposed else None
        speaking = [one for one in self.shared if one.kind is kind and one.proposed == proposed and one.speaks(words)]
        if not speaking:
            return None
        best = max(speaking, key=lambda one: (one.corrections, one.decided))
        return Taught(best.decided, best.corrections, best.strongest(words))
