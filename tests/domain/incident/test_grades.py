"""A machine proposes, a person confirms; 特别重大 goes to the top at once."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade, Level, OpinionGrade
from tests.domain.incident.cast import LEADER, OFFICER, START, Matter, handled, hours, minutes, reported, says, without


def at_the_top(matter: Matter) -> list[str]:
    return [
        e.data["level"] for e in matter.entries(EntryKind.LEVEL_ALERTED) if str(e.data["because"]).startswith("extra")
    ]


def test_the_first_proposal_is_on_record_even_where_there_is_no_emergency() -> None:
    [proposed] = reported().entries(EntryKind.GRADE_PROPOSED)
    assert proposed.data["event_grade"] is None
    assert proposed.actor == "system"


def test_higher_numbers_raise_the_proposed_grade() -> None:
    matter = handled(says(EventGrade.IV, deaths=1))
    matter.hear(says(EventGrade.II, deaths=10))
    assert matter.incident.event_grade is EventGrade.II
    assert not matter.incident.grade_confirmed
    assert DutyKind.FIRST_STATEMENT in matter.running()


def test_lower_numbers_change_nothing() -> None:
    matter = handled(says(EventGrade.II, deaths=10))
    seq = matter.incident.seq
    matter.hear(says(EventGrade.IV, deaths=1))
    assert matter.incident.event_grade is EventGrade.II
    assert [e.kind for e in matter.entries() if e.seq > seq] == [EntryKind.POST_ATTACHED]


def test_what_a_person_lowered_is_not_raised_again_by_the_same_numbers() -> None:
    matter = handled(says(EventGrade.II, deaths=10))
    matter.confirm(EventGrade.III, "核实死亡5人")
    matter.hear(says(EventGrade.II, deaths=10))
    matter.hear(says(EventGrade.II, deaths=10, injuries=5), "p3")
    assert matter.incident.event_grade is EventGrade.III


def test_but_by_higher_ones_of_the_same_grade_or_a_higher_one() -> None:
    for grade, deaths in ((EventGrade.II, 11), (EventGrade.I, 30)):
        matter = handled(says(EventGrade.II, deaths=10))
        matter.confirm(EventGrade.III, "核实死亡5人")
        matter.hear(says(grade, deaths=deaths))
        assert matter.incident.event_grade is grade


def test_or_by_another_kind_of_number_where_a_grave_grade_rests_on_a_ground_nobody_has_heard_of() -> None:
    dead, hurt = ("deaths",), ("serious_injuries",)
    for ground, grade in ((dead, EventGrade.III), (hurt, EventGrade.II)):
        matter = handled(says(EventGrade.II, grounds=(dead,), deaths=10))
        matter.confirm(EventGrade.III, "核实死亡5人")
        matter.hear(says(EventGrade.II, grounds=(ground,), serious_injuries=60))
        assert matter.incident.event_grade is grade


def test_of_a_message_that_does_not_tell_what_its_grade_counts_every_number_is_taken_for_it() -> None:
    matter = handled(says(EventGrade.II, grounds=None, deaths=10))
    matter.confirm(None, "旧闻")
    matter.hear(says(EventGrade.II, grounds=None, serious_injuries=60))
    assert matter.incident.event_grade is EventGrade.II


def test_but_not_by_fewer_of_those_that_were_counted_before_beside_others() -> None:
    matter = handled(says(EventGrade.I, grounds=(("deaths",),), deaths=30))
    matter.confirm(None, "旧闻")
    told = len(matter.told())
    fewer = says(EventGrade.II, grounds=(("deaths", "missing"),), deaths=12, injuries=5)
    matter.hear(fewer)
    assert (matter.incident.event_grade, len(matter.told())) == (None, told)


def test_an_opinion_grade_that_a_person_lowered_stays_down_as_well() -> None:
    matter = handled(says(None, OpinionGrade.II))
    matter.do(office.confirm_grade, LEADER, None, OpinionGrade.IV, "转发量为机器水军")
    matter.hear(says(None, OpinionGrade.II))
    assert matter.incident.opinion_grade is OpinionGrade.IV
    matter.hear(says(None, OpinionGrade.I), "p3")
    assert matter.incident.opinion_grade is OpinionGrade.I


def test_a_confirmation_says_what_it_changed_and_who_made_it() -> None:
    matter = handled(says(EventGrade.III))
    matter.confirm(EventGrade.II, "现场核实", LEADER)
    [confirmed] = matter.entries(EntryKind.GRADE_CONFIRMED)
    assert (confirmed.actor, confirmed.data["from"], confirmed.data["event_grade"]) == ("leader1", "III", "II")
    assert matter.incident.grade_confirmed


def test_once_the_grade_is_lowered_whoever_is_called_or_has_to_accept_has_the_time_of_the_lower_one() -> None:
    called, assigned = reported(says(EventGrade.II)), handled(says(EventGrade.II))
    assigned.do(office.assign, OFFICER, "YJGL", ["WJW"])
    for matter, kind, whole in (
        (called, DutyKind.ACKNOWLEDGEMENT, minutes(30)),
        (assigned, DutyKind.ACCEPTANCE, hours(2)),
    ):
        matter.wait_until(minutes(5)).confirm(EventGrade.III, "核减")
        assert matter.duty(kind).due_at == START + whole
        matter.wait_until(minutes(29))
        assert not matter.about(EntryKind.DUTY_MISSED, kind)


def test_confirming_the_grade_it_has_rings_nobody() -> None:
    matter = handled(says(EventGrade.II))
    told = len(matter.told())
    matter.confirm(EventGrade.II)
    assert len(matter.told()) == told


def test_grade_one_goes_to_the_press_office_and_the_principal_leader_at_once_after_the_duty_officer() -> None:
    matter = reported(says(EventGrade.I, deaths=30))
    assert matter.told() == ["duty_officer", "press_office", "principal_leader"]


def test_an_extraordinary_opinion_does_so_too_also_when_it_becomes_one_later() -> None:
    assert at_the_top(reported(says(None, OpinionGrade.I))) == ["press_office", "principal_leader"]
    matter = handled()
    matter.hear(says(None, OpinionGrade.I))
    assert at_the_top(matter) == ["press_office", "principal_leader"]


def test_a_matter_extraordinary_in_both_ways_is_told_once() -> None:
    matter = reported(says(EventGrade.I, OpinionGrade.I, deaths=30))
    assert at_the_top(matter) == ["press_office", "principal_leader"]


def test_and_not_again_while_it_stays_extraordinary() -> None:
    matter = reported(says(EventGrade.I, deaths=30))
    matter.confirm(EventGrade.I)
    matter.hear(says(EventGrade.I, deaths=40))
    assert len(at_the_top(matter)) == 2
    matter.confirm(EventGrade.II, "核实29人")
    matter.confirm(EventGrade.I)
    assert len(at_the_top(matter)) == 4


def test_a_grade_supposed_for_want_of_numbers_runs_the_clock_but_wakes_no_mayor() -> None:
    matter = reported(says(EventGrade.I, provisional=True))
    assert DutyKind.FIRST_STATEMENT in matter.running()
    assert at_the_top(matter) == []


def test_until_a_person_confirms_it_or_the_numbers_come_in() -> None:
    confirmed, heard = reported(says(EventGrade.I, provisional=True)), reported(says(EventGrade.I, provisional=True))
    confirmed.confirm(EventGrade.I)
    heard.hear(says(EventGrade.I, deaths=31))
    for matter in (confirmed, heard):
        assert at_the_top(matter) == ["press_office", "principal_leader"]
        assert not matter.incident.provisional


def test_numbers_that_come_in_lower_leave_it_to_a_person_to_lower_the_grade() -> None:
    matter = reported(says(EventGrade.II, provisional=True))
    matter.hear(says(EventGrade.III, deaths=3))
    assert matter.incident.event_grade is EventGrade.II
    assert matter.incident.provisional


def test_an_empty_press_office_is_passed_over_and_nobody_is_told_twice() -> None:
    matter = reported(says(EventGrade.I, deaths=30), roster=without(Level.PRESS_OFFICE, Level.LEADER_IN_CHARGE))
    assert at_the_top(matter) == ["principal_leader"]
    assert matter.entries(EntryKind.LEVEL_ALERTED)[-1].data["skipped"] == ["press_office", "leader_in_charge"]


def test_no_grade_is_confirmed_on_what_is_closed() -> None:
    matter = handled()
    matter.do(office.dismiss, OFFICER, "与本市无关")
    with pytest.raises(Refused, match="重启"):
        matter.confirm(EventGrade.I)
