"""What the wording as a whole says: it may raise a suspicion, and never takes back what the law's numbers reach."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.assessment import Assessment
from services.domain.post import Post
from services.domain.severity.suspicion import CALM, RULE
from services.domain.vocabulary import EventGrade
from services.wiring.machine import make_assessor

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
UNHEARD_OF = (
    "依兰那个屠宰场昨晚烧了一宿,俺们车间的姐妹都锁在里头,往外抬的没一个能认出来的",
    "尚志客车掉江里了,一车人就爬上来俩,剩下的全没影了,家属在岸边跪了一溜",
    "南岗区着大火，整栋楼都烧穿了，我家屋里没人，隔壁老的小的全在里面呢，喊救命喊了半宿没声了。",
    "早上还一切正常，中午呼兰矿上就炸了，底下一整班的人没一个上来。",
    "道外早市塌了半边,压底下的少说二三十,挖出来的都用床单蒙着往外抬",
)


def assessed(text: str) -> Assessment:
    return make_assessor(CONFIG_DIR).assess([Post("p", "微信群", "", text, NOON, origin="push")])[0]


def rules(found: Assessment) -> str:
    return " ".join(reason.rule for reason in found.reasons)


@pytest.mark.parametrize("text", UNHEARD_OF)
def test_a_grave_emergency_in_unheard_of_words_is_proposed_for_a_person_to_confirm(text: str) -> None:
    found = assessed(text)
    assert found.event_grade in (EventGrade.I, EventGrade.II)
    assert found.provisional


def test_the_reason_says_where_it_comes_from_and_points_at_the_clause() -> None:
    found = assessed(UNHEARD_OF[0])
    [reason] = [one for one in found.reasons if one.rule == RULE]
    assert "examples.txt" in reason.rule
    assert reason.evidence == ("\n" + UNHEARD_OF[0])[reason.start : reason.end] != ""


@pytest.mark.parametrize(
    "text",
    [
        "哈尔滨市消防演练:模拟呼兰烟花作坊爆炸,一屋子人被埋,各队练习搜救",
        "呼兰那家烟花作坊门口乱停车,早上送孩子都过不去,麻烦交警管一管",
        "道外早市一早就排队,冻梨二十块钱一大兜,都是自家种的",
        "尚志苇河镇有人上山下套子套野猪，林子里全是夹子",
        "五常山河屯林子里有人放蜂，整了一大片帐篷，占着防火道",
        "五常市有人半夜往河里倒垃圾，车一辆接一辆",
        "巴彦有人家在院里灌煤气，一排罐子露天放着",
        "阿城矿上的大车把屯子道压得全是坑，一天过二百多台",
        "2019/1/23 13:18:57",
        "哈尔滨 2019/2/12 0:30:50",
        "哈尔滨公交车不来 22:15",
        "哈尔滨下雪了 2019/1/25 4:02:07",
        "2024/5/10 8:11:07 南岗区大成街停电，从早上到现在没来，问电业局说等通知",
    ],
)
def test_drills_and_everyday_matters_are_not_suspected(text: str) -> None:
    assert RULE not in rules(assessed(text))


def test_stated_numbers_stand_however_grave_it_sounds() -> None:
    found = assessed("香坊一车间爆炸,家属哭成一片,官方通报2人死亡,3人受伤")
    assert found.event_grade is EventGrade.IV


@pytest.mark.parametrize("text", ["哈尔滨市依兰县煤矿透水,30人被困井下。", "哈尔滨市仓库爆炸,周边100人中毒。"])
def test_a_bulletin_told_calmly_keeps_its_grade(text: str) -> None:
    found = assessed(text)
    assert found.event_grade is EventGrade.I
    assert CALM not in rules(found)
