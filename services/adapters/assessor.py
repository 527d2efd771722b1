"""研判: everything the machine can say about a batch of posts, with the reasons in the posts' own offsets."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from services.adapters.classifier import Prediction, TopicModel
from services.adapters.emergencies import EMERGENCY, GRAVE, HURT, OWN_DOORS, Emergencies, Emergency, Reading
from services.adapters.folding import Folder
from services.adapters.gravity import GravityModel
from services.adapters.lexicons import Lexicons, Span
from services.adapters.original import in_original
from services.adapters.segmenter import Segmenter
from services.domain.assessment import Assessment, Reason
from services.domain.casualties import CUES
from services.domain.correction import CorrectionKind
from services.domain.focus import must_be_major, propose_disposition, read_focus
from services.domain.lessons import Lessons, ideographic
from services.domain.opinion import ScoreCard, Situation, grade_opinion
from services.domain.post import Post
from services.domain.regions import Gazetteer, RegionReading
from services.domain.relevance import Whereabouts, judge_relevance
from services.domain.routing import Directory, Matter
from services.domain.sentiment import read_sentiment
from services.domain.severity import Grader
from services.domain.signals import Cue, Signals
from services.domain.stating import stated
from services.domain.threats import with_threats
from services.domain.vocabulary import Disposition
from services.domain.watches import Watch, watch_cues, watched

READ_LIMIT = 20_000
"""Characters of a post that are read: nobody's matter starts later, and one post may not hold up the others."""
BATCH = 128
"""Posts of a batch: what is reckoned for them stays in the processor's cache, and memory is not asked for anew."""
SOURCES = 10_000
"""Names of sources that are remembered as local or not; anybody who pushes may invent new ones."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the office may change: loaded from `config/` and handed in."""

    directory: Directory
    cues: Sequence[Cue]
    scorecard: ScoreCard
    watches: Sequence[Watch]
    gazetteer: Gazetteer
    grader: Grader
    lessons: Lessons = field(default_factory=Lessons)


class _Topics(NamedTuple):
    """The likeliest topic, and the probability of each: as it is reckoned with, and as it is shown."""

    first: str
    exact: dict[str, float]
    shown: dict[str, float]


class _Found(NamedTuple):
    """What the first steps made of one post; `word` speaks most for its topic. `words` are there if lessons are."""

    topics: _Topics
    word: str
    signals: Signals
    place: RegionReading
    emergency: Emergency
    words: frozenset[str]


