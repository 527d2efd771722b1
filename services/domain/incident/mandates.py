"""Who may do what with an incident. One table; the screens show a button only where this says yes."""

from __future__ import annotations

from services.domain.incident.model import Actor, Incident, Refused
from services.domain.vocabulary import Role

LEADERS = frozenset({Role.DUTY_LEADER, Role.LEADER_IN_CHARGE, Role.PRINCIPAL_LEADER})
_DUTY = frozenset({Role.DUTY_OFFICER, Role.DUTY_LEADER})
_STEERING = _DUTY | {Role.PRESS_OFFICE}
_LEADERS = frozenset({Role.LEADER_IN_CHARGE, Role.PRINCIPAL_LEADER})
_DEPARTMENT = frozenset({Role.DEPARTMENT})

MAY: dict[str, frozenset[Role]] = {
    "acknowledge": _STEERING | _LEADERS,
    "confirm_grade": _STEERING | _LEADERS,
    "assign": _STEERING | _LEADERS,
    "transfer_lead": _STEERING | _LEADERS,
    "accept": _DEPARTMENT,
    "return": _DEPARTMENT,
    "consult": _STEERING | _DEPARTMENT | _LEADERS,
    "publish": _STEERING | _DEPARTMENT,
    "nothing_new": _STEERING | _DEPARTMENT,
    "remind": _STEERING | _LEADERS,
    "escalate": _STEERING | _LEADERS | _DEPARTMENT,
    "extend_start": _STEERING | _LEADERS,
    "exempt": _STEERING | _LEADERS,
    "resolve": _STEERING | _DEPARTMENT,
    "evaluate": _STEERING | {Role.OPEN_GOVERNMENT},
    "reopen": _STEERING | _LEADERS,
    "dismiss": _STEERING,
    "merge": _STEERING,
    "split": _STEERING,
    "decline": _STEERING,
}

ACTS = tuple(MAY)


def may(act: str, actor: Actor, incident: Incident) -> bool:
    """True where the actor's role allows the act, and a department acts on its own matter only."""
    if actor.role not in MAY[act]:
        return False
    return actor.role is not Role.DEPARTMENT or actor.department in incident.active_departments


def require(act: str, actor: Actor, incident: Incident) -> None:
    """Raises Refused, in words for the person who tried."""
    if actor.role not in MAY[act]:
        who = "、".join(sorted(r.label for r in MAY[act]))
        role = actor.role.label if actor.role else "系统"
        raise Refused(f"{role}无权执行此操作，须由{who}办理")
    if actor.role is Role.DEPARTMENT and actor.department not in incident.active_departments:
        raise Refused(f"{actor.department}不是该事件的承办部门")
