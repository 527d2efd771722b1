"""日报、周报、专报: what the ledger knows, in plain Chinese. Text only; a document is made of it elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.performance import Period, Rate, Spread, Standing, answerable, counted, overdue, rate, standings
from services.domain.policy import UNMET, Duty
from services.domain.vocabulary import DutyKind, EntryKind, EventGrade, IncidentState
from services.domain.zone import SHANGHAI

LISTED = 50
ROMAN = {"I": "Ⅰ", "II": "Ⅱ", "III": "Ⅲ", "IV": "Ⅳ"}
NOT_TOLD = (EntryKind.POST_ATTACHED, EntryKind.DUTY_OPENED, EntryKind.LEVEL_ALERTED, EntryKind.DUTY_REMINDED)
"""Left out of an incident's course of events: summed up elsewhere in the brief, or many and of no lasting interest."""

Name = Callable[[str], str]
Tell = Callable[[Entry], str]


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A finished brief: title, the line under it, sections."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


def as_text(brief: Brief) -> str:
    """The brief as plain text."""
    parts = [brief.title, brief.subtitle]
    for section in brief.sections:
        parts += ["", section.heading, *section.lines]
    return "\n".join(parts) + "\n"


def daily(incidents: Sequence[Incident], period: Period, ahead: timedelta, name: Name) -> Brief:
    """日报 of the day that begins with the period."""
    return _periodic(f"政务舆情日报（{_day(period.start)}）", incidents, period, ahead, name)


def weekly(incidents: Sequence[Incident], period: Period, ahead: timedelta, name: Name) -> Brief:
    """周报, Monday to Sunday."""
    last = period.start + timedelta(days=6)
    return _periodic(f"政务舆情周报（{_day(period.start)}至{_day(last)}）", incidents, period, ahead, name)


def _periodic(title: str, incidents: Sequence[Incident], period: Period, ahead: timedelta, name: Name) -> Brief:
    judged = counted(incidents)
    new = sorted((i for i in judged if period.holds(i.first_post_at)), key=_gravest_first)
    answered = [i for i in judged if period.holds(i.first_published_at)]
    late = [(i, d) for i in judged for d in i.duties if d.kind.statutory and _missed(d, period)]
    sections = (
        ("总体情况", _overall(judged, new, answered, period)),
        ("新增舆情", [_listed(i, name) for i in new]),
        (
            "逾期的法定时限（通报候选）",
            [_late(i, d, period.end, name) for i, d in sorted(late, key=lambda x: x[1].due_at)],
        ),
        ("本期首次回应", [_answered(i, name) for i in answered]),
        (f"未来 {ahead / timedelta(hours=1):g} 小时到期的时限", list(_ahead(judged, period.end, ahead, name))),
        ("部门办理情况", [_standing(s, name) for s in standings(incidents, period)]),
    )
    return Brief(title, f"统计时间：{_at(period.start)} 至 {_at(period.end)}（北京时间）", _numbered(sections))


def _numbered(sections: Sequence[tuple[str, Sequence[str]]]) -> tuple[Section, ...]:
    numerals = "一二三四五六七八九"
    return tuple(
        Section(f"{n}、{heading}", _some(lines)) for n, (heading, lines) in zip(numerals, sections, strict=False)
    )


def _some(lines: Sequence[str]) -> tuple[str, ...]:
    shown = tuple(lines[:LISTED]) or ("无。",)
    return (*shown, f"其余 {len(lines) - LISTED} 项从略。") if len(lines) > LISTED else shown


def _gravest_first(incident: Incident) -> tuple[int, int, datetime]:
    grade = incident.event_grade
    return (-(grade.rank if grade else 0), -incident.opinion_grade.rank, incident.first_post_at)


def _overall(
    judged: Sequence[Incident], new: Sequence[Incident], answered: Sequence[Incident], period: Period
) -> list[str]:
    grades = "，".join(f"{g.label} {sum(i.event_grade is g for i in new)} 件" for g in EventGrade)
    ungraded = sum(i.event_grade is None for i in new)
    resolved = sum(period.holds(i.resolved_at) for i in judged)
    dismissed = sum(period.holds(i.dismissed_at) for i in judged)
    running = _running(judged, period)
    statutory = [d for i in judged for d in i.duties if d.kind.statutory]
    exempted = sum(d.closed_as == "exempted" and period.holds(d.closed_at) for d in statutory)
    excused = f"本期豁免 {exempted} 项，不计入。" if exempted else ""
    return [
        f"新增政务舆情 {len(new)} 件。突发事件等级：{grades}，未达或未定等级 {ungraded} 件。",
        f"首次回应 {len(answered)} 件，办结 {resolved} 件，不予处置 {dismissed} 件；期末在办 {running} 件。",
        f"法定时限按时率 {_share(rate(statutory, period))}。{excused}",
    ]


