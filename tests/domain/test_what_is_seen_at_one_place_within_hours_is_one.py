"""归并: who writes of one place and one thing within hours saw the same; another thing there is another matter."""

from __future__ import annotations

import pytest

from services.domain.grouping import Ask, Join
from tests.domain.test_one_form_may_tell_of_two_matters import verdicts

ONE = {
    "a toll that rose": (
        "道里区友谊路一辆公交车冲出护栏坠江，已致11人死亡",
        "友谊路公交车坠江事故死亡人数升至13人",
    ),
    "a bus in the river": (
        "道里区友谊路一辆公交车冲出护栏坠江",
        "友谊路江边公交扎进江里了！！刚才捞上来三个人",
    ),
    "the only one of the district": (
        "道里区友谊路一辆公交车冲出护栏坠江",
        "【速报】今晨哈尔滨道里区一公交车坠入松花江，救援正在进行",
    ),
    "a burst pipe": ("南岗区文昌街供热主管道爆裂，路面塌了个大坑", "文昌街咕嘟咕嘟冒热气，路塌了，我家暖气也凉了"),
    "a car park": ("冰雪大世界附近停车场乱收费，一次八十", "去冰雪大世界让停车场宰了八十块，没票没说法"),
}
ASKED = {
    "a lorry": ("松北区世茂大道一辆渣土车侧翻，沙子撒了一地", "世茂大道渣土车翻车，交警在指挥绕行"),
    "a kitchen fire": (
        "道外区靖宇街一饭店着火，死者六人",
        "道外靖宇街那场火，听说又没了一个，现在七个了",
    ),
    "a stench": ("平房区新疆大街垃圾站恶臭熏人，居民开不了窗", "新疆大街垃圾转运站味儿太大了，夏天更没法活"),
}
TWO = {
    "two crashes on a motorway": ("绥满高速一辆大客车侧翻，3人死亡", "绥满高速两辆轿车追尾，无人受伤"),
    "two crashes on a ring road": (
        "哈尔滨二环路上出租车和轿车相撞，两人受伤",
        "哈尔滨二环路上大货车侧翻，水泥洒了一地",
    ),
    "two crashes in a street": ("南岗区学府路两车追尾，堵了一公里", "南岗区学府路一辆公交侧翻，多人受伤"),
    "a cover and a lamp": ("道里区友谊路井盖丢了", "道里区友谊路路灯不亮"),
    "poisoned pupils and a burst pipe": (
        "香坊区公滨路学生食物中毒，几十个孩子住院",
        "香坊区公滨路自来水管爆了，路口一片汪洋",
    ),
    "two cars in two rivers": (
        "道里区友谊路一辆公交车坠江，3人获救",
        "南岗区松花江公路大桥一辆轿车坠江，司机死亡",
    ),
    "tickets and a car park": ("冰雪大世界退票难，七个工作日变半个月", "冰雪大世界停车场宰客，一次八十"),
}


@pytest.mark.parametrize("texts", ONE.values(), ids=ONE)
def test_one_sight_in_other_words_is_one_incident(texts: tuple[str, str]) -> None:
    assert isinstance(verdicts(*texts, apart=1)[1], Join)


@pytest.mark.parametrize("texts", ASKED.values(), ids=ASKED)
def test_what_may_be_one_sight_is_asked(texts: tuple[str, str]) -> None:
    assert isinstance(verdicts(*texts, apart=1)[1], Ask)


@pytest.mark.parametrize("texts", TWO.values(), ids=TWO)
def test_another_thing_at_that_place_is_another_matter(texts: tuple[str, str]) -> None:
    assert not isinstance(verdicts(*texts, apart=1)[1], Join)


def test_days_later_nobody_is_sure_on_a_mere_road() -> None:
    assert not isinstance(verdicts(*ASKED["a lorry"], apart=24 * 8)[1], Join)
