"""50 %, 75 %, 90 %, 100 %: who is told while a statutory duty runs out (内部规定)."""

from __future__ import annotations

from services.domain import incident as office
from services.domain.vocabulary import EntryKind, EventGrade, Level
from tests.domain.incident.cast import OFFICER, START, Matter, Names, handled, hours, minutes, reported, says, without


def climbed(matter: Matter, duty: str) -> list[tuple[str, str, float]]:
    """(level, because, hours after the start) of every alert about this duty."""
    return [
        (e.data["level"], e.data["because"].removeprefix(duty).strip(), (e.recorded_at - START) / hours(1))
        for e in matter.entries(EntryKind.LEVEL_ALERTED)
        if e.data["because"].startswith(duty)
    ]


def test_the_five_hours_remind_the_department_then_the_leader_then_the_press_office_then_everyone() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    assert climbed(matter, "first_statement") == [
        ("department", "50%", 2.5),
        ("duty_leader", "75%", 3.75),
        ("press_office", "90%", 4.5),
        ("press_office", "missed", 5),
        ("leader_in_charge", "missed", 5),
        ("principal_leader", "missed", 5),
    ]


def test_the_forty_eight_hours_spare_the_principal_leader() -> None:
    matter = handled(says(EventGrade.III)).wait_until(hours(50))
    assert climbed(matter, "public_response") == [
        ("department", "50%", 24),
        ("duty_leader", "75%", 36),
        ("press_office", "90%", 43.2),
        ("press_office", "missed", 48),
        ("leader_in_charge", "missed", 48),
    ]


def test_a_reminder_to_the_department_is_in_the_ledger_at_the_time_it_fell_due() -> None:
    matter = handled(says(EventGrade.II)).jump_to(hours(4))
    [reminded] = matter.entries(EntryKind.DUTY_REMINDED)
    assert (reminded.occurred_at, reminded.recorded_at) == (START + hours(2.5), START + hours(4))
    assert reminded.data["duty"] == "first_statement"


def test_every_department_concerned_is_reminded() -> None:
    matter = handled(says(EventGrade.II), ("YJGL", "WJW")).wait_until(hours(2.5))
    assert matter.entries(EntryKind.LEVEL_ALERTED)[-1].data["to"] == ["yjgl", "wjw"]


def test_before_anyone_is_assigned_the_duty_room_is_called_and_that_is_no_empty_rung() -> None:
    matter = reported(says(EventGrade.II)).wait_until(hours(2.5))
    alert = matter.entries(EntryKind.LEVEL_ALERTED)[-1]
    assert (alert.data["level"], alert.data["to"]) == ("duty_officer", ["duty1"])
    assert "skipped" not in alert.data


def test_a_department_that_cannot_be_reached_is_named_beside_the_one_that_can() -> None:
    matter = handled(says(EventGrade.II), ("YJGL", "WJW"))
    matter.roster = Names(out=("WJW",))
    matter.wait_until(hours(2.5))
    alert = matter.entries(EntryKind.LEVEL_ALERTED)[-1]
    assert (alert.data["to"], alert.data["skipped"]) == (["yjgl"], ["department"])


def test_an_answer_ends_the_climb() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(3))
    matter.publish()
    matter.wait_until(hours(6))
    assert [step for _, step, _ in climbed(matter, "first_statement")] == ["50%"]


def test_an_empty_press_office_at_the_end_is_not_called_twice_over() -> None:
    matter = handled(says(EventGrade.II))
    matter.roster = without(Level.PRESS_OFFICE)
    matter.wait_until(hours(5))
    missed = [level for level, step, _ in climbed(matter, "first_statement") if step == "missed"]
    assert missed == ["leader_in_charge", "principal_leader"]


def test_after_a_standstill_over_many_steps_they_come_in_order_with_both_times() -> None:
    matter = handled(says(EventGrade.II)).jump_to(hours(25))
    steps = [
        (e.data["duty"], e.occurred_at - START)
        for e in matter.entries(EntryKind.DUTY_REMINDED, EntryKind.DUTY_MISSED)
    ]  # fmt: skip
    assert steps == [
        ("first_statement", hours(2.5)),
        ("first_statement", hours(5)),
        ("press_conference", hours(12)),
        ("press_conference", hours(24)),
    ]
    assert all(e.recorded_at == matter.now for e in matter.entries(EntryKind.DUTY_MISSED))


def test_each_step_is_climbed_once_however_often_the_sweep_looks() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(5))
    seq = matter.incident.seq
    for _ in range(10):
        matter.wait_until(hours(5) + minutes(1))
    assert matter.incident.seq == seq


def test_a_start_moved_back_does_not_climb_a_step_twice_nor_all_the_ones_behind_it() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(3))
    matter.do(office.extend_start, OFFICER, START - hours(1.6), "报警时间")  # 4.6 of five hours are gone: 92 %
    assert climbed(matter, "first_statement") == [("department", "50%", 2.5), ("press_office", "90%", 3)]
