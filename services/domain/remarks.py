"""批注: the flags of posts and bodies in plain Chinese, as people are shown them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

LEFT_OUT, DEAD = "entries_left_out", "selector_matches_nothing"

REMARKS: Mapping[str, str] = {
    "control_characters_removed": "已去除控制字符",
    "edited": "内容有改动",
    "encoding_damaged": "编码有损坏",
    "encoding_label_wrong": "声明的编码不对",
    "encoding_uncertain": "编码无法确定",
    "entries_cut": "条目过多，超出部分未读取",
    "full_text_fetched": "已补全文",
    "full_text_missing": "未取到全文",
    "link_removed": "链接不合规，已去除",
    "markup_neutralised": "代码已失效处理",
    "selector_matches_nothing_author": "作者选择器（author）没有匹配到任何内容",
    "selector_matches_nothing_body": "正文选择器（body）没有匹配到任何内容",
    "selector_matches_nothing_link": "链接选择器（link）没有匹配到任何内容，各条没有网址",
    "selector_matches_nothing_time": "时间选择器（time）没有匹配到任何内容，改用首次发现时间",
    "selector_matches_nothing_title": "标题选择器（title）没有匹配到任何内容",
    "text_shortened": "正文过长，已截短",
    "time_date_only": "只有日期",
    "time_in_future": "时间在未来，改用首次发现时间",
    "time_missing": "没有时间，改用首次发现时间",
    "time_too_old": "时间过早，改用首次发现时间",
    "time_unreadable": "时间无法识别，改用首次发现时间",
    "time_zone_corrected": "时区已更正",
    "title_from_text": "标题取自正文",
    "title_shortened": "标题过长，已截短",
}
_COUNTED = re.compile(r"(version|entries_left_out)_(\d+)")
_COUNTS = {"version": "第 {} 版", LEFT_OUT: "略去 {} 条：没有文字，或与同页其他条目重复"}


def remark(flag: str) -> str:
    """The flag in words; one that is words already stays as it is."""
    if counted := _COUNTED.fullmatch(flag):
        return _COUNTS[counted[1]].format(counted[2])
    return REMARKS.get(flag, flag)


def remarks(flags: Iterable[str]) -> str:
    """All of them in one line, "" for none."""
    return "，".join(map(remark, flags))
