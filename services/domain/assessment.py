"""研判: what the machine proposes about a post, and why. A person decides.

These are values: `Final` keeps them from being changed, checked before the program runs. A post has some thirty of
them, and one that is frozen while it runs takes four times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from services.domain.vocabulary import Disposition, EventGrade, Focus, OpinionGrade, Sentiment


@dataclass(slots=True, unsafe_hash=True)
class Reason:
    """A rule that spoke, and the span of the text it rests on.

    `start` and `end` are character offsets into `title + "\\n" + text` of the post as stored (end exclusive);
    both are -1 where the reason rests on no single span (a score, a default).
    """

    rule: Final[str]
    evidence: Final[str]
    start: Final[int] = -1
    end: Final[int] = -1


@dataclass(slots=True, unsafe_hash=True)
class DepartmentScore:
    code: Final[str]
    name: Final[str]
    score: Final[float]


@dataclass(slots=True, unsafe_hash=True)
class Region:
    """A division: six-digit code (nine for a street) and name."""

    code: Final[str]
    name: Final[str]


@dataclass(slots=True, unsafe_hash=True)
class Casualties:
    """Numbers as stated. `None` = not stated, 0 = stated as none (无人员伤亡).

    `injuries` counts all the injured, the serious ones among them. `direct_loss_yuan` is in yuan.
    `bounds` maps a field name to "at_least" (余, 以上, 至少, 多) or "about" (近, 约) or "at_most" (以下, 不到).
    """

    deaths: Final[int | None] = None
    missing: Final[int | None] = None
    serious_injuries: Final[int | None] = None
    injuries: Final[int | None] = None
    direct_loss_yuan: Final[int | None] = None
    evacuated: Final[int | None] = None
    bounds: Final[dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True, unsafe_hash=True)
class Assessment:
    """The whole proposal for one post. Every field is answered for every post.

    `event_grade` is None where the post tells of no gradable emergency. `provisional` is true where the grade rests
    on numbers that are still unknown (待核实). `lead_department` and `departments` use the codes of
    `config/departments.toml`; `departments` are all that were spoken for and how strongly, `supporting` those that
    support by 四(二), `coordinators` the bodies that coordinate by it.
    `grade_grounds` are the fields of `casualties` that each rule of the event grade counts; None in messages of
    before they were told.
    `place` and `subject` are the machine's names for where and what, used to group posts of the same matter.
    """

    relevant: Final[bool]
    topic: Final[str]
    topic_scores: Final[dict[str, float]]
    lead_department: Final[str]
    departments: Final[tuple[DepartmentScore, ...]] = ()
    coordinators: Final[tuple[str, ...]] = ()
    regions: Final[tuple[Region, ...]] = ()
    event_grade: Final[EventGrade | None] = None
    provisional: Final[bool] = False
    opinion_grade: Final[OpinionGrade] = OpinionGrade.IV
    focus: Final[tuple[Focus, ...]] = ()
    disposition: Final[Disposition] = Disposition.DIFFICULTY
    casualties: Final[Casualties] = field(default_factory=Casualties)
    sentiment: Final[Sentiment] = Sentiment.NEUTRAL
    suspected_false: Final[bool] = False
    emerging: Final[bool] = False
    watches: Final[tuple[str, ...]] = ()
    reasons: Final[tuple[Reason, ...]] = ()
    grade_grounds: Final[tuple[tuple[str, ...], ...] | None] = None
    supporting: Final[tuple[str, ...]] = ()
