"""回应主体: which body answers, which support, who coordinates, by 四(二) 属地管理、分级负责、谁主管谁负责."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from services.domain.assessment import DepartmentScore, Reason, Region
from services.domain.competence import Department, Offices, Weighing
from services.domain.lessons import Taught
from services.domain.signals import Cue, Hit, Signals, cite
from services.domain.territory import Home, Own, Territory, tells
from services.domain.vocabulary import EventGrade, OpinionGrade

SHOWN = 4


class _Claim(NamedTuple):
    """How strongly a body is spoken for, by words alone (`said`), and the word that does so most."""

    score: float
    body: Department
    hit: Hit | None = None
    said: float = 0.0


class Routing(NamedTuple):
    """Who answers. `supporting` are those of the rule, `scores` all that were spoken for and the districts.

    `coordinators` are codes, or the name of a superior outside the table. Neither holds the lead.
    """

    lead: str
    scores: tuple[DepartmentScore, ...]
    supporting: tuple[str, ...]
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

    def __init__(
        self, departments: Sequence[Department], offices: Offices, weighing: Weighing, home: Home | None = None
    ) -> None:
        self.offices, self.weighing = offices, weighing
        self.departments = tuple(departments)
        self.by_code = {department.code: department for department in departments}
        city = [one for one in departments if not one.division]
        self._by_list = {f"{kind}:{one.code}": one.code for one in city for kind in ("duty", "body")}
        self._scenes = {f"scene:{one.code}": one.code for one in city if one.scenes}
        self._by_list_and_scene = self._by_list | self._scenes
        self._named = {f"body:{one.code}" for one in city}
        self._by_topic: dict[str, list[tuple[str, float]]] = {}
        for one in departments:
            for topic, weight in one.topics.items():
                self._by_topic.setdefault(topic, []).append((one.code, weight))
        self._unscored = dict.fromkeys(sorted(self.by_code), 0.0)
        self._districts = {one.division: one for one in departments if one.division}
        named = {code: (one.name, one.bodies) for code, one in self._districts.items()}
        self.home = home or Home()
        self._territory = Territory(named, self.home)
        self._fallback = self.by_code[offices.fallback]
        self._basis = f" · {offices.basis}" if offices.basis else ""

    def cues(self) -> list[Cue]:
        """The words to look for on this table's behalf."""
        found, named = list(self._territory.cues()), self.weighing.named
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
        3. A district leads where the text complains of it first of all, or names its bodies and nobody else is told.
           Else the districts concerned support (属地管理); several districts each get their task.
        4. Where neither a word nor a sure topic tells who answers, the office of `fallback` has it.
        5. Whom people decided on leads, without whom they overruled.
        6. 四(二) says who coordinates.
        """
        places = self._places(matter.regions)
        ranked = self._ranked(matter)
        proposed, why = self._first(matter, ranked, places)
        first, reason = self._decided(proposed, matter, places) or (proposed, why)
        lead, reasons = first.body, [reason]
        others = [one for one in ranked if one.body is not lead and one.body is not proposed.body]
        places = [one for one in places if one is not lead]
        enough = max(self.weighing.several_least, first.score * self.weighing.several_share)
        several = [one for one in others if one.score >= enough]
        coordinators = _coordinate(self.offices, _Parts(lead, several, places), matter, reasons)
        scored = [one for one in (first, *others) if one.score > 0]
        shown = [DepartmentScore(one.body.code, one.body.name, _squash(one.score)) for one in scored]
        shown += [DepartmentScore(one.code, one.name, 0.5) for one in places]
        supporting = tuple([one.code for one in (*(claim.body for claim in several), *places)])
        return Routing(lead.code, tuple(shown), supporting, coordinators, tuple(reasons))

    def _first(self, matter: Matter, ranked: Sequence[_Claim], places: Sequence[Department]) -> tuple[_Claim, Reason]:
        """Who leads, and the rule by which it does."""
        best = ranked[0] if ranked else _Claim(0.0, self._fallback)
        topic, probability = max(
            ((topic, matter.topics.get(topic, 0.0)) for topic in best.body.topics), key=itemgetter(1), default=("", 0.0)
        )
        if matter.event_grade and ranked:
            rescued = best.body.code == self.offices.rescue
            return best, self._competent(best, "突发事件" if rescued else f"按主题“{topic}”")
        told = best.said >= self.weighing.told or probability >= self.weighing.sure_topic
        own = self._territory.own(matter.text, matter.signals, [one.division for one in places])
        if own and (not told or self._outweighs(own, best)):
            return self._of_the_district(own)
        if told:
            return best, self._competent(best, f"按主题“{topic}”{probability:.0%}")
        rule = f"主责:{self._fallback.name}(未指明主管部门) · 内部规定"
        return _Claim(0.0, self._fallback), Reason(rule, "文中没有词说明归谁管,主题把握不大,由值班员核定")

    def _outweighs(self, own: Own, best: _Claim) -> bool:
        """Whether a complaint of a district comes before the department's own word, or weighs more."""
        before = own.hit.start < self.home.head and (best.hit is None or own.hit.start < best.hit.start)
        return own.blamed and (before or best.score < self.home.blamed)

    def _competent(self, claim: _Claim, untold: str) -> Reason:
        rule = f"主责:{claim.body.name}(谁主管谁负责){self._basis}"
        return cite(rule, claim.hit) if claim.hit else Reason(rule, untold)

    def _of_the_district(self, own: Own) -> tuple[_Claim, Reason]:
        district = self._districts[own.code]
        rule = f"主责:{district.name}(属地管理、分级负责){self._basis}"
        why = f"反映的是{own.hit.word}本身" if own.blamed else f"文中点名{own.hit.word},没有词说明归哪个部门管"
        return _Claim(self.home.blamed, district, own.hit), cite(rule, own.hit, why)

    def _ranked(self, matter: Matter) -> list[_Claim]:
        """The few bodies that score highest, the best first."""
        scores = self._unscored.copy()
        said: dict[str, float] = {}
        best: dict[str, Hit] = {}
        for topic, probability in matter.topics.items():
            for code, weight in self._by_topic.get(topic, ()):
                scores[code] += probability * weight
        by_list, title_end = self._by_list, matter.signals.title_end
        if matter.event_grade:
            by_list = self._by_list_and_scene
        for name, hits in matter.signals.hits.items():
            if name in by_list:
                code = by_list[name]
                if name in self._named and not (hits := [one for one in hits if not tells(matter.text, one)]):
                    continue
                gained, hit = _words_worth(hits, title_end, self.weighing)
                if name in self._scenes:
                    gained *= self.weighing.scene
                scores[code] += gained
                said[code] = said.get(code, 0.0) + gained
                if code not in best or hit[3] > best[code][3]:
                    best[code] = hit
        # Sorting is stable: of equal scores the first code in the alphabet comes first.
        ranked = sorted(scores, key=scores.__getitem__, reverse=True)[:SHOWN]
        found = [
            _Claim(scores[code], self.by_code[code], best.get(code), said.get(code, 0.0))
            for code in ranked
            if scores[code] > 0
        ]
        return self._told(found) if matter.event_grade and self.offices.rescue else found

    def _decided(self, first: _Claim, matter: Matter, places: Sequence[Department]) -> tuple[_Claim, Reason] | None:
        """Whom people decided on instead. A district leads only where it is named."""
        taught = matter.taught(first.body.code)
        body = self.by_code.get(taught.decided) if taught else None
        if taught is None or body is None or (body.division and body not in places):
            return None
        return _Claim(first.score, body), taught.reason("主责", body.name, matter.text)

    def _told(self, ranked: list[_Claim]) -> list[_Claim]:
        """The bodies of an emergency: first the one that a clear word speaks for, or the body for rescue."""
        clear = next((one for one in ranked if one.hit is not None and one.hit.weight >= self.weighing.clear), None)
        if clear is None:
            clear = _Claim(ranked[0].score if ranked else 0.0, self.by_code[self.offices.rescue])
        return [clear, *(one for one in ranked if one.body is not clear.body)][:SHOWN]

    def _places(self, regions: Sequence[Region]) -> list[Department]:
        if not regions:
            return []
        codes = dict.fromkeys([region.code[:6] for region in regions])
        return [self._districts[code] for code in codes if code in self._districts]


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
    """Who leads, who answers beside it and by which word, and in which districts."""

    lead: Department
    several: list[_Claim]
    places: list[Department]


