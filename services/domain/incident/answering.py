"""回应 and what follows it: publication, exemption, resolving, evaluation, reopening, dismissal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.domain.incident.duties import exempt_duty, give_up
from services.domain.incident.handling import begin
from services.domain.incident.ladder import followed, quieten, ring, tell_extraordinary
from services.domain.incident.mandates import LEADERS, require
from services.domain.incident.model import Incident, Moment, Refused
from services.domain.incident.publication import Publication
from services.domain.incident.settling import settle
from services.domain.incident.statutory import (
    align_follow_up,
    align_statutory,
    continue_follow_up,
    credit_publications,
)
from services.domain.vocabulary import Disposition, DutyKind, EntryKind, PublicationForm


@dataclass(frozen=True, slots=True)
class Evidence:
    """What makes a publication a recorded one: form, channel, where to find it (address or scan), by whom, when.

    `recorded_on` are the merged incidents on the way down to the number that was used, if it is not the carrier's own:
    should a merge be undone, it is the answer of that one.
    """

    form: PublicationForm
    channel: str
    address: str
    publisher: str = ""
    published_at: datetime | None = None
    by_principal_leader: bool = False
    reviewed_by: str = ""
    recorded_on: tuple[str, ...] = ()


def publish(incident: Incident, moment: Moment, evidence: Evidence) -> None:
    """回应发布.

    1. may this person, and is the record complete? 2. let time catch up; 3. 保密审查 goes on record before the
    publication; 4. it counts by when it was published, whenever it was entered; 5. meet the duties it answers;
    6. for grade I/II the next 持续发布 starts.
    """
    require("publish", moment.actor, incident)
    settle(incident, moment)
    if not (incident.state.open or incident.resolved_at):
        raise Refused(f"事件{incident.state.label}，不能记录回应")
    published_at = evidence.published_at or moment.now
    _check_evidence(incident, moment, evidence, published_at)
    _record_publication(incident, moment, evidence, published_at)
    if incident.state.open:  # told of something graver after closing, the duty room has still to take it up
        quieten(incident, moment, "已回应")
    credit_publications(incident, moment)
    continue_follow_up(incident, moment, published_at)
    align_follow_up(incident, moment, "已回应")
    settle(incident, moment)


def _check_evidence(incident: Incident, moment: Moment, evidence: Evidence, published_at: datetime) -> None:
    if not evidence.channel.strip():
        raise Refused("记录回应须写明发布渠道")
    if not evidence.address.strip():
        raise Refused("记录回应须提供网址或扫描件")
    if published_at > moment.now:
        raise Refused("发布时间不能晚于当前时间")
    if published_at < incident.started_at:
        raise Refused("发布时间早于事件起点；如事件实际开始更早，请先调整起点")


def _record_publication(incident: Incident, moment: Moment, evidence: Evidence, published_at: datetime) -> None:
    publisher = evidence.publisher or moment.actor.department or moment.actor.name
    # 谁公开、谁审查: where no reviewer is named, only that the person who records it vouches for the review.
    review = {"review": "secrecy", "reviewed_by": evidence.reviewed_by, "declared_by": moment.actor.name}
    incident.record(EntryKind.REVIEW_RECORDED, moment, review, occurred_at=published_at)
    publication = Publication(
        evidence.form,
        evidence.channel,
        evidence.address,
        publisher,
        published_at,
        moment.now,
        moment.actor.name,
        evidence.by_principal_leader,
        "".join(evidence.recorded_on[:1]),
        evidence.recorded_on[1:],
    )
    incident.publications.append(publication)
    incident.record(EntryKind.RESPONSE_PUBLISHED, moment, describe_publication(incident, publication), published_at)


def describe_publication(incident: Incident, publication: Publication) -> dict[str, Any]:
    """The data of a response_published entry; others concerned and no 会商 on record shows as wording unconfirmed."""
    return {
        "form": publication.form.value,
        "channel": publication.channel,
        "url": publication.address,
        "publisher": publication.publisher,
        "published_at": publication.published_at,
        "by_principal_leader": publication.by_principal_leader,
        "late_recorded": publication.late_recorded,
        "wording_confirmed": incident.consulted or len(incident.active_departments) < 2,
        "unit": incident.lead or publication.publisher,
    } | ({"recorded_on": publication.recorded_on} if publication.recorded_on else {})


def nothing_new(incident: Incident, moment: Moment, reason: str) -> None:
    """无新情况: meets the running 持续发布, with a reason."""
    begin("nothing_new", incident, moment)
    if not reason.strip():
        raise Refused("“无新情况”须写明理由")
    if not any(d.started_at < moment.now for d in incident.owed(DutyKind.FOLLOW_UP)):
        raise Refused("没有正在计时的持续发布")
    continue_follow_up(incident, moment, moment.now, reason)
    align_follow_up(incident, moment, reason)
    followed(incident, moment)


def exempt(incident: Incident, moment: Moment, kind: DutyKind, reason: str, signed_by: str) -> None:
    """豁免 (secret, under investigation): signed, and shown in the statistics. A leader signs by doing it himself.

    What was missed can be excused as well, also after it was given up: the grade had been none of that kind.
    """
    begin("exempt", incident, moment)
    signed_by = signed_by.strip() or (moment.actor.name if moment.actor.role in LEADERS else "")
    if not reason.strip() or not signed_by:
        raise Refused("豁免须写明理由和签批人")
    if kind in (DutyKind.ACKNOWLEDGEMENT, DutyKind.ACCEPTANCE):
        raise Refused(f"“{kind.label}”不能豁免，只有对公众的回应时限可以")
    unmet = (d for d in incident.duties if d.kind is kind and d.judged and d.met_at is None)
    duty = next(incident.owed(kind), None) or next(unmet, None)
    if duty is None:
        raise Refused(f"没有未完成的“{kind.label}”时限")
    exempt_duty(incident, duty, moment, {"reason": reason, "signed_by": signed_by})
    followed(incident, moment)


def resolve(incident: Incident, moment: Moment, disposition: Disposition | None, outcome: dict[str, Any]) -> None:
    """办结: an answer on record and a disposition, and for false information the transfer. Statutory duties run on.

    `outcome` may hold "outcome" (what the public was owed) and "transfer" {"to", "at", "receipt"}.
    """
    begin("resolve", incident, moment)
    if not incident.publications:
        raise Refused("尚无回应发布记录，不能办结")
    if disposition is None:
        raise Refused("办结须确定处置方式")
    if disposition is Disposition.FALSE_INFORMATION:
        outcome = outcome | {"transfer": _transfer(outcome.get("transfer") or {}, moment)}
    incident.disposition, incident.resolved_at = disposition, moment.now
    data = {"disposition": disposition.value, "owed": disposition.owed, **outcome}
    incident.record(EntryKind.INCIDENT_RESOLVED, moment, data)
    _stop_internal_clocks(incident, moment, "已办结")


def _transfer(transfer: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """移交, 四(四): to whom and with which receipt; when, unless it is now."""
    if not (transfer.get("to") and transfer.get("receipt")):
        raise Refused("虚假和不实信息须同时移交公安机关或网络监管部门：请写明移交单位、时间和回执")
    return transfer | {"at": transfer.get("at") or moment.now}


def _stop_internal_clocks(incident: Incident, moment: Moment, reason: str) -> None:
    """Closing never meets or ends a statutory duty; the internal ones have lost their purpose."""
    quieten(incident, moment, reason)
    for duty in [d for d in incident.owed() if not d.kind.statutory]:
        give_up(incident, duty, moment, reason)


def evaluate(incident: Incident, moment: Moment, evaluation: dict[str, Any]) -> None:
    """评估: timeliness, acceptance by the public, opinion before and after. Only a resolved incident closes by it."""
    require("evaluate", moment.actor, incident)
    settle(incident, moment)
    if incident.merged_into or incident.dismissed_at:
        raise Refused(f"事件{incident.state.label}，无须评估")
    if not incident.publications:
        raise Refused("尚无回应发布记录，不能评估")
    incident.evaluated_at = moment.now
    statutory = [d for d in incident.duties if d.kind.statutory and d.judged]
    timeliness = {"on_time": sum(d.on_time for d in statutory), "statutory": len(statutory)}
    incident.record(EntryKind.EVALUATION_RECORDED, moment, {"timeliness": timeliness} | evaluation)


def reopen(incident: Incident, moment: Moment, reason: str) -> None:
    """重启: something came up. What was met stays met; the duty room is called."""
    require("reopen", moment.actor, incident)
    settle(incident, moment)
    if incident.merged_into:
        raise Refused(f"事件已并入{incident.merged_into}，请在该事件上办理")
    if not (incident.resolved_at or incident.dismissed_at):
        raise Refused("事件尚未办结，无须重启")
    if not reason.strip():
        raise Refused("重启须写明理由")
    incident.resolved_at = incident.evaluated_at = incident.dismissed_at = None
    incident.reopened_at = moment.now
    incident.record(EntryKind.INCIDENT_REOPENED, moment, {"reason": reason})
    align_follow_up(incident, moment, reason, since=moment.now)
    align_statutory(incident, moment, reason)
    if not incident.quiet:
        ring(incident, moment, "reopened")
        tell_extraordinary(incident, moment)
    settle(incident, moment)


def dismiss(incident: Incident, moment: Moment, reason: str) -> None:
    """不予处置: not ours, not true news, a duplicate. A matter of grade I/II has to be lowered first, by name.

    What was missed before that stays missed: nobody ends a delay by calling the matter none.
    """
    begin("dismiss", incident, moment)
    if not reason.strip():
        raise Refused("不予处置须写明理由")
    if incident.urgent:
        raise Refused("特别重大、重大事件不能直接不予处置，请先确认降级")
    incident.dismissed_at = moment.now
    incident.record(EntryKind.INCIDENT_DISMISSED, moment, {"reason": reason})
    for duty in list(incident.owed()):
        give_up(incident, duty, moment, "不予处置")
    quieten(incident, moment, "不予处置")
