"""立案, 并入, 拆分, and back-filled posts that start no clock and ring no bell."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Refused, incident_number
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade, OpinionGrade
from services.domain.zone import SHANGHAI
from tests.domain.incident.cast import OFFICER, PRESS, START, handled, hours, minutes, post, reported, says

RESPONSE = DutyKind.PUBLIC_RESPONSE


def test_the_clock_starts_when_the_first_post_was_collected_and_the_rule_is_told() -> None:
    [entry] = reported().entries(EntryKind.INCIDENT_REPORTED)
    assert entry.occurred_at == START
    assert entry.data["start_rule"] == "first_collected"


def test_the_number_is_the_day_in_harbin_and_comes_from_the_first_post() -> None:
    late = post(at=START + hours(3))
    assert incident_number(late).startswith("20171002-")
    assert incident_number(late) == incident_number(post(at=START + hours(3)))


def test_everything_is_told_in_order() -> None:
    kinds = [e.kind for e in reported(says(EventGrade.II, OpinionGrade.I)).entries()]
    assert kinds == [
        EntryKind.INCIDENT_REPORTED,
        EntryKind.GRADE_PROPOSED,
        EntryKind.DUTY_OPENED,
        EntryKind.DUTY_OPENED,
        EntryKind.LEVEL_ALERTED,
        EntryKind.DUTY_OPENED,
        EntryKind.LEVEL_ALERTED,
        EntryKind.LEVEL_ALERTED,
    ]


def test_a_further_post_rings_nobody_by_itself() -> None:
    matter = handled()
    told = len(matter.told())
    matter.hear(says())
    assert (matter.incident.posts, len(matter.told())) == (2, told)


def test_a_post_collected_earlier_but_read_later_moves_the_start() -> None:
    matter = reported()
    office.attach(matter.incident, post("p0", START - minutes(20)), says(), matter.moment())
    assert matter.incident.started_at == START - minutes(20)
    assert matter.duty(RESPONSE).due_at == START - minutes(20) + hours(48)
    assert matter.entries(EntryKind.START_MOVED)[0].data["rule"] == "first_collected"


def test_a_back_filled_post_starts_no_clock_and_rings_no_bell() -> None:
    matter = reported(says(EventGrade.I, OpinionGrade.I, deaths=40), backfill=True)
    assert [e.kind for e in matter.entries()] == [EntryKind.INCIDENT_REPORTED]
    assert office.next_due_at(matter.incident) is None


def test_a_person_may_work_on_a_back_filled_matter_and_no_statutory_clock_starts() -> None:
    matter = reported(backfill=True).wait_until(hours(100))
    matter.confirm(EventGrade.II)
    matter.publish()
    assert matter.told() == []
    assert matter.running() == set()


def test_the_first_live_post_wakes_it_with_a_start_of_its_own() -> None:
    matter = reported(backfill=True).wait_until(hours(100))
    matter.hear(says(EventGrade.II, deaths=10))
    assert matter.incident.started_at == START + hours(100)
    assert matter.duty(DutyKind.FIRST_STATEMENT).due_at == START + hours(105)
    assert matter.told() == ["duty_officer"]


def test_a_back_filled_post_on_a_live_matter_changes_no_grade() -> None:
    matter = handled(says(EventGrade.IV))
    matter.hear(says(EventGrade.I, deaths=40), backfill=True)
    assert matter.incident.event_grade is EventGrade.IV
    assert matter.incident.posts == 2


def test_posts_split_off_are_another_matter_with_clocks_of_their_own() -> None:
    matter = handled()
    matter.wait_until(hours(3)).hear(says(EventGrade.II, deaths=10))
    parted = [(post("p2", START + hours(3)), says(EventGrade.II, deaths=10))]
    matter.wait_until(hours(4))
    new = office.split(matter.incident, parted, matter.moment(OFFICER))
    assert new.started_at == START + hours(3)
    assert {d.kind: d.due_at for d in new.owed()}[DutyKind.FIRST_STATEMENT] == START + hours(8)
    assert matter.incident.posts == 1
    assert matter.incident.started_at == START
    assert new.rules is matter.incident.rules
    assert [e.data["to"] for e in matter.entries(EntryKind.POSTS_SPLIT)] == [new.id]


def test_posts_split_off_late_have_missed_what_they_have_missed() -> None:
    matter = handled()
    matter.hear(says())
    matter.wait_until(hours(6))
    new = office.split(matter.incident, [(post("p2"), says(EventGrade.II, deaths=10))], matter.moment(OFFICER))
    [missed] = [e for e in new.changes if e.kind is EntryKind.DUTY_MISSED]
    assert (missed.occurred_at, missed.recorded_at) == (START + hours(5), START + hours(6))


def test_neither_everything_nor_nothing_nor_the_first_post_is_split_off() -> None:
    matter = handled()
    matter.hear(says())
    for parted in ([], [post()], [post(), post("p2")]):
        with pytest.raises(Refused):
            office.split(matter.incident, [(p, says()) for p in parted], matter.moment(PRESS))
    assert matter.incident.posts == 2


def test_times_in_the_ledger_are_in_utc_whatever_was_entered() -> None:
    matter = handled()
    beijing = (START - minutes(5)).astimezone(SHANGHAI)
    matter.do(office.extend_start, OFFICER, beijing, "报警时间")
    assert matter.entries(EntryKind.START_MOVED)[0].data["to"] == "2017-10-01T13:55:00Z"
