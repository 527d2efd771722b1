"""处置: a person acts on an incident. One table says what each act takes; console, API and drill come through here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services.domain import incident as domain
from services.domain.incident import Evidence, Incident, Moment, Refused
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EventGrade,
    Level,
    OpinionGrade,
    PublicationForm,
)
from services.usecases.handling.given import REMARKS, TAKES, Given, known, moment_of, names, readable, term, text
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
    given = {name: readable(value) for name, value in command.given.items()}
    known(given, (*TAKES[command.act], *REMARKS), command.act)
    incident, *below = await _way_up(unit, command.incident_id)
    if command.act in _TWO_SIDED:
        touched = await _TWO_SIDED[command.act](unit, incident, given, moment)
    else:
        _ONE_SIDED[command.act](incident, {**given, "recorded_on": tuple(merged.id for merged in below)}, moment)
        touched = [incident]
    await unit.save(touched)
    return incident


async def carrying(unit: Unit, incident_id: str) -> Incident:
    """The incident that carries this number now: both numbers of a merged pair resolve."""
    return (await _way_up(unit, incident_id))[0]


async def _way_up(unit: Unit, incident_id: str) -> list[Incident]:
    """The incident that carries this number, and the merged ones below it on the way down to the number."""
    found = (await unit.load([incident_id])).get(incident_id)
    if found is None:
        raise Refused(f"没有编号为{incident_id}的事件")
    return [*(await _way_up(unit, found.merged_into) if found.merged_into else []), found]


def _grade(incident: Incident, given: Given, moment: Moment) -> None:
    """`event_grade` "none" (or null) says that it is no emergency; left empty or out, the grade stays."""
    untouched = given.get("event_grade", "") == ""
    event = incident.event_grade if untouched else term(EventGrade, given, "event_grade")
    opinion = term(OpinionGrade, given, "opinion_grade")
    domain.confirm_grade(incident, moment, event, opinion, text(given, "reason"))


def _publish(incident: Incident, given: Given, moment: Moment) -> None:
    form = term(PublicationForm, given, "form")
    if form is None:
        raise Refused("记录回应须选择发布形式")
    evidence = Evidence(
        form,
        text(given, "channel"),
        text(given, "url", "address", "scan"),
        text(given, "publisher"),
        moment_of(given.get("published_at"), "published_at"),
        str(given.get("by_principal_leader", "")).lower() in ("true", "1", "on", "yes"),
        text(given, "reviewed_by"),
        given["recorded_on"],
    )
    domain.publish(incident, moment, evidence)


def _exempt(incident: Incident, given: Given, moment: Moment) -> None:
    kind = term(DutyKind, given, "duty")
    if kind is None:
        raise Refused("豁免须指明时限")
    domain.exempt(incident, moment, kind, text(given, "reason"), text(given, "signed_by"))


def _escalate(incident: Incident, given: Given, moment: Moment) -> None:
    level = term(Level, given, "level") or Level.DUTY_LEADER
    domain.escalate(incident, moment, level, text(given, "reason"))


def _extend(incident: Incident, given: Given, moment: Moment) -> None:
    at = moment_of(given.get("started_at"), "started_at")
    if at is None:
        raise Refused("请填写新的起点时间")
    domain.extend_start(incident, moment, at, text(given, "reason"))


def _resolve(incident: Incident, given: Given, moment: Moment) -> None:
    """A scenario may leave `outcome` out; whoever is asked for it and leaves it empty is refused."""
    disposition = term(Disposition, given, "disposition")
    outcome: dict[str, Any] = {}
    if "outcome" in given:
        outcome["outcome"] = text(given, "outcome")
        if not outcome["outcome"]:
            owed = f"（{disposition.owed}）" if disposition else ""
            raise Refused(f"办结须写明向公众交代的情况{owed}")
    if transfer := _transfer(given, moment):
        outcome["transfer"] = transfer
    domain.resolve(incident, moment, disposition, outcome)


def _transfer(given: Given, moment: Moment) -> dict[str, Any]:
    """移交 as a form gives it, field by field, or as a program does: {to, at, receipt}, or only to whom."""
    whole = given.get("transfer") or {}
    if isinstance(whole, str):
        whole = {"to": whole}
    if not isinstance(whole, Mapping):
        raise Refused("移交须写明移交单位、时间和回执")
    known(whole, ("to", "at", "receipt"), "transfer")
    if text(given, "transfer_to"):
        whole = {name: given.get(f"transfer_{name}") for name in ("to", "at", "receipt")}
    at = moment_of(whole.get("at"), "transfer_at")
    if at and at > moment.now:
        raise Refused("移交时间不能晚于当前时间")
    told = {"to": text(whole, "to"), "at": at, "receipt": text(whole, "receipt")}
    return {name: value for name, value in told.items() if value}


def _evaluate(incident: Incident, given: Given, moment: Moment) -> None:
    kept = ("acceptance", "opinion_before", "opinion_after", "note", "reason", "score")
    told = {k: given[k] for k in kept if given.get(k)}
    # The figures of timeliness are the ledger's own; what a person says of it stands beside them.
    said = text(given, "timeliness", "timeliness_note")
    domain.evaluate(incident, moment, told | ({"timeliness_note": said} if said else {}))


_ONE_SIDED: dict[str, Callable[[Incident, Given, Moment], None]] = {
    "acknowledge": lambda i, g, m: domain.acknowledge(i, m),
    "confirm_grade": _grade,
    "assign": lambda i, g, m: domain.assign(i, m, text(g, "lead"), names(g, "supporting")),
    "accept": lambda i, g, m: domain.accept(i, m),
    "return": lambda i, g, m: domain.give_back(i, m, text(g, "reason")),
    "consult": lambda i, g, m: domain.consult(i, m, names(g, "participants"), text(g, "conclusion", "reason")),
    "publish": _publish,
    "transfer_lead": lambda i, g, m: domain.transfer_lead(i, m, text(g, "lead", "to"), text(g, "reason")),
    "remind": lambda i, g, m: domain.remind(i, m, text(g, "reason")),
    "escalate": _escalate,
    "extend_start": _extend,
    "resolve": _resolve,
    "evaluate": _evaluate,
    "reopen": lambda i, g, m: domain.reopen(i, m, text(g, "reason")),
    "dismiss": lambda i, g, m: domain.dismiss(i, m, text(g, "reason")),
    "exempt": _exempt,
    "nothing_new": lambda i, g, m: domain.nothing_new(i, m, text(g, "reason")),
}


async def _merge(unit: Unit, incident: Incident, given: Given, moment: Moment) -> list[Incident]:
    """`into`: this one goes into that; `other` (or `from`): that one comes into this."""
    into, other = text(given, "into"), text(given, "other", "from", "with")
    if not (into or other):
        raise Refused("合并须指明另一事件")
    partner = await carrying(unit, into or other)
    target, source = (partner, incident) if into else (incident, partner)
    domain.merge(target, source, moment)
    await unit.regroup_merged(source.id, target.id)
    return [target, source]


async def _split(unit: Unit, incident: Incident, given: Given, moment: Moment) -> list[Incident]:
    """`incident`: undo that merge; `posts`: these posts become an incident of their own."""
    undo = text(given, "incident")
    if undo:
        source = (await unit.load([undo])).get(undo)
        if source is None:
            raise Refused(f"没有编号为{undo}的事件")
        own = [f.post.key for number in source.numbers for f in await unit.posts_of(number)]
        since = await unit.copies_in(incident.id, own)  # they came to the target because theirs led there
        domain.unmerge(incident, source, moment, len(since))
        await unit.move_posts(since, source.id)
        await unit.regroup_split([*own, *since], incident.id, source.id)
        return [incident, source]
    chosen = names(given, "posts")
    if not chosen:
        raise Refused("请选出要拆分的信息")
    filed = await unit.posts_of(incident.id, chosen)
    for merged in incident.merges if len(filed) < len(chosen) else ():
        if any([await unit.posts_of(number, chosen) for number in merged.numbers]):
            raise Refused(f"所选信息属于并入的{merged.incident_id}，请先撤销该合并，再从中拆分")
    new = domain.split(incident, [(f.post, f.assessment) for f in filed], moment)
    await unit.save([new])
    keys = [f.post.key for f in filed]
    await unit.move_posts(keys, new.id)
    await unit.regroup_split(keys, incident.id, new.id)
    return [incident]


async def _decline(unit: Unit, incident: Incident, given: Given, moment: Moment) -> list[Incident]:
    """`other`: that candidate is another matter; `undo`: whether it is, is open again."""
    undo, other = text(given, "undo"), text(given, "other")
    if not (undo or other):
        raise Refused("须指明另一事件")
    number = undo or other
    candidate = (await unit.load([number])).get(number)
    if candidate is None:
        raise Refused(f"没有编号为{number}的事件")
    (domain.reconsider if undo else domain.decline)(incident, candidate, moment)
    await (unit.regroup_reconsidered if undo else unit.regroup_declined)(incident.id, candidate.id)
    return [incident, candidate]


_TWO_SIDED: dict[str, Callable[[Unit, Incident, Given, Moment], Awaitable[list[Incident]]]] = {
    "merge": _merge,
    "split": _split,
    "decline": _decline,
}
