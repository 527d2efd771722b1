"""合并: the earliest start wins, all duties stay, both numbers resolve, and it can be undone."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.assessment import Assessment
from services.domain.incident import Incident, Moment, Refused
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EntryKind,
    EventGrade,
    IncidentState,
    OpinionGrade,
    PublicationForm,
)
from tests.domain.incident.cast import (
    HEALTH,
    OFFICER,
    PRESS,
    RULES,
    START,
    Matter,
    Names,
    handled,
    hours,
    minutes,
    post,
    reported,
    says,
)

STATEMENT, CONFERENCE, RESPONSE = DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE, DutyKind.PUBLIC_RESPONSE


def another(after: float, assessment: Assessment | None = None, name: str = "q1", **more: bool) -> Matter:
    """A second matter, `after` hours from the first one's start."""
    at = START + hours(after)
    moment = Moment(max(at, START), Names())
    return Matter(office.report(post(name, at, **more), assessment or says(), RULES, moment), Names(), moment.now)


def merged(target: Matter, source: Matter, after: float = 1) -> None:
    target.now = source.now = START + hours(after)
    office.merge(target.incident, source.incident, target.moment(OFFICER))


def undone(target: Matter, source: Matter, after: float) -> None:
    target.wait_until(hours(after))
    office.unmerge(target.incident, source.incident, target.moment(OFFICER))


def due(incident: Incident) -> dict[DutyKind, float]:
    return {d.kind: (d.due_at - START) / hours(1) for d in incident.owed() if d.kind.statutory}


def test_the_earliest_start_wins_whichever_is_merged_into_which() -> None:
    for target, source in ((another(0.5), reported()), (reported(), another(0.5))):
        merged(target, source)
        assert target.incident.started_at == START
        assert due(target.incident) == {RESPONSE: 48}


def test_all_duties_of_both_stay_on_the_one_start() -> None:
    matter = another(0.5, says(EventGrade.IV))
    merged(matter, reported(says(EventGrade.II, deaths=10)))
    assert due(matter.incident) == {STATEMENT: 5, CONFERENCE: 24, RESPONSE: 48}
    assert matter.incident.event_grade is EventGrade.II


def test_a_lesser_matter_brings_its_forty_eight_hours_along() -> None:
    matter = reported(says(EventGrade.II, deaths=10))
    merged(matter, another(0.5, says(EventGrade.IV)))
    assert due(matter.incident) == {STATEMENT: 5, CONFERENCE: 24, RESPONSE: 48}


def test_they_stay_when_more_is_heard_and_when_the_grade_rises() -> None:
    matter = reported(says(EventGrade.II, deaths=10))
    merged(matter, another(0.5, says(EventGrade.IV)))
    matter.hear(says(EventGrade.II, deaths=10))
    matter.hear(says(EventGrade.I, deaths=30), "p3")
    assert due(matter.incident) == {STATEMENT: 5, CONFERENCE: 24, RESPONSE: 48}


def test_one_publication_then_answers_all_of_them() -> None:
    matter = reported(says(EventGrade.II, deaths=10))
    merged(matter, another(0.5, says(EventGrade.IV)))
    matter.publish()
    assert due(matter.incident) == {CONFERENCE: 24}


def test_both_numbers_lead_to_the_one_that_carries_them_and_its_clocks_alone_run() -> None:
    target, source = reported(), another(0.5)
    merged(target, source)
    assert source.incident.merged_into == target.incident.id
    assert source.incident.state is IncidentState.MERGED
    assert office.next_due_at(source.incident) is None
    entries = [m.entries(EntryKind.INCIDENTS_MERGED)[0].data for m in (target, source)]
    assert entries == [{"into": target.incident.id, "from": source.incident.id}] * 2


def test_an_answer_given_to_the_one_is_an_answer_to_both() -> None:
    source = another(0.25)
    source.now = START + hours(0.5)
    source.publish()
    target = reported()
    merged(target, source)
    assert target.duty(RESPONSE).met_at == START + hours(0.5)


def test_an_earlier_start_may_make_the_statement_missed_and_its_leaders_are_told_once() -> None:
    source = reported(says(EventGrade.II, deaths=10)).wait_until(hours(6))
    target = another(4, says(EventGrade.IV))
    told = source.told()
    merged(target, source, 6)
    [missed] = target.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert (missed.occurred_at, missed.recorded_at) == (START + hours(5), START + hours(6))
    assert told.count("principal_leader") == 1
    assert target.told().count("principal_leader") == 0


def test_a_graver_matter_merged_in_rings_again() -> None:
    target = handled(says(EventGrade.IV))
    merged(target, another(0.5, says(EventGrade.II, deaths=10)))
    assert target.told()[-2:] == ["duty_officer", "department"]


