"""A limit includes its last moment: who acts on the stroke is in time, and only then is the duty missed."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade, PublicationForm
from tests.domain.incident.cast import OFFICER, RESCUE, Matter, handled, hours, minutes, reported, says

GRAVE = says(EventGrade.II, deaths=12)


def at_the_stroke(matter: Matter, after: float) -> Matter:
    """Time passes up to the stroke; the sweep of that very moment has not come yet."""
    matter.wait_until(hours(after) - minutes(1))
    matter.now += minutes(1)
    return matter


@pytest.mark.parametrize(
    ("duty", "limit", "form"),
    [
        (DutyKind.FIRST_STATEMENT, 5, PublicationForm.STATEMENT),
        (DutyKind.PRESS_CONFERENCE, 24, PublicationForm.PRESS_CONFERENCE),
    ],
)
def test_a_publication_on_the_stroke_meets_its_duty_and_nothing_is_missed(
    duty: DutyKind, limit: float, form: PublicationForm
) -> None:
    matter = at_the_stroke(handled(GRAVE), limit)
    matter.publish(form=form)
    matter.wait_until(hours(limit))
    assert matter.duty(duty).on_time
    assert not matter.about(EntryKind.DUTY_MISSED, duty)


def test_an_answer_on_the_stroke_of_forty_eight_hours_is_in_time() -> None:
    matter = at_the_stroke(handled(), 48)
    matter.publish()
    matter.wait_until(hours(48))
    assert not matter.about(EntryKind.DUTY_MISSED, DutyKind.PUBLIC_RESPONSE)


def test_an_acknowledgement_on_the_stroke_ends_the_first_officers_call() -> None:
    matter = reported(GRAVE)
    matter.now += minutes(10)
    matter.do(office.acknowledge, OFFICER)
    assert matter.told().count("duty_officer") == 1
    assert not matter.entries(EntryKind.DUTY_MISSED)


def test_an_acceptance_on_the_stroke_is_in_time() -> None:
    matter = reported(GRAVE)
    matter.do(office.assign, OFFICER, "YJGL")
    matter.now += minutes(30)
    matter.do(office.accept, RESCUE)
    assert not matter.about(EntryKind.DUTY_MISSED, DutyKind.ACCEPTANCE)


def test_a_moment_later_it_is_missed() -> None:
    matter = handled(GRAVE).wait_until(hours(5))
    assert matter.about(EntryKind.DUTY_MISSED, DutyKind.FIRST_STATEMENT)
    late = at_the_stroke(handled(GRAVE), 5)
    late.now += minutes(1)
    late.publish()
    assert late.about(EntryKind.DUTY_MISSED, DutyKind.FIRST_STATEMENT)
