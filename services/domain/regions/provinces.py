"""The provinces of China: one may stand before the name of any city (来自黑龙江省|哈尔滨) and changes nothing."""

from __future__ import annotations

PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
MAYBE_A_PROVINCE = f"(?:(?:{PROVINCES})(?:[省市]|(?:壮族|回族|维吾尔)?自治区)?)?"
"""An expression for a province in front of a city, or nothing."""
