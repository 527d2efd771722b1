"""不是同一事件 and its undoing: a person answers what the machine asked about two numbers (疑似同一事件)."""

from __future__ import annotations

from services.domain.incident.mandates import require
from services.domain.incident.model import Incident, Moment, Refused
from services.domain.incident.settling import settle
from services.domain.vocabulary import EntryKind


def decline(incident: Incident, other: Incident, moment: Moment) -> None:
    """不是同一事件: `other`, a candidate of the incident, is another matter. Neither is asked about the other again.

    No clock changes: both had clocks of their own all the time. A person may still merge the two.
    """
    _may_answer(incident, other, moment)
    if other.id in incident.declined:
        raise Refused(f"已认定{other.id}与本事件不是同一事件")
    incident.declined[other.id] = ""
    other.declined.setdefault(incident.id, "")
    _record(incident, other, moment, {})


def reconsider(incident: Incident, other: Incident, moment: Moment) -> None:
    """撤销: whether the two are one event is open again, as the machine had asked it."""
    _may_answer(incident, other, moment)
    if other.id not in incident.declined:
        raise Refused(f"没有认定过{other.id}与本事件不是同一事件")
    del incident.declined[other.id]
    other.declined.pop(incident.id, None)
    _record(incident, other, moment, {"undo": "decline"})


def _may_answer(incident: Incident, other: Incident, moment: Moment) -> None:
    for one in (incident, other):
        require("decline", moment.actor, one)
        settle(one, moment)
        if one.merged_into:
            raise Refused(f"{one.id}已并入{one.merged_into}，请先撤销该合并")
    if other.id not in incident.candidates:
        raise Refused(f"{other.id}没有被提示为本事件的疑似同一事件")


def _record(incident: Incident, other: Incident, moment: Moment, more: dict[str, str]) -> None:
    for one in (incident, other):
        one.record(EntryKind.CANDIDATE_DECLINED, moment, {"incident": incident.id, "candidate": other.id} | more)
