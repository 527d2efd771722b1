"""The people of the office, a night to play in, and short words for what they do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from config.policy import load_policy
from services.domain import incident as office
from services.domain.assessment import Assessment, Casualties
from services.domain.incident import MACHINE, Actor, Evidence, Incident, Moment
from services.domain.ledger import Entry
from services.domain.policy import Duty
from services.domain.post import Post
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade, Level, OpinionGrade, PublicationForm, Role

START = datetime(2017, 10, 1, 14, 0, tzinfo=UTC)  # 22:00 in Harbin, a Sunday and the National Day
RULES = load_policy().rules

OFFICER = Actor("duty1", Role.DUTY_OFFICER)
COLLEAGUE = Actor("duty2", Role.DUTY_OFFICER)
LEADER = Actor("leader1", Role.DUTY_LEADER)
PRESS = Actor("press1", Role.PRESS_OFFICE)
MAYOR = Actor("mayor1", Role.PRINCIPAL_LEADER)
RESCUE = Actor("yjgl", Role.DEPARTMENT, "YJGL")
HEALTH = Actor("wjw", Role.DEPARTMENT, "WJW")
OPEN_GOVERNMENT = Actor("zwgk1", Role.OPEN_GOVERNMENT)
AUDITOR = Actor("audit1", Role.AUDITOR)


@dataclass
class Names:
    """A roster as a table. Departments are reached at their code in lower case, unless they are out."""

    table: dict[Level, tuple[str, ...]] = field(
        default_factory=lambda: {
            Level.DUTY_OFFICER: ("duty1", "duty2"),
            Level.DUTY_LEADER: ("leader1",),
            Level.PRESS_OFFICE: ("press1",),
            Level.LEADER_IN_CHARGE: ("vice1",),
            Level.PRINCIPAL_LEADER: ("mayor1",),
        }
    )
    out: tuple[str, ...] = ()

    def people(self, level: Level, now: datetime, department: str = "") -> tuple[str, ...]:
        if level is Level.DEPARTMENT:
            return (department.lower(),) if department and department not in self.out else ()
        return self.table.get(level, ())


def hours(value: float) -> timedelta:
    return timedelta(hours=value)


def minutes(value: float) -> timedelta:
    return timedelta(minutes=value)


def post(name: str = "p1", at: datetime = START, **more: Any) -> Post:
    return Post(name, "北方晚报", f"道外区一处仓库有情况（{name}）", "市民在现场看到浓烟。", at, **more)


def says(
    event: EventGrade | None = None,
    opinion: OpinionGrade = OpinionGrade.IV,
    provisional: bool = False,
    grounds: tuple[tuple[str, ...], ...] | None = (),
    **numbers: Any,
) -> Assessment:
    """What the machine makes of a post."""
    return Assessment(
        True, "城乡建设", {}, "YJGL", event_grade=event, opinion_grade=opinion, provisional=provisional,
        casualties=Casualties(**numbers), grade_grounds=grounds,
    )  # fmt: skip


@dataclass
class Matter:
    """One incident and the clock on the wall. Every step says when it is done, counted from the start."""

    incident: Incident
    roster: Names
    now: datetime = START

    def moment(self, actor: Actor = MACHINE) -> Moment:
        return Moment(self.now, self.roster, actor)

    def wait_until(self, after: timedelta) -> Matter:
        """Time passes, with a sweep at every moment at which something becomes due, as in service."""
        end = START + after
        while (due := office.next_due_at(self.incident)) and due <= end:
            self.now = max(due, self.now)
            office.strike(self.incident, self.moment())
        self.now = end
        return self

    def jump_to(self, after: timedelta) -> Matter:
        """Time passes with the system standing still: nobody looks until the end."""
        self.now = START + after
        office.strike(self.incident, self.moment())
        return self

    def do(self, act: Any, actor: Actor, *given: Any) -> None:
        act(self.incident, self.moment(actor), *given)

    def confirm(self, grade: EventGrade | None, reason: str = "", actor: Actor = OFFICER) -> None:
        self.do(office.confirm_grade, actor, grade, None, reason)

    def publish(
        self, at: timedelta | None = None, form: PublicationForm = PublicationForm.STATEMENT, actor: Actor = PRESS
    ) -> None:
        published_at = None if at is None else START + at
        self.do(
            office.publish, actor, Evidence(form, "政府网站", "https://example.gov.cn/1", published_at=published_at)
        )

    def hear(self, assessment: Assessment, name: str = "p2", **more: Any) -> None:
        office.attach(self.incident, post(name, self.now, **more), assessment, self.moment())

    def entries(self, *kinds: EntryKind) -> list[Entry]:
        return [e for e in self.incident.changes if not kinds or e.kind in kinds]

    def told(self, since: int = 0) -> list[str]:
        """Who was told, in order, as level names."""
        return [e.data["level"] for e in self.entries(EntryKind.LEVEL_ALERTED) if e.seq > since]

    def duty(self, kind: DutyKind) -> Duty:
        """The latest duty of this kind."""
        return [d for d in self.incident.duties if d.kind is kind][-1]

    def about(self, kind: EntryKind, duty: DutyKind) -> list[Entry]:
        return [e for e in self.entries(kind) if e.data["duty"] == duty.value]

    def running(self) -> set[DutyKind]:
        return {d.kind for d in self.incident.owed()}


def reported(assessment: Assessment | None = None, roster: Names | None = None, **more: Any) -> Matter:
    """A matter reported at START."""
    names = roster or Names()
    moment = Moment(START, names)
    return Matter(office.report(post(**more), assessment or says(), RULES, moment), names)


def handled(assessment: Assessment | None = None, departments: Sequence[str] = ("YJGL",)) -> Matter:
    """Acknowledged at once, assigned, accepted: nothing internal is running."""
    matter = reported(assessment)
    matter.do(office.acknowledge, OFFICER)
    matter.do(office.assign, OFFICER, departments[0], departments[1:])
    for code in departments:
        matter.do(office.accept, Actor(code.lower(), Role.DEPARTMENT, code))
    return matter


def without(level: Level, *more: Level) -> Names:
    """Nobody stands on these rungs."""
    return Names({k: v for k, v in Names().table.items() if k not in (level, *more)})
