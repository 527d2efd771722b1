"""豁免: signed, for what was signed, and shown."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, EventGrade, PublicationForm
from tests.domain.incident.cast import LEADER, MAYOR, OFFICER, PRESS, START, handled, hours, says
from tests.domain.incident.two_matters import another, due, merged, undone

STATEMENT, CONFERENCE = DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE


def test_an_exemption_is_signed_and_shows() -> None:
    matter = handled(says(EventGrade.II))
    for reason, signed_by in (("案件侦办中", ""), ("", "张局长")):
        with pytest.raises(Refused, match="签批"):
            matter.do(office.exempt, OFFICER, CONFERENCE, reason, signed_by)
    matter.do(office.exempt, OFFICER, CONFERENCE, "案件侦办中", "张局长")
    [exempted] = matter.entries(EntryKind.DUTY_EXEMPTED)
    assert exempted.data["signed_by"] == "张局长"
    assert matter.running() == {STATEMENT}


def test_a_leader_signs_by_doing_it_himself() -> None:
    matter = handled(says(EventGrade.II))
    matter.do(office.exempt, MAYOR, CONFERENCE, "涉密", "")
    assert matter.entries(EntryKind.DUTY_EXEMPTED)[0].data["signed_by"] == "mayor1"


def test_what_is_exempted_stays_so_when_the_start_moves_or_the_grade_falls_and_comes_back() -> None:
    matter = handled(says(EventGrade.II))
    matter.do(office.exempt, MAYOR, CONFERENCE, "涉密", "")
    matter.do(office.extend_start, OFFICER, START - hours(1), "报警时间")
    matter.confirm(EventGrade.III, "核减")
    matter.confirm(EventGrade.II)
    assert matter.running() >= {STATEMENT}
    assert CONFERENCE not in matter.running()


def test_an_exemption_signed_for_grade_two_binds_no_grade_one() -> None:
    matter = handled(says(EventGrade.II, deaths=10)).wait_until(hours(2))
    for kind in (STATEMENT, CONFERENCE):
        matter.do(office.exempt, MAYOR, kind, "案件侦办中", "")
    matter.wait_until(hours(3)).hear(says(EventGrade.I, deaths=31))
    assert {d.kind: d.due_at - START for d in matter.incident.owed() if d.kind.statutory} == {
        STATEMENT: hours(5),
        CONFERENCE: hours(24),
    }
    assert [d.kind for d in matter.incident.duties if d.closed_as == "exempted"] == [STATEMENT, CONFERENCE]


def test_back_at_the_grade_it_was_signed_for_the_exemption_holds_again_and_what_was_missed_meanwhile_is_missed() -> (
    None
):
    matter = handled(says(EventGrade.II, deaths=10)).wait_until(hours(2))
    for kind in (STATEMENT, CONFERENCE):
        matter.do(office.exempt, MAYOR, kind, "案件侦办中", "")
    matter.confirm(EventGrade.I)
    matter.wait_until(hours(6)).confirm(EventGrade.II, "核减")
    assert not [d for d in matter.incident.owed() if d.kind.statutory]
    ended = [(d.kind, d.closed_as) for d in matter.incident.duties if d.kind.statutory]
    assert ended == [
        (STATEMENT, "exempted"),
        (CONFERENCE, "exempted"),
        (STATEMENT, "unmet"),
        (CONFERENCE, "withdrawn"),
    ]


def test_an_exemption_of_the_answer_to_a_complaint_binds_no_emergency() -> None:
    matter = handled()
    matter.do(office.exempt, MAYOR, DutyKind.PUBLIC_RESPONSE, "涉密", "")
    matter.hear(says(EventGrade.IV, deaths=1))
    assert matter.running() >= {DutyKind.PUBLIC_RESPONSE}


def test_what_was_missed_under_a_grade_that_was_none_can_be_excused_by_signature_also_after_it_was_lowered() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    matter.confirm(EventGrade.III, "误报")
    matter.do(office.exempt, OFFICER, STATEMENT, "误报，从未达到重大", "张局长")
    assert matter.duty(STATEMENT).closed_as == "exempted"
    with pytest.raises(Refused, match="没有未完成"):
        matter.do(office.exempt, OFFICER, CONFERENCE, "误报", "张局长")


def test_a_missed_duty_can_be_exempted_but_not_an_internal_one_and_not_twice() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    matter.do(office.exempt, LEADER, STATEMENT, "涉密", "")
    for kind in (STATEMENT, DutyKind.ACCEPTANCE, DutyKind.ACKNOWLEDGEMENT):
        with pytest.raises(Refused):
            matter.do(office.exempt, LEADER, kind, "涉密", "")


def test_what_is_excused_is_the_round_that_runs_not_one_that_was_missed_before_the_matter_was_reopened() -> None:
    matter = handled(says(EventGrade.II, deaths=10))
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    matter.wait_until(hours(31))
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    matter.do(office.reopen, OFFICER, "家属上访")
    matter.do(office.exempt, MAYOR, DutyKind.FOLLOW_UP, "案件侦办中", "")
    rounds = [d.closed_as for d in matter.incident.duties if d.kind is DutyKind.FOLLOW_UP]
    assert rounds[-2:] == ["unmet", "exempted"]


def test_an_exemption_goes_along_with_the_matter_it_was_signed_for_and_back_with_it() -> None:
    source, target = handled(says(EventGrade.II, deaths=10)), another(1)
    for kind in (STATEMENT, CONFERENCE):
        source.do(office.exempt, MAYOR, kind, "案件侦办中", "")
    for matter in (source, target):
        matter.wait_until(hours(6))
    merged(target, source, 6)
    assert target.incident.event_grade is EventGrade.II
    assert due(target.incident) == {DutyKind.PUBLIC_RESPONSE: 48}
    assert "principal_leader" not in target.told()
    assert [e.data["duty"] for e in target.entries(EntryKind.DUTY_EXEMPTED)] == [STATEMENT.value, CONFERENCE.value]
    undone(target, source, 7)
    assert "exempted" not in {d.closed_as for d in target.incident.duties}
    assert [d.kind for d in source.incident.duties if d.closed_as == "exempted"] == [STATEMENT, CONFERENCE]


def test_it_stops_no_clock_that_the_other_matter_runs_by_itself() -> None:
    source, target = handled(says(EventGrade.II, deaths=10)), another(1, says(EventGrade.II, deaths=11))
    source.do(office.exempt, MAYOR, STATEMENT, "案件侦办中", "")
    merged(target, source, 2)
    assert STATEMENT in due(target.incident)