def _running(judged: Sequence[Incident], period: Period) -> int:
    """Neither resolved nor dismissed at the end of the period."""
    ended = [min(filter(None, (i.resolved_at, i.dismissed_at)), default=period.end) for i in judged]
    begun = [i.first_post_at < period.end for i in judged]
    return sum(b and e >= period.end for b, e in zip(begun, ended, strict=True))


def _listed(incident: Incident, name: Name) -> str:
    grade = incident.event_grade.label if incident.event_grade else incident.opinion_grade.label
    doubt = "" if incident.grade_confirmed else "，等级待确认"
    state = f"{incident.state.label}，信息 {incident.posts} 条"
    return (
        f"〔{grade}{doubt}〕{_title(incident)}。{_at(incident.first_post_at)} 发现，{_lead(incident, name)}，{state}。"
    )


def _missed(duty: Duty, period: Period) -> bool:
    """Overdue at the end of the period, or met too late or given up overdue within it."""
    met_late = duty.closed_at is None and period.holds(duty.met_at) and not duty.on_time
    return overdue(duty, period.end) or met_late or (duty.closed_as == UNMET and period.holds(duty.closed_at))


def _late(incident: Incident, duty: Duty, now: datetime, name: Name) -> str:
    met = duty.met_at if duty.met_at and duty.met_at < now else None
    how = f"逾期 {spoken(met - duty.due_at)}完成" if met else f"已逾期 {spoken(now - duty.due_at)}，尚未完成"
    if duty.closed_as == UNMET and duty.closed_at and duty.closed_at < now:
        how = f"逾期 {spoken(duty.closed_at - duty.due_at)}仍未办，此后不再要求"
    return f"{_title(incident)}：{duty.kind.label}应于 {_at(duty.due_at)} 前完成，{how}，{_lead(incident, name)}。"


def _answered(incident: Incident, name: Name) -> str:
    first = min(incident.publications, key=lambda p: p.published_at)
    after = spoken(first.published_at - incident.started_at)
    where = f"{first.form.label}（{first.channel}）"
    return f"{_title(incident)}：{_at(first.published_at)} 以{where}回应，距起点 {after}，{_lead(incident, name)}。"


def _ahead(judged: Sequence[Incident], now: datetime, ahead: timedelta, name: Name) -> Iterator[str]:
    owed = [(i, d) for i in judged for d in i.owed() if now <= d.due_at < now + ahead and d.started_at < now]
    for incident, duty in sorted(owed, key=lambda pair: pair[1].due_at):
        if duty.kind is not DutyKind.ACKNOWLEDGEMENT:
            yield f"{_at(duty.due_at)} {duty.kind.label}：{_title(incident)}，{_lead(incident, name)}。"


def _standing(one: Standing, name: Name) -> str:
    parts = [f"法定时限按时率 {_share(one.statutory)}"]
    if one.acceptance.share is not None:
        parts.append(f"签收按时率 {_share(one.acceptance)}")
    parts += [_spent("签收用时", one.accepted_after), _spent("回应用时", one.answered_after)]
    parts.append(f"退回 {one.returned} 件" if one.returned else "")
    return f"{name(one.department) if one.department else '未交办'}：{'；'.join(p for p in parts if p)}。"


def _spent(what: str, took: Spread) -> str:
    if took.median is None or took.p90 is None:
        return ""
    return f"{what}中位数 {spoken(took.median)}、九成不超过 {spoken(took.p90)}（{took.number} 件）"


def _share(kept: Rate) -> str:
    if kept.share is None:
        return "—（无到期时限）"
    return f"{kept.share:.1%}（按时 {kept.on_time} 项，完成 {kept.met} 项，逾期未完成 {kept.overdue} 项）"


