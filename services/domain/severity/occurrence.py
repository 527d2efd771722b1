"""Whether an emergency has happened in a text: not a risk, a rule, an exercise, a fear, nor a thing of the past."""

from __future__ import annotations

import re

from services.domain.casualties.context import Background

_AFTER = re.compile(
    r"隐患|风险|预警|预案|演练|演习|知识|教育|宣传|局|台网|保险|险情排查|安全检查|应急|防范|防控|"
    r"救援(?:队|站|基地)|报警器|探头|危险性?|性增长|逃生|自救|带|[^，。]{0,2}(?:科普|培训)|"
    r"(?:监测|责任|认定书|保证金|纪念|遗址|高发|频发|多发|易发|处理(?:中心|流程)|理赔|证明|赔偿标准)"
)
_BEFORE = re.compile(
    r"(?:防|抗|预防|防止|避免|杜绝|防范|可能(?:会)?(?:发生|引发|导致|造成)?|(?:容易|极易|易)(?:发生|"
    r"引发|导致|造成|引起)?|怕|担心|担忧|害怕|如果|一旦|万一|要是|假如|谨防|警惕|会(?:不会)?(?:发生|"
    r"引发|导致|引起)|"
    r"没有(?:发生)?|未(?:发生)?|随时(?:会|可能|有)?(?:发生|引发)?|模拟|演练|存在|消除|排除|"
    r"导致了?很多|引发(?:了)?(?:大家|居民)?)(?:的)?(?:重大|严重|各类|任何|新的|较大)?$"
)
# A text that names hundreds of emergencies without telling of one is a list or a flood.
MAX_TRIES = 100
_SENTENCE_END = "。！？!?\n；;"


class Occurrences:
    """Finds those of many words that tell of something that happened, in one pass over a text."""

    def __init__(self, words: frozenset[str]) -> None:
        ordered = sorted(words, key=lambda w: (-len(w), w))
        firsts = "".join(sorted({re.escape(w[0]) for w in words}))
        self._pattern = re.compile(f"(?=[{firsts}])(?=({'|'.join(map(re.escape, ordered))}))")
        self._heads = {w: tuple(x for x in words if w.startswith(x)) for w in words}

    def of(self, full: str) -> dict[str, tuple[int, int]]:
        """Word → its first telling span."""
        found: dict[str, tuple[int, int]] = {}
        for tries, match in enumerate(self._pattern.finditer(full)):
            if tries >= MAX_TRIES:
                break
            word = match[1]
            fresh = [head for head in self._heads[word] if head not in found]
            if fresh and _tells(full, match.start(), match.start() + len(word)):
                found.update({head: (match.start(), match.start() + len(head)) for head in fresh})
        return found


def _tells(full: str, start: int, end: int) -> bool:
    if _AFTER.match(full, end) or _BEFORE.search(full[max(0, start - 10) : start]):
        return False
    return counted(full, start, end)


def counted(full: str, start: int, end: int) -> bool:
    """True where the words at `start` are about this event: no past, no statistics, no fear, no rumour."""
    head = max(full.rfind(c, 0, start) for c in _SENTENCE_END) + 1
    head = max(head, start - 200)
    sentence = full[head:end]
    background = Background()
    background.enter(sentence)
    return not background.verdict(sentence, end - head - 1)
