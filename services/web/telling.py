"""What the pages say about a post: its text with the reasons marked, and how sure the machine is of a grade."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup, escape

from services.domain.assessment import Reason
from services.domain.incident import Incident
from services.domain.ledger import Entry
from services.domain.post import Post
from services.usecases.ports import Filed
from services.web.sentences import sentence
from services.web.words import typeset

LISTED_WITH = "、"
"""What stands between the sources of an incident on its line."""
SOURCE_SCORED = "来源 "
"""How the score card says that a post counts more because of where it stood: +2 来源 …"""

CAME_BY = {
    "feed": "订阅源", "board": "网页版块", "hotline": "热线工单", "push": "程序推送", "mailbox": "信箱来信",
    "manual": "人工录入", "drill": "演练",
}  # fmt: skip
"""How a post came to this system, by its origin."""

CHANNELS = {
    "console": "控制台", "email": "邮件", "webhook": "回调", "dingtalk": "钉钉", "wecom": "企业微信", "feishu": "飞书",
}  # fmt: skip
"""By what a notice goes to a person."""

Names = Mapping[str, str]
SEEN = 0.005
"""A topic less probable than this would be shown with 0 %."""


def teller(department: Callable[[str], str]) -> Callable[[Entry, Names], str]:
    """A filter that tells an entry's data in Chinese, with departments and sources by name."""

    def told(entry: Entry, names: Names) -> str:
        known = entry.data.get("source") in names
        data = {**entry.data, "source": names[entry.data["source"]]} if known else entry.data
        return sentence(entry.kind, data, department)

    return told


def sources(listed: str, names: Names) -> str:
    """The sources of an incident's line by name."""
    return LISTED_WITH.join(names.get(one, one) for one in listed.split(LISTED_WITH))


def origin_told(post: Post, names: Names) -> str:
    """Where a post stood and how it came here: 来源：百姓留言板 · 经由：程序推送（龙江舆情）. Nobody is named twice."""
    source = names.get(post.source, post.source)
    supplier = "" if post.vendor in ("", source, post.source) else f"（{post.vendor}）"
    return f"来源：{source} · 经由：{CAME_BY.get(post.origin, post.origin)}{supplier}"


def reason_told(reason: Reason, names: Names) -> str:
    """A reason as a line to read: 主责 · 供热办（谁主管谁负责）：暖气. A source is called by its name."""
    points, says, source = reason.evidence.partition(SOURCE_SCORED)
    rests_on = CAME_BY.get(reason.evidence) or typeset(points) + says + names.get(source, source)
    rule = " · ".join(part for part in reason.rule.partition(":")[::2] if part)
    return typeset(rule) + (f"：{rests_on}" if rests_on else "")


def topics_told(scores: Mapping[str, float]) -> str:
    """How probable the likeliest topic is, and which comes second: 62%，其次 商贸旅游 21%. Nothing of one at 0 %."""
    first, *others = sorted(scores.items(), key=lambda one: -one[1]) or [("", 0.0)]
    second = f"，其次 {others[0][0]} {others[0][1]:.0%}" if others and others[0][1] >= SEEN else ""
    return f"{first[1]:.0%}{second}"


def start_told(incident: Incident) -> str:
    """By which rule the clocks count from where they do."""
    if incident.quiet:
        return "历史补录，不计时"
    return (
        "系统首次采集；可录入更早时间" if incident.started_at >= incident.first_post_at else "早于首次采集，依据见台账"
    )


def certainty(confirmed: bool, provisional: bool) -> str:
    """待确认: a person has to confirm it; 待核实: it rests on numbers nobody knows yet."""
    if confirmed:
        return "等级已确认"
    return "等级待确认（数字待核实）" if provisional else "等级待确认"


def marked(filed: Filed) -> Markup:
    """The post's text with the spans its reasons rest on highlighted; each mark names the rules that point at it.

    A title that is only the beginning of the text is not shown a second time: its marks stand in the text.
    """
    title, text = filed.post.title, filed.post.text
    whole = f"{title}\n{text}"
    again = len(title) + 1 if title and text[: len(title)].replace("\n", " ") == title else 0
    out, at = Markup(), again
    for start, end, rules in _spans(filed, len(whole), again):
        named = typeset("；".join(dict.fromkeys(rules)))
        out += escape(whole[at:start]) + Markup('<mark title="{}">{}</mark>').format(named, whole[start:end])
        at = end
    return out + escape(whole[at:])


def _pointed_at(reason: Reason, again: int) -> tuple[int, int, str]:
    if 0 <= reason.start < again:
        return reason.start + again, min(reason.end, again - 1) + again, reason.rule
    return reason.start, reason.end, reason.rule


def _spans(filed: Filed, length: int, again: int) -> list[tuple[int, int, list[str]]]:
    """Sorted, without overlaps, each with its rules; what stands before `again` stands there a second time."""
    spans: list[tuple[int, int, list[str]]] = []
    for start, end, rule in sorted(_pointed_at(reason, again) for reason in filed.assessment.reasons):
        if not 0 <= start < end <= length:
            continue
        if not spans or start >= spans[-1][1]:
            spans.append((start, end, [rule]))
        else:
            begun, reached, rules = spans[-1]
            spans[-1] = (begun, max(end, reached), [*rules, rule])
    return spans
