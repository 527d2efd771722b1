"""Random people do random things at random times: what must hold whatever they do."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.domain import incident as office
from services.domain.incident import Actor, Evidence, Incident, Moment, Refused
from services.domain.incident.statutory import answers
from services.domain.policy import statutory_duties
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EntryKind,
    EventGrade,
    Level,
    OpinionGrade,
    PublicationForm,
    Role,
)
from tests.domain.incident.cast import COLLEAGUE, LEADER, OFFICER, PRESS, RULES, START, Names, post, says, without

CODES = ("YJGL", "WJW", "ZJJ")
PEOPLE = (OFFICER, COLLEAGUE, LEADER, PRESS, *(Actor(code.lower(), Role.DEPARTMENT, code) for code in CODES))
ROSTERS = (Names(), without(Level.DUTY_OFFICER), Names({}), Names(out=("WJW",)), without(Level.PRESS_OFFICE))
GRADES = st.sampled_from([None, *EventGrade])
REASONS = st.sampled_from(["", "已核实", "已核实"])
BACK = st.integers(-60, 60 * 30).map(lambda m: timedelta(minutes=m))
ASSESSMENTS = st.builds(
    says,
    GRADES,
    st.sampled_from(list(OpinionGrade)),
    st.booleans(),
    deaths=st.sampled_from([None, 0, 1, 3, 10, 30, 31]),
)
CLOSING = {EntryKind.DUTY_MET, EntryKind.DUTY_MISSED, EntryKind.DUTY_WITHDRAWN, EntryKind.DUTY_EXEMPTED}

Step = Callable[[Incident, Moment], None]


def evidence(form: PublicationForm, moment: Moment, back: timedelta) -> Evidence:
    return Evidence(form, "政府网站", "https://www.example.gov.cn/1", published_at=moment.now - back)


ACTS: st.SearchStrategy[Step] = st.one_of(
    st.just(office.acknowledge),
    st.just(office.accept),
    st.builds(lambda r: lambda i, m: office.give_back(i, m, r), REASONS),
    st.builds(
        lambda g, o, r: lambda i, m: office.confirm_grade(i, m, g, o, r),
        GRADES, st.sampled_from([None, *OpinionGrade]), REASONS,
    ),
    st.builds(
        lambda lead, others: lambda i, m: office.assign(i, m, lead, others),
        st.sampled_from(CODES), st.lists(st.sampled_from(CODES), max_size=2),
    ),
    st.builds(lambda to, r: lambda i, m: office.transfer_lead(i, m, to, r), st.sampled_from(CODES), REASONS),
    st.builds(
        lambda form, back: lambda i, m: office.publish(i, m, evidence(form, m, back)),
        st.sampled_from([PublicationForm.STATEMENT, PublicationForm.PRESS_CONFERENCE]), BACK,
    ),
    st.builds(lambda r: lambda i, m: office.nothing_new(i, m, r), REASONS),
    st.builds(lambda r: lambda i, m: office.consult(i, m, CODES, r), REASONS),
    st.just(office.remind),
    st.builds(lambda lv, r: lambda i, m: office.escalate(i, m, lv, r), st.sampled_from(list(Level)), REASONS),
    st.builds(lambda back, r: lambda i, m: office.extend_start(i, m, i.started_at - back, r), BACK, REASONS),
    st.builds(
        lambda kind, r: lambda i, m: office.exempt(i, m, kind, r, "张局长"), st.sampled_from(list(DutyKind)), REASONS
    ),
    st.builds(lambda d: lambda i, m: office.resolve(i, m, d, {}), st.sampled_from([None, *Disposition])),
    st.just(lambda i, m: office.evaluate(i, m, {})),
    st.builds(lambda r: lambda i, m: office.reopen(i, m, r), REASONS),
    st.builds(lambda r: lambda i, m: office.dismiss(i, m, r), REASONS),
)  # fmt: skip


class Office(RuleBasedStateMachine):
    """Up to three matters and one clock on the wall."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.roster = Names()
        self.matters: list[Incident] = []
        self.posts = 0

    def moment(self, actor: Actor = office.MACHINE) -> Moment:
        return Moment(self.now, self.roster, actor)

    def carrying(self, number: int) -> Incident:
        incident = self.matters[number % len(self.matters)]
        while incident.merged_into:
            incident = next(i for i in self.matters if i.id == incident.merged_into)
        return incident

    @initialize(assessment=ASSESSMENTS)
    def the_first(self, assessment: Any) -> None:
        self.matters.append(office.report(post("first", self.now), assessment, RULES, self.moment()))

    @rule(assessment=ASSESSMENTS, backfill=st.booleans(), late=BACK)
    def another(self, assessment: Any, backfill: bool, late: timedelta) -> None:
        if len(self.matters) < 3:
            new = post(f"m{len(self.matters)}", self.now - abs(late), backfill=backfill)
            self.matters.append(office.report(new, assessment, RULES, self.moment()))

    @rule(minutes=st.one_of(st.integers(0, 40), st.integers(0, 3000)), sweep=st.booleans())
    def time_passes(self, minutes: int, sweep: bool) -> None:
        end = self.now + timedelta(minutes=minutes)
        for incident in self.matters if sweep else ():
            while (due := office.next_due_at(incident)) and due <= end:
                office.strike(incident, Moment(max(due, self.now), self.roster))
        self.now = end

    @rule(roster=st.sampled_from(ROSTERS))
    def the_roster_changes(self, roster: Names) -> None:
        self.roster = roster

    @rule(number=st.integers(0, 2), assessment=ASSESSMENTS, backfill=st.sampled_from([False, False, True]), late=BACK)
    def a_post_joins(self, number: int, assessment: Any, backfill: bool, late: timedelta) -> None:
        self.posts += 1
        new = post(f"p{self.posts}", self.now - max(late, timedelta()), backfill=backfill)
        incident = self.carrying(number)
        since = incident.seq
        office.attach(incident, new, assessment, self.moment())
        self.caught_up(incident, since)

    @rule(number=st.integers(0, 2), act=ACTS, actor=st.sampled_from(PEOPLE))
    def somebody_acts(self, number: int, act: Step, actor: Actor) -> None:
        incident = self.matters[number % len(self.matters)]
        untouched = copy.deepcopy(incident)
        try:
            act(incident, self.moment(actor))
        except Refused:
            for one in (incident, untouched):
                office.strike(one, self.moment())
            assert incident == untouched
        self.caught_up(incident, untouched.seq)

    @rule(number=st.integers(0, 2), other=st.integers(0, 2), undo=st.booleans())
    def two_become_one_or_part(self, number: int, other: int, undo: bool) -> None:
        target, source = (self.matters[n % len(self.matters)] for n in (number, other))
        since = {incident.id: incident.seq for incident in self.matters}
        try:
            (office.unmerge if undo else office.merge)(target, source, self.moment(OFFICER))
        except Refused:
            return
        self.caught_up(target, since[target.id])
        self.caught_up(source, since[source.id])

    def caught_up(self, incident: Incident, since: int) -> None:
        """After every step nothing overdue is left undone (on the stroke the step comes first), nobody told twice."""
        due = office.next_due_at(incident)
        assert due is None or due >= self.now
        alerts = [e.data for e in incident.changes[since:] if e.kind is EntryKind.LEVEL_ALERTED]
        assert all(alert not in alerts[:n] for n, alert in enumerate(alerts)), alerts

    @invariant()
    def the_ledger_has_no_gap_and_never_turns_back(self) -> None:
        for incident in self.matters:
            assert [e.seq for e in incident.changes] == list(range(1, incident.seq + 1))
            times = [e.recorded_at for e in incident.changes]
            assert times == sorted(times)

    @invariant()
    def what_ends_has_begun(self) -> None:
        for incident in self.matters:
            opened = set()
            for entry in incident.changes:
                name = entry.data.get("duty"), entry.data.get("subject", "")
                if entry.kind is EntryKind.DUTY_OPENED:
                    opened.add(name)
                assert entry.kind not in CLOSING or name in opened

    @invariant()
    def every_statutory_duty_counts_from_the_one_start(self) -> None:
        for incident in self.matters:
            for duty in (d for d in incident.duties if d.kind.statutory and d.closed_at is None):
                assert duty.started_at == incident.started_at
                assert duty.due_at == incident.started_at + RULES.limit(duty.kind, incident.urgent)
                assert duty.missed_at in (None, duty.due_at)
                assert duty.met_at is None or duty.on_time or duty.missed_at is not None

    @invariant()
    def only_a_publication_meets_one(self) -> None:
        for incident in self.matters:
            for duty in (d for d in incident.duties if d.kind.statutory and d.closed_at is None):
                times = [p.published_at for p in incident.publications if answers(duty.kind, p.form)]
                assert duty.met_at == min(times, default=None)

    @invariant()
    def the_clocks_follow_the_grade(self) -> None:
        for incident in self.matters:
            wanted = set(statutory_duties(incident.event_grade))
            statutory = [d for d in incident.duties if d.kind.statutory and d.closed_as != "withdrawn"]
            kinds = [d.kind for d in statutory]
            judged = [d.kind for d in statutory if d.judged]
            assert len(judged) == len(set(judged))
            if incident.quiet or incident.dismissed_at:
                assert not any(d.open for d in statutory)
            elif not incident.merged_into:
                assert wanted <= set(kinds)
                merged = any(e.kind is EntryKind.INCIDENTS_MERGED for e in incident.changes)
                assert merged or {d.kind for d in statutory if d.open} <= wanted

    @invariant()
    def one_call_and_one_follow_up_at_a_time(self) -> None:
        for incident in self.matters:
            assert sum(1 for _ in incident.owed(DutyKind.ACKNOWLEDGEMENT)) <= 1
            follow_ups = sum(1 for _ in incident.owed(DutyKind.FOLLOW_UP))
            assert follow_ups <= (incident.urgent and bool(incident.publications) and not incident.quiet)
            accepting = [d.subject for d in incident.owed(DutyKind.ACCEPTANCE)]
            assert set(accepting) <= set(incident.active_departments)
            assert sum(a.lead for a in incident.assignments if a.active) <= 1

    @invariant()
    def nobody_is_told_twice_that_the_same_clock_ran_out(self) -> None:
        for incident in self.matters:
            told = [e.data for e in incident.changes if str(e.data.get("because", "")).endswith(" missed")]
            clocks = [(one["level"], one["duty"], one["due_at"]) for one in told if "duty" in one]
            signed = any(e.kind is EntryKind.DUTY_EXEMPTED for e in incident.changes)
            assert signed or len(clocks) == len(set(clocks)), clocks

    @invariant()
    def it_is_kept_as_it_is(self) -> None:
        for incident in self.matters:
            assert msgspec.json.decode(msgspec.json.encode(incident), type=Incident) == incident


TestWhateverPeopleDo = Office.TestCase
TestWhateverPeopleDo.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, derandomize=True, database=None
)
