"""回应发布: the only thing that meets a statutory duty, by when it was published."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import Evidence, Refused
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, EventGrade, PublicationForm
from tests.domain.incident.cast import OFFICER, PRESS, RESCUE, START, Matter, handled, hours, minutes, says

STATEMENT, FOLLOW_UP = DutyKind.FIRST_STATEMENT, DutyKind.FOLLOW_UP


def spoken(grade: EventGrade = EventGrade.II) -> Matter:
    """Grade II, the first statement and the press conference out after two hours."""
    matter = handled(says(grade)).wait_until(hours(2))
    matter.publish(form=PublicationForm.PRESS_CONFERENCE)
    return matter


def test_a_back_dated_publication_meets_the_duty_and_is_flagged_late_recorded() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(6))
    matter.publish(at=hours(4))
    assert matter.duty(STATEMENT).on_time
    [met] = matter.about(EntryKind.DUTY_MET, STATEMENT)
    assert (met.occurred_at, met.recorded_at, met.data["late_recorded"]) == (START + hours(4), START + hours(6), True)
    assert matter.about(EntryKind.DUTY_MISSED, STATEMENT)[0].recorded_at == START + hours(5)


def test_a_publication_entered_when_it_is_made_is_not_flagged() -> None:
    matter = spoken()
    assert "late_recorded" not in matter.about(EntryKind.DUTY_MET, STATEMENT)[0].data
    assert matter.entries(EntryKind.RESPONSE_PUBLISHED)[0].data["late_recorded"] is False


def test_an_earlier_publication_found_later_counts() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(7))
    matter.publish()
    assert not matter.duty(STATEMENT).on_time
    matter.publish(at=hours(3))
    assert matter.duty(STATEMENT).met_at == START + hours(3)


def test_a_late_publication_meets_the_duty_late() -> None:
    matter = handled(says(EventGrade.III)).wait_until(hours(50))
    matter.publish()
    duty = matter.duty(DutyKind.PUBLIC_RESPONSE)
    assert (duty.met_at, duty.missed_at, duty.on_time) == (START + hours(50), START + hours(48), False)


@pytest.mark.parametrize(
    ("channel", "address", "at", "why"),
    [
        ("", "https://www.example.gov.cn/1", hours(1), "渠道"),
        ("政府网站", " ", hours(1), "网址"),
        ("政府网站", "https://www.example.gov.cn/1", hours(3), "晚于"),
        ("政府网站", "https://www.example.gov.cn/1", -hours(1), "起点"),
    ],
)
def test_a_record_that_proves_nothing_is_refused(channel, address, at, why) -> None:  # type: ignore[no-untyped-def]  # a table
    matter = handled(says(EventGrade.II)).wait_until(hours(2))
    evidence = Evidence(PublicationForm.STATEMENT, channel, address, published_at=START + at)
    with pytest.raises(Refused, match=why):
        matter.do(office.publish, PRESS, evidence)
    assert STATEMENT in matter.running()
    assert matter.incident.publications == []


def test_the_secrecy_review_stands_before_the_publication() -> None:
    matter = handled().wait_until(hours(1))
    evidence = Evidence(PublicationForm.STATEMENT, "政府网站", "scan-17.pdf", reviewed_by="保密员")
    matter.do(office.publish, RESCUE, evidence)
    review, published = matter.entries(EntryKind.REVIEW_RECORDED, EntryKind.RESPONSE_PUBLISHED)
    assert (review.seq, review.data["reviewed_by"]) == (published.seq - 1, "保密员")
    assert published.data["publisher"] == "YJGL"


def test_without_a_reviewer_the_ledger_says_only_who_vouches_and_never_after_the_publication() -> None:
    matter = handled().wait_until(hours(3))
    matter.publish(hours(1))
    [review] = matter.entries(EntryKind.REVIEW_RECORDED)
    assert (review.data["reviewed_by"], review.data["declared_by"]) == ("", "press1")
    assert review.occurred_at == START + hours(1)


def test_after_the_first_statement_the_public_hears_more_every_twenty_four_hours() -> None:
    matter = spoken()
    assert matter.duty(FOLLOW_UP).due_at == START + hours(26)
    matter.wait_until(hours(20)).publish()
    assert matter.duty(FOLLOW_UP).due_at == START + hours(44)
    assert [d.met_at for d in matter.incident.duties if d.kind is FOLLOW_UP] == [START + hours(20), None]


def test_nothing_new_with_a_reason_is_an_answer_too() -> None:
    matter = spoken().wait_until(hours(20))
    with pytest.raises(Refused, match="理由"):
        matter.do(office.nothing_new, PRESS, "")
    matter.do(office.nothing_new, PRESS, "搜救仍在进行，无新情况")
    assert matter.duty(FOLLOW_UP).due_at == START + hours(44)
    assert matter.about(EntryKind.DUTY_MET, FOLLOW_UP)[0].data["reason"] == "搜救仍在进行，无新情况"


def test_silence_is_itself_overdue() -> None:
    matter = spoken().wait_until(hours(26))
    [missed] = matter.about(EntryKind.DUTY_MISSED, FOLLOW_UP)
    assert missed.occurred_at == START + hours(26)
    assert matter.told()[-2:] == ["press_office", "leader_in_charge"]


def test_a_lesser_grade_owes_no_follow_up() -> None:
    assert FOLLOW_UP not in spoken(EventGrade.III).running()


def test_there_is_nothing_new_to_say_where_no_follow_up_runs() -> None:
    for matter in (handled(says(EventGrade.II)), spoken(EventGrade.III), spoken()):
        with pytest.raises(Refused, match="持续发布"):
            matter.do(office.nothing_new, PRESS, "无新情况")


def test_follow_ups_end_with_the_resolution_and_start_afresh_when_it_is_reopened() -> None:
    matter = spoken().wait_until(hours(10))
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    assert FOLLOW_UP not in matter.running()
    matter.wait_until(hours(100)).do(office.reopen, OFFICER, "家属上访")
    assert matter.duty(FOLLOW_UP).due_at == START + hours(124)


def test_of_a_matter_that_was_reopened_only_the_time_since_counts_when_its_grade_rises_again() -> None:
    matter = spoken().wait_until(hours(30))
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    matter.wait_until(hours(40)).do(office.reopen, OFFICER, "家属上访")
    matter.confirm(EventGrade.III, "伤亡核减")
    matter.wait_until(hours(50)).confirm(EventGrade.II)
    assert matter.duty(FOLLOW_UP).due_at == START + hours(64)
    assert len(matter.about(EntryKind.DUTY_MISSED, FOLLOW_UP)) == 1


def test_follow_ups_end_when_the_grade_is_lowered() -> None:
    matter = spoken().wait_until(hours(10))
    matter.confirm(EventGrade.III, "伤亡核减")
    assert FOLLOW_UP not in matter.running()


def test_a_follow_up_missed_by_then_stays_missed_is_taken_up_when_the_grade_comes_back_and_told_once() -> None:
    matter = spoken().wait_until(hours(30))
    matter.confirm(EventGrade.III, "伤亡核减")
    assert (matter.duty(FOLLOW_UP).missed_at, matter.duty(FOLLOW_UP).closed_as) == (START + hours(26), "unmet")
    told = matter.told().count("leader_in_charge")
    matter.wait_until(hours(31)).confirm(EventGrade.II)
    assert FOLLOW_UP in matter.running()
    assert len(matter.about(EntryKind.DUTY_MISSED, FOLLOW_UP)) == 1
    assert matter.told().count("leader_in_charge") == told
    matter.publish()
    assert [(d.met_at, d.on_time) for d in matter.incident.duties if d.kind is FOLLOW_UP] == [
        (START + hours(31), False),
        (None, False),
    ]


def test_an_update_of_that_time_that_is_entered_late_was_no_silence() -> None:
    matter = spoken().wait_until(hours(30))
    matter.confirm(EventGrade.III, "伤亡核减")
    matter.publish(hours(20))
    assert (matter.duty(FOLLOW_UP).on_time, matter.duty(FOLLOW_UP).closed_as) == (True, "")


def test_an_exempted_follow_up_binds_no_graver_grade_whose_own_begins_when_it_rises() -> None:
    matter = spoken().wait_until(hours(30))
    matter.do(office.exempt, OFFICER, FOLLOW_UP, "案件侦办中", "张局长")
    matter.wait_until(hours(60)).confirm(EventGrade.I)
    assert matter.duty(FOLLOW_UP).due_at == START + hours(84)
    assert len(matter.about(EntryKind.DUTY_MISSED, FOLLOW_UP)) == 1


def test_an_exempted_follow_up_stays_exempted_until_the_office_speaks_again() -> None:
    matter = spoken().wait_until(hours(30))
    matter.do(office.exempt, OFFICER, FOLLOW_UP, "案件侦办中", "张局长")
    matter.wait_until(hours(60)).confirm(EventGrade.II)
    assert FOLLOW_UP not in matter.running()
    matter.publish()
    assert matter.duty(FOLLOW_UP).due_at == START + hours(84)


def test_an_answer_after_resolving_is_recorded_and_still_meets_what_is_owed() -> None:
    matter = handled(says(EventGrade.II)).wait_until(hours(2))
    matter.publish()
    matter.do(office.resolve, PRESS, Disposition.MAJOR_PROBLEM, {})
    matter.wait_until(hours(23)).publish(form=PublicationForm.PRESS_CONFERENCE)
    assert matter.duty(DutyKind.PRESS_CONFERENCE).on_time
    assert matter.running() == set()


def test_a_dismissed_matter_takes_no_publication() -> None:
    matter = handled().wait_until(minutes(5))
    matter.do(office.dismiss, OFFICER, "与本市无关")
    with pytest.raises(Refused):
        matter.publish()