class MachineAssessor:
    """Implements `ports.Assessor`. Keeps of posts only which sources are local; one instance serves one thread."""

    def __init__(self, rules: Rules, model: TopicModel, segmenter: Segmenter, gravity: GravityModel) -> None:
        self._rules, self._model, self._segmenter = rules, model, segmenter
        self._emergencies = Emergencies(rules.grader, gravity)
        self._folder = Folder()
        self._sources: dict[str, bool] = {}
        cues = [*rules.cues, *rules.directory.cues(), *watch_cues(rules.watches)]
        cues += [Cue(HURT, word) for word in CUES] + [Cue(EMERGENCY, word) for word in sorted(rules.grader.words)]
        self._lexicons = Lexicons(cues, rules.gazetteer.terms, (HURT, EMERGENCY))

    def assess(self, posts: Sequence[Post]) -> list[Assessment]:
        """One assessment per post, in order. CPU-bound: call it off the event loop."""
        found: list[Assessment] = []
        collecting = gc.isenabled()
        gc.disable()  # thousands of small tuples without cycles: looking through them costs a sixth of the time
        try:
            for start in range(0, len(posts), BATCH):
                found += self._assess_batch(posts[start : start + BATCH])
        finally:
            if collecting:
                gc.enable()
        return found

    def _assess_batch(self, posts: Sequence[Post]) -> list[Assessment]:
        """Step after step for all posts, not post after post: what a step looks up stays in the processor's cache."""
        readings = self._read(posts)
        prediction, torn, words = self._predict(readings)
        looked = self._look(readings, torn)
        signals = [one for one, _ in looked]
        divisions_of = self._rules.gazetteer.divisions_of
        places = [
            divisions_of(one.whole.text, names, self._at_home(one.post) if names else False)
            for one, (_, names) in zip(readings, looked, strict=True)
        ]
        emergencies = self._emergencies.read(readings, signals, places)
        found = map(_Found, self._topics(prediction), prediction.words, signals, places, emergencies, words)
        return list(map(self._assess_one, readings, found))

    def _read(self, posts: Sequence[Post]) -> list[Reading]:
        wholes = [f"{post.title}\n{post.text}" for post in posts]
        readings = []
        for post, whole, folded in zip(
            posts, wholes, self._folder.fold([whole[:READ_LIMIT] for whole in wholes]), strict=True
        ):
            title, _, text = folded.text.partition("\n")
            readings.append(Reading(post, folded, title, text, len(whole) > READ_LIMIT))
        return readings

    def _predict(self, readings: Sequence[Reading]) -> tuple[Prediction, bytes, list[frozenset[str]]]:
        """The topics, where pairs of characters are torn apart, and the words as the lessons know them."""
        words: Iterable[Sequence[str]] = (self._segmenter.words(reading.whole.text) for reading in readings)
        known = [frozenset[str]()] * len(readings)
        if self._rules.lessons:
            words = list(words)
            known = list(map(ideographic, words))
        numbers, torn = self._model.all_numbers(words)
        return self._model.predict([reading.whole.codes for reading in readings], numbers), torn, known

    def words(self, posts: Sequence[Post]) -> list[frozenset[str]]:
        """The words of each post as the lessons know them."""
        return [ideographic(self._segmenter.words(reading.whole.text)) for reading in self._read(posts)]

    def _look(self, readings: Sequence[Reading], torn: bytes) -> list[tuple[Signals, list[Span]]]:
        """The cues and names of each post; the words of all of them end as `torn` says."""
        found, start = [], 0
        for one in readings:
            end = start + len(one.whole.text)
            found.append(self._lexicons.find(one.whole.text, len(one.title), torn[start:end]))
            start = end
        return found

    def _topics(self, prediction: Prediction) -> list[_Topics]:
        labels, probabilities = self._model.labels, prediction.probabilities
        shown = np.round(probabilities.astype(np.float64), 4)
        return [
            _Topics(labels[best], dict(zip(labels, row, strict=True)), dict(zip(labels, short, strict=True)))
            for best, row, short in zip(
                probabilities.argmax(axis=1).tolist(), probabilities.tolist(), shown.tolist(), strict=True
            )
        ]

    def _at_home(self, post: Post) -> bool:
        """Whether it came by our own doors or from a source of ours, where our places need no city's name."""
        return post.origin in OWN_DOORS or self._local(post.source)

    def _local(self, source: str) -> bool:
        """Whether the source is a door of ours or bears the name of our city or a part of it (哈尔滨新闻网)."""
        known = self._sources.get(source)
        if known is None:
            name = source.encode("utf-8", "replace").decode("utf-8")  # without lone surrogates
            _, names = self._lexicons.find(name, 0)
            gazetteer = self._rules.gazetteer
            known = self._sources[source] = gazetteer.is_door(name) or gazetteer.divisions_of(name, names).home is True
            if len(self._sources) > SOURCES:
                self._sources = {source: known}
        return known

    def _assess_one(self, reading: Reading, found: _Found) -> Assessment:
        """Relevance; focus; opinion; bodies; reasons. The order follows what needs what: routing wants the grades."""
        rules, post, text = self._rules, reading.post, reading.whole.text
        topics, word, signals, place, (casualties, graded, other, aboard), words = found
        signals = with_threats(text, signals)
        grade = graded.grade
        where = Whereabouts(
            place.home, place.elsewhere, casualties.foreign, place.mentions, self._local(post.source), other, aboard,
            graded=grade is not None, grave=grade in GRAVE,
        )  # fmt: skip
        relevance = judge_relevance(text, post.origin, signals, where, rules.directory.weighing.clear)
        told = stated(reading.title, reading.text, text, signals)
        focus = read_focus(told, grade, text)
        dead, taught = casualties.casualties.deaths or 0, rules.lessons.taught
        disposition, why = propose_disposition(told, focus, grade, dead)
        if not must_be_major(grade, dead) and (said := taught(CorrectionKind.DISPOSITION, disposition, words)):
            disposition, why = Disposition(said.decided), said.reason("处置", Disposition(said.decided).label, text)
        sentiment, strength, feeling = read_sentiment(text, signals)
        watches, watching = watched(rules.watches, signals, post.collected_at)
        situation = Situation(post.source, post.origin, told, focus.focus, sentiment, strength, focus.emerging, grade)
        opinion, points = grade_opinion(rules.scorecard, situation)
        of_lead = partial(taught, CorrectionKind.DEPARTMENT, words=words)
        routing = rules.directory.route(Matter(topics.exact, signals, place.regions, grade, opinion, text, of_lead))
        reasons = [
            relevance.reason, _topic_reason(topics, word, text, rules.directory), *routing.reasons, *place.reasons,
            *casualties.reasons, *graded.reasons, *focus.reasons, why, feeling, *points, *watching,
        ]  # fmt: skip
        if reading.cut:
            reasons.append(Reason("字数上限", f"只研判前 {READ_LIMIT} 字"))
        return Assessment(
            relevant=relevance.relevant,
            topic=topics.first,
            topic_scores=topics.shown,
            lead_department=routing.lead,
            departments=routing.scores,
            supporting=routing.supporting,
            coordinators=routing.coordinators,
            regions=place.regions,
            event_grade=grade,
            provisional=graded.provisional or (focus.suspected_false and grade is not None),
            opinion_grade=opinion,
            focus=focus.focus,
            disposition=disposition,
            casualties=casualties.casualties,
            sentiment=sentiment,
            suspected_false=focus.suspected_false,
            emerging=focus.emerging,
            watches=watches,
            reasons=in_original(reasons, reading.whole),
            grade_grounds=graded.grounds,
        )


def _topic_reason(topics: _Topics, word: str, text: str, directory: Directory) -> Reason:
    """The topic; 把握不大 where it is too doubtful to tell who answers."""
    probability = topics.exact[topics.first]
    sure = "" if probability >= directory.weighing.sure_topic else ",把握不大"
    start = text.find(word) if word else -1
    rule = f"主题:{topics.first}"
    if start < 0:
        return Reason(rule, f"{probability:.0%}{sure}")
    return Reason(rule, f"{word} {probability:.0%}{sure}", start, start + len(word))