def test_what_a_person_lowered_stays_lowered_after_a_merge() -> None:
    source = handled(says(EventGrade.II, deaths=10))
    source.confirm(EventGrade.IV, "误报")
    target = another(0.5, says(EventGrade.IV))
    merged(target, source)
    target.hear(says(EventGrade.II, deaths=10))
    assert target.incident.event_grade is EventGrade.IV


def test_the_departments_of_both_go_on_and_an_owed_acceptance_stays_owed() -> None:
    target = handled(departments=("YJGL",))
    source = another(0.25)
    source.now = START + hours(0.5)
    source.do(office.assign, OFFICER, "WJW")
    merged(target, source)
    assert target.incident.active_departments == ("YJGL", "WJW")
    [owed] = target.incident.owed(DutyKind.ACCEPTANCE)
    assert (owed.subject, owed.due_at) == ("WJW", START + hours(2.5))
    target.do(office.accept, HEALTH)
    assert not list(target.incident.owed(DutyKind.ACCEPTANCE))


def test_nothing_is_merged_with_itself_nor_twice_nor_into_what_is_closed() -> None:
    target, source, closed = reported(), another(0.5), another(0.5, name="q2")
    closed.do(office.dismiss, OFFICER, "重复")
    for one, other in ((target, target), (closed, source)):
        with pytest.raises(Refused):
            merged(one, other)
    merged(target, source)
    for one, other in ((target, source), (source, closed)):
        with pytest.raises(Refused):
            merged(one, other)


def test_undone_each_has_its_own_start_and_clocks_again() -> None:
    target, source = another(0.5), reported()
    merged(target, source)
    undone(target, source, 2)
    assert (target.incident.started_at, source.incident.started_at) == (START + hours(0.5), START)
    assert due(target.incident) == {RESPONSE: 48.5}
    assert due(source.incident) == {RESPONSE: 48}
    assert source.incident.state is IncidentState.REPORTED
    assert target.entries(EntryKind.POSTS_SPLIT)[0].data["undo"] == "merge"


def test_undone_the_graver_clocks_leave_with_the_graver_matter() -> None:
    target, source = another(0.5, says(EventGrade.IV)), reported(says(EventGrade.II, deaths=10))
    merged(target, source)
    undone(target, source, 2)
    assert target.incident.event_grade is EventGrade.IV
    assert due(target.incident) == {RESPONSE: 48.5}
    assert due(source.incident) == {STATEMENT: 5, CONFERENCE: 24}


def test_but_a_grade_that_a_person_has_confirmed_since_stays() -> None:
    target, source = another(0.5, says(EventGrade.IV)), reported(says(EventGrade.II, deaths=10))
    merged(target, source)
    target.confirm(EventGrade.II)
    undone(target, source, 2)
    assert target.incident.event_grade is EventGrade.II


def test_undone_an_answer_that_came_along_leaves_and_its_duty_is_owed_again() -> None:
    source = another(0.25)
    source.now = START + hours(0.5)
    source.publish()
    target = reported()
    merged(target, source)
    undone(target, source, 2)
    assert due(target.incident) == {RESPONSE: 48}
    assert source.duty(RESPONSE).met_at == START + hours(0.5)
    target.wait_until(hours(48))
    assert target.about(EntryKind.DUTY_MISSED, RESPONSE)


def test_a_duty_missed_only_by_the_others_start_is_not_missed_any_more() -> None:
    target, source = another(4, says(EventGrade.II, deaths=10)), reported(says(EventGrade.IV))
    merged(target, source, 6)
    assert target.duty(STATEMENT).missed_at == START + hours(5)
    undone(target, source, 7)
    assert (target.duty(STATEMENT).missed_at, target.duty(STATEMENT).due_at) == (None, START + hours(9))
    target.wait_until(hours(9))
    assert target.duty(STATEMENT).missed_at == START + hours(9)


def test_undone_the_departments_that_came_along_leave() -> None:
    target, source = handled(departments=("YJGL",)), another(0.25)
    source.do(office.assign, OFFICER, "WJW")
    merged(target, source)
    undone(target, source, 1.5)
    assert target.incident.active_departments == ("YJGL",)
    assert source.incident.active_departments == ("WJW",)
    assert not list(target.incident.owed(DutyKind.ACCEPTANCE))


def test_two_merges_can_be_undone_in_either_order() -> None:
    for first_undone in (0, 1):
        target = another(0.75, name="q0")
        sources = [reported(), another(0.5)]
        for source in sources:
            merged(target, source)
        undone(target, sources[first_undone], 1.5)
        remaining = sources[1 - first_undone]
        assert target.incident.started_at == remaining.incident.started_at
        undone(target, remaining, 2)
        assert target.incident.started_at == START + hours(0.75)