def _coordinate(offices: Offices, parts: _Parts, matter: Matter, reasons: list[Reason]) -> tuple[str, ...]:
    """四(二): who coordinates, each rule with its reason."""
    bodies: list[str] = []
    lead, several, places = parts
    basis = f" · {offices.basis}" if offices.basis else ""
    if lead.vertical:
        bodies += [lead.superior, offices.propaganda]
        said = f"{lead.name}实行垂直管理,由{lead.superior}办公室会同宣传部门协调"
        reasons.append(Reason(f"协调:垂直管理{basis}", said))
    if several:
        bodies += [offices.general, offices.propaganda]
        names = "、".join(one.body.name for one in several)
        said = f"{names}按职责分工回应,政府办公厅会同宣传部门协调"
        word = next((one.hit for one in several if one.hit), None)
        reasons.append(cite(f"协办:涉及多个部门{basis}", word, said))
    if len(places) > 1:
        names = "、".join(one.name for one in places)
        said = f"{lead.name}为第一责任主体,{names}按属地回应"
        reasons.append(Reason(f"协办:涉及多个地方{basis}", said))
    elif places:
        reasons.append(Reason(f"协办:属地管理{basis}", places[0].name))
    if matter.event_grade is EventGrade.I or matter.opinion_grade is OpinionGrade.I:
        bodies += [offices.general, offices.propaganda]
        reasons.append(Reason(f"领导责任:特别重大{basis}", "本级政府主要负责人负起领导责任"))
    return tuple([code for code in dict.fromkeys(bodies) if code != lead.code])
