"""突发事件: the casualties and the event grade of a batch of posts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from services.adapters.folding import Folded
from services.adapters.gravity import GravityModel
from services.domain.assessment import Casualties
from services.domain.casualties import CasualtyReading, read_casualties
from services.domain.casualties.drills import is_drill
from services.domain.casualties.scenes import Scenes
from services.domain.post import Post
from services.domain.regions import Mention as Place
from services.domain.regions import RegionReading
from services.domain.relevance import HOME_ORIGINS
from services.domain.severity import Grader, GradeReading, harmed
from services.domain.severity.suspicion import calmed, suspected
from services.domain.signals import Signals
from services.domain.vocabulary import EventGrade
from services.domain.zone import SHANGHAI

OWN_DOORS = HOME_ORIGINS - {"drill"}
"""Where people of ours write. A drill plays what it says, wherever it says so."""

GRAVE = (EventGrade.I, EventGrade.II)
HURT, EMERGENCY = "casualties", "severity"
"""Lists of the words without which the rules read neither casualties nor a grade: most posts have none."""


class Reading(NamedTuple):
    """One post, folded."""

    post: Post
    whole: Folded
    title: str
    text: str
    cut: bool


class Emergency(NamedTuple):
    """`elsewhere` is another place that the text passes on news of, our city being only the one that speaks or acts.

    `aboard`: a vehicle from or to our city had the accident.
    """

    casualties: CasualtyReading
    graded: GradeReading
    elsewhere: Place | None = None
    aboard: bool = False


NOTHING = Emergency(CasualtyReading(Casualties()), GradeReading())


class Emergencies:
    """Reads with one grader and one model of grave wording."""

    def __init__(self, grader: Grader, gravity: GravityModel) -> None:
        self._grader, self._gravity = grader, gravity

    def read(
        self, readings: Sequence[Reading], signals: Sequence[Signals], places: Sequence[RegionReading]
    ) -> list[Emergency]:
        """Casualties and event grade, read where a word of theirs is there or the wording as a whole sounds grave."""
        scores = self._gravity.scores([reading.whole.text for reading in readings])
        return list(map(self._read_one, readings, signals, places, scores))

    def _read_one(self, reading: Reading, signals: Signals, place: RegionReading, score: float) -> Emergency:
        """`score` says how grave the wording is; no grade for an event abroad."""
        hurt, emergency = signals.of(HURT), signals.of(EMERGENCY)
        if not hurt and not emergency and not self._gravity.grave(score):
            return NOTHING
        casualties, grade, *_ = NOTHING
        on = (reading.post.published_at or reading.post.collected_at).astimezone(SHANGHAI).date()
        if hurt:
            present = [hit.word for hit in hurt]
            casualties = read_casualties(reading.title, reading.text, on, place.mentions, present)
        counted, endangered = casualties.casualties, casualties.endangered
        if emergency or casualties.in_danger or harmed(counted):
            words = {hit.word for hit in emergency}
            grade = self._grader.grade(reading.title, reading.text, casualties, words, on)
            grade = grade.proposed(place.home)
        span = self._gravity.suspects(reading.whole.text, score)
        all_out = casualties.rest is not None and not casualties.rest.value
        if span is not None and not all_out and not is_drill(reading.title, reading.text):
            grade = suspected(grade, counted, reading.whole.text, span)
        elif endangered is not None and score < self._gravity.calm:
            grade = calmed(grade, reading.whole.text)
        ours = place.home or reading.post.origin in OWN_DOORS
        if not ours or (casualties.place is None and grade.grade is None):
            return Emergency(casualties, grade)
        scenes = casualties.scenes or Scenes(reading.whole.text, place.mentions)
        grade = grade.beside(casualties, scenes, place.home)
        other = casualties.place or grade.elsewhere
        passed_on = other is not None and scenes.passed_on()
        return Emergency(casualties, grade, other if passed_on else None, scenes.aboard)
