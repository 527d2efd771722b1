"""四(五) 明确回应时效: five, twenty-four and forty-eight hours, from one start."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, EventGrade, OpinionGrade, PublicationForm
from tests.domain.incident.cast import LEADER, OFFICER, PRESS, RULES, START, handled, hours, minutes, reported, says

STATUTORY = (DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE, DutyKind.PUBLIC_RESPONSE)
STATEMENT, CONFERENCE, RESPONSE = STATUTORY


@pytest.mark.parametrize("grade", [EventGrade.I, EventGrade.II])
def test_grade_one_and_two_owe_a_statement_in_five_hours_and_a_press_conference_in_twenty_four(
    grade: EventGrade,
) -> None:
    matter = reported(says(grade))
    due = {d.kind: d.due_at - START for d in matter.incident.owed() if d.kind.statutory}
    assert due == {STATEMENT: hours(5), CONFERENCE: hours(24)}


@pytest.mark.parametrize("grade", [EventGrade.III, EventGrade.IV, None])
def test_everything_else_owes_a_response_in_forty_eight_hours(grade: EventGrade | None) -> None:
    matter = reported(says(grade))
    due = {d.kind: d.due_at - START for d in matter.incident.owed() if d.kind.statutory}
    assert due == {RESPONSE: hours(48)}


def test_the_opinion_grade_never_starts_the_five_hour_clock() -> None:
    matter = reported(says(EventGrade.IV, OpinionGrade.I))
    assert STATEMENT not in matter.running()


def test_the_hours_run_through_the_night_and_the_holiday() -> None:
    matter = handled().wait_until(hours(48))
    [missed] = matter.about(EntryKind.DUTY_MISSED, RESPONSE)
    assert missed.occurred_at == START + hours(48)


def test_raised_to_grade_two_after_six_hours_the_statement_is_missed_already_and_both_times_are_told() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(6))
    matter.confirm(EventGrade.II)
    [missed] = matter.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert missed.data["started_at"] == "2017-10-01T14:00:00Z"
    assert (missed.occurred_at, missed.recorded_at) == (START + hours(5), START + hours(6))
    assert matter.duty(CONFERENCE).due_at == START + hours(24)
    assert RESPONSE not in matter.running()


def test_a_clock_opened_late_climbs_the_last_step_behind_it_and_no_earlier_one() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(4))
    seq = matter.incident.seq
    matter.confirm(EventGrade.II)
    because = [e.data["because"] for e in matter.entries(EntryKind.LEVEL_ALERTED) if e.seq > seq]
    assert because == ["grade_raised", "grade_raised", "first_statement 75%"]


def test_what_was_published_before_the_grade_rose_meets_the_statement_by_its_own_time() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(3))
    matter.publish()
    matter.wait_until(hours(6)).confirm(EventGrade.II)
    statement = matter.duty(STATEMENT)
    assert (statement.met_at, statement.missed_at, statement.on_time) == (START + hours(3), None, True)


def test_a_late_publication_before_the_grade_rose_leaves_the_statement_missed_and_met() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(5.5))
    matter.publish()
    matter.wait_until(hours(6)).confirm(EventGrade.II)
    kinds = [e.kind for e in matter.entries() if e.data.get("duty") == STATEMENT.value and "because" not in e.data]
    assert kinds == [EntryKind.DUTY_OPENED, EntryKind.DUTY_MISSED, EntryKind.DUTY_MET]
    assert not matter.duty(STATEMENT).on_time
    [missed] = matter.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert (missed.actor, missed.recorded_at) == ("system", START + hours(6))
    assert matter.told()[-2:] == ["duty_officer", "department"]
    assert "principal_leader" in matter.told()


def test_lowering_withdraws_what_no_longer_applies_by_a_named_person_with_a_reason() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(2))
    matter.confirm(EventGrade.III, "经核实无人员死亡", LEADER)
    withdrawn = {e.data["duty"]: (e.actor, e.data["reason"]) for e in matter.entries(EntryKind.DUTY_WITHDRAWN)}
    assert withdrawn["first_statement"] == withdrawn["press_conference"] == ("leader1", "经核实无人员死亡")
    assert matter.duty(RESPONSE).due_at == START + hours(48)


def test_lowering_without_a_reason_is_refused() -> None:
    matter = handled(says(EventGrade.II))
    with pytest.raises(Refused, match="理由"):
        matter.confirm(EventGrade.III, "  ")
    assert matter.running() == {STATEMENT, CONFERENCE}


def test_what_was_missed_stays_missed_when_the_grade_is_lowered_and_what_was_not_is_withdrawn() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    matter.confirm(EventGrade.III, "核减")
    assert matter.running() == {RESPONSE}
    assert [(d.kind, d.closed_as) for d in matter.incident.duties if d.closed_at and d.kind.statutory] == [
        (STATEMENT, "unmet"),
        (CONFERENCE, "withdrawn"),
    ]
    reasons = {e.data["duty"]: e.data["reason"] for e in matter.entries(EntryKind.DUTY_WITHDRAWN)}
    assert (reasons[STATEMENT.value], reasons[CONFERENCE.value]) == ("核减（已逾期未办）", "核减")


def test_it_is_owed_again_when_the_grade_rises_again_and_was_missed_and_told_once() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    matter.confirm(EventGrade.III, "核减")
    matter.wait_until(hours(7)).confirm(EventGrade.II)
    [missed] = matter.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert (missed.occurred_at, missed.recorded_at) == (START + hours(5), START + hours(5))
    assert matter.told().count("principal_leader") == 1
    assert matter.running() >= {STATEMENT, CONFERENCE}
    matter.publish()
    assert [(d.met_at, d.on_time) for d in matter.incident.duties if d.kind is STATEMENT] == [(START + hours(7), False)]


def test_a_response_missed_before_the_grade_rose_stays_missed_beside_what_is_owed_then() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(50))
    matter.confirm(EventGrade.II)
    response = matter.duty(RESPONSE)
    assert (response.missed_at, response.closed_as) == (START + hours(48), "unmet")
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    assert (response.met_at, response.closed_as) == (None, "unmet")
    assert matter.duty(STATEMENT).met_at == START + hours(50)


def test_an_answer_of_that_time_that_is_entered_late_still_counts_by_when_it_was_published() -> None:
    for published, on_time in ((40, True), (49, False)):
        matter = handled(says(EventGrade.IV)).wait_until(hours(50))
        matter.confirm(EventGrade.II)
        matter.publish(hours(published))
        response = matter.duty(RESPONSE)
        assert (response.met_at, response.on_time, response.closed_at) == (START + hours(published), on_time, None)


def test_a_response_given_up_unmet_is_the_one_that_is_owed_when_the_grade_is_lowered_again() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(50))
    matter.confirm(EventGrade.II)
    matter.confirm(EventGrade.IV, "核减")
    assert len([d for d in matter.incident.duties if d.kind is RESPONSE]) == 1
    assert len(matter.about(EntryKind.DUTY_MISSED, RESPONSE)) == 1
    assert matter.running() >= {RESPONSE}


def test_what_was_given_up_unmet_moves_with_the_start_like_every_statutory_duty() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    matter.confirm(EventGrade.III, "核减")
    matter.do(office.extend_start, OFFICER, START - hours(1), "报警时间")
    assert (matter.duty(STATEMENT).missed_at, matter.duty(STATEMENT).closed_as) == (START + hours(4), "unmet")


def test_an_earlier_start_moves_every_statutory_clock_and_makes_overdue_what_it_makes_overdue() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(3))
    matter.do(office.extend_start, OFFICER, START - hours(3), "群众报警时间")
    assert {d.started_at for d in matter.incident.duties if d.kind.statutory} == {START - hours(3)}
    [missed] = matter.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert missed.occurred_at == START + hours(2)
    [moved] = matter.entries(EntryKind.START_MOVED)
    assert (moved.actor, moved.data["from"], moved.data["rule"]) == ("duty1", "2017-10-01T14:00:00Z", "entered")


def test_an_earlier_start_judges_an_answer_anew() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(4))
    matter.publish()
    assert matter.duty(STATEMENT).on_time
    matter.do(office.extend_start, OFFICER, START - hours(2), "群众报警时间")
    statement = matter.duty(STATEMENT)
    assert (statement.on_time, statement.missed_at) == (False, START + hours(3))
    assert matter.about(EntryKind.DUTY_MET, STATEMENT)[-1].data["on_time"] is False


def test_the_start_only_ever_moves_back_and_with_a_reason() -> None:
    matter = handled()
    for at, reason in ((START, "x"), (START + minutes(1), "x"), (START - minutes(1), "")):
        with pytest.raises(Refused):
            matter.do(office.extend_start, OFFICER, at, reason)


def test_a_press_conference_is_met_by_a_press_conference_only() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(3))
    matter.publish()
    assert matter.running() >= {CONFERENCE}
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    assert CONFERENCE not in matter.running()


def test_a_press_conference_first_is_a_statement_too() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(3))
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    assert matter.running() == {DutyKind.FOLLOW_UP}


def test_acknowledging_accepting_and_resolving_never_meet_a_statutory_duty() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(1))
    assert matter.running() == {STATEMENT, CONFERENCE}
    matter.publish()
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    assert matter.running() == {CONFERENCE}
    matter.wait_until(hours(24))
    assert matter.about(EntryKind.DUTY_MISSED, CONFERENCE)


def test_an_incident_keeps_the_rules_it_started_under() -> None:
    matter = reported(says(EventGrade.II))
    assert matter.incident.rules == RULES
    matter.incident.rules = replace(RULES, first_statement=hours(2))  # as an incident of an older policy has it
    matter.do(office.extend_start, OFFICER, START - minutes(1), "报警时间")
    assert matter.duty(STATEMENT).due_at == START - minutes(1) + hours(2)


def test_a_post_read_late_from_the_log_is_late_from_when_it_was_collected() -> None:
    late = reported(says(EventGrade.II), at=START - hours(6))
    [missed] = late.about(EntryKind.DUTY_MISSED, STATEMENT)
    assert (missed.occurred_at, missed.recorded_at) == (START - hours(1), START)
