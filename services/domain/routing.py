"""回应主体: which body answers, which support, who coordinates, by 四(二) 属地管理、分级负责、谁主管谁负责."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from services.domain.assessment import DepartmentScore, Reason, Region
from services.domain.lessons import Taught
from services.domain.signals import Cue, Hit, Signals, cite
from services.domain.vocabulary import EventGrade, OpinionGrade

SHOWN = 4
_BEFORE = 8
_FROM = re.compile(r"(?:[从据]|来自)[^，。,！？!?；;：:\n]{0,6}$")
_LEARNT = re.compile(r"[^，。,！？!?；;：:\n]{0,6}?(?:获悉|了解到|得知|消息|通报|介绍|发布|公布)")


@dataclass(frozen=True, slots=True)
class Department:
    """A body of the responsibility table. `topics` and `words` say how strongly each speaks for its competence.

    `scenes` do so only where an event is graded: what befell the people (撞倒, 垮塌).
    `vertical` bodies are managed by `superior` (a name), whose office coordinates (四(二)).
    `division` is the six-digit code for a district or county, empty for a department of the city.
    """

    code: str
    name: str
    topics: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    scenes: Mapping[str, float] = field(default_factory=dict)
    bodies: tuple[str, ...] = ()
    vertical: bool = False
    superior: str = ""
    division: str = ""


@dataclass(frozen=True, slots=True)
class Offices:
    """The codes of the bodies with a part of their own in 四(二).

    `general` and `propaganda` coordinate. `fallback` gets what no word or topic speaks for; `rescue`, where there is
    one, leads an emergency that no clear word gives to another body.
    """

    general: str
    propaganda: str
    fallback: str
    rescue: str = ""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the words of the table are worth beside each other (内部规定).

    A word in the title counts `title` times, a body that is named `named`, each next word of a body `fading` of its
    weight. Bodies answer for their part from `several_share` of the best score on, at least `several_least`. In an
    emergency a word lighter than `clear` only says where (医院, 学生), and what befell the people counts `scene` times:
    it decides before whose trade the vehicle or place is.
    """

    title: float
    named: float
    fading: float
    several_share: float
    several_least: float
    clear: float
    scene: float


_Claim = tuple[float, Department, Hit | None]
"""How strongly a body is spoken for, and the word that does so most."""


class Routing(NamedTuple):
    """Who answers. `coordinators` are codes, or the name of a superior outside the table."""

    lead: str
    scores: tuple[DepartmentScore, ...]
    coordinators: tuple[str, ...]
    reasons: tuple[Reason, ...]


class Matter(NamedTuple):
    """What routing looks at: the topics by probability, the words and the text they are in, the places, the grades.

    `taught` answers what people's decisions say of the body that the table lets lead.
    """

    topics: Mapping[str, float]
    signals: Signals
    regions: Sequence[Region] = ()
    event_grade: EventGrade | None = None
    opinion_grade: OpinionGrade = OpinionGrade.IV
    text: str = ""
    taught: Callable[[str], Taught | None] = lambda _: None


