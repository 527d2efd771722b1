"""提醒: what a person reads, in Chinese, when a rung of the ladder is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.vocabulary import DutyKind
from services.domain.zone import SHANGHAI

_TITLE_LENGTH = 60
_LATE = timedelta(minutes=5)
_BECAUSE = {
    "acknowledgement_expired": "确认后没有后续处置，确认失效",
    "assigned": "新交办，请签收",
    "returned": "部门退回，请改派",
    "reopened": "事件重启",
    "merge_undone": "合并已撤销，事件重新独立计时",
    "grade_raised": "等级上升",
    "reminded by hand": "人工催办",
    "escalated by hand": "人工上报",
    "extraordinary opinion": "特别重大舆情",
    "extraordinary event": "特别重大突发事件",
    "higher grade reported after closing": "办结后出现更高等级的情况",
    "incident_reported": "新事件",
    "reported": "新事件",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A notice as it is decided at `alerted_at`; the time left is added when it is sent."""

    incident_id: str
    title: str
    lines: tuple[str, ...]
    link: str = ""
    due_at: datetime | None = None
    urgent: bool = False
    alerted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice at the moment of sending. `id` stays the same over retries, so that a receiver can drop repeats."""

    id: str
    incident_id: str
    title: str
    body: str
    link: str
    due_at: datetime | None
    time_left: str
    again: bool
    sent_at: datetime

    @property
    def text(self) -> str:
        """Title, body and link as one text, for channels that know no parts."""
        return "\n".join(part for part in (self.title, self.body, self.link) if part)


def draft(entry: Entry, incident: Incident, base_url: str, name_of: Callable[[str], str]) -> Draft:
    """The notice for one level_alerted entry. `name_of` turns a department's code into its name."""
    due_at = _due(entry, incident)
    departments = "、".join(name_of(code) for code in incident.active_departments)
    lines = [f"事由：{because(str(entry.data.get('because', '')))}"]
    if entry.data.get("reason"):
        lines.append(f"说明：{one_line(str(entry.data['reason']))}")
    lines.append(f"等级：{_grades(incident)}")
    lines.append(f"责任部门：{departments}" if departments else "责任部门：尚未交办")
    if due_at:
        lines.append(f"时限：{due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
    head = "紧急提醒" if incident.urgent else "提醒"
    title = f"【政务舆情{head}】{one_line(incident.title)[:_TITLE_LENGTH]}"
    link = f"{base_url.rstrip('/')}/incidents/{incident.id}" if base_url else ""
    return Draft(incident.id, title, tuple(lines), link, due_at, incident.urgent, entry.recorded_at)


def empty_rung(alerted: Draft, skipped: Sequence[str]) -> Draft:
    """What the administrator is told: nobody stood on these rungs. Nothing of the matter but its number (三权分立)."""
    lines = (f"无人值守：{'、'.join(skipped)}", "请补齐值班表，或补上名册中的联系方式。")
    return replace(alerted, title=f"【值班空缺】事件 {alerted.incident_id}", lines=lines, link="")


def bundle(drafts: Sequence[Draft]) -> Draft:
    """Several alerts about one matter to one person, as one notice: the last speaks, the others are listed."""
    *earlier, last = drafts
    if not earlier:
        return last
    listed = tuple(dict.fromkeys(d.lines[0].removeprefix("事由：") for d in earlier))
    dues = [d.due_at for d in drafts if d.due_at]
    lines = (*last.lines, f"另有 {len(earlier)} 条提醒：{'；'.join(listed)}")
    return replace(last, lines=lines, due_at=min(dues, default=None), urgent=any(d.urgent for d in drafts))


def notice(delivery_id: str, draft: Draft, again: bool, now: datetime) -> Notice:
    """The draft as it is sent now, with the time that is left now."""
    left = time_left(draft.due_at, now)
    lines = [*draft.lines, *([left] if left else [])]
    title = f"{_mark(draft, again, now)}{draft.title}"
    return Notice(
        delivery_id, draft.incident_id, title, "\n".join(lines), draft.link, draft.due_at, left, again, now
    )  # fmt: skip


def _mark(draft: Draft, again: bool, now: datetime) -> str:
    """What the reader must know about the notice itself: it may be a repeat, or it comes late."""
    if again:
        return "（重发）"
    return "（迟发）" if draft.alerted_at and now - draft.alerted_at > _LATE else ""


def time_left(due_at: datetime | None, now: datetime) -> str:
    """还剩 4 小时 12 分, 已逾期 30 分; empty where nothing is due."""
    if due_at is None:
        return ""
    late = now > due_at
    minutes = int(abs(due_at - now) / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    spoken = f"{hours} 小时 {rest} 分" if hours else f"{rest} 分"
    return f"已逾期 {spoken}" if late else f"还剩 {spoken}"


def because(code: str) -> str:
    """The ledger's reason in words of the office."""
    if code in _BECAUSE:
        return _BECAUSE[code]
    kind, _, rest = code.partition(" ")
    duty = next((d for d in DutyKind if d.value == kind), None)
    if duty is None:
        return one_line(code)
    if rest == "missed":
        return f"{duty.label}逾期"
    return f"{duty.label}时限已用去 {rest}" if rest else duty.label


def one_line(text: str) -> str:
    """No line breaks and no control characters: a title becomes a mail header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def split_bytes(text: str, limit: int) -> Iterator[str]:
    """Parts of at most `limit` bytes in UTF-8, cut between characters, at a line's end where one is near.

    Raises:
        ValueError: a limit too small to hold any character (4 bytes).
    """
    if limit < 4:
        raise ValueError(f"limit of {limit} bytes")
    while text:
        part = text.encode()[:limit].decode(errors="ignore")
        line_end = part.rfind("\n") + 1
        if len(part) < len(text) and line_end > len(part) // 2:
            part = part[:line_end]
        yield part
        text = text[len(part) :]


def _due(entry: Entry, incident: Incident) -> datetime | None:
    """The duty the alert is about; otherwise the next statutory one."""
    stated = entry.data.get("due_at")
    if isinstance(stated, str):
        return datetime.fromisoformat(stated)
    return min((d.due_at for d in incident.owed() if d.kind.statutory), default=None)


def _grades(incident: Incident) -> str:
    event = f"事件{incident.event_grade.label}" if incident.event_grade else "非突发事件"
    doubt = "（待核实）" if incident.provisional else ""
    return f"{event}{doubt}，{incident.opinion_grade.label}"
