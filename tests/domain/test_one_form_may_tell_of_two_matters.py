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
