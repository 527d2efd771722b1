"""What is learned from decisions, and how well it holds for texts it was not learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import NamedTuple

from services.domain.correction import CorrectionKind
from services.domain.lessons import AT_LEAST, KINDS, HeldOut, Lessons, Memory, Remembered, Shared

SUPPORT = 3
"""Words that fewer corrected texts share are not learned."""
MOST_WORDS = 12
SURE = 0.85
"""The share of the texts with the words in which people decided so, among those with the same proposal."""
CLEAR = 1.0
"""The least weight of a word: it is e times as frequent in the corrected texts as in others."""
NO_LUCK = 7.0
"""How far beyond chance a word must be shared, as the logarithm of likelihoods (Poisson): three of five texts share
one that every twentieth text has (4.7) more often than one thinks, as there are so many words."""
FOLDS = 5

Usual = Callable[[str], float | None]
"""The share of all messages that have a word; None for one that says nothing (a stop word, a name)."""


@dataclass(frozen=True, slots=True)
class Case:
    """A decided text as the machine without lessons judges it today; the later a case stands, the later it was."""

    post: str
    kind: CorrectionKind
    proposed: str
    decided: str
    words: frozenset[str]


class _Text(NamedTuple):
    """Cases of nearly the same text, decided alike: one voice, however many posts."""

    kind: CorrectionKind
    proposed: str
    decided: str
    words: frozenset[str]
    posts: tuple[str, ...]

    @property
    def overruled(self) -> bool:
        return self.proposed != self.decided


def learn(cases: Sequence[Case], usual: Usual, ignored: Sequence[str] = ()) -> Lessons:
    """The table. The same cases give the same one; where a text was decided twice the last decision counts.

    It tells how well shared words held for texts that were left out when they were learned; nearly the same texts are
    never on both sides. Words of a kind that made more wrong than right there are not used.
    """
    texts = _texts(case for case in cases if case.post not in ignored)
    shared, measured = [], []
    for kind in KINDS:
        held = _held_out(kind, texts, usual)
        if held.texts:
            measured.append(held)
        if held.after >= held.before:
            shared += _shared(kind, texts, usual)
    return Lessons(_remembered(texts), shared, tuple(ignored), measured)


def _texts(cases: Iterable[Case]) -> list[_Text]:
    """Nearly the same texts as one; of those that were decided in different ways the last decision stands."""
    memory, posts = Memory(), dict[tuple[CorrectionKind, frozenset[str]], list[str]]()
    kept: list[Case] = []
    for case in reversed([case for case in cases if case.kind in KINDS and case.words]):
        same = memory.find(case.kind, case.words)
        if same is None:
            memory.add(Remembered(case.kind, case.decided, case.words, (case.post,)))
            posts[case.kind, case.words] = [case.post]
            kept.append(case)
        elif same.decided == case.decided:
            posts[case.kind, same.words].append(case.post)
    texts = [
        _Text(case.kind, case.proposed, case.decided, case.words, tuple(sorted(posts[case.kind, case.words])))
        for case in kept
    ]
    return sorted(texts, key=lambda text: text.posts)


def _remembered(texts: Sequence[_Text]) -> list[Remembered]:
    return [Remembered(one.kind, one.decided, one.words, one.posts) for one in texts if one.overruled]


def _shared(kind: CorrectionKind, texts: Sequence[_Text], usual: Usual) -> list[Shared]:
    """What the texts share in which one proposal was overruled in one way, against those where it was not."""
    of_kind = [text for text in texts if text.kind is kind]
    found = []
    for proposed, decided in sorted({(text.proposed, text.decided) for text in of_kind if text.overruled}):
        own = [text.words for text in of_kind if (text.proposed, text.decided) == (proposed, decided)]
        others = [text.words for text in of_kind if text.proposed == proposed and text.decided != decided]
        words = _weights(own, others, usual)
        needed, spoken = _needed(_scores(words, own), _scores(words, others))
        if spoken:
            found.append(Shared(kind, proposed, decided, words, needed, spoken))
    return found


def _scores(words: Mapping[str, float], texts: Sequence[frozenset[str]]) -> list[float]:
    """The weights of each text, 0 where too few of the words are there."""
    found = [[weight for word, weight in words.items() if word in text] for text in texts]
    return [round(sum(weights), 2) if len(weights) >= AT_LEAST else 0.0 for weights in found]


def _needed(own: Sequence[float], others: Sequence[float]) -> tuple[float, int]:
    """From which weight on the words gain most, and how many own texts have it; 0 texts where they tell too little.

    Half-way between the own texts that have it and the next other one: a text that nobody has seen has fewer words.
    """
    best, most = (0.0, 0), 0
    for needed in sorted({score for score in own if score}, reverse=True):
        right, wrong = sum(score >= needed for score in own), sum(score >= needed for score in others)
        if right >= SUPPORT and right >= SURE * (right + wrong) and right - wrong > most:
            below = max((score for score in others if score < needed), default=0.0)
            best, most = (round((needed + below) / 2, 2), right), right - wrong
    return best


def _weights(own: Sequence[frozenset[str]], others: Sequence[frozenset[str]], usual: Usual) -> dict[str, float]:
    """The words that tell most: how many times as frequent they are in the own texts, as a natural logarithm."""
    found: list[tuple[float, str]] = []
    for word in sorted(set().union(*own)):
        share, count = usual(word), sum(word in text for text in own)
        if share is None or len(word) < 2 or count < SUPPORT:
            continue
        elsewhere = max(share, sum(word in text for text in others) / max(1, len(others)))
        weight = round(log(count / len(own) / elsewhere), 2)
        if weight >= CLEAR and count * weight - (count - len(own) * elsewhere) >= NO_LUCK:
            found.append((weight, word))
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    return {word: weight for weight, word in found[:MOST_WORDS]}


def _held_out(kind: CorrectionKind, texts: Sequence[_Text], usual: Usual) -> HeldOut:
    of_kind = [text for text in texts if text.kind is kind]
    before = after = worse = 0
    for fold in range(FOLDS):
        shared = _shared(kind, [text for n, text in enumerate(of_kind) if n % FOLDS != fold], usual)
        table = Lessons(shared=shared)
        for text in of_kind[fold::FOLDS]:
            taught = table.taught(kind, text.proposed, text.words)
            right = (taught.decided if taught else text.proposed) == text.decided
            before += not text.overruled
            after += right
            worse += not text.overruled and not right
    return HeldOut(kind, len(of_kind), before, after, worse)
