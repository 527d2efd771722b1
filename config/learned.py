"""What was learned from decisions: `model/learned.toml` ↔ `services.domain.lessons.Lessons`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

from config.reading import BadConfig, Section, read_toml
from services.domain.correction import CorrectionKind
from services.domain.lessons import HeldOut, Lessons, Remembered, Shared
from services.domain.vocabulary import Disposition

LEARNED = "learned.toml"
HEAD = """\
# 学自更正:由 huiying train --with-corrections 写成,研判程序启动时读入。人可以看、可以改、可以整个删去。
# 删去本文件(或运行不带 --with-corrections 的 huiying train),研判就和没有学过一样。
#
# [[text]]   人改过的一条信息。新信息与它相同或几乎相同(八成以上的词一样)时,按人的决定(decided)提建议。
#            posts 是信息的编号,words 是它的词,按字序排列,不是原文。
# [[shared]] 几条(三条以上)被同样改过的信息共有、机器提得对的信息少有的词及其分量。只在机器本来提 proposed 时才起作用:
#            文中至少有其中两个词,分量合计达到 needed,就改提 decided。corrections 是学自几条不同的信息。
#            分量是自然对数:1 表示在这些信息里是别处的约 2.7 倍,2 约 7.4 倍,3 约 20 倍。
# [[held_out]] 只记录效果:共有的词用在没有学过的信息上(五折,相同的信息不跨折),与人一致的条数,
#            before 不用学到的、after 用学到的,worse 是本来对、改错了的条数。
# ignored    不想让它学的信息编号;下次训练保留这一行,不学这些信息。
# kind:department 主责部门(代码见 departments.toml),disposition 处置方式。等级由法规和评分表定,不学。
"""


class _Text(Section, frozen=True, kw_only=True):
    kind: Literal["department", "disposition"]
    decided: str
    posts: tuple[str, ...]
    words: tuple[str, ...]


class _Shared(Section, frozen=True, kw_only=True):
    kind: Literal["department", "disposition"]
    proposed: str
    decided: str
    corrections: int
    needed: float
    words: dict[str, float]


class _HeldOut(Section, frozen=True, kw_only=True):
    kind: Literal["department", "disposition"]
    texts: int
    before: int
    after: int
    worse: int


class _File(Section, frozen=True, kw_only=True):
    ignored: tuple[str, ...] = ()
    held_out: tuple[_HeldOut, ...] = ()
    text: tuple[_Text, ...] = ()
    shared: tuple[_Shared, ...] = ()


def load_learned(path: Path) -> Lessons:
    """The table; an empty one where nothing was learned. Raises BadConfig."""
    if not path.exists():
        return Lessons()
    read = read_toml(path, _File)
    decided = [t.decided for t in read.text if t.kind == "disposition"]
    decided += [s.decided for s in read.shared if s.kind == "disposition"]
    for one in decided:
        if one not in list(Disposition):
            raise BadConfig(path, "decided", f"{one} is no disposition")
    return Lessons(
        [Remembered(CorrectionKind(t.kind), t.decided, frozenset(t.words), t.posts) for t in read.text],
        [Shared(CorrectionKind(s.kind), s.proposed, s.decided, s.words, s.needed, s.corrections) for s in read.shared],
        read.ignored,
        [HeldOut(CorrectionKind(h.kind), h.texts, h.before, h.after, h.worse) for h in read.held_out],
    )


def save_learned(path: Path, lessons: Lessons) -> None:
    """Write the table; the same lessons give the same bytes."""
    parts = [HEAD, f"ignored = {_toml(list(lessons.ignored))}\n"]
    for held in lessons.held_out:
        parts.append(
            f"\n[[held_out]]\nkind = {_toml(held.kind.value)}\ntexts = {held.texts}\nbefore = {held.before}\n"
            f"after = {held.after}\nworse = {held.worse}\n"
        )
    for text in lessons.texts:
        parts.append(
            f"\n[[text]]\nkind = {_toml(text.kind.value)}\ndecided = {_toml(text.decided)}\n"
            f"posts = {_toml(list(text.posts))}\nwords = {_toml(sorted(text.words))}\n"
        )
    for one in lessons.shared:
        words = ", ".join(f"{_toml(word)} = {weight}" for word, weight in one.words.items())
        parts.append(
            f"\n[[shared]]\nkind = {_toml(one.kind.value)}\nproposed = {_toml(one.proposed)}\n"
            f"decided = {_toml(one.decided)}\ncorrections = {one.corrections}\nneeded = {one.needed}\n"
            f"words = {{ {words} }}\n"
        )
    path.write_text("".join(parts), encoding="utf-8")


def _toml(value: str | list[str]) -> str:
    """Strings and lists of them are written in TOML as in JSON."""
    return json.dumps(value, ensure_ascii=False)
