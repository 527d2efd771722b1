"""归并: two posts in like words that name another spot, firm, number, day, hour or toll are two; a reprint is one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.adapters.fingerprints import Fingerprints
from services.domain.grouping import Ask, Join, Pool, Signature, Verdict
from services.domain.intake import Channel, take_in
from services.domain.post import Post
from services.wiring.machine import make_assessor, make_fingerprints

AT = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = load_grouping()
STREETS = ("新阳路", "友谊路", "经纬街", "中央大街", "安隆街", "抚顺街", "河图街", "丽江路")
CRASH = "哈尔滨市道里区{}发生一起交通事故，造成3人死亡，事故原因正在调查。"
BULLETIN = (
    "警情通报：1月1日{}时许，哈尔滨市道里区{}发生一起故意伤害案件，造成1人死亡，嫌疑人已被抓获，案件正在进一步侦办中。"
)
FUMES = "我是哈尔滨市道里区{}居民，楼下饭店油烟扰民，多次向12345反映没有结果，请有关部门尽快处理，还大家一个清静。"
ESTATE = "哈尔滨市道里区{}物业不作为，垃圾堆积如山，电梯经常坏，业主多次投诉无人管。"
FIRE = (
    "20日15时12分，哈尔滨市道外区靖宇街一栋居民楼发生火灾，消防救援支队调派四个站前往处置，明火于16时扑灭，"
    "造成3人死亡，起火原因正在调查。"
)

EIGHT = {
    "accidents on eight streets": [CRASH.format(street) for street in STREETS],
    "police bulletins of eight streets": [BULLETIN.format(6 + 2 * n, street) for n, street in enumerate(STREETS)],
    "police bulletins of eight hours": [BULLETIN.format(6 + 2 * n, "") for n in range(8)],
    "fumes on eight streets": [FUMES.format(street) for street in STREETS],
}
TWO = {
    "restaurants": (
        "我在哈尔滨市道里区{}就餐后腹泻，怀疑食品不卫生，要求退款并查处。",
        ("老昌春饼店", "大丰收饭店", "东方饺子王", "张包铺", "华梅西餐厅"),
    ),
    "estates": (ESTATE, ("爱建新城小区", "恒大时代小区")),
    "a quarter and an estate": (ESTATE, ("爱建", "恒大时代")),
    "estates of one quarter": (ESTATE, ("群力家园", "群力新苑")),
    "kinds of water": ("哈尔滨市呼兰区一{}发生溺水事故，3名学生溺亡，善后工作正在进行。", ("水库", "河段")),
    "reservoirs": ("哈尔滨市呼兰区{}水库发生溺水事故，3名学生溺亡，善后工作正在进行。", ("红星", "双井")),
    "streets of a rare word": (
        "哈尔滨市道外区{}一居民家中发生一氧化碳中毒，造成3人死亡，警方已介入调查。",
        ("南直路", "景阳街"),
    ),
    "lamps": (
        "哈尔滨市道里区{}路灯不亮，夜晚出行不便，存在安全隐患，请有关部门尽快维修。",
        ("友谊路", "丽江路"),
    ),
    "bus lines": ("哈尔滨市公交集团{}公交车等了一个多小时都不来，天气寒冷，请有关部门增加班次。", ("28路", "64路")),
    "days": ("1月{}日，哈尔滨市道里区发生一起交通事故，造成3人死亡，事故原因正在调查。", ("1", "2")),
    "house numbers": (
        "哈尔滨市南岗区和兴路{}号楼顶渗水多年，维修基金批不下来，请有关部门尽快解决。",
        ("15", "88"),
    ),
    "schools": (
        "哈尔滨市南岗区{}小学门前早晚高峰严重堵车，家长乱停车，孩子过马路很危险，请交警管一管。",
        ("花园", "继红"),
    ),
    "firms": (
        "哈尔滨市松北区{}建筑公司安排工人在高处作业不系安全带，天天冒险，请有关部门查一查。",
        ("宏达", "龙跃"),
    ),
    "gyms": (
        "哈尔滨市道里区{}健身房突然关门，老板失联，办卡的钱退不回来，请有关部门帮我们维权。",
        ("奥体", "飞跃"),
    ),
}
NAMES = {
    "mines": ("依兰县{}发生透水事故，5人被困，救援正在进行。", "第三煤矿", "红旗煤矿"),
    "mines that exploded": ("方正县{}发生瓦斯爆炸，造成3人死亡。", "宝兴煤矿", "永发煤矿"),
    "a town and a township": ("方正县{}今天下午两名学生溺水身亡，县应急局提醒。", "会发镇", "天门乡"),
    "towns": ("五常市{}一居民楼发生火灾，造成2人死亡，原因正在调查。", "山河镇", "拉林镇"),
    "townships of a people": ("南岗区{}一居民楼发生火灾，造成2人死亡，原因正在调查。", "王岗镇", "红旗满族乡"),
    "towns of like names": ("通河县{}发生一起两车相撞事故，造成4人死亡、3人受伤。", "浓河镇", "清河镇"),
    "roads to towns": (
        "哈尔滨通河县通往{}的乡道发生一起两车相撞事故，造成4人死亡、3人受伤，交警正在处置。",
        "浓河镇",
        "清河镇",
    ),
    "kilometres": ("京哈高速双城段{}处发生货车追尾，3人死亡，正在处置。", "K1210", "K1185"),
    "kilometres of a road": ("国道222线{}公里处发生一起两车相撞事故，造成4人死亡、3人受伤。", "K35", "K88"),
    "exits": (
        "鹤大高速{}出口处大客车着火，造成7人死亡，20人受伤，救援正在进行。",
        "方正",
        "会发",
    ),
    "quarries": ("延寿县{}采石场放炮炸死2名工人，县里成立调查组，善后工作正在进行。", "六团", "青川"),
    "shafts": ("通河县{}井发生瓦斯燃烧，2名矿工死亡，事故原因正在调查。", "二号", "五号"),
    "persons": (
        "警情通报：香坊区发生一起命案，犯罪嫌疑人{}某已被警方抓获，案件正在办理中。",
        "张",
        "赵",
    ),
    "streets of a county": ("宾县{}一饭店发生燃气爆炸，造成3人死亡，原因正在调查。", "迎宾路", "西大街"),
    "streets with a letter in common": (
        "木兰县{}一居民楼发生火灾，造成2人死亡，原因正在调查。",
        "人民大街",
        "江堤路",
    ),
    "a street no list knows": (FIRE.replace("靖宇街", "{}"), "大方里街", "南勋街"),
    "factories of one road": (
        "平房区东轻路{}铝粉厂发生爆炸，造成4人死亡，6人受伤。",
        "宏达",
        "鑫源",
    ),
    "hospitals behind": (
        "南岗区某医院新生儿科3名新生儿死亡，家属要求说法。{}",
        "哈医大一院",
        "黑龙江省中医院",
    ),
    "gyms without a room": (
        "香坊区乐松广场{}健身关门跑路，年卡退不了，三百多会员维权。",
        "奇迹",
        "力美",
    ),
    "gyms of strange names": (
        "香坊区乐松广场{}健身关门跑路，年卡退不了，三百多会员维权。",
        "金吉鸟",
        "威尔仕",
    ),
    "training schools": (
        "香坊区乐松广场{}培训学校关门跑路，年卡退不了，三百多会员维权。",
        "好未来",
        "学大",
    ),
    "corners": (
        "南岗区西大直街{}街口人行道井盖缺了半个月，晚上太危险。",
        "邮政",
        "中宣",
    ),
    "estates": (
        "道里区{}小区3栋电梯坏了半个月，物业电话打不通，老人下不了楼。",
        "观江国际",
        "汇龙花园",
    ),
}
ONE = {
    "a lead": (FIRE, "据本台记者从有关方面获悉，" + FIRE),
    "another lead and an end": (
        "哈尔滨发布消息：" + FIRE,
        f"记者从道外区应急管理局了解到，{FIRE}本台将继续关注。",
    ),
    "a cut": (f"{FIRE}周边居民已被安置到附近宾馆。相关负责人表示，将全力做好善后工作。", FIRE),
    "other words": (FIRE, FIRE.replace("造成3人死亡", "致3人遇难").replace("一栋居民楼", "一居民楼")),
    "a toll that rose": (FIRE, FIRE.replace("3人死亡", "5人死亡")),
    "the part of the day": (
        "1月1日9时许，" + CRASH.format("友谊路"),
        "今天上午，" + CRASH.format("友谊路"),
    ),
    "no street": ("1月1日9时许，" + CRASH.format("友谊路"), CRASH.format("")),
    "one street once more": (
        FUMES.format("友谊路"),
        FUMES.format("友谊路").replace("多次", "三次").replace("我是", "你好，我是"),
    ),
    "neighbours": (ESTATE.format("爱建新城小区"), ESTATE.format("爱建新城") + "请领导关注！"),
    "houses of one estate": (ESTATE.format("爱建新城3号楼"), ESTATE.format("爱建新城5号楼")),
    "letters mixed up": (ESTATE.format("广铁集团"), ESTATE.format("铁广集团")),
    "a mine, told anew": (
        "依兰县第三煤矿发生透水事故，5人被困，救援正在进行。",
        "快讯：依兰县第三煤矿发生透水事故，5人下落不明，救援正在进行。",
    ),
    "a toll of a town that rose": (
        "五常市山河镇一居民楼发生火灾，造成2人死亡，原因正在调查。",
        "五常市山河镇一居民楼发生火灾，死亡人数升至3人，原因正在调查。",
    ),
    "an unknown street with a lead": (
        FIRE.replace("靖宇街", "大方里街"),
        "本报讯 " + FIRE.replace("靖宇街", "大方里街"),
    ),
    "an unknown street, corrected": (
        FIRE.replace("靖宇街", "大方里街"),
        "更正：" + FIRE.replace("靖宇街", "大方里街").replace("四个站", "五个站").replace("3人", "2人"),
    ),
    "a kilometre, in other words": (
        "京哈高速双城段K1210处发生货车追尾，3人死亡，正在处置。",
        "京哈高速双城段K1210处货车发生追尾事故，致3人遇难，正在处置。",
    ),
    "a gym with more members": (
        "香坊区乐松广场奇迹健身关门跑路，年卡退不了，三百多会员维权。",
        "香坊区乐松广场奇迹健身昨晚关门跑路，年卡退不了，五百多会员要求退费。",
    ),
    "a park in other words": (
        "松北区滨水公园里的路灯全灭了，老人晚上散步摔倒，希望城管部门早点修好。",
        "松北区滨水公园的路灯全都灭了，老人晚上散步摔伤，盼望城管部门早点修好。",
    ),
    "a shop in other words": (
        "香坊区家得乐超市卖过期牛奶，孩子喝了拉肚子，店长态度恶劣不给退钱。",
        "香坊区家得乐超市卖过期牛奶，孩子喝了上吐下泻，店员态度恶劣不给退钱。",
    ),
    "traditional characters": (
        "哈尔滨市南岗区学府路某游泳馆氯气泄漏，13名儿童送医，馆方关门歇业。",
        "哈爾濱市南崗區學府路某遊泳館氯氣洩漏，13名兒童送醫，館方關門歇業。",
    ),
    "a letter in traditional characters with an end": (
        "我是阿城区金都街道河东小区居民，小区门前的河东街夜里大货车不断，噪音震得玻璃响，已反映三年，请交警限行。",
        "我是阿城區金都街道河東小區居民，小區門前的河東街夜裡大貨車不斷，噪音震得玻璃響，已反映三年，請交警限行，謝謝。",
    ),
    "a service of the whole city": (
        "哈尔滨市道里区群力家园室温只有15度，供热公司电话打不通，老人孩子冻得受不了，请尽快解决供热问题。",
        "哈尔滨市南岗区和兴路室温只有15度，供热公司电话打不通，老人孩子冻得受不了，请尽快解决供热问题。",
    ),
}


@cache
def signer() -> Fingerprints:
    return make_fingerprints(CONFIG_DIR)


def signed(text: str, hours: float) -> Signature:
    """As the service signs what came without a title."""
    post = take_in({"id": f"{hours}{text}", "text": text}, Channel("某网", "feed", AT + timedelta(hours=hours)))
    assert isinstance(post, Post)
    return signer().sign(post, make_assessor(CONFIG_DIR).assess([post])[0])


def verdicts(*texts: str, apart: float = 2) -> list[Verdict]:
    """The verdict on each post, an incident being named by the number of its first post."""
    pool, found = Pool(POLICY), []
    for number, text in enumerate(texts):
        signature = signed(text, apart * number)
        found.append(pool.decide(signature))
        pool.place(signature, found[-1].incident if isinstance(found[-1], Join) else str(number))
    return found


def joined(found: list[Verdict]) -> list[bool]:
    return [isinstance(one, Join) for one in found]


@pytest.mark.parametrize("apart", [1, 20])
@pytest.mark.parametrize("texts", EIGHT.values(), ids=EIGHT)
def test_eight_by_one_form_are_eight(texts: list[str], apart: float) -> None:
    assert joined(verdicts(*texts, apart=apart)) == [False] * 8


@pytest.mark.parametrize(("form", "names"), TWO.values(), ids=TWO)
def test_what_names_another_is_another(form: str, names: tuple[str, ...]) -> None:
    assert not any(joined(verdicts(*map(form.format, names), apart=30)))


@pytest.mark.parametrize("apart", [1, 20])
@pytest.mark.parametrize(("form", "one", "other"), NAMES.values(), ids=NAMES)
def test_where_one_has_a_name_and_the_other_another_they_are_two(form: str, one: str, other: str, apart: float) -> None:
    told = form.format(one)
    found = verdicts(told, form.format(other), "【转发】" + told, apart=apart)
    assert joined(found) == [False, False, True]
    assert isinstance(found[2], Join)
    assert found[2].incident == "0"


def test_what_names_none_of_the_two_is_asked_of_both() -> None:
    form = "依兰县{}煤矿发生透水事故，5人被困，救援正在进行。"
    found = verdicts(form.format("第三"), form.format("红旗"), form.format("一"), apart=1)[2]
    assert isinstance(found, Ask)
    assert {incident for incident, _ in found.candidates} == {"0", "1"}


@pytest.mark.parametrize("texts", ONE.values(), ids=ONE)
def test_a_reprint_is_one(texts: tuple[str, str]) -> None:
    assert joined(verdicts(*texts))[1]


@pytest.mark.parametrize("streets", [("友谊路", "", "丽江路", "经纬街"), ("", "友谊路", "丽江路", "经纬街")])
def test_a_post_without_a_street_chains_no_two_streets_together(streets: tuple[str, ...]) -> None:
    found = verdicts(*map(CRASH.format, streets))
    assert joined(found) == [False, True, False, False]
    assert all(isinstance(one, Ask) for one in found[2:])


def test_a_post_without_a_street_that_is_as_near_to_two_is_asked() -> None:
    found = verdicts(CRASH.format("友谊路"), CRASH.format("丽江路"), CRASH.format("").replace("正在", "仍在"))[2]
    assert isinstance(found, Ask)
    assert {incident for incident, _ in found.candidates} == {"0", "1"}


def test_another_firm_hour_or_number_is_put_before_a_person() -> None:
    for form, names in (TWO["firms"], TWO["days"], TWO["house numbers"], TWO["kinds of water"]):
        found = verdicts(*map(form.format, names), apart=30)[1]
        assert isinstance(found, Ask)
        assert [incident for incident, _ in found.candidates] == ["0"]


def test_fewer_dead_hours_later_are_put_before_a_person() -> None:
    five = CRASH.format("").replace("3人", "5人")
    assert isinstance(verdicts(five, CRASH.format(""), apart=5)[1], Ask)
    assert isinstance(verdicts(five, CRASH.format(""), apart=1)[1], Join)


def test_a_late_reprint_with_the_toll_of_before_is_of_the_same_fire() -> None:
    later = FIRE.replace("3人死亡", "死亡人数升至5人")
    assert joined(verdicts(FIRE, later, "快讯：" + FIRE, apart=4)) == [False, True, True]


def test_days_later_only_the_very_same_text_or_day_is_the_same_event() -> None:
    told = CRASH.format("友谊路")
    assert isinstance(verdicts(told, told, apart=24 * 5)[1], Join)
    assert isinstance(verdicts(told, told.replace("正在", "仍在"), apart=24 * 5)[1], Ask)
    dated = "1月1日，" + told
    assert isinstance(verdicts(dated, dated.replace("正在", "仍在"), apart=24 * 5)[1], Join)
