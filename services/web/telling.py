"""Ledger entries and reasons in words a duty officer reads at three in the morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from services.domain import vocabulary
from services.domain.ledger import Entry
from services.domain.roster import SHANGHAI
from services.usecases.ports import Filed

_TERMS = {
    "duty": "DutyKind", "level": "Level", "form": "PublicationForm", "event_grade": "EventGrade",
    "opinion_grade": "OpinionGrade", "from": "EventGrade", "disposition": "Disposition",
}  # fmt: skip
_NAMES = {
    "because": "因", "to": "告知", "duty": "时限", "level": "级别", "due_at": "截止", "started_at": "起点",
    "met_at": "完成于", "reason": "理由", "department": "部门", "lead": "牵头", "supporting": "协办", "form": "形式",
    "channel": "渠道", "url": "网址", "publisher": "发布单位", "event_grade": "突发等级", "opinion_grade": "舆情等级",
    "disposition": "处置方式", "owed": "应向公众交代", "outcome": "情况", "conclusion": "结论", "participants": "参加",
    "signed_by": "签批人", "reviewed_by": "审查人", "skipped": "无人可提醒", "into": "并入", "source": "来源",
    "title": "标题", "acceptance": "公众接受", "opinion_before": "回应前", "opinion_after": "回应后", "note": "说明",
    "convener": "召集", "subject": "对象", "published_at": "发布时间", "lead_proposed": "建议牵头",
}  # fmt: skip
_BECAUSE = {
    "incident_reported": "新事件", "grade_raised": "等级升高", "acknowledgement missed": "未按时确认",
    "acknowledgement_expired": "确认后无后续动作", "acceptance missed": "未按时签收",
    "assigned": "交办", "returned": "退回",
    "extraordinary event": "特别重大事件", "extraordinary opinion": "特别重大舆情", "escalated by hand": "人工升级",
    "reminded by hand": "人工催办", "reopened": "重启", "higher grade reported after closing": "办结后出现更高等级",
}  # fmt: skip
_PEOPLE = ("department", "lead", "publisher", "supporting", "lead_proposed", "subject")


def teller(department: Callable[[str], str]) -> Callable[[Entry], str]:
    """A filter that tells an entry's data in Chinese, with departments by name."""

    def tell(entry: Entry) -> str:
        told = [f"{_NAMES[k]} {_value(k, v)}" for k, v in entry.data.items() if k in _NAMES and v not in ("", None, [])]
        return "；".join(told)

    def _value(name: str, value: Any) -> str:
        if name.endswith("_at"):
            return local(value)
        if isinstance(value, list):
            return "、".join(_one(name, v) for v in value)
        return _one(name, value)

    def _one(name: str, value: Any) -> str:
        if name == "because":
            return because(str(value))
        if name in _PEOPLE:
            return department(str(value))
        return (
            term(_TERMS[name], value) if name in _TERMS else term("Level", value) if name == "skipped" else str(value)
        )

    return tell


def local(at: datetime | str | None, pattern: str = "%m-%d %H:%M") -> str:
    """A time in Beijing; a dash where there is none. Ledger data holds times as text."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if at else None
    return at.astimezone(SHANGHAI).strftime(pattern) if at else "—"


def because(code: str) -> str:
    """Why somebody was told, in Chinese: `first_statement 75%` → 权威信息首发已用 75% 时间."""
    if code in _BECAUSE:
        return _BECAUSE[code]
    duty, _, how = code.partition(" ")
    return f"{term('DutyKind', duty)}{'逾期' if how == 'missed' else f'时限已用 {how}'}"


def term(kind: str, value: Any) -> str:
    """The Chinese term for an identifier; the identifier where it is unknown."""
    terms: type[vocabulary.Term] = getattr(vocabulary, kind)
    return next((t.label for t in terms if t.value == value), str(value))


def marked(filed: Filed) -> Markup:
    """The post's text with the spans its reasons rest on highlighted."""
    whole = f"{filed.post.title}\n{filed.post.text}"
    out, at = Markup(), 0
    for start, end in _spans(filed, len(whole)):
        out += escape(whole[at:start]) + Markup("<mark>") + escape(whole[start:end]) + Markup("</mark>")
        at = end
    return out + escape(whole[at:])


def _spans(filed: Filed, length: int) -> list[tuple[int, int]]:
    """Sorted, without overlaps."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted((r.start, r.end) for r in filed.assessment.reasons if 0 <= r.start < r.end <= length):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
    return spans
