"""Food, views and company are counted and kept out of the store; a complaint in the same words is not."""

from __future__ import annotations

import pytest

from services.adapters.assessor import MachineAssessor
from services.domain.relevance import left_out_by
from tests.contracts.test_plain_emergencies_reach_who_answers import assessed

TALK = (
    "中央大街的马迭尔冰棍真好吃",
    "周末去中央大街遛弯，马迭尔冰棍真好吃",
    "哈尔滨初雪，太美了，姐妹们快来打卡",
    "求推荐南岗区好吃的锅包肉",
    "松花江的日落真的绝了，哈尔滨",
    "周六去太阳岛自驾，有没有人一起拼车",
    "带女朋友去索菲亚教堂拍照，出片率超高",
    "早安哈尔滨",
    "哈尔滨下雪了，好美",
)
MATTERS = (
    "周末中央大街人挤人，有小孩被挤倒了",
    "哈尔滨下雪了，路上一个清雪的都没有，车全堵着",
    "去太阳岛打卡，停车费一小时收了我50",
    "道里区有人毁林挖山建豪宅",
    "哈哈，南岗区学府路的井盖又没了",
    "冰雪大世界打卡排队五个小时，再也不来",
    "求攻略：哈尔滨落户要什么材料",
    "初雪，平房区又有人摔断腿",
    "中央大街网红探店，吃出蟑螂",
    "道里区某探店博主吃完拉肚子进医院",
    "好美的松花江，可惜香坊区这段全是垃圾",
    "晚霞里的南岗区工地又偷着倒土",
    "拼车去哈尔滨机场被司机坑了两百",
    "哈尔滨遛弯的时候看见江里漂着一个人",
    "道外区逛街，看见一个小女孩自己坐在路边，问她妈妈在哪不知道",
    "拼车群里司机摸我大腿，哈尔滨",
    "哈哈哈，松北区这路修得跟搓衣板似的",
)


@pytest.mark.parametrize("text", TALK)
def test_small_talk_is_left_out_by_its_own_rule(assessor: MachineAssessor, text: str) -> None:
    found = assessed(assessor, text)
    assert not found.relevant
    assert left_out_by(found) == "闲谈"


@pytest.mark.parametrize("text", MATTERS)
def test_a_matter_in_the_same_words_stays(assessor: MachineAssessor, text: str) -> None:
    assert assessed(assessor, text).relevant


THREATS = (
    "明天组织几十个老乡去堵省道，不给说法不算完",
    "已经有三十多户联名，不给退款就去北京",
    "大伙说好周一去北京上访，烂尾楼五年了",
)


@pytest.mark.parametrize("text", THREATS)
def test_a_threat_without_a_place_is_kept_and_flagged(assessor: MachineAssessor, text: str) -> None:
    found = assessed(assessor, text)
    assert found.relevant
    assert found.emerging


CHATTER = (
    "养猫的人越来越多了",
    "新款手机配置曝光",
    "跳楼价大甩卖，全场五折",
    "北京跳楼价清仓",
    "上千名运动员参加马拉松",
)


@pytest.mark.parametrize("text", CHATTER)
def test_the_words_of_threats_in_chatter_keep_nothing(assessor: MachineAssessor, text: str) -> None:
    assert not assessed(assessor, text).relevant


@pytest.mark.parametrize("text", ["我不想活了", "松花江边有个女孩坐在栏杆外面哭"])
def test_who_means_to_die_is_kept_without_a_place(assessor: MachineAssessor, text: str) -> None:
    assert assessed(assessor, text).relevant
