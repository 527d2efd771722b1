"""演练: whether a text tells of an exercise, or only mentions one beside what really happened."""

from __future__ import annotations

from services.domain.patterns import late

_WORD = r"(?:演练|演习|推演|拉动)"
_COUNT = "[0-9一二两三半几数多]"
# An exercise that is the matter itself: somebody holds it, or it opens a scene.
_HELD = late(
    rf"(?:举行|举办|开展|组织|进行|启动|参加|参与|展开|实施|搞|做|观摩|集中)(?!过|了?[^，。！？\n]{{0,14}}{_WORD}(?:验收|考核|培训|过))"
    rf"[^，。！？!?\n]{{0,22}}{_WORD}(?!时[^，。]{{0,4}}(?:突|真|意外|发生))"
    rf"|{_WORD}(?:现场|场景|场上|科目|方案|脚本|侧记|纪实|掠影|模拟|假设|设定|设想|圆满|成功|顺利|正式|活动|[:：】])"
    rf"|{_WORD}中(?!突|真|意外|发生|失|坠)|(?:桌面|沙盘){_WORD}"
)
# What an exercise plays is said to be played.
_PLAYED = late(r"模拟|假设|假定|设定|设想|假想|情景构建")
_DRILL = late(_WORD)
# 演练 that is over, was no good or is denied belongs to the history of what really happened.
_OVER = late(
    r"曾|(?<!刚)刚(?!刚举|刚开始)|此前|之前|以前|上[周月次]|上个[月周]|去年|"
    rf"(?<!{_COUNT}){_COUNT}++(?:天|日|周|个?星期|个?月|年)(?:之)?前|"
    r"每[年月周季]|定期|多次|从未|没有?(?:搞|做|组织|进行|开展)|未(?:组织|进行|开展)|不是|并非|[昨前][天日晚]还"
)
_REAL = late(
    r"(?:演练|演习)(?:中|时|过程中|期间|现场)[^。，]{0,10}(?:意外|突发|失火|发生|坠|失控)|(?:组织|"
    r"开展|举行|搞|进行|做)过[^，。]{0,8}(?:演练|演习)|(?:不是|并非|绝非)(?:消防|应急)?(?:演练|演习)|真的?(?:着火|起火|失火|爆炸|出事|塌)|成真"
)
# 组织疏散演练，发生踩踏，造成12名学生死亡: what turned real is told right behind the exercise, with its dead.
TURNED = (
    r"(?![^。]{0,60}(?:模拟|假设|假定|设定|设想|假想|情景|情况|科目|“|案例|讲述|介绍|响应|扮演))"
    r"[^，。,！？!?\n：:]{0,16}(?:踩踏|爆炸|爆燃|[坍垮倒]塌|[起失着]火|坠落|泄漏|意外)[^，。,！？!?\n：:]{0,10}"
    r"[，,]?[^，。,！？!?\n：:]{0,10}(?:死亡|遇难|身亡|丧生|死了)"
)
_TURNED = late(rf"{_WORD}(?:时|中|期间)?[，,]{TURNED}")
_STAGED = late(r"参演|检验|锻炼|提[升高]|圆满|预案|以练|实战|观摩|桌面|沙盘|脚本")
# What calls itself invented, or to be continued, happened nowhere.
_STORY = late("纯属虚构|如有雷同|小说连载|番外篇")
_CONTINUED = "未完待续"
_REPORTED = late("记者|通报|确认|官方|警方|消防")
_CLAUSE = late(r"[^，。！？；,!?;\n]+")
_LEAD, _HEAD = 60, 400


def is_drill(title: str, text: str) -> bool:
    """True where the post as a whole tells of an exercise or a story, and nothing real happened in it."""
    if _is_story(title) or _is_story(text[: _LEAD * 10]):
        return True
    return _exercise(title, text) and not _turned(title, text)


def _is_story(words: str) -> bool:
    return _STORY.search(words) is not None or (_CONTINUED in words and _REPORTED.search(words) is None)


def turned_real(title: str, text: str) -> bool:
    """True where an exercise is followed by dead of its own and nothing says that they were played.

    Only a person can tell such a sentence from a careless report of an exercise: what is read here is provisional.
    """
    return _exercise(title, text) and _turned(title, text)


def _exercise(title: str, text: str) -> bool:
    head = title or text[:_LEAD]
    if _DRILL.search(head) is None or _REAL.search(title + "\n" + text[:_HEAD]) is not None:
        return False
    clauses = [c for c in _CLAUSE.findall(title + "\n" + text[: 2 * _LEAD]) if not _OVER.search(c)]
    if any(_PLAYED.search(c) for c in clauses):
        return True
    return _ends_in_drill(title) or any(_HELD.search(c) for c in clauses)


def _turned(title: str, text: str) -> bool:
    head = f"{title}\n{text[:_HEAD]}"
    played = _PLAYED.search(head) or _STAGED.search(head)
    return played is None and len(_DRILL.findall(text[:_HEAD])) <= 1 and _TURNED.search(head) is not None


def _ends_in_drill(title: str) -> bool:
    """A title that ends in the word names its subject (某地开展消防演练), unless that is over or denied."""
    last = _CLAUSE.findall(title)[-1:] if title else []
    return any(_DRILL.search(c, max(0, len(c) - 4)) and not _OVER.search(c) for c in last)
