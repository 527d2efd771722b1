"""Which buttons make sense now. The domain still decides; this only keeps the page short."""

from __future__ import annotations

from collections.abc import Callable

from services.domain.incident import ACTS, Actor, Incident, may
from services.domain.vocabulary import DutyKind, Level


def _owes(incident: Incident, *kinds: DutyKind) -> bool:
    return any(True for _ in incident.owed(*kinds))


_SENSIBLE: dict[str, Callable[[Incident, Actor], bool]] = {
    "acknowledge": lambda i, a: i.watch.calling or a.level not in (Level.DUTY_OFFICER, Level.DUTY_LEADER),
    "accept": lambda i, a: any(x.active and x.department == a.department and not x.accepted_at for x in i.assignments),
    "return": lambda i, a: a.department in i.active_departments,
    "transfer_lead": lambda i, a: bool(i.lead),
    "nothing_new": lambda i, a: _owes(i, DutyKind.FOLLOW_UP),
    "remind": lambda i, a: _owes(i),
    "exempt": lambda i, a: _owes(i),
    "resolve": lambda i, a: bool(i.publications),
    "dismiss": lambda i, a: not i.urgent,
    "decline": lambda i, a: bool(i.candidates),
}


def acts_for(incident: Incident, actor: Actor) -> list[str]:
    """The acts this person may do and that have something to act on, in the order of the office's work."""
    allowed = [act for act in ACTS if may(act, actor, incident)]
    if incident.state.open:
        fit = [act for act in allowed if act not in ("reopen", "evaluate")]
        return [act for act in fit if act not in _SENSIBLE or _SENSIBLE[act](incident, actor)]
    late = {"publish": incident.resolved_at is not None, "reopen": not incident.merged_into}
    late["evaluate"] = incident.resolved_at is not None and incident.evaluated_at is None
    late["decline"] = bool(incident.candidates) and not incident.merged_into
    late["acknowledge"] = incident.watch.calling
    return [act for act in allowed if late.get(act, False)]
