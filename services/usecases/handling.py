"""处置: a person acts on an incident. One table says what each act takes; console, API and drill come through here."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.domain import incident as domain
from services.domain.incident import Evidence, Incident, Moment, Refused
from services.domain.roster import SHANGHAI
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EventGrade,
    Level,
    OpinionGrade,
    PublicationForm,
    Term,
)
from services.usecases.ports import Unit


@dataclass(frozen=True, slots=True)
class Command:
    """An act on one incident. `given` holds what the person filled in, as text or plain values."""

    act: str
    incident_id: str
    given: Mapping[str, Any]


async def perform(unit: Unit, command: Command, moment: Moment) -> Incident:
    """Carry out one act: load, act, save. A merged incident's number leads to the one that carries it now.

    Raises:
        Refused: the rules forbid it, or something needed is missing; nothing is changed but time that has passed.
        Conflict: somebody was quicker; repeat.
    """
    if command.act not in domain.MAY:
        raise Refused(f"没有“{command.act}”这一操作")
    incident, via = await _carrier(unit, command.incident_id)
    if command.act in _TWO_SIDED:
        touched = await _TWO_SIDED[command.act](unit, incident, command.given, moment)
    else:
        _ONE_SIDED[command.act](incident, {**command.given, "recorded_on": via}, moment)
        touched = [incident]
    await unit.save(touched)
    return incident


async def carrying(unit: Unit, incident_id: str) -> Incident:
    """The incident that carries this number now: both numbers of a merged pair resolve."""
    return (await _carrier(unit, incident_id))[0]


async def _carrier(unit: Unit, incident_id: str, via: str = "") -> tuple[Incident, str]:
    """The incident that carries this number, and the merged one right below it on the way there, if any."""
    found = (await unit.load([incident_id])).get(incident_id)
    if found is None:
        raise Refused(f"没有编号为{incident_id}的事件")
    return await _carrier(unit, found.merged_into, incident_id) if found.merged_into else (found, via)


Given = Mapping[str, Any]


def _text(given: Given, *names: str) -> str:
    return next((str(given[n]).strip() for n in names if given.get(n)), "")


def _names(given: Given, name: str) -> list[str]:
    value = given.get(name) or []
    parts = re.split("[,，、]", value) if isinstance(value, str) else value
    return [str(p).strip() for p in parts if str(p).strip()]


def _term(kind: type[Term], given: Given, name: str) -> Any:
    """The identifier or the Chinese label of a term; None where nothing was given."""
    value = _text(given, name)
    if value in ("", "none", "None"):
        return None
    for member in kind:
        if value in (member.value, member.label):
            return member
    allowed = "、".join(f"{m.value}（{m.label}）" for m in kind)
    raise Refused(f"{name}不能是“{value}”，可选：{allowed}")


def moment_of(value: Any, name: str) -> datetime | None:
    """A time as entered: ISO 8601; without an offset it is Beijing time."""
    if value in (None, ""):
        return None
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused(f"{name}不是有效时间：{value}") from None
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _grade(incident: Incident, given: Given, moment: Moment) -> None:
    """`event_grade` "none" (or null) says that it is no emergency; left empty or out, the grade stays."""
    untouched = given.get("event_grade", "") == ""
    event = incident.event_grade if untouched else _term(EventGrade, given, "event_grade")
    opinion = _term(OpinionGrade, given, "opinion_grade")
    domain.confirm_grade(incident, moment, event, opinion, _text(given, "reason"))


def _publish(incident: Incident, given: Given, moment: Moment) -> None:
    form = _term(PublicationForm, given, "form")
    if form is None:
        raise Refused("记录回应须选择发布形式")
    evidence = Evidence(
        form,
        _text(given, "channel"),
        _text(given, "url", "address", "scan"),
        _text(given, "publisher"),
        moment_of(given.get("published_at"), "published_at"),
        str(given.get("by_principal_leader", "")).lower() in ("true", "1", "on", "yes"),
        _text(given, "reviewed_by"),
        _text(given, "recorded_on"),
    )
    domain.publish(incident, moment, evidence)


def _exempt(incident: Incident, given: Given, moment: Moment) -> None:
    kind = _term(DutyKind, given, "duty")
    if kind is None:
        raise Refused("豁免须指明时限")
    domain.exempt(incident, moment, kind, _text(given, "reason"), _text(given, "signed_by"))


def _escalate(incident: Incident, given: Given, moment: Moment) -> None:
    level = _term(Level, given, "level") or Level.DUTY_LEADER
    domain.escalate(incident, moment, level, _text(given, "reason"))


def _extend(incident: Incident, given: Given, moment: Moment) -> None:
    at = moment_of(given.get("started_at"), "started_at")
    if at is None:
        raise Refused("请填写新的起点时间")
    domain.extend_start(incident, moment, at, _text(given, "reason"))


def _resolve(incident: Incident, given: Given, moment: Moment) -> None:
    disposition = _term(Disposition, given, "disposition")
    outcome = {k: given[k] for k in ("outcome", "transfer") if given.get(k)}
    if isinstance(outcome.get("transfer", {}), str):
        outcome["transfer"] = {"to": outcome["transfer"]}
    if not isinstance(outcome.get("transfer", {}), Mapping):
        raise Refused("移交须写明移交单位、时间和回执")
    if _text(given, "transfer_to"):
        outcome["transfer"] = {"to": _text(given, "transfer_to"), "at": _text(given, "transfer_at")}
        outcome["transfer"]["receipt"] = _text(given, "transfer_receipt")
    domain.resolve(incident, moment, disposition, outcome)


def _evaluate(incident: Incident, given: Given, moment: Moment) -> None:
    names = ("acceptance", "opinion_before", "opinion_after", "timeliness_note", "note", "reason", "score")
    domain.evaluate(incident, moment, {k: given[k] for k in names if given.get(k)})


_ONE_SIDED: dict[str, Callable[[Incident, Given, Moment], None]] = {
    "acknowledge": lambda i, g, m: domain.acknowledge(i, m),
    "confirm_grade": _grade,
    "assign": lambda i, g, m: domain.assign(i, m, _text(g, "lead"), _names(g, "supporting")),
    "accept": lambda i, g, m: domain.accept(i, m),
    "return": lambda i, g, m: domain.give_back(i, m, _text(g, "reason")),
    "consult": lambda i, g, m: domain.consult(i, m, _names(g, "participants"), _text(g, "conclusion", "reason")),
    "publish": _publish,
    "transfer_lead": lambda i, g, m: domain.transfer_lead(i, m, _text(g, "lead", "to"), _text(g, "reason")),
    "remind": lambda i, g, m: domain.remind(i, m, _text(g, "reason")),
    "escalate": _escalate,
    "extend_start": _extend,
    "resolve": _resolve,
    "evaluate": _evaluate,
    "reopen": lambda i, g, m: domain.reopen(i, m, _text(g, "reason")),
    "dismiss": lambda i, g, m: domain.dismiss(i, m, _text(g, "reason")),
    "exempt": _exempt,
    "nothing_new": lambda i, g, m: domain.nothing_new(i, m, _text(g, "reason")),
}


async def _merge(unit: Unit, incident: Incident, given: Given, moment: Moment) -> list[Incident]:
    """`into`: this one goes into that; `other` (or `from`): that one comes into this."""
    into, other = _text(given, "into"), _text(given, "other", "from", "with")
    if not (into or other):
        raise Refused("合并须指明另一事件")
    partner = await carrying(unit, into or other)
    target, source = (partner, incident) if into else (incident, partner)
    domain.merge(target, source, moment)
    await unit.regroup_merged(source.id, target.id)
    return [target, source]


async def _split(unit: Unit, incident: Incident, given: Given, moment: Moment) -> list[Incident]:
    """`incident`: undo that merge; `posts`: these posts become an incident of their own."""
    undo = _text(given, "incident")
    if undo:
        source = (await unit.load([undo])).get(undo)
        if source is None:
            raise Refused(f"没有编号为{undo}的事件")
        domain.unmerge(incident, source, moment)
        own = [f.post.key for f in await unit.posts_of(source.id)]
        await unit.regroup_split(own, incident.id, source.id)
        return [incident, source]
    chosen = _names(given, "posts")
    if not chosen:
        raise Refused("请选出要拆分的信息")
    filed = await unit.posts_of(incident.id, chosen)
    for merged in incident.merges if len(filed) < len(chosen) else ():
        if await unit.posts_of(merged.incident_id, chosen):
            raise Refused(f"所选信息属于并入的{merged.incident_id}，请先撤销该合并，再从中拆分")
    new = domain.split(incident, [(f.post, f.assessment) for f in filed], moment)
    await unit.save([new])
    keys = [f.post.key for f in filed]
    await unit.move_posts(keys, new.id)
    await unit.regroup_split(keys, incident.id, new.id)
    return [incident]


_TWO_SIDED: dict[str, Callable[[Unit, Incident, Given, Moment], Awaitable[list[Incident]]]] = {
    "merge": _merge,
    "split": _split,
}