def on_incident(
    incident: Incident, entries: Sequence[Entry], now: datetime, tell: Callable[[Entry], str], name: Name
) -> Brief:
    """专报: what happened when, what is owed, what was published, what comes next. `tell` words an entry.

    `entries` are those of all numbers that lead here; what stands in the ledgers of two, as their merge, is told once.
    """
    course = [e for e in sorted(entries, key=lambda e: (e.occurred_at, e.seq)) if _worth_telling(e)]
    owed = sorted(incident.owed(), key=lambda d: d.due_at)
    sections = (
        ("基本情况", _basics(incident, name)),
        ("处置经过", list(dict.fromkeys(f"{_at(e.occurred_at)} {e.kind.label}：{_one_line(tell(e))}" for e in course))),
        ("时限", [_duty(d, now, name) for d in incident.duties if d.closed_as != "withdrawn"]),
        ("回应发布", [_published(incident, n) for n in range(len(incident.publications))]),
        ("下一步时限", [f"{_at(d.due_at)} 前：{_whose(d, name)}（{_left(d, now)}）。" for d in owed]),
    )
    title = f"政务舆情专报：{_one_line(incident.title)}"
    merged = f"（并入：{'、'.join(incident.numbers[1:])}）" if incident.merges else ""
    return Brief(title, f"事件编号 {incident.id}{merged}，数据截至 {_at(now)}（北京时间）", _numbered(sections))


def _worth_telling(entry: Entry) -> bool:
    internal = entry.data.get("duty") in (DutyKind.ACKNOWLEDGEMENT.value, DutyKind.ACCEPTANCE.value)
    return entry.kind not in NOT_TOLD and not (internal and entry.kind is EntryKind.DUTY_MET)


def _basics(incident: Incident, name: Name) -> list[str]:
    event = incident.event_grade
    grade = f"{event.label}（{ROMAN[event.value]}级）" if event else "未达或未定突发事件等级"
    sure = "已由人工确认" if incident.grade_confirmed else "机器建议，待人工确认"
    doubt = "，数字待核实" if incident.provisional else ""
    into = f"，已并入 {incident.merged_into}" if incident.state is IncidentState.MERGED else ""
    supporting = "、".join(name(d) for d in incident.active_departments if d != incident.lead)
    return [
        f"突发事件等级：{grade}，{sure}{doubt}；舆情等级：{incident.opinion_grade.label}。",
        f"起点：{_at(incident.started_at)}；首条信息：{_at(incident.first_post_at)}；现有信息 {incident.posts} 条。",
        f"状态：{incident.state.label}{into}；{_lead(incident, name)}{f'；协办：{supporting}' if supporting else ''}。",
        *(["内容疑似不实，须核实。"] if incident.suspected_false else []),
    ]


def _duty(duty: Duty, now: datetime, name: Name) -> str:
    limit = f"{_at(duty.started_at)} 起，{_at(duty.due_at)} 截止"
    if duty.met_at is not None:
        how = f"{_at(duty.met_at)} {'按时' if duty.on_time else '逾期'}完成"
    else:
        how = {"exempted": "已豁免", UNMET: "逾期未完成，已不再要求"}.get(duty.closed_as) or _left(duty, now)
    return f"{_whose(duty, name)}：{limit}，{how}。"


def _left(duty: Duty, now: datetime) -> str:
    return f"还剩 {spoken(duty.due_at - now)}" if duty.due_at >= now else f"已逾期 {spoken(now - duty.due_at)}"


def _whose(duty: Duty, name: Name) -> str:
    return f"{duty.kind.label}（{name(duty.subject)}）" if duty.kind is DutyKind.ACCEPTANCE else duty.kind.label


def _published(incident: Incident, number: int) -> str:
    one = incident.publications[number]
    leader = "，主要负责同志出席" if one.by_principal_leader else ""
    late = f"，{_at(one.recorded_at)} 补录" if one.late_recorded else ""
    return _one_line(
        f"{_at(one.published_at)} {one.form.label}，{one.channel}，{one.publisher}{leader}{late}：{one.address}"
    )


def _lead(incident: Incident, name: Name) -> str:
    code = answerable(incident)
    if code:
        return f"牵头：{name(code)}"
    return f"尚未交办（建议{name(incident.lead_proposed)}）" if incident.lead_proposed else "尚未交办"


def _title(incident: Incident) -> str:
    return f"{_one_line(incident.title)}（{incident.id}）"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _day(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def _at(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def spoken(time: timedelta) -> str:
    """A duration as people say it: 3 天 2 小时, 5 小时 10 分; less than a minute is 不到 1 分钟."""
    minutes = int(time.total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分")]
    named = [f"{n} {unit}" for n, unit in (parts[:2] if days else parts) if n]
    return " ".join(named) or "不到 1 分钟"
