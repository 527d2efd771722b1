"""The words of the office: identifier in the code, Chinese on the screen (`.label`)."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """An identifier with the Chinese term people see."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Term:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


_RANKS = {"I": 4, "II": 3, "III": 2, "IV": 1}


class EventGrade(Term):
    """突发事件等级: grades the emergency itself, by numbers. I is the highest."""

    I = "I", "特别重大"  # noqa: E741 - the grade's statutory name is the Roman numeral
    II = "II", "重大"
    III = "III", "较大"
    IV = "IV", "一般"

    @property
    def rank(self) -> int:
        """4 for I down to 1 for IV, so that a higher grade is a larger number."""
        return _RANKS[self._value_]


class OpinionGrade(Term):
    """舆情等级: grades the opinion (heat, spread, sensitivity) by the office's own score card (内部规定)."""

    I = "I", "特别重大舆情"  # noqa: E741 - as above
    II = "II", "重大舆情"
    III = "III", "较大舆情"
    IV = "IV", "一般舆情"

    @property
    def rank(self) -> int:
        """4 for I down to 1 for IV."""
        return _RANKS[self._value_]


class Focus(Term):
    """收集重点, 四(三)."""

    F1 = "F1", "决策部署"
    F2 = "F2", "切身利益"
    F3 = "F3", "形象公信力"
    F4 = "F4", "突发与灾害"
    F5 = "F5", "道德底线"
    F6 = "F6", "不实信息"


class Disposition(Term):
    """处置方式, 四(四): what kind of matter it is; `owed` is what the public is owed for it."""

    SUGGESTION = "suggestion", "建设性意见建议"
    DIFFICULTY = "difficulty", "实际困难"
    MAJOR_PROBLEM = "major_problem", "重大问题"
    UNCLEAR = "unclear", "不了解或模糊认识"
    WRONG_VIEW = "wrong_view", "错误看法"
    FALSE_INFORMATION = "false_information", "虚假和不实信息"

    @property
    def owed(self) -> str:
        """What the public is owed: 采纳情况, 解决情况 …"""
        return {
            "suggestion": "采纳情况",
            "difficulty": "解决情况",
            "major_problem": "调查处置情况",
            "unclear": "权威信息",
            "wrong_view": "引导纠正",
            "false_information": "回应并移交",
        }[self.value]


class Sentiment(Term):
    NEGATIVE = "negative", "负面"
    NEUTRAL = "neutral", "中性"
    POSITIVE = "positive", "正面"


class DutyKind(Term):
    """时限: what must be done before a moment."""

    FIRST_STATEMENT = "first_statement", "权威信息首发"
    PRESS_CONFERENCE = "press_conference", "新闻发布会"
    PUBLIC_RESPONSE = "public_response", "回应"
    FOLLOW_UP = "follow_up", "持续发布"
    ACKNOWLEDGEMENT = "acknowledgement", "值班确认"
    ACCEPTANCE = "acceptance", "签收"

    @property
    def statutory(self) -> bool:
        """True for the clocks of 四(五), which only a recorded publication meets."""
        return self in _STATUTORY


_STATUTORY = (DutyKind.FIRST_STATEMENT, DutyKind.PRESS_CONFERENCE, DutyKind.PUBLIC_RESPONSE)


class Level(Term):
    """级: a rung of the ladder."""

    DUTY_OFFICER = "duty_officer", "值班员"
    DUTY_LEADER = "duty_leader", "带班领导"
    DEPARTMENT = "department", "责任部门"
    PRESS_OFFICE = "press_office", "新闻办"
    LEADER_IN_CHARGE = "leader_in_charge", "分管领导"
    PRINCIPAL_LEADER = "principal_leader", "主要负责人"


class Role(Term):
    """What an account may be. The last three are 三权分立: separate people, no business data."""

    DUTY_OFFICER = "duty_officer", "值班员"
    DUTY_LEADER = "duty_leader", "带班领导"
    DEPARTMENT = "department", "部门联络员"
    PRESS_OFFICE = "press_office", "新闻办"
    LEADER_IN_CHARGE = "leader_in_charge", "分管领导"
    PRINCIPAL_LEADER = "principal_leader", "主要负责人"
    OPEN_GOVERNMENT = "open_government", "政务公开办"
    VIEWER = "viewer", "查阅"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDITOR = "auditor", "审计员"


class PublicationForm(Term):
    """回应形式, 四(六)."""

    STATEMENT = "statement", "权威信息"
    PRESS_CONFERENCE = "press_conference", "新闻发布会"
    INTERVIEW = "interview", "接受采访"
    ONLINE_INTERVIEW = "online_interview", "在线访谈"
    WEIBO = "weibo", "政务微博"
    WECHAT = "wechat", "政务微信"
    APP = "app", "客户端"
    WEBSITE_REPLY = "website_reply", "网站答复"
    OTHER = "other", "其他"


class IncidentState(Term):
    """状态. reported → assigned → accepted → responded → resolved → closed; dismissed and merged end it too."""

    REPORTED = "reported", "待交办"
    ASSIGNED = "assigned", "待签收"
    ACCEPTED = "accepted", "处置中"
    RESPONDED = "responded", "已回应"
    RESOLVED = "resolved", "已办结"
    CLOSED = "closed", "已归档"
    DISMISSED = "dismissed", "不予处置"
    MERGED = "merged", "已并入"

    @property
    def open(self) -> bool:
        """True while somebody still has to do something."""
        return self.value in ("reported", "assigned", "accepted", "responded")

    @property
    def answered(self) -> bool:
        """True once a person has resolved it."""
        return self.value in ("resolved", "closed")


class EntryKind(Term):
    """Kinds of ledger entries (台账)."""

    INCIDENT_REPORTED = "incident_reported", "立案"
    POST_ATTACHED = "post_attached", "并入信息"
    GRADE_PROPOSED = "grade_proposed", "等级建议"
    GRADE_CONFIRMED = "grade_confirmed", "等级确认"
    DUTY_OPENED = "duty_opened", "时限开始"
    DUTY_REMINDED = "duty_reminded", "催办"
    DUTY_MET = "duty_met", "时限完成"
    DUTY_MISSED = "duty_missed", "逾期"
    DUTY_WITHDRAWN = "duty_withdrawn", "时限撤销"
    DUTY_EXEMPTED = "duty_exempted", "时限豁免"
    DEPARTMENT_ASSIGNED = "department_assigned", "交办"
    ASSIGNMENT_ACCEPTED = "assignment_accepted", "签收"
    ASSIGNMENT_RETURNED = "assignment_returned", "退回"
    LEVEL_ALERTED = "level_alerted", "提醒"
    LEVEL_ACKNOWLEDGED = "level_acknowledged", "确认"
    ACKNOWLEDGEMENT_EXPIRED = "acknowledgement_expired", "确认失效"
    CONSULTATION_RECORDED = "consultation_recorded", "会商"
    REVIEW_RECORDED = "review_recorded", "保密审查"
    RESPONSE_PUBLISHED = "response_published", "回应发布"
    LEAD_TRANSFERRED = "lead_transferred", "改派"
    START_MOVED = "start_moved", "起点调整"
    INCIDENT_RESOLVED = "incident_resolved", "办结"
    EVALUATION_RECORDED = "evaluation_recorded", "评估"
    INCIDENT_REOPENED = "incident_reopened", "重启"
    INCIDENT_DISMISSED = "incident_dismissed", "不予处置"
    INCIDENTS_MERGED = "incidents_merged", "合并"
    POSTS_SPLIT = "posts_split", "拆分"
    CANDIDATE_DECLINED = "candidate_declined", "不是同一事件"
