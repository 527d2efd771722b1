"""Words that only sound like dead, missing or poisoned ring nobody; what stands in a date or a name hides no dead."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.vocabulary import EventGrade
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
CALM = (
    "哈尔滨香坊区一工厂发生火灾，现场30名工人没有受伤，火灾原因正在调查。",
    "道外区饭店煤气爆炸，造成3人受伤，店内30名客人没有受伤。",
    "哈尔滨南岗区客车侧翻，车上35名客人没人受伤。",
    "香坊区车祸，5人受伤，同车12名工人没事。",
    "道外区旅馆起火，10名客人没有生命危险，均在医院观察。",
    "香坊区厂房着火，11名工人没来得及撤离被困楼顶，随后全部获救。",
    "哈尔滨工地11个工人没签合同，脚手架都要塌了，老板不管。",
    "道里区一火锅店30位客人没买单就走，老板追出去摔了一跤。",
    "哈尔滨化工厂泄漏，300名群众已经安全转移，无人中毒。",
    "哈尔滨香坊区氨气泄漏，出动消防员120名，目前无人中毒。",
    "哈尔滨化工厂泄漏，疏散周边小区300名居民，没有人员中毒。",
    "道里区液氨泄漏，150名工人紧急集合，没有中毒情况。",
    "西泉眼水库大坝景区门票问题解决了，点赞。",
    "松花江江堤护栏开了口子没人修，道里区大堤上孩子玩很危险。",
    "城管把区政府周围的小摊都清了，摊主聚到一起要说法。",
    "道里区市政府门前施工，将市政府门前围挡拆除，工人堵了路，市民出行不便。",
    "网警提醒：一种新型病毒正在手机微信里传播，点链接会被盗号，哈尔滨市民注意。",
    "哈尔滨市实验室电脑里的菌株资料找不到了，硕士生崩溃。",
    "社区通知打流感疫苗，排队两个小时到我就说没了，道里区。",
    "道里区幼儿园打疫苗，孩子一针下去哭得没了声，家长心疼走了。",
    "荒火已扑灭，起火点离化工厂就500米，消防提醒。",
    "102路公交线路中断运营10天了，啥时候恢复？",
    "道里区工地坍塌，埋了5个人，挖出来3个，都没气了，还有2个没找到。",
    "依兰县矿井透水，井下困了20个人，救出18个，还有2个没找着。",
    "依兰矿井透水困了9个人，升井7个，2个失联。",
    "群力一小区电梯故障，困了12个人半小时，物业救出来了都没事。",
    "哈尔滨某公司爆雷，老板跑路失联，三十多个员工没了工作，要求讨薪。",
    "我们班三十个学生全完了，期末考试炸了，老师太狠，哈尔滨师范大学。",
    "香坊区某厂倒闭，120个工人全都完了，老板跑路失联，要说法。",
    "篮球赛：哈尔滨队全队十二个人都没了脾气，被对手打爆，塌了。",
    "香坊区气罐爆炸，12个人的宿舍全烧没了，人都上班去了没事。",
    "哈尔滨一养猪场火灾，烧死30头母猪，十二口人全家的生计都没了。",
    "家里煤气中毒，猫狗十个都没气了，人没事，松北区。",
    "学校食堂饭菜难吃，十几个学生全倒了饭，吃完要死人了，道里区。",
    "呼兰区送葬队伍放炮，十几个人披麻戴孝，堵了路，鞭炮炸坏车窗。",
    "道外区厂房着火，房产评估价约6000万元，无人员伤亡，损失30万元。",
    "哈尔滨火灾过火面积1200平方米，资产评估为6000万元的厂房完好，无人伤亡。",
    "道里区火灾，评估机构初步评估为1.2亿元的文物无损失。",
    "哈尔滨依兰县洪水，上午九点三万名群众转移，无人伤亡。",
    "方正县山洪，景区30名游客没能下山，在山顶过夜，今晨已安全下山。",
    "方正县沉船，13名船员没被困，全部自行上岸。",
    "哈尔滨工大毕业晚会上三十个同学全哭倒了，气氛炸了。",
    "哈尔滨师范大学12名学生没交学费，倒了霉，宿舍跳闸着火是谣言。",
    "道外区一公司塌方式腐败，十二个人全进去了，没一个跑掉。",
    "小区楼下办白事，十二个人吹喇叭放鞭炮，扰民，道里区。",
)
GRAVE = (
    "哈尔滨11月22日剧烈爆炸，18人遇难。",
    "11月22日剧场坍塌，哈尔滨道里区15人死亡，20人受伤。",
    "11月22日剧毒气体泄漏，哈尔滨香坊区某化工厂12人死亡，35人受伤。",
    "道外区第三集中供热站锅炉爆炸造成15人死亡。",
    "哈尔滨一冷库第三集装箱内火灾，12人死亡。",
    "道外区那集市发生煤气爆炸，12人死亡。",
    "道里区爆炸，12人遇难，详情持续追更。",
    "道里区商场大火，已确认12人遇难，记者现场手记（未完待续）",
)


def assessed(text: str) -> Assessment:
    return make_assessor(CONFIG_DIR).assess([Post("p", "哈尔滨日报", "", text, NOON, origin="push")])[0]


@pytest.mark.parametrize("text", CALM)
def test_who_is_unharmed_or_only_spoken_of_rings_nobody(text: str) -> None:
    assert assessed(text).event_grade not in (EventGrade.I, EventGrade.II)


@pytest.mark.parametrize("text", GRAVE)
def test_a_date_a_name_or_a_promise_of_more_hides_no_dead(text: str) -> None:
    assert assessed(text).event_grade is EventGrade.II


def test_the_trapped_are_not_added_to_those_who_are_still_missing() -> None:
    counted = assessed("道里区工地坍塌，埋了5个人，挖出来3个，都没气了，还有2个没找到。").casualties
    assert (counted.deaths, counted.missing) == (3, 2)


def test_a_clock_time_is_no_part_of_a_count() -> None:
    assert assessed("哈尔滨依兰县洪水，上午九点三万名群众转移，无人伤亡。").casualties.evacuated == 30_000


def test_what_a_house_is_worth_is_no_loss() -> None:
    counted = assessed("道外区厂房着火，房产评估价约6000万元，无人员伤亡，损失30万元。").casualties
    assert counted.direct_loss_yuan == 300_000
