"""顺带提及: a report that only names the city is kept out; what happens in the city, or goes wrong there, stays."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
FILLER = "会议总结了过去一年的做法和经验，部署了下一阶段的任务，与会代表围绕培育新动能、扩大内需进行了交流。" * 3


def assessed(title: str, text: str, origin: str = "feed") -> Assessment:
    [found] = make_assessor(CONFIG_DIR).assess([Post("p", "某报", title, text, NOON, origin=origin)])
    return found


def cases(block: str) -> dict[str, tuple[str, str]]:
    """Each case is its name and title, and below it the text; …… stands for the rest of a report."""
    found = {}
    for case in block.strip().split("\n\n"):
        head, *lines = case.split("\n")
        name, _, title = head.partition(":")
        found[name] = title.strip(), "".join(lines).replace("……", FILLER)
    return found


PASSING = cases("""
list of cities: 全国宠物托运服务扩围
……本次新增沈阳、哈尔滨、太原等六十七个车站。

list with and: 新一批试点名单公布
石家庄、长春、哈尔滨和南昌入选首批试点。……

list in the lead: 北方多城竞逐冰雪经济
入冬以来，沈阳、长春、哈尔滨等地纷纷推出优惠活动。……

dateline: 牡丹江市一名干部接受审查调查
新华社哈尔滨1月28日电 据省纪委监委消息，牡丹江市某局原局长接受审查调查。

dateline of a paper: 大庆油田产量创新高
本报哈尔滨3月2日电（记者张某）大庆油田去年产量再创新高。

school of an expert: 芜湖机器人产业观察
……哈尔滨工业大学教授李某说，芜湖的产业链已经成形。

a graduate: 深圳一家公司的十年
深圳的这家公司由五名年轻人创办。……创始人毕业于哈尔滨工业大学，后来到深圳。

institute: 昭苏马产业提质
新疆昭苏县引进人才。……当地引进中国农业科学院哈尔滨兽医研究所的团队。

firm: 酒泉枸杞触网
甘肃酒泉的枸杞园里，工人正在装箱。……小院与哈尔滨晨光软件有限公司合作开发平台。

club: 中甲俱乐部名单
梅州、苏州、宁波的俱乐部通过审核。……哈尔滨冰河足球俱乐部也在名单中。

athlete: 江西小将夺得首金
南昌的小将在青运会夺得首金。……亚军是来自哈尔滨的王某，季军来自广州。

tourist from here: 三亚迎来避寒客
三亚的海滩上游客如织。……来自黑龙江哈尔滨的游客李女士说，明年还要来。

train: 援疆旅游专列开行
新疆阿勒泰迎来首趟专列。……游客从哈尔滨东站出发，十天后抵达阿勒泰。

route: 延榆高铁建设提速
陕西榆林的工地一片繁忙。……今后榆林至哈尔滨的旅客不必再到北京换乘。

flight: 海南航空换季
海口美兰机场公布新航季时刻。……新航季将加密海口飞往哈尔滨的航班。

weather table: 全国主要城市天气预报
北京 晴 -3℃/6℃；沈阳 多云 -10℃/-2℃；哈尔滨 小雪 -18℃/-9℃；上海 阴 5℃/11℃。

picture: 消费新图景
多地发放购车补贴，广州、成都的门店人头攒动。……图为消费者在哈尔滨一家门店试驾。

festival in a survey: 元旦假期文旅市场红火
浙江慈溪、甘肃敦煌办起灯会。……在哈尔滨冰雪大世界，武汉游客李某连呼过瘾。

one of many places: 读懂少年心
在上海，社区开设心理课堂。……在黑龙江，哈尔滨多个社区定期举办讲座。
""")

OURS = cases("""
title: 哈尔滨地铁票价今起调整
多城联动，北京、上海、广州早已实行。……

lead: 人才市场见闻
1月28日清晨，哈尔滨人才市场人头攒动，二百家企业提供上千个岗位。……杭州也在招聘。

fire in a digest: 早间新闻
国务院召开会议。北京地铁延时。……哈尔滨道外区一居民楼昨夜起火，两人受伤。

school in a digest: 一周教育
广州、成都公布学区。……哈尔滨某小学被曝光强制学生订餐，教育部门正在核查。

alert in a list: 寒潮来袭
北京、沈阳气温骤降。……大庆、哈尔滨、绥化发布暴雪红色预警，多条高速封闭。

inquiry finds fault: 直播乱象何解
在上海外滩，主播占道跳舞。……记者调查发现，哈尔滨多家公司以兼职为名诱骗女大学生。

an official of ours: 早安新闻
芬兰总理访华。深圳南山经济总量破万亿。……哈尔滨市某局原局长涉嫌严重违纪违法，正接受审查调查。

trouble at a school: 哈尔滨工业大学食堂被指饭菜变质
有学生反映晚饭吃出异味，校方称已封存样品。北京多所高校也在自查。

trouble on a line: 列车晚点
郑州东站大屏一片红色。……哈尔滨开往北京的两趟列车因接触网故障停运，大批旅客滞留。

trouble at a firm: 欠薪名单公布
杭州、长沙各有三家企业上榜。……哈尔滨晨光建筑有限公司拖欠三百名农民工工资被点名。

service of ours: 供热怎么了
辽宁沈阳的暖气提前开栓。哈尔滨热力集团称部分换热站检修，居民家中室温偏低。

named most: 一座老菜场的新生
从前这里只卖菜。……道里区把闲置厂房改成街区。哈尔滨市文旅局说人流翻番。上海游客也来。

no other place: 老字号的新生意
……在哈尔滨的中央大街上，排队的人从店里一直站到街角。

short post:
哈尔滨的雪下得太大了，公交半小时不来一趟
""")


@pytest.mark.parametrize("told", PASSING.values(), ids=PASSING)
def test_a_report_that_only_names_the_city_is_left_out(told: tuple[str, str]) -> None:
    found = assessed(*told)
    assert not found.relevant, found.reasons[0]
    assert found.reasons[0].rule in ("相关性:顺带提及", "相关性:他地", "相关性:一般新闻", "相关性:文体娱乐")


@pytest.mark.parametrize("told", OURS.values(), ids=OURS)
def test_what_is_told_of_the_city_stays(told: tuple[str, str]) -> None:
    found = assessed(*told)
    assert found.relevant, found.reasons[0]


@pytest.mark.parametrize("origin", ["hotline", "board", "mailbox", "manual", "drill"])
def test_who_writes_by_our_own_doors_means_the_city(origin: str) -> None:
    assert assessed(*PASSING["train"], origin).relevant


@pytest.mark.parametrize("origin", ["feed", "push"])
def test_a_petitioner_who_names_the_city_in_passing_stays(origin: str) -> None:
    text = "尊敬的领导：我在广州打工，户口在外地，社保关系转不进来。" + "材料交了三次都被退回。" * 12
    assert assessed("请求解决社保转移", text + "我从广州到哈尔滨跑了两趟，请领导尽快处理。", origin).relevant


def test_the_reason_points_at_the_name() -> None:
    title, text = PASSING["list of cities"]
    reason = assessed(title, text).reasons[0]
    assert reason.rule == "相关性:顺带提及"
    assert f"{title}\n{text}"[reason.start : reason.end] == reason.evidence == "哈尔滨"
