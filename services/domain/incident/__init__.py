"""政务舆情事件 and everything the office may do with one. The way in for use cases."""

from services.domain.incident.answering import (
    Evidence,
    dismiss,
    evaluate,
    exempt,
    nothing_new,
    publish,
    reopen,
    resolve,
)
from services.domain.incident.declining import decline, reconsider
from services.domain.incident.grading import confirm_grade
from services.domain.incident.handling import (
    accept,
    acknowledge,
    assign,
    consult,
    escalate,
    extend_start,
    give_back,
    remind,
    transfer_lead,
)
from services.domain.incident.joining import attach, incident_number, report, revise, split
from services.domain.incident.mandates import ACTS, MAY, may, require
from services.domain.incident.merging import merge, unmerge
from services.domain.incident.model import (
    MACHINE,
    Actor,
    Assignment,
    Incident,
    Moment,
    Refused,
)
from services.domain.incident.publication import Publication
from services.domain.incident.settling import next_due_at, settle, strike

__all__ = [
    "ACTS",
    "MACHINE",
    "MAY",
    "Actor",
    "Assignment",
    "Evidence",
    "Incident",
    "Moment",
    "Publication",
    "Refused",
    "accept",
    "acknowledge",
    "assign",
    "attach",
    "confirm_grade",
    "consult",
    "decline",
    "dismiss",
    "escalate",
    "evaluate",
    "exempt",
    "extend_start",
    "give_back",
    "incident_number",
    "may",
    "merge",
    "next_due_at",
    "nothing_new",
    "publish",
    "reconsider",
    "remind",
    "reopen",
    "report",
    "require",
    "resolve",
    "revise",
    "settle",
    "split",
    "strike",
    "transfer_lead",
    "unmerge",
]