class Directory:
    """The responsibility table, ready to be asked."""

    def __init__(self, departments: Sequence[Department], offices: Offices, weighing: Weighing) -> None:
        self.offices, self.weighing = offices, weighing
        self.departments = tuple(departments)
        self.by_code = {department.code: department for department in departments}
        city = [one for one in departments if not one.division]
        self._by_list = {f"{kind}:{one.code}": one.code for one in city for kind in ("duty", "body")}
        self._scenes = {f"scene:{one.code}": one.code for one in city if one.scenes}
        self._by_topic: dict[str, list[tuple[str, float]]] = {}
        for one in departments:
            for topic, weight in one.topics.items():
                self._by_topic.setdefault(topic, []).append((one.code, weight))
        self._districts = {one.division: one for one in departments if one.division}

    def cues(self) -> list[Cue]:
        """The words to look for on this table's behalf."""
        found, named = [], self.weighing.named
        for one in self.departments:
            found += [Cue(f"duty:{one.code}", word, weight) for word, weight in one.words.items()]
            found += [Cue(f"scene:{one.code}", word, weight) for word, weight in one.scenes.items()]
            found += [Cue(f"body:{one.code}", word, named) for word in dict.fromkeys((one.name, *one.bodies))]
        return found

    def route(self, matter: Matter) -> Routing:
        """Lead, supporting and coordinating bodies.

        1. Score each city department by topic, by its duties' words and by being named.
        2. The best leads; those close behind answer for their part. An emergency goes by what befell the people, and
           where no word tells, to the body for rescue: the topic knows everyday matters.
        3. The district concerned supports (属地管理); several districts each get their task.
        4. 四(二) says who coordinates.
        """
        ranked, taught = self._as_decided(self._ranked(matter), matter)
        lead, evidence = ranked[0][1], ranked[0][2]
        rule = f"主责:{lead.name}(谁主管谁负责)"
        untold = "突发事件" if matter.event_grade and lead.code == self.offices.rescue else "按主题"
        reasons = [cite(rule, evidence) if evidence else Reason(rule, untold)]
        if taught is not None:
            reasons = [taught.reason("主责", lead.name, matter.text)]
        enough = max(self.weighing.several_least, ranked[0][0] * self.weighing.several_share)
        several = [one for score, one, _ in ranked[1:] if score >= enough]
        places = [one for one in self._places(matter.regions) if one is not lead]
        parts = _Parts(lead, several, places)
        coordinators = _coordinate(self.offices, parts, matter, reasons)
        shown = [DepartmentScore(one.code, one.name, _squash(score)) for score, one, _ in ranked if score > 0]
        shown += [DepartmentScore(one.code, one.name, 0.5) for one in places]
        return Routing(lead.code, tuple(shown), coordinators, tuple(reasons))

    def _ranked(self, matter: Matter) -> list[_Claim]:
        """The few bodies that score highest, the best first."""
        scores: defaultdict[str, float] = defaultdict(float)
        best: dict[str, Hit] = {}
        for topic, probability in matter.topics.items():
            for code, weight in self._by_topic.get(topic, ()):
                scores[code] += probability * weight
        by_list, title_end = self._by_list, matter.signals.title_end
        if matter.event_grade:
            by_list = by_list | self._scenes
        for name, hits in matter.signals.hits.items():
            if name in by_list:
                code = by_list[name]
                if name.startswith("body:") and not (hits := [hit for hit in hits if not _tells(matter.text, hit)]):
                    continue
                gained, hit = _words_worth(hits, title_end, self.weighing)
                scores[code] += gained * self.weighing.scene if name in self._scenes else gained
                if code not in best or hit[3] > best[code][3]:
                    best[code] = hit
        # Sorting is stable: of equal scores the first code in the alphabet comes first.
        ranked = sorted(sorted(scores), key=scores.__getitem__, reverse=True)[:SHOWN]
        found = [(scores[code], self.by_code[code], best.get(code)) for code in ranked]
        if matter.event_grade and self.offices.rescue:
            found = self._told(found)
        return found or [(0.0, self.by_code[self.offices.fallback], None)]

    def _as_decided(self, ranked: list[_Claim], matter: Matter) -> tuple[list[_Claim], Taught | None]:
        """First whom people decided on, and without whom they overruled. A district leads only where it is named."""
        taught = matter.taught(ranked[0][1].code)
        body = self.by_code.get(taught.decided) if taught else None
        if body is None or (body.division and body not in self._places(matter.regions)):
            return ranked, None
        return [(ranked[0][0], body, None), *(one for one in ranked[1:] if one[1] is not body)], taught

    def _told(self, ranked: list[_Claim]) -> list[_Claim]:
        """The bodies of an emergency: first the one that a clear word speaks for, or the body for rescue."""
        clear = next((one for one in ranked if one[2] is not None and one[2].weight >= self.weighing.clear), None)
        if clear is None:
            clear = (ranked[0][0] if ranked else 0.0, self.by_code[self.offices.rescue], None)
        return [clear, *(one for one in ranked if one[1] is not clear[1])][:SHOWN]

    def _places(self, regions: Sequence[Region]) -> list[Department]:
        if not regions:
            return []
        codes = dict.fromkeys([region.code[:6] for region in regions])
        return [self._districts[code] for code in codes if code in self._districts]


def _tells(text: str, hit: Hit) -> bool:
    """Whether a body named here is but the source of the news (记者从宣传部获悉): that makes nobody answer."""
    start = max(0, hit.start - _BEFORE)
    return _FROM.search(text, start, hit.start) is not None and _LEARNT.match(text, hit.end) is not None


def _words_worth(hits: Sequence[Hit], title_end: int, weighing: Weighing) -> tuple[float, Hit]:
    """What the distinct words of a list are worth, the title counting more, and the strongest of them.

    Each next word counts less: many small words said by the way do not outweigh the matter itself. A word below zero
    takes back a part of itself, in full: it only says where (学校门口) or of what kind (加装电梯).
    """
    if len(hits) == 1:
        hit = hits[0]
        return hit[3] * (weighing.title if hit[2] <= title_end else 1.0), hit
    worth: dict[str, float] = {}
    for word, _, end, weight in hits:
        if end <= title_end:
            weight *= weighing.title
        worth[word] = max(weight, worth.get(word, weight))
    gained = 0.0
    for nth, weight in enumerate(sorted(worth.values(), reverse=True)):
        gained += weight * weighing.fading**nth if weight > 0 else weight
    return gained, min(hits, key=lambda hit: (-worth[hit[0]], hit[1]))


def _squash(score: float) -> float:
    return round(score / (score + 1.5), 4)


class _Parts(NamedTuple):
    """Who leads, who answers beside it, and in which districts."""

    lead: Department
    several: list[Department]
    places: list[Department]


def _coordinate(offices: Offices, parts: _Parts, matter: Matter, reasons: list[Reason]) -> tuple[str, ...]:
    """四(二): who coordinates, each rule with its reason."""
    bodies: list[str] = []
    lead, several, places = parts
    if lead.vertical:
        bodies += [lead.superior, offices.propaganda]
        reasons.append(Reason("协调:垂直管理", f"{lead.name}实行垂直管理,由{lead.superior}办公室会同宣传部门协调"))
    if several:
        bodies += [offices.general, offices.propaganda]
        names = "、".join(one.name for one in several)
        reasons.append(Reason("协调:涉及多个部门", f"{names}按职责分工回应,政府办公厅会同宣传部门协调"))
    if len(places) > 1:
        names = "、".join(one.name for one in places)
        reasons.append(Reason("主责:涉及多个地方", f"涉及{names},{lead.name}为第一责任主体,各地按属地回应"))
    elif places:
        reasons.append(Reason("协办:属地管理", places[0].name))
    if matter.event_grade is EventGrade.I or matter.opinion_grade is OpinionGrade.I:
        bodies += [offices.general, offices.propaganda]
        reasons.append(Reason("领导责任:特别重大", "特别重大:本级政府主要负责人负起领导责任"))
    return tuple(dict.fromkeys(bodies))
