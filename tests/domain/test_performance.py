"""考核: what counts as on time, how long things took, and for whom it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.domain import incident as office
from services.domain.performance import Period, Rate, overdue, rate, spread, standings
from services.domain.policy import Duty
from services.domain.vocabulary import DutyKind, EventGrade
from tests.domain.incident.cast import HEALTH, OFFICER, RESCUE, START, Matter, handled, hours, minutes, reported, says
from tests.domain.incident.two_matters import another, merged, undone

WEEK = Period(START, START + timedelta(days=7))
FIRST_DAY = Period(START, START + hours(24))
SECOND_DAY = Period(START + hours(24), START + hours(48))
NEXT_WEEK = Period(WEEK.end, WEEK.end + timedelta(days=7))


def duty(due: float, met: float | None = None, closed_as: str = "") -> Duty:
    """A duty due and met so many hours after START."""
    met_at = None if met is None else START + hours(met)
    closed_at = START + hours(1) if closed_as else None
    return Duty(DutyKind.PUBLIC_RESPONSE, START, START + hours(due), "", met_at, None, closed_at, closed_as)


def test_met_when_due_is_on_time_and_a_second_later_is_not() -> None:
    assert rate([duty(5, 5)], WEEK) == Rate(on_time=1, met=1, overdue=0)
    assert rate([duty(5, 5 + 1 / 3600)], WEEK) == Rate(on_time=0, met=1, overdue=0)


def test_what_is_still_open_and_overdue_lowers_the_rate() -> None:
    kept = rate([duty(5, 4), duty(5, 6), duty(48), duty(48)], WEEK)
    assert kept == Rate(on_time=1, met=2, overdue=2)
    assert kept.share == 0.25


def test_an_overdue_duty_counts_in_every_period_until_it_is_met() -> None:
    late = [duty(48, met=24 * 9)]
    assert rate(late, WEEK) == Rate(0, 0, 1)
    assert rate(late, NEXT_WEEK) == Rate(0, 1, 0)
    after = Period(NEXT_WEEK.end, NEXT_WEEK.end + timedelta(days=7))
    assert rate(late, after).share is None


def test_what_is_open_and_not_yet_due_counts_nowhere() -> None:
    assert rate([duty(48)], FIRST_DAY).share is None


def test_on_the_stroke_of_its_due_time_a_duty_is_not_overdue() -> None:
    assert not overdue(duty(48), START + hours(48))
    assert overdue(duty(48), START + hours(48) + timedelta(microseconds=1))


def test_a_duty_met_as_the_period_ends_belongs_to_the_next() -> None:
    assert rate([duty(48, met=24)], FIRST_DAY).met == 0
    assert rate([duty(48, met=24)], SECOND_DAY).met == 1


@pytest.mark.parametrize("how", ["withdrawn", "exempted"])
def test_withdrawn_and_exempted_duties_count_nowhere(how: str) -> None:
    assert rate([duty(5, closed_as=how)], WEEK).share is None


def test_what_was_given_up_after_it_was_missed_counts_up_to_the_day_it_was_given_up() -> None:
    given_up = duty(5)
    given_up.closed_at, given_up.closed_as = START + hours(30), "unmet"
    assert rate([given_up], FIRST_DAY) == rate([given_up], SECOND_DAY) == Rate(0, 0, 1)
    assert rate([given_up], NEXT_WEEK).share is None


def test_nobody_improves_the_rate_by_dismissing_what_is_overdue() -> None:
    late, prompt = handled(), handled()
    for matter, after in ((late, hours(60)), (prompt, hours(2))):
        matter.wait_until(after).do(office.dismiss, OFFICER, "误报")
    [rescue] = standings([late.incident, prompt.incident], WEEK)
    assert rescue.statutory == Rate(on_time=0, met=0, overdue=1), "what was dismissed in time was never owed"
    assert standings([late.incident], NEXT_WEEK) == []


def test_nobody_improves_the_rate_by_another_grade_for_what_is_overdue_and_every_duty_counts_once() -> None:
    raised, lowered = handled(), handled(says(EventGrade.II))
    raised.wait_until(hours(49)).confirm(EventGrade.II)
    lowered.wait_until(hours(6)).confirm(EventGrade.III, "核减")
    lowered.publish()
    for matter, kept in ((raised, Rate(0, 0, 3)), (lowered, Rate(1, 1, 1))):
        matter.wait_until(hours(60))
        [rescue] = standings([matter.incident], WEEK)
        assert rescue.statutory == kept
    assert [one.statutory for one in standings([lowered.incident], NEXT_WEEK)] == []


def test_what_a_department_did_with_a_merged_matter_counts_once_when_the_merge_is_undone() -> None:
    target, source = reported(), another(0.25)
    source.do(office.assign, OFFICER, "YJGL", ("WJW",))
    merged(target, source)
    target.do(office.accept, RESCUE)
    target.do(office.give_back, HEALTH, "不属本单位")
    undone(target, source, 1.5)
    health, rescue = standings([target.incident, source.incident], WEEK)
    assert (health.returned, health.accepted_after.number) == (1, 0)
    assert (rescue.returned, rescue.accepted_after.number) == (0, 1)


def test_median_and_p90_are_those_of_a_table() -> None:
    took = spread(minutes(n) for n in (10, 9, 8, 7, 6, 5, 4, 3, 2, 1))
    assert (took.number, took.median, took.p90) == (10, minutes(5.5), minutes(9))
    assert spread([minutes(3)]) == spread([minutes(3)])
    assert (spread([minutes(3)]).median, spread([minutes(3)]).p90) == (minutes(3), minutes(3))
    assert spread([minutes(n) for n in (1, 2, 60)]).median == minutes(2)


def test_without_a_case_there_is_no_median() -> None:
    assert (spread([]).number, spread([]).median, spread([]).p90) == (0, None, None)


def answered_by(matter: Matter, after: timedelta) -> Matter:
    matter.wait_until(after)
    matter.publish()
    return matter


def test_the_lead_answers_for_the_statutory_duty_and_each_department_for_its_acceptance() -> None:
    matter = reported()
    matter.do(office.acknowledge, OFFICER)
    matter.do(office.assign, OFFICER, "YJGL", ("WJW",))
    matter.wait_until(minutes(20))
    matter.do(office.accept, RESCUE)
    matter.wait_until(hours(3))
    matter.do(office.accept, HEALTH)
    answered_by(matter, hours(10))
    health, rescue = standings([matter.incident], WEEK)
    assert (rescue.department, rescue.statutory, rescue.acceptance) == ("YJGL", Rate(1, 1, 0), Rate(1, 1, 0))
    assert (rescue.accepted_after.median, rescue.answered_after.median) == (minutes(20), hours(10))
    assert (health.department, health.statutory, health.acceptance) == ("WJW", Rate(), Rate(0, 1, 0))
    assert (health.accepted_after.median, health.answered_after.number) == (hours(3), 0)


def test_a_returned_assignment_is_counted_for_who_returned_it() -> None:
    matter = handled()
    matter.wait_until(hours(1))
    matter.do(office.give_back, RESCUE, "不属本部门职责")
    [standing] = standings([matter.incident], WEEK)
    assert (standing.department, standing.returned) == ("YJGL", 1)
    assert standings([matter.incident], NEXT_WEEK)[0].returned == 0, "but it is overdue by then"


def test_a_matter_nobody_leads_is_shown_without_a_department() -> None:
    matter = reported().wait_until(hours(50))
    [standing] = standings([matter.incident], WEEK)
    assert (standing.department, standing.statutory) == ("", Rate(0, 0, 1))


def test_back_filled_and_merged_matters_count_nowhere() -> None:
    quiet, merged = reported(), reported()
    quiet.incident.quiet, merged.incident.merged_into = True, "20171001-OTHER"
    assert standings([quiet.incident, merged.incident], WEEK) == []