def test_only_what_was_merged_is_undone() -> None:
    with pytest.raises(Refused, match="未并入"):
        undone(reported(), another(0.5), 1)


def test_a_merged_matter_takes_no_acts_of_its_own() -> None:
    target, source = reported(), another(0.5)
    merged(target, source)
    for act, given in (
        (office.acknowledge, ()),
        (office.assign, ("YJGL",)),
        (office.reopen, ("x",)),
        (office.evaluate, ({},)),
        (office.resolve, (Disposition.DIFFICULTY, {})),
    ):
        with pytest.raises(Refused):
            source.do(act, PRESS if act is office.resolve else OFFICER, *given)


def test_leaders_told_of_the_one_are_not_told_again_of_both() -> None:
    target, source = handled(), another(0.5, says(None, OpinionGrade.I))
    merged(target, source)
    assert target.told().count("principal_leader") == 0
    assert source.told().count("principal_leader") == 1
    assert target.incident.opinion_grade is OpinionGrade.I


def test_what_has_clocks_is_not_merged_into_what_has_none() -> None:
    quiet, live = reported(backfill=True), another(0.5)
    with pytest.raises(Refused, match="历史信息"):
        merged(quiet, live)
    merged(live, quiet)
    assert live.incident.started_at == START + hours(0.5)
    assert live.wait_until(minutes(61)).duty(RESPONSE).due_at == START + hours(48.5)


def test_two_graver_matters_can_be_undone_in_the_order_they_came() -> None:
    target = another(0.75, says(EventGrade.IV), name="q0")
    sources = [reported(says(EventGrade.II, deaths=10)), another(0.5, says(EventGrade.I, deaths=30))]
    for source in sources:
        merged(target, source)
    grades = []
    for source in sources:
        undone(target, source, 1.5)
        grades.append(target.incident.event_grade)
    assert grades == [EventGrade.I, EventGrade.IV]


def test_undone_a_matter_owes_nothing_that_only_the_other_owed_also_where_it_was_met_meanwhile() -> None:
    target, source = reported(), another(0.5, says(EventGrade.II, deaths=10))
    merged(target, source)
    target.publish()
    undone(target, source, 2)
    kept = {d.kind for d in target.incident.duties if d.kind.statutory and d.closed_at is None}
    assert kept == {RESPONSE}
    assert target.duty(RESPONSE).met_at == START + hours(1)


def test_undone_what_was_published_on_a_matters_own_number_is_its_own_again() -> None:
    target, source = reported(), another(0.5, says(EventGrade.II, deaths=10))
    merged(target, source)
    form = PublicationForm.PRESS_CONFERENCE
    target.do(office.publish, PRESS, office.Evidence(form, "发布厅", "照片", recorded_on=source.incident.id))
    undone(target, source, 2)
    assert source.duty(CONFERENCE).met_at == START + hours(1)
    assert not target.incident.publications
    assert due(target.incident) == {RESPONSE: 48}


def test_nobody_is_blamed_for_a_call_he_could_not_answer_while_the_number_led_elsewhere() -> None:
    target, source = reported(), another(0.5, says(EventGrade.II, deaths=10))
    merged(target, source, 0.6)
    undone(target, source, 3)
    assert not source.about(EntryKind.DUTY_MISSED, DutyKind.ACKNOWLEDGEMENT)
    assert source.duty(DutyKind.ACKNOWLEDGEMENT).started_at == START + hours(3)
    assert source.told()[-1] == "duty_officer"


def test_an_acceptance_given_meanwhile_stands_and_one_still_owed_is_asked_anew() -> None:
    for accepted in (True, False):
        target, source = handled(departments=("YJGL",)), another(0.25)
        source.do(office.assign, OFFICER, "WJW")
        merged(target, source)
        if accepted:
            target.do(office.accept, HEALTH)
        undone(target, source, 1.5)
        owed = [d.due_at for d in source.incident.owed(DutyKind.ACCEPTANCE)]
        assert owed == ([] if accepted else [START + hours(3.5)])


def test_of_two_merges_the_one_that_stands_keeps_the_duties_of_both() -> None:
    target = reported(name="q0")
    sources = [another(0.25, says(EventGrade.II, deaths=10)), another(0.5, name="q2")]
    for source in sources:
        merged(target, source)
    target.publish()
    undone(target, sources[0], 1.5)
    assert target.duty(STATEMENT).closed_at is None
    undone(target, sources[1], 2)
    assert target.duty(STATEMENT).closed_as == "withdrawn"
