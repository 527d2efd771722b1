"""合并: the earliest start wins, all duties stay, both numbers resolve, and it can be undone."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
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
    START,
    handled,
    hours,
    minutes,
    reported,
    says,
)
from tests.domain.incident.two_matters import CONFERENCE, RESPONSE, STATEMENT, another, due, merged, undone


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


def test_a_graver_matter_that_is_in_somebodys_hands_rings_nobody_and_tells_only_who_had_the_other() -> None:
    target, source = handled(departments=("WJW",)), another(0.5, says(EventGrade.II, deaths=10))
    source.do(office.acknowledge, OFFICER)
    source.do(office.assign, OFFICER, "YJGL")
    seq = target.incident.seq
    merged(target, source)
    told = [e.data for e in target.entries(EntryKind.LEVEL_ALERTED) if e.seq > seq]
    assert [(one["because"], one.get("department")) for one in told] == [("grade_raised", "WJW")]
    assert not target.incident.watch.calling


def test_the_call_about_a_matter_ends_when_it_is_merged_with_one_that_somebody_leads() -> None:
    target, source = reported(), another(0.1)
    source.do(office.assign, OFFICER, "YJGL")
    merged(target, source, 0.2)
    assert not target.incident.watch.calling
    assert DutyKind.ACKNOWLEDGEMENT not in target.running()
    undone(target, source, 1)
    assert target.told()[-1] == "duty_officer"
    assert target.incident.watch.calling


def test_a_step_told_of_the_one_is_not_told_again_of_both() -> None:
    target, source = another(2, name="q0"), handled(says(EventGrade.II, deaths=10)).wait_until(hours(2.6))
    target.wait_until(hours(2.6))
    merged(target, source, 2.6)
    steps = [e.data["because"] for e in target.entries(EntryKind.LEVEL_ALERTED) if "%" in str(e.data["because"])]
    assert steps == []


def test_what_turned_out_to_have_been_answered_in_time_is_missed_by_neither() -> None:
    source, target = handled(says(EventGrade.II, deaths=10)), another(1)
    source.wait_until(hours(6)).publish(hours(3))
    merged(target, source, 7)
    assert target.duty(STATEMENT).on_time
    assert not target.about(EntryKind.DUTY_MISSED, STATEMENT)


def test_a_follow_up_missed_and_told_of_the_one_is_not_told_again_of_both() -> None:
    source, target = handled(says(EventGrade.II, deaths=10)), another(1)
    source.publish(hours(0), form=PublicationForm.PRESS_CONFERENCE)
    for matter in (source, target):
        matter.wait_until(hours(25))
    merged(target, source, 25)
    assert target.duty(DutyKind.FOLLOW_UP).missed_at == START + hours(24)
    assert "follow_up missed" not in [e.data["because"] for e in target.entries(EntryKind.LEVEL_ALERTED)]


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


def test_what_a_dismissed_matter_had_missed_goes_along_and_is_told_nobody_again() -> None:
    source, target = handled(), another(40)
    source.wait_until(hours(60)).do(office.dismiss, OFFICER, "重复")
    target.wait_until(hours(60))
    before = target.told().count("leader_in_charge")
    merged(target, source, 60)
    assert target.duty(RESPONSE).missed_at == START + hours(48)
    assert target.told().count("leader_in_charge") == before


def test_what_has_clocks_is_not_merged_into_what_has_none() -> None:
    quiet, live = reported(backfill=True), another(0.5)
    with pytest.raises(Refused, match="历史信息"):
        merged(quiet, live)
    merged(live, quiet)
    assert live.incident.started_at == START + hours(0.5)
    assert live.wait_until(minutes(61)).duty(RESPONSE).due_at == START + hours(48.5)


def test_a_graver_matter_nobody_has_accepted_yet_rings_although_its_department_accepted_the_other_one() -> None:
    lamp, fire = handled(departments=("XFJY",)), another(1, says(EventGrade.II, deaths=12))
    fire.do(office.acknowledge, OFFICER)
    fire.do(office.assign, OFFICER, "XFJY", ())
    since = lamp.entries()[-1].seq
    merged(lamp, fire, 1.1)
    assert {"duty_officer", "department"} <= set(lamp.told(since))
