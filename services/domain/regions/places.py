"""Finer places (小区, 路, 学校 …) named in the text without a list of them: by what their names end in."""

from __future__ import annotations

import re

from services.domain.patterns import late


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SUFFIXES = _words("""
小区 社区 花园 家园 新城 公馆 嘉园 名苑 名邸 国际城 庄园 广场 大厦 公寓 山庄 新村 号院 华府 华城 豪庭 雅苑 佳苑 景园
一期 二期 三期 四期 水岸 半岛 首府 书院 名城 丽景 家属院 家属楼 宿舍 养老院 敬老院 福利院
小学 中学 学校 学院 大学 幼儿园 医院 市场 农贸市场 批发市场 商场 公园 派出所
地铁站 收费站 火车站 客运站 加油站 大街 大道 路 街 胡同 高速 大桥 立交桥 村 屯
新苑 嘉苑 花苑 文苑 学府 世家 名都 龙湾 澜湾
工业园 产业园 开发区 水库 工地 化工厂 水泥厂 加工厂 屠宰场 养殖场
""")
"""Ends of the names of finer places."""

BESIDE = ("附近", "旁边", "对面", "周边", "周围", "门口", "楼下", "居民区", "业主", "项目")
"""Words that stand behind a place's name."""

_KINDS = frozenset(
    _words("""
养老院 敬老院 福利院 小学 中学 学校 学院 大学 幼儿园 医院 市场 农贸市场 批发市场 商场 公园 派出所
加油站 宿舍 家属院 家属楼 大厦 公寓 工地 化工厂 水泥厂 加工厂 屠宰场 养殖场
""")
)
"""Ends that say what it is: before them 一 counts (一小商品批发市场), before a road or estate it is a name (一曼街)."""
_COUNTED = late(r"[一某](?:座|栋|幢|间|片)?")
_NO_ROAD = late(r"(?:[跑旁短套绕带销让思出退]|(?<!曲)线)路$")
_STUDENT = frozenset(("小学", "中学", "大学"))

_GENERIC = late(r"(?:小区|社区|居民区|[一二三四五六七八九十]期)+$")
_LONGEST = 9

_BREAK = re.compile(
    r".*(?:[^\w]|[的在了是和与及到从向于区县市省镇号住我们请对有至为被把让将这那该本某各条个处家所里内后前上下去来即因由经过靠近临等给求望做离隔要可就不都又还"
    r"另占用前往]|街道|[路街](?=..)|大道(?=..)|关注|投诉|反映|反应|举报|咨询|关于|建议|社区|小区|座落|要求|位居|解决|希望|导致|附近|旁边|违规|拯救|严重|公司|问题|乡)",
    re.DOTALL,
)
_HOLLOW = frozenset(
    _words("""
一个 整个 全 老旧 居民 住宅 多个 周边 公共 农村 进村 全村 贫困 行政 自然 人民 城市 主干
道 公 马 铁 线 网 修 乡 同一 大
小 重点 思 出 高速公 公交线 电 新农 一 二 三 四 水泥 宽马 开发商 部分 全体 广大 众多
""")
)
"""What stands before such an end without naming a place (一个小区, 全村)."""


def named_before(text: str, start: int, end: int, beside: bool, begins: int = 0) -> str:
    """The finer place whose name ends at `end`, its generic end cut off (丽发小区 → 丽发); "" when there is none.

    `beside` says that the matched word only follows the name (丽发新城|附近); a name that leaves anything begins where
    a place of the list ends, at `begins` (南岗|锦绣小学).
    """
    kind = text[start:end]
    if kind in _STUDENT and text.startswith("生", end):
        return ""
    begins = begins if begins < start else 0
    window = text[max(begins, start - _LONGEST) : start]
    broken = _BREAK.match(window)
    stem = window[broken.end() :] if broken else window
    stem = stem.lstrip("0123456789")
    if kind in _KINDS and (counted := _COUNTED.match(stem)):
        stem = stem[counted.end() :]
    if len(stem) < 2 or stem in _HOLLOW or (beside and stem in SUFFIXES) or _NO_ROAD.search(stem + kind):
        return ""
    name = stem if beside else _GENERIC.sub("", stem + text[start:end])
    return name if len(name) >= 2 else ""
