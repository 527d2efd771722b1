"""Every kind of ledger entry is told in Chinese: whole, without identifiers, whatever a person has typed."""

from __future__ import annotations

import re
from typing import Any

import pytest

from services.domain.vocabulary import EntryKind
from services.web.sentences import sentence

AT = "2026-11-22T02:00:00Z"
LATER = "2026-11-22T07:00:00Z"
DUTY = {"duty": "first_statement", "started_at": AT, "due_at": LATER}
NAMES = {"GRB": "供热办", "YJGL": "应急管理局", "WJW": "卫生健康委"}

# Data as the domain writes them, and what must be heard.
TOLD: dict[EntryKind, tuple[dict[str, Any], tuple[str, ...]]] = {
    EntryKind.INCIDENT_REPORTED: (
        {"post": "k", "source": "论坛", "title": "暖气不热", "started_at": AT, "start_rule": "first_collected",
         "lead_proposed": "GRB", "quiet": False},
        ("论坛", "暖气不热", "11-22 10:00", "系统首次采集", "供热办"),
    ),
    EntryKind.POST_ATTACHED: (
        {"post": "k", "source": "热线", "title": "又一条", "posts": 3}, ("热线", "又一条", "3 条")),
    EntryKind.GRADE_PROPOSED: (
        {"event_grade": "II", "opinion_grade": "IV", "provisional": True, "because": ["12人死亡"]},
        ("Ⅱ级", "重大", "待核实", "一般舆情", "12人死亡")),
    EntryKind.GRADE_CONFIRMED: (
        {"event_grade": None, "from": "III", "reason": "核实为一般纠纷", "lowered": True, "opinion_grade": "IV",
         "opinion_from": "III"},
        ("由Ⅲ级（较大）突发事件改为非突发事件", "由较大舆情改为一般舆情", "降级", "核实为一般纠纷")),
    EntryKind.DUTY_OPENED: (DUTY | {"reason": "撤销合并"}, ("权威信息首发", "10:00", "15:00", "撤销合并")),
    EntryKind.DUTY_REMINDED: (DUTY | {"reason": "first_statement 50%"}, ("权威信息首发", "50%")),
    EntryKind.DUTY_MET: (
        DUTY | {"met_at": LATER, "on_time": True, "late_recorded": True, "reason": "无新情况"},
        ("按时完成", "15:00", "补录", "无新情况")),
    EntryKind.DUTY_MISSED: (DUTY, ("权威信息首发", "15:00", "未完成")),
    EntryKind.DUTY_WITHDRAWN: (DUTY | {"reason": "降级"}, ("不再计时", "降级")),
    EntryKind.DUTY_EXEMPTED: (DUTY | {"reason": "侦查中", "signed_by": "王某"}, ("豁免", "侦查中", "王某")),
    EntryKind.DEPARTMENT_ASSIGNED: (
        {"lead": "GRB", "supporting": ["WJW"], "added": ["GRB", "WJW"]}, ("牵头：供热办", "协办：卫生健康委")),
    EntryKind.ASSIGNMENT_ACCEPTED: ({"department": "GRB", "assigned_at": AT}, ("供热办签收", "10:00")),
    EntryKind.ASSIGNMENT_RETURNED: (
        {"department": "GRB", "lead": True, "reason": "不归我管", "held_since": AT, "held_seconds": 5400},
        ("供热办", "牵头", "退回", "不归我管", "1 小时 30 分")),
    EntryKind.LEVEL_ALERTED: (
        {"level": "duty_leader", "because": "acknowledgement missed", "to": ["leader1"], "skipped": ["duty_officer"],
         "department": "GRB", "duty": "first_statement", "due_at": LATER, "reason": "请速看"},
        ("带班领导", "leader1", "值班确认逾期", "无人值守：值班员", "供热办", "15:00", "请速看")),
    EntryKind.LEVEL_ACKNOWLEDGED: ({"level": "duty_officer", "by": "duty1"}, ("值班员", "duty1", "已知悉")),
    EntryKind.ACKNOWLEDGEMENT_EXPIRED: ({"acknowledged_at": AT, "lapsed_at": LATER}, ("10:00", "15:00", "失效")),
    EntryKind.CONSULTATION_RECORDED: (
        {"convener": "duty1", "participants": ["供热办", "房产"], "conclusion": "统一口径"},
        ("duty1", "供热办、房产", "统一口径")),
    EntryKind.REVIEW_RECORDED: ({"review": "secrecy", "reviewed_by": "李某"}, ("保密审查", "李某")),
    EntryKind.RESPONSE_PUBLISHED: (
        {"form": "press_conference", "channel": "发布厅", "url": "https://example.org/1", "publisher": "YJGL",
         "published_at": AT, "by_principal_leader": True, "late_recorded": True, "wording_confirmed": False,
         "unit": "YJGL"},
        ("应急管理局", "新闻发布会", "发布厅", "https://example.org/1", "10:00", "主要负责人参加", "补录", "未经会商")),
    EntryKind.LEAD_TRANSFERRED: (
        {"from": "GRB", "to": "YJGL", "reason": "涉及安全", "held_since": AT, "held_seconds": 60},
        ("由供热办改为应急管理局", "涉及安全", "1 分")),
    EntryKind.START_MOVED: (
        {"from": LATER, "to": AT, "reason": "首发更早", "rule": "entered"}, ("15:00", "10:00", "首发更早", "人工录入")),
    EntryKind.INCIDENT_RESOLVED: (
        {"disposition": "false_information", "owed": "回应并移交", "outcome": "已辟谣",
         "transfer": {"to": "公安局", "at": AT, "receipt": "回执1号"}},
        ("虚假和不实信息", "回应并移交", "已辟谣", "公安局", "10:00", "回执1号")),
    EntryKind.EVALUATION_RECORDED: (
        {"timeliness": {"on_time": 1, "statutory": 2}, "acceptance": "满意", "opinion_before": "抱怨",
         "opinion_after": "平稳", "note": "无", "timeliness_note": "稍迟", "reason": "结束", "score": "90"},
        ("2 项", "按时 1 项", "满意", "抱怨", "平稳", "无", "稍迟", "结束", "90")),
    EntryKind.INCIDENT_REOPENED: ({"reason": "又有人反映"}, ("又有人反映",)),
    EntryKind.INCIDENT_DISMISSED: ({"reason": "误报"}, ("误报",)),
    EntryKind.INCIDENTS_MERGED: ({"into": "20261122-aa", "from": "20261122-bb"}, ("20261122-bb 并入 20261122-aa",)),
    EntryKind.POSTS_SPLIT: ({"from": "20261122-aa", "to": "20261122-bb", "posts": ["k"]}, ("1 条", "拆出")),
    EntryKind.CANDIDATE_DECLINED: (
        {"incident": "20261122-aa", "candidate": "20261122-bb"}, ("20261122-aa 与 20261122-bb 不是同一事件",)),
}  # fmt: skip
ADDRESSES = re.compile(r"https?://\S+|2026\d+-\w+|leader1|duty1")


