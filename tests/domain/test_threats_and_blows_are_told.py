"""扬言、打人、求证与名字里的好话: what an officer would ring about is told apart from what sounds like it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.vocabulary import Disposition, Focus, Sentiment
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)

ANNOUNCING = """\
呼兰区拆迁户：明天大伙一块儿去省政府讨公道，去的扣1
宾县出租车下周一集体停工，转给同行
我站在道外区松花江大桥栏杆外面了，活着没意思，别劝我
依兰县老矿工商量着坐火车进京找部里
香坊区业主结伴到区政府大门口要说法
孩子上不了学，全村家长说好了周一都不让娃上课，堵校门
拆迁不给钱我就喝百草枯，通河县
平房区老职工串联去北京，已经买票
要是再不解决我们就去北京上访！呼兰区拆迁户。
约好周五去市信访局集体反映，南岗区业主。
业主们约好去市信访局集体反映烂尾楼，松北区
道外区退役老兵相约进京
我准备从楼上跳下去，哈尔滨市平房区欠我工钱三年。
我在道里区霁虹桥上，不想活了，欠薪三年没人管
再不给工资我就死给你们看，香坊区工地
南岗区幼儿园跑路，家长集体讨说法
哈尔滨出租车司机商量好明天一起上街，道里区
双城区村民准备周一都去省政府上访
如果不给补偿，阿城区全村老少只能进京告状
香坊区老楼下岗工人：没钱看病，活够了，明天跳江
松北区购房者抱团维权，相约到政府门口拉横幅
我爬到道外区塔吊上了，不给钱就从这跳下去
五常市种粮大户组团去省里讨要说法
""".splitlines()

NOTHING_ANNOUNCED = """\
集体讨论小区改造方案，南岗区业主点头
结伴去省政府旁边的公园晨练，香坊区老人很开心
如果不行就去政务大厅办，道里区窗口态度不错
组团游北京，哈尔滨旅行社不退款
南岗区集体土地被政府征收，补偿没到位
相约进京看升旗，哈尔滨小学生圆梦
已向道里区信访局反映过，没有答复
道外区集体户口怎么办理迁出手续
香坊区村集体经济收入去年增长
要是再不修路灯，走夜路真不方便，呼兰区
哈尔滨到北京的高铁几点，香坊区能买票吗
约好周五去松北区公园春游
希望政府门口的路灯早点修，道里区居民集体宿舍楼太黑
""".splitlines()

BEATEN = """\
松北区执法队员抡棍子打了卖菜老人
城管踹翻水果摊还动手打老太太，香坊区
城管打人视频曝光，南岗区执法局至今沉默。
南岗区城管打人，视频疯传。
警察打人，道里区派出所刑讯逼供
领导干部公款吃喝，南岗区某局长一顿饭八千
香坊区两名辅警把一外卖小哥按在地上拳打脚踢
我爸在道外区被城管打了，肋骨断两根
呼兰区派出所民警在审讯室扇我耳光
阿城区拆迁办带人进屋动手，老太太被推倒
松北区某镇吃空饷，镇长小舅子三年没上班照领工资
""".splitlines()

NOT_BY_THEM = """\
南岗区城管劝架时被人打伤
警察来了，打人的跑了，道里区
派出所民警打了防疫针，阿城区接种点开放
两口子打架，南岗区社区干部上门劝和
南岗区派出所不处理打人的，让我们私了
道里区民警抓获两名殴打他人的男子
香坊区警察打了个电话就没下文
醉汉殴打民警被拘，道外区
城管打击占道经营，南岗区市容好转
邻居打人，南岗区派出所民警到场调解
学生打人，道里区家长报警后民警劝和
南岗区城管执法，摊贩先动手打伤队员
找过香坊区城管办，电话都打了三遍没人来
邻居在南岗区派出所门口殴打我，没人拦
""".splitlines()

DOUBTFUL = """\
网传松北区水厂被投毒，赶紧囤水，转给家人
据传哈尔滨要涨供暖费到五十，真的假的？
朋友圈传道里区三甲医院倒闭，有这事吗
道里区网传要拆中央大街铺柏油路，是真的吗？
网传哈尔滨要封城，快去囤粮
网传中央大街石头被换成假石头，哈尔滨，是真的吗
听说哈尔滨地铁四号线要停建，有没有这回事
朋友圈都在说南岗区自来水有毒，真的假的
据传哈尔滨下周停气十天，赶紧囤点煤
""".splitlines()

NOT_DOUBTFUL = """\
朋友圈晒雪景，哈尔滨中央大街真美
听说宾县修路，哪天完工
南岗区城管打人，视频疯传。
听说松北区要建新医院，盼早日开工
道里区停水是真的吗？物业没通知
网传道里区地铁口漏水，现场确实积水很深
""".splitlines()

A_NAME = """\
香坊区幸福家园电梯又坏了！
双城区幸福乡拖拉机占道卖粮。
道里区康安街幸福小区下水堵了
松北区美丽岛小区门口没有路灯
南岗区进步街路面塌了个坑
平房区优秀里小学门口堵车
""".splitlines()

A_FEELING = """\
生活在哈尔滨很幸福，道里区越来越美丽
香坊区服务大厅的同志热情周到，点赞
南岗区老人说日子幸福的很
""".splitlines()

LEADS = """\
NYJ 巴彦县养牛户：布病传染，死了53头牛，损失200万元。
NYJ 松花江禁渔期有人在木兰段电鱼。
ZRZY 森林公园里有人盗伐红松，尚志市帽儿山。
ZJJ 松北区月亮湾小区楼顶掉砖，砸中我家车，没伤到人但想想后怕，要是砸死人谁负责！
TYJ 我儿子参军三十年牺牲了，烈属待遇没落实，延寿县。
GAJ,NYJ,CGJ 给流浪狗打疫苗谁负责？南岗区闽江路流浪狗咬了孩子。
JTJ,GAJ 高铁站打黑车被敲诈三百，哈西站。
SCJG 商场儿童游乐设施夹断孩子手指，松北区。
SCJG 哈尔滨的加油站里汽油兑水，车坏在半路。
RSJ 我准备从楼上跳下去，哈尔滨市平房区欠我工钱三年。
RSJ 工地欠我工钱三年，道外区
WJW,JYJ 南岗区某高校食堂120名学生腹泻呕吐，疑似诺如病毒
NYJ 通河县羊群得了布鲁氏菌病，兽医站不管
NYJ 有人在呼兰河用绝户网偷捕，夜里三点还在炸鱼
ZRZY 方正县林子里有人偷砍树，一车一车往外拉，滥伐没人管
ZJJ 香坊区老楼墙皮往下掉，外墙砖砸坏三辆车
SCJG 道外区一家加油站加油机不准，缺斤少两
SCJG 南岗区室内蹦床公园孩子摔骨折，没有安全提示
JTJ 机场出口一排黑出租拉客，喊价三百
RSJ 老板跑了，我们二十人的血汗钱没着落，阿城区
YJGL,SCJG,SHJ 道外、香坊、平房、呼兰都有黑加油站，安监应管一管。
""".splitlines()


def assessed(text: str) -> Assessment:
    return make_assessor(CONFIG_DIR).assess([Post("p", "市民", "", text, NOON, origin="board")])[0]


@pytest.mark.parametrize("text", ANNOUNCING)
def test_who_announces_to_gather_or_to_die_is_flagged(text: str) -> None:
    found = assessed(text)
    assert found.emerging
    assert any(reason.rule == "苗头性" and reason.end > reason.start >= 0 for reason in found.reasons)


@pytest.mark.parametrize("text", NOTHING_ANNOUNCED)
def test_who_announces_nothing_is_not(text: str) -> None:
    assert not assessed(text).emerging


@pytest.mark.parametrize("text", BEATEN)
def test_blows_by_those_in_office_are_a_grave_problem(text: str) -> None:
    found = assessed(text)
    assert (Focus.F3 in found.focus, found.disposition) == (True, Disposition.MAJOR_PROBLEM)
    assert found.sentiment is Sentiment.NEGATIVE


@pytest.mark.parametrize("text", NOT_BY_THEM)
def test_blows_by_others_are_not_laid_at_their_door(text: str) -> None:
    assert Focus.F3 not in assessed(text).focus


@pytest.mark.parametrize("text", DOUBTFUL)
def test_hearsay_that_asks_whether_it_is_true_or_urges_to_hoard_is_hinted_at(text: str) -> None:
    assert assessed(text).suspected_false


@pytest.mark.parametrize("text", NOT_DOUBTFUL)
def test_a_plain_question_or_plain_hearsay_is_not(text: str) -> None:
    assert not assessed(text).suspected_false


@pytest.mark.parametrize("text", A_NAME)
def test_a_name_is_no_praise(text: str) -> None:
    assert assessed(text).sentiment is not Sentiment.POSITIVE


@pytest.mark.parametrize("text", A_FEELING)
def test_a_feeling_is(text: str) -> None:
    assert assessed(text).sentiment is Sentiment.POSITIVE


@pytest.mark.parametrize("row", LEADS)
def test_the_body_that_answers_leads(row: str) -> None:
    codes, text = row.split(" ", 1)
    assert assessed(text).lead_department in codes.split(",")
