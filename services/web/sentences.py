"""Each kind of ledger entry as a Chinese sentence that can be read out over the telephone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.domain import notice
from services.domain.vocabulary import (
    Disposition,
    DutyKind,
    EntryKind,
    Level,
    OpinionGrade,
    PublicationForm,
)
from services.web.words import event_grade, local, spoken_seconds, term, typeset

Data = Mapping[str, Any]
Name = Callable[[str], str]
RULES = {
    "first_collected": "系统首次采集",
    "entered": "人工录入",
    "merge": "合并从早",
}


def sentence(kind: EntryKind, data: Data, name: Name) -> str:
    """The entry's data in words; `name` turns a department's code into its name."""
    parts = _SENTENCES[kind](data, name)
    return "；".join(part for part in parts if part)


Parts = Sequence[str]


def _said(label: str, value: Any) -> str:
    return f"{label}{value}" if value not in (None, "", [], False) else ""


def _names(codes: Any, name: Name) -> str:
    return "、".join(name(str(code)) for code in codes or ())


def _reported(d: Data, name: Name) -> Parts:
    rule = RULES.get(str(d.get("start_rule")), str(d.get("start_rule", "")))
    clock = "历史补录，不计时" if d.get("quiet") else f"自 {local(d.get('started_at'))} 起算（{rule}）"
    proposed = _said("建议牵头：", d.get("lead_proposed") and name(d["lead_proposed"]))
    return [f"来自{d.get('source', '')}：{d.get('title', '')}", clock, proposed]


def _attached(d: Data, _name: Name) -> Parts:
    if d.get("edited"):
        return [f"来自{d.get('source', '')}：{d.get('title', '')}", f"原文已编辑，存为第 {d.get('version', 0)} 版"]
    joined = _said("依据：", typeset(str(d.get("because") or "")))
    return [f"来自{d.get('source', '')}：{d.get('title', '')}", f"现有 {d.get('posts', 0)} 条", joined]


def _proposed(d: Data, _name: Name) -> Parts:
    doubt = "（待核实）" if d.get("provisional") else ""
    grades = f"机器建议：{event_grade(d.get('event_grade'))}{doubt}，{term(OpinionGrade, d.get('opinion_grade'))}"
    return [grades, _said("依据：", typeset("、".join(d.get("because") or [])))]


def _confirmed(d: Data, _name: Name) -> Parts:
    event = _changed(event_grade(d.get("from")), event_grade(d.get("event_grade")))
    opinion = _changed(term(OpinionGrade, d.get("opinion_from")), term(OpinionGrade, d.get("opinion_grade")))
    return [event, opinion, "降级" if d.get("lowered") else "", _said("理由：", d.get("reason"))]


def _changed(before: str, after: str) -> str:
    return f"确认为{after}" if before == after else f"由{before}改为{after}"


def _duty(d: Data, name: Name) -> str:
    subject = d.get("subject") or ""
    whose = name(subject) if d.get("duty") == DutyKind.ACCEPTANCE.value else subject
    return f"{term(DutyKind, d.get('duty'))}{f'（{whose}）' if whose else ''}"


def _limits(d: Data) -> str:
    return f"{local(d.get('started_at'))} 起，{local(d.get('due_at'))} 截止"


def _duty_stands(d: Data, name: Name) -> Parts:
    return [f"{_duty(d, name)}：{_limits(d)}", _said("说明：", d.get("reason"))]


def _reminded(d: Data, name: Name) -> Parts:
    why = notice.because(str(d.get("reason", "")))
    return [f"{_duty(d, name)}：{_limits(d)}", _said("事由：", why)]


def _met(d: Data, name: Name) -> Parts:
    how = "按时" if d.get("on_time") else "逾期"
    late = "事后补录" if d.get("late_recorded") else ""
    done = f"{_duty(d, name)}：{local(d.get('met_at'))} {how}完成（{_limits(d)}）"
    return [done, late, _said("说明：", d.get("reason"))]


def _missed(d: Data, name: Name) -> Parts:
    return [f"{_duty(d, name)}：应于 {local(d.get('due_at'))} 前完成，未完成（{local(d.get('started_at'))} 起）"]


def _withdrawn(d: Data, name: Name) -> Parts:
    return [f"{_duty(d, name)}：不再计时（{_limits(d)}）", _said("理由：", d.get("reason"))]


def _exempted(d: Data, name: Name) -> Parts:
    excused = f"{_duty(d, name)}：豁免（{_limits(d)}）"
    return [excused, _said("理由：", d.get("reason")), _said("签批人：", d.get("signed_by"))]


def _assigned(d: Data, name: Name) -> Parts:
    supporting, added = _names(d.get("supporting"), name), _names(d.get("added"), name)
    return [f"牵头：{name(d.get('lead', ''))}", _said("协办：", supporting), _said("新交办：", added)]


def _accepted(d: Data, name: Name) -> Parts:
    return [f"{name(d.get('department', ''))}签收", f"{local(d.get('assigned_at'))} 交办"]


def _returned(d: Data, name: Name) -> Parts:
    role = "牵头" if d.get("lead") else "协办"
    return [f"{name(d.get('department', ''))}（{role}）退回", _held(d), _said("理由：", d.get("reason"))]


def _held(d: Data) -> str:
    if d.get("held_since") is None:
        return ""
    return f"自 {local(d['held_since'])} 起承办 {spoken_seconds(d.get('held_seconds', 0))}"


def _alerted(d: Data, name: Name) -> Parts:
    people = "、".join(d.get("to") or []) or "无人可提醒"
    skipped = "、".join(term(Level, level) for level in d.get("skipped") or [])
    called = f"提醒{term(Level, d.get('level'))}：{people}"
    duty = f"{term(DutyKind, d['duty'])}，{local(d.get('due_at'))} 截止" if d.get("duty") else ""
    why = f"事由：{notice.because(str(d.get('because', '')))}"
    return [
        called, why, duty, _said("部门：", d.get("department") and name(d["department"])),
        _said("说明：", d.get("reason")), _said("无人值守：", skipped),
    ]  # fmt: skip


def _acknowledged(d: Data, _name: Name) -> Parts:
    level = d.get("level")
    return [f"{term(Level, level) if level else ''}{d.get('by', '')}已知悉"]


def _expired(d: Data, _name: Name) -> Parts:
    acknowledged, lapsed = local(d.get("acknowledged_at")), local(d.get("lapsed_at"))
    return [f"{acknowledged} 确认后没有后续处置，{lapsed} 起失效，重新提醒"]


def _consulted(d: Data, _name: Name) -> Parts:
    who = "、".join(d.get("participants") or [])
    return [f"召集：{d.get('convener', '')}", _said("参加：", who), f"结论：{d.get('conclusion', '')}"]


def _reviewed(d: Data, _name: Name) -> Parts:
    if d.get("reviewed_by"):
        return [f"发布前已作保密审查，审查人：{d['reviewed_by']}"]
    return [f"未填写保密审查人；{d.get('declared_by') or '记录人'}记录此次发布，对保密审查负责"]


def _published(d: Data, name: Name) -> Parts:
    return [
        f"{name(d.get('publisher', ''))}以{term(PublicationForm, d.get('form'))}在{d.get('channel', '')}发布",
        f"发布时间 {local(d.get('published_at'))}",
        f"出处：{d.get('url', '')}",
        "主要负责人参加" if d.get("by_principal_leader") else "",
        "事后补录" if d.get("late_recorded") else "",
        "" if d.get("wording_confirmed", True) else "口径未经会商确认",
        _said("计入：", d.get("unit") and name(d["unit"])),
    ]


def _transferred(d: Data, name: Name) -> Parts:
    before = name(d["from"]) if d.get("from") else "（无）"
    return [f"牵头由{before}改为{name(d.get('to', ''))}", _held(d), _said("理由：", d.get("reason"))]


def _start_moved(d: Data, _name: Name) -> Parts:
    rule = RULES.get(str(d.get("rule")), str(d.get("rule", "")))
    moved = f"计时起点由 {local(d.get('from'))} 调整为 {local(d.get('to'))}（{rule}）"
    return [moved, _said("依据：", d.get("reason"))]


def _resolved(d: Data, _name: Name) -> Parts:
    moved = d.get("transfer") or {}
    transfer = f"移交{moved.get('to', '')}，{local(moved.get('at'))}，回执 {moved.get('receipt', '')}" if moved else ""
    return [
        f"处置方式：{term(Disposition, d.get('disposition'))}",
        f"应向公众交代{d.get('owed', '')}{_said('：', d.get('outcome'))}",
        transfer,
    ]


def _evaluated(d: Data, _name: Name) -> Parts:
    met = d.get("timeliness") or {}
    names = {
        "acceptance": "公众接受程度", "opinion_before": "回应前", "opinion_after": "回应后", "score": "得分",
        "timeliness_note": "时效说明", "note": "说明", "reason": "说明",
    }  # fmt: skip
    timely = f"法定时限 {met.get('statutory', 0)} 项，按时 {met.get('on_time', 0)} 项"
    return [timely, *(_said(f"{label}：", d.get(key)) for key, label in names.items())]


def _reason(label: str) -> Callable[[Data, Name], Parts]:
    return lambda d, _name: [f"{label}：{d.get('reason', '')}"]


def _merged(d: Data, _name: Name) -> Parts:
    return [f"{d.get('from', '')} 并入 {d.get('into', '')}"]


def _split(d: Data, _name: Name) -> Parts:
    if d.get("undo"):
        return [f"撤销合并：{d.get('to', '')} 从 {d.get('from', '')} 分出"]
    return [f"{len(d.get('posts') or [])} 条信息从 {d.get('from', '')} 拆出为 {d.get('to', '')}"]


def _declined(d: Data, _name: Name) -> Parts:
    pair = f"{d.get('incident', '')} 与 {d.get('candidate', '')}"
    return [f"撤销认定：{pair} 是否同一事件重新待定" if d.get("undo") else f"{pair} 不是同一事件"]


_SENTENCES: dict[EntryKind, Callable[[Data, Name], Parts]] = {
    EntryKind.INCIDENT_REPORTED: _reported,
    EntryKind.POST_ATTACHED: _attached,
    EntryKind.GRADE_PROPOSED: _proposed,
    EntryKind.GRADE_CONFIRMED: _confirmed,
    EntryKind.DUTY_OPENED: _duty_stands,
    EntryKind.DUTY_REMINDED: _reminded,
    EntryKind.DUTY_MET: _met,
    EntryKind.DUTY_MISSED: _missed,
    EntryKind.DUTY_WITHDRAWN: _withdrawn,
    EntryKind.DUTY_EXEMPTED: _exempted,
    EntryKind.DEPARTMENT_ASSIGNED: _assigned,
    EntryKind.ASSIGNMENT_ACCEPTED: _accepted,
    EntryKind.ASSIGNMENT_RETURNED: _returned,
    EntryKind.LEVEL_ALERTED: _alerted,
    EntryKind.LEVEL_ACKNOWLEDGED: _acknowledged,
    EntryKind.ACKNOWLEDGEMENT_EXPIRED: _expired,
    EntryKind.CONSULTATION_RECORDED: _consulted,
    EntryKind.REVIEW_RECORDED: _reviewed,
    EntryKind.RESPONSE_PUBLISHED: _published,
    EntryKind.LEAD_TRANSFERRED: _transferred,
    EntryKind.START_MOVED: _start_moved,
    EntryKind.INCIDENT_RESOLVED: _resolved,
    EntryKind.EVALUATION_RECORDED: _evaluated,
    EntryKind.INCIDENT_REOPENED: _reason("理由"),
    EntryKind.INCIDENT_DISMISSED: _reason("理由"),
    EntryKind.INCIDENTS_MERGED: _merged,
    EntryKind.POSTS_SPLIT: _split,
    EntryKind.CANDIDATE_DECLINED: _declined,
}
