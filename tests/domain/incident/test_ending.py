"""办结, 评估, 重启, 不予处置."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, EventGrade, IncidentState, PublicationForm
from tests.domain.incident.cast import (
    LEADER,
    OFFICER,
    OPEN_GOVERNMENT,
    PRESS,
    START,
    Matter,
    handled,
    hours,
    says,
)

STATEMENT, CONFERENCE = DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE


def answered(grade: EventGrade = EventGrade.III) -> Matter:
    matter = handled(says(grade)).wait_until(hours(2))
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    return matter


def test_nothing_is_resolved_without_an_answer_on_record() -> None:
    with pytest.raises(Refused, match="尚无回应"):
        handled().do(office.resolve, PRESS, Disposition.DIFFICULTY, {})


def test_nor_without_a_disposition() -> None:
    with pytest.raises(Refused, match="处置方式"):
        answered().do(office.resolve, PRESS, None, {})


@pytest.mark.parametrize(
    ("disposition", "owed"),
    [
        (Disposition.SUGGESTION, "采纳情况"),
        (Disposition.DIFFICULTY, "解决情况"),
        (Disposition.MAJOR_PROBLEM, "调查处置情况"),
        (Disposition.UNCLEAR, "权威信息"),
        (Disposition.WRONG_VIEW, "引导纠正"),
    ],
)
def test_each_disposition_says_what_it_owes_the_public(disposition: Disposition, owed: str) -> None:
    matter = answered()
    matter.do(office.resolve, PRESS, disposition, {"outcome": "已办理"})
    [resolved] = matter.entries(EntryKind.INCIDENT_RESOLVED)
    assert (resolved.data["owed"], resolved.data["outcome"]) == (owed, "已办理")


@pytest.mark.parametrize("transfer", [None, {}, {"to": "GAJ"}, {"receipt": "公（网）收字1号"}])
def test_false_information_is_not_resolved_before_it_is_transferred(transfer: dict[str, str] | None) -> None:
    matter = answered()
    with pytest.raises(Refused, match="移交"):
        matter.do(office.resolve, PRESS, Disposition.FALSE_INFORMATION, {"transfer": transfer})
    assert matter.incident.state is IncidentState.RESPONDED


def test_the_transfer_says_to_whom_when_and_with_which_receipt() -> None:
    matter = answered()
    outcome = {"transfer": {"to": "GAJ", "receipt": "公（网）收字1号"}}
    matter.do(office.resolve, PRESS, Disposition.FALSE_INFORMATION, outcome)
    [resolved] = matter.entries(EntryKind.INCIDENT_RESOLVED)
    assert resolved.data["transfer"] == {"to": "GAJ", "receipt": "公（网）收字1号", "at": "2017-10-01T16:00:00Z"}


def test_no_incident_closes_without_an_evaluation() -> None:
    matter = answered()
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    assert matter.incident.state is IncidentState.RESOLVED
    evaluation = {"acceptance": "认可", "opinion_before": "负面", "opinion_after": "中性"}
    matter.do(office.evaluate, OPEN_GOVERNMENT, evaluation)
    assert matter.incident.state is IncidentState.CLOSED
    [entry] = matter.entries(EntryKind.EVALUATION_RECORDED)
    assert entry.data == {"timeliness": {"on_time": 1, "statutory": 1}} | evaluation


def test_an_evaluation_counts_what_was_missed_and_given_up() -> None:
    matter = handled().wait_until(hours(49))
    matter.confirm(EventGrade.II)
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    matter.do(office.evaluate, PRESS, {})
    [entry] = matter.entries(EntryKind.EVALUATION_RECORDED)
    assert entry.data == {"timeliness": {"on_time": 0, "statutory": 3}}


def test_an_answered_matter_may_be_evaluated_before_it_is_resolved_and_is_closed_once_both_are_on_record() -> None:
    matter = answered()
    matter.do(office.evaluate, OPEN_GOVERNMENT, {"opinion_before": "负面", "opinion_after": "中性"})
    assert matter.incident.state is IncidentState.RESPONDED
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    assert matter.incident.state is IncidentState.CLOSED


def test_an_evaluation_of_the_time_before_it_was_reopened_closes_nothing() -> None:
    matter = answered()
    matter.do(office.evaluate, OPEN_GOVERNMENT, {})
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    matter.do(office.reopen, OFFICER, "问题反复")
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    assert matter.incident.state is IncidentState.RESOLVED


def test_an_evaluation_alone_closes_nothing_and_needs_an_answer() -> None:
    with pytest.raises(Refused, match="尚无回应"):
        handled().do(office.evaluate, PRESS, {})
    matter = answered()
    matter.do(office.evaluate, PRESS, {})
    assert matter.incident.state is IncidentState.RESPONDED


def test_reopening_keeps_what_was_met_and_calls_the_duty_room() -> None:
    matter = answered()
    matter.do(office.resolve, PRESS, Disposition.DIFFICULTY, {})
    matter.do(office.evaluate, PRESS, {})
    matter.wait_until(hours(90))
    with pytest.raises(Refused, match="理由"):
        matter.do(office.reopen, OFFICER, "")
    matter.do(office.reopen, OFFICER, "问题反复")
    assert matter.incident.state is IncidentState.RESPONDED
    assert matter.duty(DutyKind.PUBLIC_RESPONSE).met_at == START + hours(2)
    assert matter.running() == {DutyKind.ACKNOWLEDGEMENT}
    assert matter.entries(EntryKind.LEVEL_ALERTED)[-1].data["because"] == "reopened"


def test_what_is_open_is_not_reopened() -> None:
    with pytest.raises(Refused, match="尚未办结"):
        answered().do(office.reopen, OFFICER, "x")


@pytest.mark.parametrize("grade", [EventGrade.I, EventGrade.II])
def test_grade_one_and_two_are_never_simply_dismissed(grade: EventGrade) -> None:
    matter = handled(says(grade))
    with pytest.raises(Refused, match="降级"):
        matter.do(office.dismiss, OFFICER, "重复")
    matter.confirm(EventGrade.III, "误报")
    matter.do(office.dismiss, OFFICER, "误报")
    assert matter.incident.state is IncidentState.DISMISSED


def test_a_dismissal_needs_a_reason_and_ends_every_clock() -> None:
    matter = handled()
    with pytest.raises(Refused, match="理由"):
        matter.do(office.dismiss, OFFICER, "")
    matter.do(office.dismiss, OFFICER, "与本市无关")
    assert office.next_due_at(matter.incident) is None
    withdrawn = [e for e in matter.entries(EntryKind.DUTY_WITHDRAWN) if e.data["reason"] == "不予处置"]
    assert [e.data["duty"] for e in withdrawn] == ["public_response"]


def test_a_dismissal_undone_takes_up_the_clocks_where_they_would_stand() -> None:
    matter = handled()
    matter.do(office.dismiss, OFFICER, "与本市无关")
    matter.wait_until(hours(50)).do(office.reopen, LEADER, "确系本市")
    [missed] = matter.about(EntryKind.DUTY_MISSED, DutyKind.PUBLIC_RESPONSE)
    assert (missed.occurred_at, missed.recorded_at) == (START + hours(48), START + hours(50))


def test_what_was_missed_before_the_dismissal_stays_missed() -> None:
    matter = handled()
    matter.wait_until(hours(60)).do(office.dismiss, OFFICER, "误报")
    [missed] = matter.about(EntryKind.DUTY_MISSED, DutyKind.PUBLIC_RESPONSE)
    assert missed.occurred_at == START + hours(48)
    assert (
        matter.about(EntryKind.DUTY_WITHDRAWN, DutyKind.PUBLIC_RESPONSE)[0].data["reason"] == "不予处置（已逾期未办）"
    )
    duty = matter.duty(DutyKind.PUBLIC_RESPONSE)
    assert (duty.missed_at, duty.closed_as, duty.open) == (START + hours(48), "unmet", False)
    assert office.next_due_at(matter.incident) is None


def test_what_nobody_had_noticed_to_be_missed_is_missed_all_the_same() -> None:
    matter = handled()
    matter.now = START + hours(60)  # no sweep ran
    matter.do(office.dismiss, OFFICER, "误报")
    kinds = [e.kind for e in matter.entries(EntryKind.DUTY_MISSED, EntryKind.INCIDENT_DISMISSED)]
    assert kinds == [EntryKind.DUTY_MISSED, EntryKind.INCIDENT_DISMISSED]
    assert matter.duty(DutyKind.PUBLIC_RESPONSE).closed_as == "unmet"


def test_a_missed_duty_is_owed_again_when_the_dismissal_is_undone_and_was_missed_once() -> None:
    matter = handled()
    matter.wait_until(hours(60)).do(office.dismiss, OFFICER, "误报")
    matter.wait_until(hours(70)).do(office.reopen, LEADER, "确系本市")
    assert len(matter.about(EntryKind.DUTY_MISSED, DutyKind.PUBLIC_RESPONSE)) == 1
    assert matter.running() >= {DutyKind.PUBLIC_RESPONSE}
    matter.publish()
    [duty] = [d for d in matter.incident.duties if d.kind is DutyKind.PUBLIC_RESPONSE]
    assert (duty.missed_at, duty.met_at, duty.on_time) == (START + hours(48), START + hours(70), False)


def test_graver_numbers_after_closing_are_proposed_at_once_and_run_their_clocks_once_it_is_reopened() -> None:
    matter = handled(says(EventGrade.III, deaths=3))
    matter.publish(hours(0))
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    matter.now = START + hours(3)
    matter.hear(says(EventGrade.I, deaths=35))
    assert matter.entries(EntryKind.GRADE_PROPOSED)[-1].data["event_grade"] == "I"
    assert matter.told()[-2:] == ["press_office", "principal_leader"]
    assert not [d for d in matter.incident.owed() if d.kind.statutory]
    matter.now = START + hours(4)
    matter.do(office.reopen, OFFICER, "死亡人数上升")
    assert matter.incident.event_grade is EventGrade.I
    assert matter.duty(STATEMENT).met_at == START
    assert matter.duty(CONFERENCE).due_at == START + hours(24)
    assert matter.told().count("principal_leader") == 1


def test_after_reopening_a_further_graver_report_is_heard() -> None:
    matter = handled(says(EventGrade.III, deaths=3))
    matter.publish(hours(0))
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    matter.do(office.reopen, OFFICER, "又有反映")
    matter.hear(says(EventGrade.II, deaths=12))
    assert matter.incident.event_grade is EventGrade.II
