"""撤销合并: what was known, told or excused of the other matter goes with it."""

from __future__ import annotations

from services.domain import incident as office
from services.domain.vocabulary import (
    EntryKind,
    EventGrade,
)
from tests.domain.incident.cast import (
    LEADER,
    handled,
    hours,
    reported,
    says,
)
from tests.domain.incident.two_matters import CONFERENCE, RESPONSE, STATEMENT, another, due, merged, undone


def test_of_two_grave_matters_the_one_that_stays_keeps_the_grade_and_its_clocks() -> None:
    target = reported(name="q0")
    fire, explosion = (another(a, says(EventGrade.II, deaths=d), f"q{d}") for a, d in ((0.25, 12), (0.5, 11)))
    for source in (fire, explosion):
        merged(target, source)
    undone(target, fire, 1.5)
    assert target.incident.event_grade is EventGrade.II
    assert due(target.incident).keys() == {STATEMENT, CONFERENCE, RESPONSE}
    undone(target, explosion, 2)
    assert (target.incident.event_grade, due(target.incident)) == (None, {RESPONSE: 48})


def test_an_exemption_that_came_with_one_matter_excuses_nothing_of_the_one_that_stays() -> None:
    target, fire = reported(name="q0"), handled(says(EventGrade.II, deaths=12))
    explosion = another(0.5, says(EventGrade.II, deaths=11), "q2")
    for kind in (STATEMENT, CONFERENCE):
        fire.do(office.exempt, LEADER, kind, "案件侦办中", "张")
    for source in (fire, explosion):
        merged(target, source)
    target.confirm(EventGrade.II)
    undone(target, fire, 2)
    assert {STATEMENT, CONFERENCE} <= due(target.incident).keys()


def test_a_clock_that_the_other_matter_missed_before_they_were_one_tells_nothing_of_this_ones() -> None:
    target, source = handled(says(EventGrade.II, deaths=12)), another(10, says(EventGrade.II, deaths=11))
    target.wait_until(hours(10.2))
    merged(target, source, 10.2)
    undone(target, source, 16)
    missed = [e.data["level"] for e in source.entries(EntryKind.LEVEL_ALERTED) if "missed" in e.data["because"]]
    assert {"press_office", "leader_in_charge", "principal_leader"} <= set(missed)


def test_what_was_only_read_of_the_other_matter_is_known_no_longer_and_graver_news_ring() -> None:
    explosion, fire = handled(says(EventGrade.IV)), another(0.1, says(EventGrade.II, deaths=12))
    merged(explosion, fire, 0.5)
    undone(explosion, fire, 0.6)
    assert (explosion.incident.event_grade, explosion.incident.heard) == (EventGrade.IV, {})
    explosion.hear(says(EventGrade.II, deaths=11))
    assert explosion.incident.event_grade is EventGrade.II
    assert "duty_officer" in explosion.told()


def test_what_was_read_higher_since_was_of_the_matter_that_stays_and_what_another_brought_as_well() -> None:
    target = reported(name="q0")
    sources = [another(0.1, says(EventGrade.II, deaths=12)), another(0.2, says(EventGrade.III, deaths=5), "q2")]
    for source in sources:
        merged(target, source)
    undone(target, sources[0], 1.5)
    assert target.incident.heard == {"deaths": 5}
    target.hear(says(EventGrade.III, deaths=6), "p9")
    undone(target, sources[1], 2)
    assert target.incident.heard == {"deaths": 6}


def test_after_a_merge_undone_the_leaders_hear_at_once_of_what_becomes_extraordinary_here() -> None:
    target, source = handled(says(EventGrade.IV)), another(0.1, says(EventGrade.I, deaths=31))
    merged(target, source, 0.5)
    undone(target, source, 0.6)
    since = target.entries()[-1].seq
    target.confirm(EventGrade.I)
    assert "principal_leader" in target.told(since)


def test_a_grade_that_a_person_had_confirmed_is_confirmed_again() -> None:
    target, source = handled(says(EventGrade.IV)), another(0.1, says(EventGrade.II, deaths=12))
    target.confirm(EventGrade.IV)
    merged(target, source, 0.5)
    assert not target.incident.grade_confirmed
    undone(target, source, 0.6)
    assert (target.incident.event_grade, target.incident.grade_confirmed) == (EventGrade.IV, True)
