"""Settling: late is late, whether anybody looked or not."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain import incident as office
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade
from tests.domain.incident.cast import OFFICER, START, Matter, handled, hours, minutes, reported, says

Told = tuple[str, str, datetime]


def told(matter: Matter) -> list[Told]:
    """What was missed and reminded of, and when it was so; a call begins only when somebody is really called."""
    kinds = (EntryKind.DUTY_MISSED, EntryKind.DUTY_REMINDED)
    return sorted(
        (e.kind.value, e.data["duty"], e.occurred_at)
        for e in matter.entries(*kinds)
        if e.data["duty"] != DutyKind.ACKNOWLEDGEMENT.value
    )


def matters(grade: EventGrade | None) -> list[Matter]:
    """Untouched; assigned and not accepted; answered once and silent since."""
    untouched, assigned, answered = reported(says(grade)), reported(says(grade)), handled(says(grade))
    assigned.do(office.assign, OFFICER, "YJGL", ["WJW"])
    answered.wait_until(minutes(100)).publish()
    return [untouched, assigned, answered]


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.sampled_from([EventGrade.I, EventGrade.II, EventGrade.IV, None]),
    st.lists(st.integers(100, 60 * 60), max_size=40),
)
def test_looking_often_or_once_at_the_end_finds_the_same_things_missed_at_the_same_times(
    grade: EventGrade | None, looks: list[int]
) -> None:
    for often, at_due_times, once in zip(matters(grade), matters(grade), matters(grade), strict=True):
        for look in sorted(looks):
            often.jump_to(minutes(look))
        for matter in (often, once):
            matter.jump_to(hours(61))
        at_due_times.wait_until(hours(61))
        assert told(often) == told(at_due_times) == told(once)


def test_a_second_look_finds_nothing() -> None:
    for matter in matters(EventGrade.I):
        matter.jump_to(hours(61))
        seq = matter.incident.seq
        matter.jump_to(hours(61))
        assert matter.incident.seq == seq


def test_the_next_look_is_due_after_the_last_one_and_in_the_end_nothing_is() -> None:
    for matter in matters(EventGrade.II):
        matter.wait_until(hours(200))
        assert office.next_due_at(matter.incident) is None


def test_a_step_a_person_takes_first_lets_time_catch_up() -> None:
    matter = handled(says(EventGrade.II))
    matter.now = START + hours(6)  # and no sweep ran
    matter.do(office.consult, OFFICER, ["YJGL"], "统一口径")
    missed, consulted = matter.entries(EntryKind.DUTY_MISSED, EntryKind.CONSULTATION_RECORDED)
    assert (missed.occurred_at, missed.recorded_at, missed.actor) == (START + hours(5), START + hours(6), "system")
    assert missed.seq < consulted.seq


def test_a_clock_that_runs_behind_on_another_machine_does_not_turn_the_ledger_back() -> None:
    matter = handled().wait_until(hours(1))
    matter.do(office.remind, OFFICER)
    matter.now -= timedelta(seconds=2)
    matter.do(office.remind, OFFICER)
    times = [e.recorded_at for e in matter.entries()]
    assert times == sorted(times)
