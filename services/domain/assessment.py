"""研判: what the machine proposes about a post, and why. A person decides."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.domain.vocabulary import Disposition, EventGrade, Focus, OpinionGrade, Sentiment


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that spoke, and the span of the text it rests on.

    `start` and `end` are character offsets into `title + "\\n" + text` of the post as stored (end exclusive);
    both are -1 where the reason rests on no single span (a score, a default).
    """

    rule: str
    evidence: str
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class DepartmentScore:
    code: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Region:
    """A division: six-digit code (nine for a street) and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Casualties:
    """Numbers as stated. `None` = not stated, 0 = stated as none (无人员伤亡).

    `injuries` counts all the injured, the serious ones among them. `direct_loss_yuan` is in yuan.
    `bounds` maps a field name to "at_least" (余, 以上, 至少, 多) or "about" (近, 约) or "at_most" (以下, 不到).
    """

    deaths: int | None = None
    missing: int | None = None
    serious_injuries: int | None = None
    injuries: int | None = None
    direct_loss_yuan: int | None = None
    evacuated: int | None = None
    bounds: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole proposal for one post. Every field is answered for every post.

    `event_grade` is None where the post tells of no gradable emergency. `provisional` is true where the grade rests
    on numbers that are still unknown (待核实). `lead_department` and `departments` use the codes of
    `config/departments.toml`; `coordinators` are the bodies that coordinate by 四(二).
    `place` and `subject` are the machine's names for where and what, used to group posts of the same matter.
    """

    relevant: bool
    topic: str
    topic_scores: dict[str, float]
    lead_department: str
    departments: tuple[DepartmentScore, ...] = ()
    coordinators: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    event_grade: EventGrade | None = None
    provisional: bool = False
    opinion_grade: OpinionGrade = OpinionGrade.IV
    focus: tuple[Focus, ...] = ()
    disposition: Disposition = Disposition.DIFFICULTY
    casualties: Casualties = field(default_factory=Casualties)
    sentiment: Sentiment = Sentiment.NEUTRAL
    suspected_false: bool = False
    emerging: bool = False
    watches: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
