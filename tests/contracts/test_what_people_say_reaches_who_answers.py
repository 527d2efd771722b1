"""A complaint in the words of the street reaches who answers for it, pushed or called in; chatter stays out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from services.adapters.assessor import MachineAssessor
from services.domain.assessment import Assessment
from services.domain.post import Post
from tests.contracts.spoken_matters import CHATTER, NOBODYS, SPOKEN


def rows(block: str) -> list[tuple[str, str]]:
    """Each line is the departments that may lead, by comma, and what was said."""
    return [(codes, text) for codes, _, text in (line.partition(" ") for line in block.strip().splitlines())]


def said(assessor: MachineAssessor, text: str, origin: str) -> Assessment:
    return assessor.assess([Post("p", "某网", "", text, datetime(2026, 11, 20, 4, tzinfo=UTC), origin=origin)])[0]


@pytest.mark.parametrize(("codes", "text"), rows(SPOKEN))
def test_what_is_said_without_any_place_is_kept_and_reaches_who_answers(
    assessor: MachineAssessor, codes: str, text: str
) -> None:
    pushed = said(assessor, text, "api")
    assert pushed.relevant
    assert pushed.lead_department in codes.split(",")
    assert said(assessor, text, "hotline").lead_department == pushed.lead_department


@pytest.mark.parametrize("text", NOBODYS.strip().splitlines())
def test_what_is_nobodys_goes_to_the_general_office(assessor: MachineAssessor, text: str) -> None:
    assert said(assessor, text, "hotline").lead_department == "BGT"


@pytest.mark.parametrize("text", CHATTER.strip().splitlines())
def test_chatter_sport_and_advertisements_stay_out(assessor: MachineAssessor, text: str) -> None:
    assert not said(assessor, text, "api").relevant
