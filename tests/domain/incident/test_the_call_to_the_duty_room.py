"""值班确认 and the ladder above it (内部规定)."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, EventGrade, Level, OpinionGrade
from tests.domain.incident.cast import (
    COLLEAGUE,
    LEADER,
    OFFICER,
    PRESS,
    RESCUE,
    START,
    Matter,
    Names,
    handled,
    hours,
    minutes,
    reported,
    says,
    without,
)

ACKNOWLEDGEMENT = DutyKind.ACKNOWLEDGEMENT


def calls(matter: Matter) -> list[tuple[str, list[str]]]:
    return [(e.data["level"], e.data["to"]) for e in matter.entries(EntryKind.LEVEL_ALERTED)]


def test_a_new_incident_calls_the_first_officer_on_the_roster() -> None:
    matter = reported()
    assert calls(matter) == [("duty_officer", ["duty1"])]
    assert matter.duty(ACKNOWLEDGEMENT).subject == "duty1"


@pytest.mark.parametrize(("grade", "limit"), [(EventGrade.II, 10), (EventGrade.III, 30), (None, 30)])
def test_the_officer_has_ten_minutes_for_grade_one_and_two_and_thirty_for_the_rest(
    grade: EventGrade | None, limit: int
) -> None:
    assert reported(says(grade)).duty(ACKNOWLEDGEMENT).due_at == START + minutes(limit)


def test_silence_goes_on_to_the_next_officer_then_the_leader_then_the_press_office_and_ends_there() -> None:
    matter = reported(says(EventGrade.II)).wait_until(minutes(140))
    times = [(e.recorded_at - START, e.data["level"], e.data["to"]) for e in matter.entries(EntryKind.LEVEL_ALERTED)]
    assert times == [
        (minutes(0), "duty_officer", ["duty1"]),
        (minutes(10), "duty_officer", ["duty2"]),
        (minutes(20), "duty_leader", ["leader1"]),
        (minutes(30), "press_office", ["press1"]),
    ]
    assert [e.data["subject"] for e in matter.about(EntryKind.DUTY_MISSED, ACKNOWLEDGEMENT)] == [
        "duty1",
        "duty2",
        "leader1",
    ]


def test_whoever_of_the_duty_room_answers_ends_the_call() -> None:
    for answers in (OFFICER, COLLEAGUE, LEADER):
        matter = reported(says(EventGrade.II)).wait_until(minutes(15))
        assert matter.duty(ACKNOWLEDGEMENT).subject == "duty2"
        matter.do(office.acknowledge, answers)
        assert matter.duty(ACKNOWLEDGEMENT).met_at == START + minutes(15)
        assert matter.entries(EntryKind.LEVEL_ACKNOWLEDGED)[-1].actor == answers.name
        assert len(matter.told()) == 2


def test_nobody_acknowledges_twice() -> None:
    matter = reported()
    matter.do(office.acknowledge, OFFICER)
    with pytest.raises(Refused, match="没有待确认"):
        matter.do(office.acknowledge, COLLEAGUE)


def test_the_press_office_may_say_it_has_seen_it_but_the_call_goes_on() -> None:
    matter = reported(says(EventGrade.II))
    matter.do(office.acknowledge, PRESS)
    matter.wait_until(minutes(10))
    assert matter.told() == ["duty_officer", "duty_officer"]


def test_an_officer_who_was_passed_over_does_not_owe_the_acknowledgement_any_more() -> None:
    matter = reported().wait_until(minutes(31))
    assert [d.subject for d in matter.incident.owed(ACKNOWLEDGEMENT)] == ["duty2"]


@pytest.mark.parametrize(("grade", "holds"), [(EventGrade.II, 30), (EventGrade.IV, 120)])
def test_an_acknowledgement_expires_when_nothing_follows_and_the_ladder_goes_on(grade: EventGrade, holds: int) -> None:
    matter = reported(says(grade)).wait_until(minutes(5))
    matter.do(office.acknowledge, OFFICER)
    matter.wait_until(minutes(5 + holds))
    [expired] = matter.entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)
    assert expired.occurred_at == START + minutes(5 + holds)
    assert calls(matter)[-1] == ("duty_officer", ["duty2"])


def test_the_ladder_of_expired_acknowledgements_climbs_as_well_and_never_falls_silent() -> None:
    matter = reported(says(EventGrade.II))
    for _ in range(4):
        matter.do(office.acknowledge, OFFICER)
        matter.wait_until(matter.now - START + minutes(30))
    assert matter.told() == ["duty_officer", "duty_officer", "duty_leader", *["press_office"] * 2]


def test_something_done_after_the_acknowledgement_makes_it_hold_for_another_while() -> None:
    matter = reported(says(EventGrade.II))
    matter.do(office.acknowledge, OFFICER)
    matter.wait_until(minutes(25)).do(office.consult, OFFICER, ["YJGL"], "统一口径")
    assert matter.wait_until(minutes(54)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED) == []
    assert matter.wait_until(minutes(55)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)


def test_an_act_that_was_refused_does_not_keep_the_alert_quiet() -> None:
    matter = reported(says(EventGrade.II))
    matter.do(office.acknowledge, OFFICER)
    matter.wait_until(minutes(25))
    with pytest.raises(Refused):
        matter.do(office.consult, OFFICER, ["YJGL"], "")
    assert matter.wait_until(minutes(30)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)


def test_once_assigned_or_answered_the_acknowledgement_does_not_expire() -> None:
    assigned, answered = reported(says(EventGrade.II)), reported(says(EventGrade.II))
    for matter in (assigned, answered):
        matter.do(office.acknowledge, OFFICER)
    assigned.do(office.assign, OFFICER, "YJGL")
    answered.publish()
    for matter in (assigned, answered):
        assert matter.wait_until(hours(2)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED) == []


def test_assigning_without_acknowledging_ends_the_call() -> None:
    matter = reported()
    matter.do(office.assign, OFFICER, "YJGL")
    assert ACKNOWLEDGEMENT not in matter.running()


def test_an_empty_rung_is_skipped_at_once_and_named() -> None:
    matter = reported(roster=without(Level.DUTY_OFFICER))
    [alert] = matter.entries(EntryKind.LEVEL_ALERTED)
    assert (alert.data["level"], alert.data["to"], alert.data["skipped"]) == (
        "duty_leader", ["leader1"], ["duty_officer"],
    )  # fmt: skip


def test_the_leader_called_in_the_officers_place_is_on_the_clock_too() -> None:
    matter = reported(roster=without(Level.DUTY_OFFICER)).wait_until(minutes(30))
    assert matter.told() == ["duty_leader", "press_office"]


def test_several_empty_rungs_are_all_named() -> None:
    matter = reported(roster=without(Level.DUTY_OFFICER, Level.DUTY_LEADER))
    [alert] = matter.entries(EntryKind.LEVEL_ALERTED)
    assert (alert.data["level"], alert.data["skipped"]) == ("press_office", ["duty_officer", "duty_leader"])


def test_with_nobody_anywhere_the_ledger_says_so() -> None:
    [alert] = reported(roster=Names({})).entries(EntryKind.LEVEL_ALERTED)
    assert alert.data["to"] == []
    assert alert.data["skipped"][0] == "duty_officer"
    assert alert.data["skipped"][-1] == "principal_leader"


def test_at_a_change_of_shift_the_one_who_is_on_duty_now_is_called_and_nobody_twice() -> None:
    matter = reported()
    matter.roster = Names(Names().table | {Level.DUTY_OFFICER: ("duty3", "duty1")})
    matter.wait_until(minutes(60))
    assert [to for level, to in calls(matter) if level == "duty_officer"] == [["duty1"], ["duty3"]]
    assert matter.told()[-1] == "duty_leader"


def test_when_the_next_officer_has_gone_home_the_leader_is_called() -> None:
    matter = reported()
    matter.roster = Names(Names().table | {Level.DUTY_OFFICER: ("duty1",)})
    assert matter.wait_until(minutes(30)).told() == ["duty_officer", "duty_leader"]


def test_a_grade_that_rises_after_the_acknowledgement_rings_again_from_the_top() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(1))
    matter.hear(says(EventGrade.II, deaths=10))
    assert calls(matter)[-2:] == [("duty_officer", ["duty1"]), ("department", ["yjgl"])]
    assert matter.duty(ACKNOWLEDGEMENT).due_at == START + hours(1) + minutes(10)


def test_a_rise_during_a_call_replaces_it() -> None:
    matter = reported(says(EventGrade.IV)).wait_until(minutes(35))
    matter.hear(says(EventGrade.II, deaths=10))
    assert [d.subject for d in matter.incident.owed(ACKNOWLEDGEMENT)] == ["duty1"]


def test_an_opinion_that_grows_to_grave_rings_again_and_one_that_merely_grows_does_not() -> None:
    matter = handled(says(None, OpinionGrade.IV)).wait_until(hours(1))
    told = len(matter.told())
    matter.hear(says(None, OpinionGrade.III))
    assert len(matter.told()) == told
    matter.hear(says(None, OpinionGrade.II), "p3")
    assert matter.told()[told:] == ["duty_officer"]


def test_a_second_reason_to_tell_the_duty_room_does_not_start_a_second_call() -> None:
    matter = reported()
    matter.do(office.assign, OFFICER, "YJGL", ["WJW"])
    matter.do(office.give_back, RESCUE, "不属本部门职责")
    matter.wait_until(minutes(35)).do(office.escalate, PRESS, Level.DUTY_OFFICER, "请尽快改派")
    assert [d.subject for d in matter.incident.owed(ACKNOWLEDGEMENT)] == ["duty2"]
    assert calls(matter)[-1] == ("duty_officer", ["duty2"])


def test_after_a_standstill_the_next_person_gets_his_own_time_from_when_he_is_called() -> None:
    matter = reported().jump_to(hours(6))
    [missed] = matter.about(EntryKind.DUTY_MISSED, ACKNOWLEDGEMENT)
    assert (missed.occurred_at, missed.recorded_at) == (START + minutes(30), START + hours(6))
    assert matter.duty(ACKNOWLEDGEMENT).due_at == START + hours(6) + minutes(30)


def test_a_graver_report_after_closing_calls_the_duty_room() -> None:
    matter = handled()
    matter.do(office.dismiss, OFFICER, "与本市无关")
    matter.hear(says(EventGrade.II, deaths=12))
    assert calls(matter)[-1] == ("duty_officer", ["duty1"])
    matter.do(office.acknowledge, OFFICER)
    assert matter.running() == set()


def test_the_same_report_after_closing_calls_nobody() -> None:
    matter = handled(says(EventGrade.IV))
    matter.do(office.dismiss, OFFICER, "与本市无关")
    told = len(matter.told())
    matter.hear(says(EventGrade.IV))
    assert len(matter.told()) == told


def test_a_rise_acknowledged_while_a_department_is_at_work_does_not_expire() -> None:
    matter = handled(says(EventGrade.IV)).wait_until(hours(1))
    matter.hear(says(EventGrade.II, deaths=10))
    matter.do(office.acknowledge, OFFICER)
    assert matter.wait_until(hours(2)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED) == []


def test_confirming_the_grade_is_something_done() -> None:
    matter = reported(says(EventGrade.II, deaths=10))
    matter.do(office.acknowledge, OFFICER)
    matter.wait_until(minutes(25)).confirm(EventGrade.II)
    matter.wait_until(minutes(54))
    assert not matter.entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)
    matter.wait_until(minutes(55))
    assert matter.entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)


def test_an_acknowledgement_of_what_was_reopened_expires_like_any_other() -> None:
    matter = handled()
    matter.publish()
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    matter.wait_until(hours(10)).do(office.reopen, OFFICER, "又有反映")
    matter.do(office.acknowledge, OFFICER)
    matter.wait_until(hours(12))
    assert matter.entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)


def test_so_does_one_of_a_graver_report_after_closing_until_it_is_reopened() -> None:
    matter = handled(says(EventGrade.III, deaths=3))
    matter.publish()
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    matter.hear(says(EventGrade.I, deaths=35))
    matter.do(office.acknowledge, OFFICER)
    matter.wait_until(minutes(30))
    assert matter.entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)


def test_a_publication_recorded_on_a_closed_matter_does_not_end_the_call_about_something_graver() -> None:
    matter = handled(says(EventGrade.III, deaths=3))
    matter.publish()
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    matter.wait_until(hours(3)).hear(says(EventGrade.II, deaths=12))
    matter.publish()
    assert matter.duty(ACKNOWLEDGEMENT).open
    assert matter.wait_until(hours(4)).told()[-1] == "press_office"
