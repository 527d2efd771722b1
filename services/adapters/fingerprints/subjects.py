"""What a post is about (事由), by the words of `grouping.toml`."""

from __future__ import annotations

from typing import NamedTuple

from services.adapters.automaton import leftmost_longest
from services.domain.grouping import GroupingPolicy

_LEAD = 300
"""Characters in which a text says what it is about."""
_MOST = 4


class Said(NamedTuple):
    """What a post is about, what else it speaks of more than once, and the words of its title that are no name."""

    subjects: tuple[str, ...]
    aside: tuple[str, ...]
    words: tuple[str, ...]


class Subjects:
    """Reads them by the words of the policy."""

    def __init__(self, policy: GroupingPolicy) -> None:
        self._words = [(word.lower(), name) for name, words in policy.subjects.items() for word in words]
        self._words += [(word.lower(), "") for word in policy.nameless]
        self._find = leftmost_longest([word for word, _ in self._words])

    def read(self, title: str, text: str) -> Said:
        """The subjects of the title, else the two that the text's first lines name most."""
        title = title.lower()
        entitled: dict[str, str] = {}
        counts: dict[str, int] = {}
        for index, _, end in self._find(f"{title}\n{text.lstrip()[:_LEAD].lower()}"):
            word, name = self._words[index]
            if end <= len(title):
                entitled[word] = name
            elif name:
                counts[name] = counts.get(name, 0) + 1
        told = tuple(dict.fromkeys(filter(None, entitled.values())))
        told = told or tuple(sorted(counts, key=counts.__getitem__, reverse=True)[:2])
        aside = tuple(name for name, count in counts.items() if count > 1 and name not in told)
        return Said(told[:_MOST], aside[:_MOST], tuple(entitled))
