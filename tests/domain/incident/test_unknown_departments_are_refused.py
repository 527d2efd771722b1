"""A code nobody answers to is refused before anything is assigned to it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.domain.incident import Refused, assign, transfer_lead
from tests.domain.incident.cast import OFFICER, handled, reported


def test_a_misspelt_department_is_not_assigned() -> None:
    matter = reported()
    moment = replace(matter.moment(OFFICER), departments=frozenset({"YJGL", "WJW"}))
    with pytest.raises(Refused, match="XYZ"):
        assign(matter.incident, moment, "YJGL", ["XYZ"])
    assert matter.incident.active_departments == ()


def test_the_lead_is_not_given_to_a_department_that_does_not_exist() -> None:
    matter = handled()
    moment = replace(matter.moment(OFFICER), departments=frozenset({"YJGL", "WJW"}))
    with pytest.raises(Refused, match="XYZ"):
        transfer_lead(matter.incident, moment, "XYZ", "职责调整")
    assert matter.incident.lead == "YJGL"
