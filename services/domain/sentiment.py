"""情感倾向, by words with negation: what the writer feels, not whether he is right."""

from __future__ import annotations

from operator import itemgetter

from services.domain.assessment import Reason
from services.domain.patterns import late
from services.domain.signals import Hit, Signals, cite, worth
from services.domain.stating import first
from services.domain.vocabulary import Sentiment

# 没有改善, 没有得到及时解决, 从来没见过改善; not 不断改善, 特别满意, 区别.
_DENIED = late(
    r"(?:(?<!不得)(?<!不能)不|没|无|未|(?<![特分区级个性类差])别|谈不上|算不上|称不上|毫无|缺乏|哪有|哪来的?)"
    r"(?:有|过|能够?|得到|得以|见到?|看到|感到|觉得|感觉|任何|丝毫|一点|半点|什么|太|很|够|是|会|怎么|及时|真正|彻底|明显|根本|实质性?|给予|予以|的)*$"
)
# 幸福家园, 幸福乡, 美丽岛小区: the word is a name and nobody's feeling.
_IN_A_NAME = late(
    r"[^\W的地得了而又和]{0,2}?(?:家园|家苑|小区|社区|公寓|花园|嘉园|佳苑|[乡镇村屯路街苑]|大道|胡同|里(?![面程])|城(?!市)|小学|中学|幼儿园|敬老院|养老院|号楼)"
)
_NAMING = frozenset({"幸福", "美丽", "进步", "优秀"})
_FAR = 16
HEARTY = 2
"""Who asks for something thanks beforehand (万分感谢): only words from this weight on praise beside a request."""
_BLAME = ("negative", "complaint", "trouble")
"""Who complains or tells of something broken is displeased, in however plain words."""
_WANTS = ("request", "complaint", "question", "suggestion", "trouble")
_BUT = late("但|可是|然而|不过(?!分)|美中不足")
"""Behind praise it leads to the matter: 这应该点赞。但现有3个问题."""
IRONIC = 2
"""From this weight on, what the post praises it means to blame."""
_NONE = Reason("情感", "没有明显倾向")


def read_sentiment(text: str, signals: Signals) -> tuple[Sentiment, float, Reason]:
    """The sentiment, its strength from 0 to 1, and the word that weighs most."""
    praise, reproach = _praise(text, signals)
    # Where hearty praise is left, what was wrong is over: 反映的不热当天就修好了,点赞.
    blame = _BLAME[:1] if any(hit.weight >= HEARTY for hit in praise) else _BLAME
    reproach += [hit for name in blame for hit in signals.of(name)]
    bad, good = worth(reproach), worth(praise)
    if abs(bad - good) < 1:
        return Sentiment.NEUTRAL, 0.0, _NONE
    chosen, kind = (reproach, Sentiment.NEGATIVE) if bad > good else (praise, Sentiment.POSITIVE)
    strength = abs(bad - good) / (bad + good + 2)
    return kind, round(strength, 3), cite("情感", max(chosen, key=_weight))


def _praise(text: str, signals: Signals) -> tuple[list[Hit], list[Hit]]:
    """The words of praise that are meant, and those that are a reproach: denied, or ironic."""
    said = signals.of("positive")
    if not _NAMING.isdisjoint([hit.word for hit in said]):
        said = [hit for one in said if (hit := first(text, one, _names)) is not None]
    if not said:
        return [], []
    sarcastic = ironic(signals)
    reproach = [hit for hit in said if sarcastic or _negated(text, hit)]
    praise = [hit for hit in said if hit not in reproach]
    if praise and signals.any(_WANTS) is not None:
        praise = [hit for hit in praise if hit.weight >= HEARTY and not _BUT.search(text, hit.end)]
    return praise, reproach


_weight = itemgetter(3)


def ironic(signals: Signals) -> bool:
    """True where the words of irony make the praise of a post a reproach (真是好政府, 呵呵)."""
    return signals.weight("irony") >= IRONIC


def _names(text: str, start: int, end: int) -> bool:
    return text[start:end] in _NAMING and _IN_A_NAME.match(text, end) is not None


def _negated(text: str, hit: Hit) -> bool:
    return _DENIED.search(text[max(0, hit.start - _FAR) : hit.start]) is not None
