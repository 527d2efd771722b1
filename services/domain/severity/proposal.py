"""What is proposed: a grade, how sure it is, and whether the event is one of our city at all."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.domain.assessment import Reason
from services.domain.casualties import CasualtyReading
from services.domain.casualties.scenes import Scenes
from services.domain.regions.names import Mention as Place
from services.domain.vocabulary import EventGrade

_ELSEWHERE = "事件等级:他地事件,不提等级"


@dataclass(frozen=True, slots=True)
class GradeReading:
    """The proposed grade: None where no emergency is told of; `provisional` where deciding numbers are unknown.

    `grounds` are the fields of `Casualties` that each rule of that grade counts; a rule that counts none is left out.
    `at` is where the text is asked whose event it is.
    """

    grade: EventGrade | None = None
    provisional: bool = False
    field: str = ""
    reasons: tuple[Reason, ...] = ()
    grounds: tuple[tuple[str, ...], ...] = ()
    elsewhere: Place | None = None
    abroad: Reason | None = None
    at: int = -1

    def proposed(self, home: bool | None) -> GradeReading:
        """What to propose: no grade for an event in another country, unless `home`: our city is named in it."""
        return self if self.abroad is None or home else GradeReading(reasons=(self.abroad,), abroad=self.abroad)

    def beside(self, casualties: CasualtyReading, scenes: Scenes, home: bool | None) -> GradeReading:
        """What to propose of a text by where its `scenes` set the event; `home`: our city is named in it.

        None for an event of another place. Where no place is named but ours as the one that speaks, and where ours is
        not named at all in what came by our own doors, the grade is provisional: a person says whose it is.
        """
        if self.grade is None:
            return self
        place = scenes.of(self.at)[1] if not casualties.counted else casualties.place
        if place is None:
            return replace(self, provisional=True) if home and scenes.doubtful(self.at) else self
        if not home:
            return replace(self, provisional=True)
        return GradeReading(reasons=(Reason(_ELSEWHERE, place.name, place.start, place.end),), elsewhere=place)
