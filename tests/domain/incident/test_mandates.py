"""Who may do what: role by role, and a department only on its own matter."""

from __future__ import annotations

import pytest

from services.domain import incident as office
from services.domain.incident import ACTS, Actor, Refused, may, require
from services.domain.vocabulary import Role
from tests.domain.incident.cast import AUDITOR, HEALTH, OFFICER, RESCUE, handled

WITHOUT_BUSINESS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.VIEWER)


def allowed(role: Role, department: str = "") -> set[str]:
    incident = handled().incident
    return {act for act in ACTS if may(act, Actor("x", role, department), incident)}


@pytest.mark.parametrize("role", WITHOUT_BUSINESS)
def test_administrators_auditors_and_viewers_touch_no_incident(role: Role) -> None:
    assert allowed(role) == set()


def test_a_department_accepts_returns_answers_and_nothing_of_the_duty_room() -> None:
    assert allowed(Role.DEPARTMENT, "YJGL") == {
        "accept", "return", "consult", "publish", "nothing_new", "escalate", "resolve",
    }  # fmt: skip


def test_and_only_on_its_own_matter() -> None:
    assert allowed(Role.DEPARTMENT, "WJW") == set()
    matter = handled()
    with pytest.raises(Refused, match="不是该事件的承办部门"):
        matter.do(office.accept, HEALTH)


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.DUTY_LEADER])
def test_the_duty_room_does_everything_but_what_is_the_departments(role: Role) -> None:
    assert allowed(role) == set(ACTS) - {"accept", "return"}


def test_the_open_government_office_evaluates_only() -> None:
    assert allowed(Role.OPEN_GOVERNMENT) == {"evaluate"}


def test_the_machine_acts_on_nothing() -> None:
    for act in ACTS:
        with pytest.raises(Refused, match="系统无权"):
            require(act, office.MACHINE, handled().incident)


def test_a_refusal_says_who_may() -> None:
    matter = handled()
    with pytest.raises(Refused) as refused:
        matter.do(office.assign, RESCUE, "WJW")
    assert all(name in str(refused.value) for name in ("值班员", "带班领导", "新闻办"))


def test_the_table_of_acts_is_what_require_enforces() -> None:
    incident = handled().incident
    for act in ACTS:
        for actor in (OFFICER, RESCUE, HEALTH, AUDITOR):
            if may(act, actor, incident):
                require(act, actor, incident)
            else:
                with pytest.raises(Refused):
                    require(act, actor, incident)
