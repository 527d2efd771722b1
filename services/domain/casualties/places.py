"""Names of countries, provinces and cities that are not ours, and whether a text is about another country."""

from __future__ import annotations

import re

from services.domain.patterns import late, one_of
from services.domain.regions.names import Mention

_HOME = late("[我本]市")
_COUNTRIES = (
    "美国|俄罗斯|俄(?!罗斯)|日本|韩国|朝鲜|印度尼西亚|印尼|印度|巴基斯坦|阿富汗|伊拉克|伊朗|叙利亚|以色列|"
    "巴勒斯坦|加沙|也门|沙特|土耳其|埃及|利比亚|阿尔及利亚|尼日利亚|索马里|"
    "肯尼亚|加纳|南非|英国|法国|德国|意大利|西班牙|葡萄牙|希腊|比利时|荷兰|瑞典|挪威|瑞士|保加利亚|"
    "罗马尼亚|乌克兰|波兰|墨西哥|巴西|智利|阿根廷|秘鲁|哥伦比亚|"
    "哥斯达黎加|尼加拉瓜|洪都拉斯|加拿大|澳大利亚|新西兰|新加坡|马来西亚|泰国|越南|老挝|缅甸|柬埔寨|"
    "菲律宾|尼泊尔|孟加拉国|斯里兰卡|蒙古国|哈萨克斯坦|吉尔吉斯|约旦|"
    "黎巴嫩|巴厘岛|莫斯科|东京|首尔|纽约|伦敦|巴黎|孟买|车臣|京都|尼日尔|苏丹|乌干达|坦桑尼亚|"
    "津巴布韦|古巴|海地|委内瑞拉|克罗地亚|塞尔维亚|"
    r"阿曼|卡塔尔|阿联酋|科威特|乌兹别克斯坦|塔吉克斯坦|格鲁吉亚|亚利桑那|加州|得州|佛罗里达|夏威夷|"
    r"曼谷|清迈|贝加尔湖|加勒比海|大西洋|太平洋"
)
_PROVINCES = (
    "北京|上海|天津|重庆|河北|山西|辽宁|吉林|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|"
    "四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古?|广西|西藏|宁夏|新疆|"
    "香港|澳门|台北"
)
_CITIES = (
    "广州|深圳|东莞|佛山|汕头|珠海|湛江|惠州|南京|苏州|无锡|常州|徐州|南通|盐城|扬州|杭州|宁波|温州|"
    "台州|绍兴|嘉兴|金华|衢州|合肥|芜湖|蚌埠|福州|厦门|泉州|南昌|济南|青岛|"
    "烟台|潍坊|临沂|淄博|滨州|泰安|威海|郑州|洛阳|开封|南阳|信阳|武汉|宜昌|襄阳|荆州|长沙|株洲|湘潭|"
    "衡阳|岳阳|常德|南宁|柳州|桂林|百色|海口|三亚|成都|绵阳|宜宾|泸州|"
    "攀枝花|汶川|雅安|贵阳|遵义|昆明|大理|丽江|昭通|西安|宝鸡|汉中|兰州|天水|西宁|银川|乌鲁木齐|喀什|"
    "拉萨|石家庄|唐山|保定|邯郸|沧州|太原|大同|呼和浩特|包头|鄂尔多斯|"
    "沈阳|大连|鞍山|抚顺|锦州|长春|四平|通化|延边|齐齐哈尔|牡丹江|佳木斯|大庆|鸡西|双鸭山|伊春|"
    "七台河|鹤岗|黑河|绥化|大兴安岭"
)
_NOT_PLACE = (
    r"(?:路|街|大街|道|巷|胡同|时间|籍|卫视|日报|晚报|早报|晨报|新闻|电视台|地质|卫星|中铁|菜|味|产|"
    r"队|牌|医科|大学|银行|证券|烤|商城|名|小学)"
)
_PLACE = one_of(_COUNTRIES, _PROVINCES, _CITIES, unless_before="驻往赴从", unless_behind=_NOT_PLACE)
PLACE_ABROAD = one_of(
    _COUNTRIES,
    "华盛顿|海湾地区|欧洲|外省|邻省|邻国|国外|南方某省|沿海某省",
    unless_before="驻赴留",
    unless_behind=rf"{_NOT_PLACE}|风情|籍|梧桐|白蛾|红|牛肉|烧烤|香米|脑炎|流感|小镇|风味|超市|商店|商品|咖啡|足疗|冷饮|料理|餐|商品|货|进口|面包|式|语|红肠|"
    r"留学|专家|品牌|车(?!祸|辆)|大使|领事|签证|股|经济",
)
# Cities whose short names are words too, so that a gazetteer wants 市 behind them.
_AMBIGUOUS = "大庆|牡丹江|双鸭山|伊春|黑河|吉林|鞍山|抚顺|锦州|通化|四平"
PLACE_OR_WORD = one_of(_AMBIGUOUS, unless_before="驻往赴从", unless_behind=_NOT_PLACE)
_CHINA = late(
    one_of(_PROVINCES, _CITIES, unless_behind=_NOT_PLACE).pattern
    + r"|我[市省县区国]|本[市省县区]|号楼|单元|派出所|小区|街道|社区|物业|业主"
    r"|[A-Z][0-9]{0,2}[市县区]"
)
# A street, house or kitchen that bears the name of a province or city (吉林大路, 四川火锅店) stands anywhere.
BORROWED = late(
    r"大?[路街](?![道头边面段])|大?道(?![路里外])|桥(?!梁)|小区|大厦|大?酒店|大?饭店|宾馆|"
    r"火锅|菜馆|(?:家常)?菜(?![市农])|拉面|牛肉面|小面|刀削面|热干面|面馆|米[线粉]|螺蛳粉|麻辣烫|串串|烤[鸭肉鱼]|烧烤|小吃|料理|"
    r"餐[馆厅]|饭馆|酒楼|茶楼|肉夹馍|泡馍|羊[肉汤]|酸菜鱼|汤包|包子|馄饨"
)
_DATELINE = late(
    r"(?:新华社|新华网|中新社|中新网|本报)[^，。\n]{0,6}?[0-9０-９一二三四五六七八九十]{1,2}月[^电讯\n]{1,6}[电讯]"
)
# Who of ours only stands ready or sets out is no place of ours; whose own people were struck is.
_READY = late(
    r"[我本][市省](?:[^，。,、；;\n]{0,8})(?:救援队|搜救队|救援力量|医疗队|红十字会?|蓝天|曙光|消防|应急)"
    r"(?![^。\n]{0,30}(?:失联|遇难|牺牲|受伤|被困|殉职|失踪|死))[^。\n]{0,24}?(?:待命|集结|整装|出发|启程|驰援|赶赴|备勤|请战|准备|\n)"
)
_HEAD, _LEAD = 240, 60


def named(full: str) -> list[Mention]:
    """The great names in the text, ours and others', in order: for who has no gazetteer at hand."""
    found = [Mention(m.group(), *m.span(), True) for m in _HOME.finditer(full)]
    found += [Mention(m.group(), *m.span(), False) for m in _PLACE.finditer(full, 0, _HEAD)]
    return sorted(found, key=lambda m: m.start)


def abroad(title: str, text: str) -> tuple[int, int] | None:
    """The span that sets the event in another country; None where a place of ours is in title or lead, or doubt is.

    A country further down is background; the place in the dateline is the reporter's.
    """
    start = len(title) + 1
    told = _READY.sub(_blank, f"{title}\n{text[:_HEAD]}")
    head = told[:start] + _DATELINE.sub(_blank, told[start:])[:_LEAD]
    if _HOME.search(told) or _CHINA.search(head):
        return None
    place = PLACE_ABROAD.search(head)
    return None if place is None else place.span()


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
