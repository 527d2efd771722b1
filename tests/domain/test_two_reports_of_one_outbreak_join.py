"""归并: the only fire of a district in two hours is one fire in whatever words; what contradicts keeps two apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.domain.grouping import Ask, Ended, Join, New, Pool, Signature, Verdict
from services.domain.grouping.decision import OPEN
from services.domain.post import Post
from services.wiring.machine import make_assessor, make_fingerprints

AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
FIRST = "道外区一居民楼起火|今天下午3时许，哈尔滨市道外区一居民楼发生火灾，消防人员已到场扑救，暂无人员伤亡。"
POLICY = load_grouping()

ONE = (
    "道外突发大火|网友拍到道外区浓烟滚滚，火光冲天，现场已经拉起警戒线，消防车来了七八辆，火灾原因不明。",
    "哈尔滨消防通报一起火情|20日15时12分，指挥中心接到道外区火灾报警，调派四个站到场，明火已扑灭。",
    "道外区着火了|刚才路过道外区看到着火了，楼上有人喊救命，大家快让开消防通道。",
    "道外火灾已致1人死亡|记者从道外区应急管理部门获悉，今天下午发生的火灾已造成1人死亡，伤者送往医院救治。",
    "哈尔滨道外区住宅火灾|道外区一处住宅下午起火，火势已得到控制。",
)

TWO = (
    "道外区一仓库起火|今天下午，道外区一处仓库发生火灾，消防人员已到场扑救，暂无人员伤亡。",
    "道里区一居民楼起火|今天下午，哈尔滨市道里区一居民楼发生火灾，消防人员已到场扑救，暂无人员伤亡。",
    "道外区又起火|今天下午，道外区又一起火灾发生，消防人员赶往现场。",
    "道外区饭店着火|道外区一家饭店后厨起火，食客被疏散，火灾无人员伤亡。",
    "道外区火灾|今天早上7时，道外区发生火灾，浓烟滚滚，现已扑灭。",
    "道外区一居民楼发生爆炸|今天下午，哈尔滨市道外区一居民楼发生爆炸，窗户被震碎，1人受伤。",
    "道外区消防演练|今天下午，道外区举行高层居民楼火灾灭火演练，模拟居民楼起火。",
    "道外区排查火灾隐患|道外区对居民楼开展火灾隐患排查，防止发生火灾。",
    "两区接连发生火灾|今天下午，道里区、道外区先后发生火灾，消防人员到场扑救。",
)


def signed(told: str, minutes: float = 0) -> Signature:
    title, _, text = told.partition("|")
    post = Post(f"{told}{minutes}", "某网", title, text, AT + timedelta(minutes=minutes), origin="feed")
    return make_fingerprints(CONFIG_DIR).sign(post, make_assessor(CONFIG_DIR).assess([post])[0])


def verdict(told: str, minutes: float, *known: Signature, ended: Ended = OPEN) -> Verdict:
    pool = Pool(POLICY, ended=ended)
    for number, signature in enumerate(known):
        pool.place(signature, str(number))
    return pool.decide(signed(told, minutes))


@pytest.mark.parametrize("told", ONE, ids=[told.partition("|")[0] for told in ONE])
def test_another_wording_twenty_minutes_later_joins_and_says_why(told: str) -> None:
    found = verdict(told, 20, signed(FIRST))
    assert isinstance(found, Join)
    assert found.rule in ("同一区县2小时内的唯一一起火灾，内容无矛盾", "同一事由")


@pytest.mark.parametrize("told", TWO, ids=[told.partition("|")[0] for told in TWO])
def test_what_contradicts_or_is_no_fire_of_that_district_stays_apart(told: str) -> None:
    assert not isinstance(verdict(told, 20, signed(FIRST)), Join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("靖宇街一商铺", "南直路一商铺"),
        ("某小区3号楼", "某小区8号楼"),
        ("一民宅二单元", "一民宅五单元"),
        ("太古街15号", "太古街88号"),
        ("华南城", "红旗小区"),
    ],
)
def test_two_streets_numbers_or_places_are_two_fires(one: str, other: str) -> None:
    first = f"道外区{one}起火|今天下午，道外区{one}突发火灾，消防人员正在扑救。"
    second = f"道外区{other}着火|下午看到道外区{other}着火，冒黑烟，火灾现场已封路。"
    assert not isinstance(verdict(second, 20, signed(first)), Join)


def test_after_two_hours_it_is_another_fire() -> None:
    assert isinstance(verdict(ONE[2], 119, signed(FIRST)), Join)
    assert not isinstance(verdict(ONE[2], 121, signed(FIRST)), Join)


def test_late_reports_of_a_long_fire_do_not_draw_a_new_one_in() -> None:
    first, update = signed(FIRST), signed(ONE[1], 100)
    pool = Pool(POLICY)
    pool.place(first, "0")
    pool.place(update, "0")
    assert not isinstance(pool.decide(signed(ONE[2], 200)), Join)


def test_with_two_fires_open_in_the_district_a_person_decides() -> None:
    two = signed("道外区一仓库起火|今天下午，道外区一处仓库发生火灾，消防人员正在扑救。")
    assert not isinstance(verdict(ONE[2], 20, signed(FIRST), two), Join)


def test_what_is_over_takes_no_new_fire_in() -> None:
    assert not isinstance(verdict(ONE[2], 20, signed(FIRST), ended={"0": None}), Join)


def test_traffic_accidents_are_too_many_for_this() -> None:
    first = "道外区两车相撞|今天下午，道外区发生一起交通事故，两辆轿车相撞，2人受伤送医。"
    second = "道外区发生车祸|道外区一辆货车与电动车发生交通事故，骑车人受伤，交警已到场。"
    assert not isinstance(verdict(second, 20, signed(first)), Join)


SEEN = "道外南勋街一布料市场着火|南勋街布料市场着火了，下午三点多就冒黑烟，来了好多消防车。"
LATER: tuple[tuple[float, str], ...] = (
    (4, "道外区通报火灾2人死亡|20日15时20分，道外区南勋街一布料批发市场二楼起火，火灾造成2人死亡、5人受伤，均已送医。"),
    (6, "南勋街市场大火|记者了解到，道外区南勋街一处布料市场今天下午3点左右发生火灾，3人死亡，火已扑灭。"),
)


@pytest.mark.parametrize(("hours", "told"), LATER, ids=[told.partition("|")[0] for _, told in LATER])
def test_an_official_report_of_the_same_spot_hours_later_is_at_least_asked(hours: float, told: str) -> None:
    assert not isinstance(verdict(told, hours * 60, signed(SEEN)), New)


@pytest.mark.parametrize(
    "told",
    [
        "道外区景阳街火灾1人死亡|20日19时，道外区景阳街一居民楼起火，造成1人死亡。",
        "道外区南勋街食杂店着火|昨夜23时，道外区南勋街一食杂店起火，店主自行扑灭，无人受伤。",
        "道里区一市场起火2人死亡|20日15时20分，道里区一布料市场起火，2人死亡。",
    ],
)
def test_another_spot_thing_or_hour_is_not_joined_hours_later(told: str) -> None:
    assert not isinstance(verdict(told, 300, signed(SEEN)), Join)


RUMOUR = "平房又炸了？|听说平房区保国大街爆炸，死了三十多人，有没有人知道。"
DENIAL = "平房公安辟谣|网传平房区保国大街爆炸死了三十多人系谣言，实为汽车爆胎，造谣者已被处理。"


def test_a_rumour_and_its_denial_are_asked_in_either_order() -> None:
    assert isinstance(verdict(DENIAL, 240, signed(RUMOUR)), Ask)
    assert isinstance(verdict(RUMOUR, 240, signed(DENIAL)), Ask)


def test_what_happens_after_a_denial_is_never_joined_to_it() -> None:
    told = "平房区一车间爆炸|20日16时，平房区一工厂车间发生爆炸，造成3人死亡、6人受伤。"
    assert not isinstance(verdict(told, 60, signed(DENIAL)), Join)


def test_who_asks_not_to_believe_rumours_of_a_true_fire_denies_nothing() -> None:
    told = ONE[4].replace("控制。", "控制，请大家不信谣不传谣。")
    assert isinstance(verdict(told, 20, signed(FIRST)), Join)
