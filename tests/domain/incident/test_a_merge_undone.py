"""撤销合并: each matter has its own start, duties and answers again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.domain import incident as office
from services.domain.incident import Evidence, Refused
from services.domain.vocabulary import (
    DutyKind,
    EntryKind,
    EventGrade,
    IncidentState,
    PublicationForm,
)
from tests.domain.incident.cast import (
    HEALTH,
    LEADER,
    OFFICER,
    PRESS,
    START,
    handled,
    hours,
    reported,
    says,
)
from tests.domain.incident.two_matters import CONFERENCE, RESPONSE, STATEMENT, another, due, merged, undone


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
    target.do(office.publish, PRESS, office.Evidence(form, "发布厅", "照片", recorded_on=(source.incident.id,)))
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


def test_what_was_told_and_missed_by_the_same_clock_meanwhile_is_not_told_again() -> None:
    target, source = another(0.5, name="q0"), handled(says(EventGrade.II, deaths=10))
    merged(target, source)
    undone(target, source, 6)
    [missed] = source.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert missed.occurred_at == START + hours(5)
    assert target.told().count("principal_leader") == 1
    because = [e.data["because"] for e in source.entries(EntryKind.LEVEL_ALERTED) if e.recorded_at == START + hours(6)]
    assert because == []


def test_a_step_under_a_clock_that_was_climbed_meanwhile_is_not_climbed_again_and_the_next_one_is() -> None:
    target, source = another(0.5, name="q0"), handled(says(EventGrade.II, deaths=10))
    merged(target, source)
    undone(target, source, 2.6)
    source.wait_until(hours(4))
    steps = [e.data["because"] for e in source.entries(EntryKind.LEVEL_ALERTED) if "%" in str(e.data["because"])]
    assert steps == ["first_statement 75%"]


def test_an_answer_recorded_on_a_number_two_merges_down_is_the_answer_of_that_number() -> None:
    first, second, third = reported(), another(0.1), another(0.2, says(EventGrade.II, deaths=10), name="r1")
    merged(second, third, 0.3)
    merged(first, second, 0.4)
    numbers = (second.incident.id, third.incident.id)
    first.do(office.publish, PRESS, Evidence(PublicationForm.STATEMENT, "政府网站", "网址", recorded_on=numbers))
    [published] = first.entries(EntryKind.RESPONSE_PUBLISHED)
    assert published.data["recorded_on"] == third.incident.id
    undone(first, second, 2)
    assert second.duty(STATEMENT).met_at == START + hours(0.4)
    undone(second, third, 3)
    assert not second.incident.publications
    assert third.duty(STATEMENT).met_at == START + hours(0.4)
    assert third.incident.publications[0].recorded_on == ""


def test_an_acceptance_missed_meanwhile_stays_missed_once() -> None:
    for merged_after in (0.5, 3):  # due two hours after the start
        target, source = reported(), another(0)
        source.do(office.assign, OFFICER, "WJW")
        source.wait_until(hours(merged_after))
        target.wait_until(hours(merged_after))
        merged(target, source, merged_after)
        undone(target, source, 4)
        both = (*target.incident.duties, *source.incident.duties)
        missed = [d for d in both if d.kind is DutyKind.ACCEPTANCE and d.judged and d.missed_at]
        assert [(d.missed_at, d.closed_as) for d in missed] == [(START + hours(2), "unmet")]


def test_what_the_other_had_exempted_is_exempted_again_and_what_it_owes_is_owed_on_its_own_number() -> None:
    target, source = handled(says(EventGrade.II, deaths=10)), another(0.5, says(EventGrade.I, deaths=31))
    target.do(office.exempt, LEADER, STATEMENT, "案件侦办中", "")
    merged(target, source)
    assert STATEMENT in due(target.incident)
    undone(target, source, 2)
    assert STATEMENT not in due(target.incident)
    assert STATEMENT in due(source.incident)


def test_what_a_department_returned_meanwhile_stays_returned_and_the_duty_room_is_called() -> None:
    target, source = reported(), another(0.25)
    source.do(office.assign, OFFICER, "WJW")
    merged(target, source)
    target.do(office.give_back, HEALTH, "不属本单位")
    undone(target, source, 1.5)
    assert source.incident.active_departments == ()
    assert not list(source.incident.owed(DutyKind.ACCEPTANCE))
    assert source.told()[-1] == "duty_officer"
    returned = [a for i in (target.incident, source.incident) for a in i.assignments if a.ended_as == "returned"]
    assert len(returned) == 1


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


def test_an_answer_kept_when_less_of_its_way_was_told_comes_back_once() -> None:
    lamp, bus, well = (another(a, name=f"q{a}") for a in (0, 0.25, 0.5))
    lamp.publish()
    merged(bus, lamp)
    merged(well, bus)
    well.incident.publications = [replace(p, below=()) for p in well.incident.publications]
    undone(well, bus, 2)
    undone(bus, lamp, 3)
    assert (len(bus.incident.publications), len(lamp.incident.publications)) == (0, 1)


def test_undone_a_matter_left_in_nobodys_hands_calls_the_duty_room_again() -> None:
    target, source = another(0.5), handled()
    merged(target, source)
    theirs = Evidence(PublicationForm.WEIBO, "微博", "https://example.gov.cn/2", recorded_on=(source.incident.id,))
    target.do(office.publish, PRESS, theirs)
    assert not target.incident.watch.calling
    undone(target, source, 2)
    assert target.incident.state is IncidentState.REPORTED
    assert target.entries(EntryKind.LEVEL_ALERTED)[-1].data["because"] == "merge_undone"
    assert not source.incident.watch.calling