def told(kind: EntryKind, data: dict[str, Any]) -> str:
    return sentence(kind, data, lambda code: NAMES.get(code, code))


@pytest.mark.parametrize("kind", list(EntryKind))
def test_an_entry_is_told_whole_and_in_chinese(kind: EntryKind) -> None:
    data, heard = TOLD[kind]
    said = told(kind, data)
    for part in heard:
        assert part in said
    assert not re.search(r"[A-Za-z_]{2,}|True|None|\{|\[", ADDRESSES.sub("", said)), said


@pytest.mark.parametrize("kind", list(EntryKind))
def test_an_entry_of_which_parts_are_missing_is_still_told(kind: EntryKind) -> None:
    assert isinstance(told(kind, {}), str)


def test_an_undone_merge_is_told_as_such() -> None:
    assert told(EntryKind.POSTS_SPLIT, {"from": "甲", "to": "乙", "undo": "merge"}) == "撤销合并：乙 从 甲 分出"


def test_a_declined_candidate_taken_back_is_told_as_such() -> None:
    data = {"incident": "甲", "candidate": "乙", "undo": "decline"}
    assert told(EntryKind.CANDIDATE_DECLINED, data) == "撤销认定：甲 与 乙 是否同一事件重新待定"


def test_a_time_that_a_person_wrote_in_words_is_repeated_as_written() -> None:
    data = {
        "disposition": "false_information",
        "owed": "",
        "transfer": {"to": "网信办", "at": "昨天下午", "receipt": "1"},
    }
    assert "昨天下午" in told(EntryKind.INCIDENT_RESOLVED, data)
