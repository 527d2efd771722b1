"""What a firm, a school or a queue of our city did to somebody is heard by every way in; an announcement is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)

TOLD = """\
办事难|南岗区车管所排队一上午办不了业务。
排队|哈尔滨医大二院排队三小时没人叫号，患者站了一上午。
号难抢|道里区不动产登记大厅排队，号早上六点就没了。
维修基金|南岗区住宅专项维修基金申请半年没批。
消防通道|松北区消防队占道洗车，居民出不去。
夜间噪声|香坊区施工队半夜干活，吵得睡不着。
断水断电|阿城区拆迁公司半夜断水断电，逼人搬家。
买房不交房|松北区开发公司收了房款不交房，两年了。
班车停运|宾县客运公司班车说停就停，村里人出不去。
工资|道外区环卫公司三个月没发工资，工人急了。
拖欠工资|我在哈尔滨市平房区金源建筑公司干活，2025年工资8.6万元一直没给，老板电话不接，请人社局帮忙。
退票|哈尔滨冰雪大世界排队太久，我要退票
理赔|哈尔滨阳光保险公司理赔说材料不全，跑了五趟。
快递|哈尔滨迅达物流公司把包裹扔雪地里，打电话就挂。
食堂|哈尔滨工程大学食堂米饭吃出虫子。
青训|哈尔滨足球队青训营收费两万，门卫当教练。
冷库|方正县粮油集团收稻子打白条。
抢修|平房区供暖抢修队来了看一眼就走。
存款|呼兰区农村合作基金会把存款冻上了。
房款|我在广州打工，给孩子在老家买房，哈尔滨晨光置业公司三年不交房。
""".splitlines()

ANNOUNCED = """\
签约|哈尔滨晨光软件公司与高校签约，共建实验室。
公告|哈尔滨电气集团公告：中标两台机组。
科普|哈尔滨医科大学教授李某说，冬天要注意保暖。
新书|哈尔滨工业大学教授李某介绍，芜湖机器人产业已经成形，昭苏也在跟进。
足球|哈尔滨冰河足球俱乐部客场取胜。
主场|深圳主场迎来哈尔滨队，比赛晚上七点开始。
股市|哈尔滨晨光证券公司分析师认为，明年大盘震荡上行。
捐赠|哈尔滨晨星药业向灾区捐赠药品一批。
开发|甘肃酒泉的小院与哈尔滨晨光软件有限公司合作开发平台，订单涨了三成。
""".splitlines()


def assessed(row: str, origin: str, more: str = "") -> Assessment:
    title, text = row.split("|")
    return make_assessor(CONFIG_DIR).assess([Post("p", "某网", title, text + more, NOON, origin=origin)])[0]


@pytest.mark.parametrize("origin", ["push", "feed"])
@pytest.mark.parametrize("row", TOLD)
def test_what_a_firm_of_ours_did_is_kept(row: str, origin: str) -> None:
    assert assessed(row, origin).relevant


@pytest.mark.parametrize("origin", ["push", "feed"])
@pytest.mark.parametrize("row", ANNOUNCED)
def test_what_a_firm_of_ours_announces_is_left_out(row: str, origin: str) -> None:
    found = assessed(row, origin)
    assert not found.relevant
    assert found.reasons[0].rule == "相关性:顺带提及"


def test_a_long_complaint_is_kept_as_well() -> None:
    row = "房子|哈尔滨晨光置业公司盖的楼，去年签的合同，首付六十万。"
    more = "售楼处的人换了一批又一批，每次去都让等通知，工地上一个人影都看不到，塔吊停在那里。" * 8
    assert not assessed(row, "push", more).relevant
    assert assessed(row, "push", more + "到今天也不交房，钱也不退。").relevant
