"""交办, 签收, 退回, 改派: the clock of the department, and the clocks of the law that none of it stops."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, EventGrade, Level
from tests.domain.incident.cast import (
    HEALTH,
    OFFICER,
    PRESS,
    RESCUE,
    START,
    Names,
    handled,
    hours,
    minutes,
    reported,
    says,
)

ACCEPTANCE = DutyKind.ACCEPTANCE


@pytest.mark.parametrize(("grade", "limit"), [(EventGrade.II, minutes(30)), (EventGrade.IV, hours(2))])
def test_each_department_has_half_an_hour_for_grade_one_and_two_and_two_hours_for_the_rest(
    grade: EventGrade, limit: timedelta
) -> None:
    matter = reported(says(grade))
    matter.do(office.assign, OFFICER, "YJGL", ["WJW"])
    due = {d.subject: d.due_at - START for d in matter.incident.owed(ACCEPTANCE)}
    assert due == {"YJGL": limit, "WJW": limit}


def test_each_department_is_told_by_name_and_only_it() -> None:
    matter = reported()
    matter.do(office.assign, OFFICER, "YJGL", ["WJW"])
    told = [(e.data["department"], e.data["to"]) for e in matter.entries(EntryKind.LEVEL_ALERTED)[1:]]
    assert told == [("YJGL", ["yjgl"]), ("WJW", ["wjw"])]


def test_a_department_that_does_not_accept_in_time_is_told_to_the_press_office() -> None:
    matter = reported(says(EventGrade.II))
    matter.do(office.assign, OFFICER, "YJGL", ["WJW"])
    matter.do(office.accept, RESCUE)
    matter.wait_until(minutes(30))
    [missed] = matter.about(EntryKind.DUTY_MISSED, ACCEPTANCE)
    assert missed.data["subject"] == "WJW"
    alert = matter.entries(EntryKind.LEVEL_ALERTED)[-1]
    assert (alert.data["level"], alert.data["department"]) == ("press_office", "WJW")


def test_a_late_acceptance_is_still_an_acceptance_and_still_late() -> None:
    matter = reported(says(EventGrade.II))
    matter.do(office.assign, OFFICER, "YJGL")
    matter.wait_until(minutes(45)).do(office.accept, RESCUE)
    assert matter.duty(ACCEPTANCE).met_at == START + minutes(45)
    assert not matter.duty(ACCEPTANCE).on_time


def test_a_department_nobody_can_be_reached_at_is_passed_over_at_once() -> None:
    matter = reported(roster=Names(out=("YJGL",)))
    matter.do(office.assign, OFFICER, "YJGL")
    alert = matter.entries(EntryKind.LEVEL_ALERTED)[-1]
    assert (alert.data["level"], alert.data["to"], alert.data["skipped"]) == ("duty_officer", ["duty1"], ["department"])


def test_a_return_needs_a_reason_tells_the_duty_room_and_stops_no_statutory_clock() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(1))
    statutory = [(d.kind, d.due_at) for d in matter.incident.owed()]
    with pytest.raises(Refused, match="理由"):
        matter.do(office.give_back, RESCUE, " ")
    matter.do(office.give_back, RESCUE, "不属本部门职责")
    [returned] = matter.entries(EntryKind.ASSIGNMENT_RETURNED)
    assert (returned.data["department"], returned.data["held_seconds"]) == ("YJGL", 3600)
    assert [(d.kind, d.due_at) for d in matter.incident.owed() if d.kind.statutory] == statutory
    alert = matter.entries(EntryKind.LEVEL_ALERTED)[-1]
    assert (alert.data["level"], alert.data["because"]) == ("duty_officer", "returned")
    assert matter.duty(DutyKind.ACKNOWLEDGEMENT).open


def test_a_returned_matter_that_nobody_takes_up_climbs_the_ladder() -> None:
    matter = handled(says(EventGrade.II))
    matter.do(office.give_back, RESCUE, "不属本部门职责")
    told = len(matter.told())
    matter.wait_until(minutes(30))
    assert matter.told()[told:] == ["duty_officer", "duty_leader", "press_office"]


def test_a_transfer_keeps_who_held_it_how_long() -> None:
    matter = handled().wait_until(hours(3))
    matter.do(office.transfer_lead, OFFICER, "WJW", "伤员救治为主")
    [transferred] = matter.entries(EntryKind.LEAD_TRANSFERRED)
    assert transferred.data["from"] == "YJGL"
    assert transferred.data["to"] == "WJW"
    assert transferred.data["held_seconds"] == 3 * 3600
    assert matter.incident.lead == "WJW"
    with pytest.raises(Refused, match="不是该事件的承办部门"):
        matter.do(office.give_back, RESCUE, "x")


def test_a_dispute_from_hand_to_hand_leaves_the_forty_eight_hours_where_they_were() -> None:
    matter = handled()
    for after, department, to in ((5, "YJGL", "WJW"), (20, "WJW", "ZJJ"), (40, "ZJJ", "CGJ")):
        matter.wait_until(hours(after)).do(office.transfer_lead, OFFICER, to, f"{department}提出异议")
    matter.wait_until(hours(49))
    [missed] = matter.about(EntryKind.DUTY_MISSED, DutyKind.PUBLIC_RESPONSE)
    assert missed.occurred_at == START + hours(48)
    held = [e.data["held_seconds"] // 3600 for e in matter.entries(EntryKind.LEAD_TRANSFERRED)]
    assert held == [5, 15, 20]


def test_a_transfer_ends_a_running_call() -> None:
    matter = handled()
    matter.do(office.give_back, RESCUE, "不属本部门职责")
    matter.do(office.transfer_lead, OFFICER, "WJW", "由卫健委牵头")
    assert DutyKind.ACKNOWLEDGEMENT not in matter.running()


def test_a_supporting_department_takes_the_lead_when_the_lead_is_free() -> None:
    matter = handled(departments=("YJGL", "WJW"))
    matter.do(office.give_back, RESCUE, "不属本部门职责")
    matter.do(office.assign, OFFICER, "WJW")
    assert matter.incident.lead == "WJW"
    assert matter.incident.active_departments == ("WJW",)


def test_while_nobody_leads_an_acknowledgement_expires_though_another_department_supports() -> None:
    for answered in (False, True):
        matter = handled(departments=("YJGL", "WJW"))
        if answered:
            matter.publish()
        matter.wait_until(hours(1)).do(office.give_back, RESCUE, "不属本部门职责")
        matter.do(office.acknowledge, OFFICER)
        assert matter.wait_until(hours(3)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED)


def test_after_reopening_those_who_had_it_are_given_it_anew_and_accept_anew() -> None:
    matter = handled(departments=("YJGL", "WJW"))
    matter.publish()
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    matter.wait_until(hours(10)).do(office.reopen, OFFICER, "又有反映")
    matter.do(office.acknowledge, OFFICER)
    matter.do(office.assign, OFFICER, "YJGL")
    assert matter.entries(EntryKind.LEVEL_ALERTED)[-1].data["to"] == ["yjgl"]
    assert matter.duty(ACCEPTANCE).due_at == START + hours(12)
    assert matter.incident.active_departments == ("YJGL", "WJW")
    matter.do(office.accept, RESCUE)
    assert matter.wait_until(hours(20)).entries(EntryKind.ACKNOWLEDGEMENT_EXPIRED) == []
    with pytest.raises(Refused, match="已在办"):
        matter.do(office.assign, OFFICER, "YJGL")


def test_the_lead_is_changed_by_transfer_only() -> None:
    matter = handled()
    with pytest.raises(Refused, match="改派"):
        matter.do(office.assign, OFFICER, "WJW")
    with pytest.raises(Refused, match="已在办"):
        matter.do(office.assign, OFFICER, "YJGL")
    with pytest.raises(Refused, match="已是牵头"):
        matter.do(office.transfer_lead, OFFICER, "YJGL", "x")


def test_a_department_accepts_once_and_for_itself_only() -> None:
    matter = handled()
    with pytest.raises(Refused, match="已签收"):
        matter.do(office.accept, RESCUE)
    with pytest.raises(Refused, match="承办部门"):
        matter.do(office.accept, HEALTH)


def test_a_reminder_by_hand_speaks_of_the_most_pressing_duty_of_the_department() -> None:
    matter = reported(says(EventGrade.II))
    matter.do(office.assign, OFFICER, "YJGL")
    matter.do(office.remind, OFFICER)
    [reminded] = matter.entries(EntryKind.DUTY_REMINDED)
    assert (reminded.data["duty"], reminded.data["reason"]) == ("acceptance", "人工催办")
    assert matter.told()[-1] == "department"


def test_escalation_by_hand_reaches_any_rung_with_a_reason() -> None:
    matter = handled()
    with pytest.raises(Refused):
        matter.do(office.escalate, OFFICER, Level.PRINCIPAL_LEADER, "")
    matter.do(office.escalate, OFFICER, Level.PRINCIPAL_LEADER, "外媒关注")
    alert = matter.entries(EntryKind.LEVEL_ALERTED)[-1]
    assert (alert.data["to"], alert.data["reason"]) == (["mayor1"], "外媒关注")


def test_a_consultation_is_a_decision_on_record_and_confirms_the_wording() -> None:
    matter = handled(departments=("YJGL", "WJW"))
    with pytest.raises(Refused, match="结论"):
        matter.do(office.consult, OFFICER, ["YJGL", "WJW"], "")
    matter.publish()
    matter.do(office.consult, OFFICER, ["YJGL", "WJW"], "由应急管理局统一发布")
    matter.publish()
    confirmed = [e.data["wording_confirmed"] for e in matter.entries(EntryKind.RESPONSE_PUBLISHED)]
    assert confirmed == [False, True]


def test_a_grade_that_rises_is_told_to_the_departments_and_shortens_what_they_have_to_accept() -> None:
    matter = reported(says(EventGrade.IV))
    matter.wait_until(minutes(10)).do(office.assign, OFFICER, "YJGL")
    matter.wait_until(minutes(11)).confirm(EventGrade.II)
    assert [d.due_at - START for d in matter.incident.owed(ACCEPTANCE)] == [minutes(41)]
    assert matter.told()[-1] == "department"


def test_but_nobody_gets_more_time_by_it_and_what_is_missed_stays_missed() -> None:
    for waiting, due in ((minutes(115), hours(2)), (hours(3), hours(2))):
        matter = reported(says(EventGrade.IV))
        matter.do(office.assign, OFFICER, "YJGL")
        matter.wait_until(waiting).confirm(EventGrade.II)
        assert [d.due_at - START for d in matter.incident.owed(ACCEPTANCE)] == [due]


@pytest.mark.parametrize("how", ["transfer", "return", "resolve"])
def test_an_acceptance_missed_before_the_department_was_let_go_stays_on_its_record(how: str) -> None:
    matter = reported()
    matter.do(office.assign, OFFICER, "YJGL")
    matter.wait_until(hours(3))
    if how == "transfer":
        matter.do(office.transfer_lead, OFFICER, "WJW", "职责所在")
    elif how == "return":
        matter.do(office.give_back, RESCUE, "不属本部门")
    else:
        matter.publish()
        matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    duty = next(d for d in matter.incident.duties if d.subject == "YJGL")
    assert (duty.missed_at, duty.closed_as) == (START + hours(2), "unmet")
