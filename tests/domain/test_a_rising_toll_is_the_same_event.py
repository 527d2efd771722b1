"""归并: who writes that the dead have become more speaks of the event we know; its five hours do not start anew."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from config.grouping import load_grouping
from config.reading import CONFIG_DIR
from services.domain.grouping import Ask, Join, Pool, Signature, Verdict
from services.domain.post import Post
from services.wiring.machine import make_assessor, make_fingerprints

AT = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
THREE = "道外区一仓库起火致3人死亡|哈尔滨市道外区一仓库起火，已造成3人死亡，消防正在救援。"
ONE = "道外区一仓库起火致1人死亡|哈尔滨市道外区一仓库起火，已造成1人死亡，消防正在救援。"


def signed(told: str, hours: float = 0) -> Signature:
    title, _, text = told.partition("|")
    post = Post(f"{told}{hours}", "某网", title, text, AT + timedelta(hours=hours), origin="feed")
    return make_fingerprints(CONFIG_DIR).sign(post, make_assessor(CONFIG_DIR).assess([post])[0])


def verdict(told: str, hours: float, *known: Signature) -> Verdict:
    pool = Pool(load_grouping())
    for number, signature in enumerate(known):
        pool.place(signature, str(number))
    return pool.decide(signed(told, hours))


@pytest.mark.parametrize("verb", ["升至", "增至", "上升到", "增加到", "攀升至", "累计已有"])
@pytest.mark.parametrize(("first", "now"), [(THREE, 35), (ONE, 5)])
def test_a_toll_that_rose_tenfold_is_the_same_fire(first: str, now: int, verb: str) -> None:
    later = f"道外区一仓库起火死亡人数{verb}{now}人|哈尔滨市道外区一仓库起火，死亡人数{verb}{now}人，消防正在救援。"
    assert isinstance(verdict(later, 2, signed(first)), Join)


@pytest.mark.parametrize(
    "told",
    [
        "道外区仓库火灾死亡人数升至12人|记者获悉，道外区仓库火灾遇难人数上升至12人，善后工作正在进行。",
        "仓库火灾死亡人数由1人升至20人|截至今晚，哈尔滨市道外区仓库火灾死亡人数由1人升至20人，市领导到场指挥。",
        "道外仓库大火遇难者增至8人|从道外区了解到，仓库大火遇难者已增至8人，搜救仍在进行。",
        "仓库火灾通报|道外区通报：仓库火灾死亡人数上升到6人，3人失联。",
        "道外仓库火灾最新情况|道外区仓库火灾已扑灭，死亡人数已由1人增加到9人。",
        "道外区仓库火灾伤者不治|道外区仓库起火事故一名伤者不治，累计死亡4人。",
    ],
)
def test_other_words_the_next_day_are_the_same_fire_where_the_thing_is_the_same(told: str) -> None:
    found = verdict(told, 26, signed(ONE))
    assert isinstance(found, Join)


def test_near_copies_with_another_toll_are_one_fire_without_a_word_of_rising() -> None:
    assert isinstance(verdict(THREE.replace("3人", "35人").replace("已", ""), 2, signed(THREE)), Join)


def test_after_months_the_same_sentence_with_another_toll_is_another_fire() -> None:
    assert not isinstance(verdict(THREE.replace("3人", "35人"), 24 * 40, signed(THREE)), Join)


def test_a_toll_that_rose_at_another_place_is_another_fire() -> None:
    later = "道外区一饭店起火死亡人数升至35人|哈尔滨市道外区一家饭店后厨起火，死亡人数升至35人。"
    assert not isinstance(verdict(later, 2, signed(THREE)), Join)
    assert not isinstance(verdict(later.replace("道外", "道里").replace("饭店后厨", "仓库"), 2, signed(THREE)), Join)


def test_a_toll_that_is_said_to_have_risen_to_less_is_no_news_of_this_fire() -> None:
    many = THREE.replace("3人", "35人")
    later = "道外区火灾遇难者升至2人|道外区发生的火情，遇难人数升至2人。"
    assert not isinstance(verdict(later, 20, signed(many)), Join)


def test_a_multiple_of_the_dead_in_other_words_is_put_before_a_person() -> None:
    later = "道外突发大火|道外区浓烟滚滚，火光冲天，35人遇难，现场拉起警戒线，火灾原因不明。"
    found = verdict(later, 1, signed(ONE))
    assert isinstance(found, Ask)
    assert [incident for incident, _ in found.candidates] == ["0"]


def test_with_two_fires_that_the_toll_may_be_of_both_are_put_before_a_person() -> None:
    two = signed("道外区南直路一仓库起火2人死亡|今天下午，道外区南直路一处仓库发生火灾，2人死亡，消防在扑救。", 0.5)
    found = verdict("道外区火灾死亡人数升至9人|道外区火灾遇难人数上升至9人，善后正在进行。", 20, signed(ONE), two)
    assert isinstance(found, Ask)
    assert {incident for incident, _ in found.candidates} == {"0", "1"}


HOUSE = "道外区一居民楼起火致1人死亡|哈尔滨市道外区一居民楼起火，造成1人死亡。火已扑灭。"
DINER = "道里区一饭店爆炸致1人死亡|哈尔滨市道里区一饭店燃气爆炸，造成1人死亡。"
HURT = "道外区一居民楼起火1人受伤|哈尔滨市道外区一居民楼起火，1人受伤。"
COLLAPSED = "香坊区一在建工地坍塌致2人死亡|哈尔滨市香坊区一在建工地发生坍塌，造成2人死亡。"
POISONED = "南岗区学校食物中毒致1人死亡|哈尔滨市南岗区一学校发生食物中毒，造成1人死亡。"
ANOTHER: tuple[tuple[str, float, str], ...] = (
    (
        HOUSE,
        48,
        "哈尔滨道外区一居民楼凌晨起火|今天凌晨，哈尔滨市道外区一居民楼发生火灾，火灾已造成12人死亡，原因正在调查。",
    ),
    (DINER, 30, "道里区饭店发生爆炸|今天中午，哈尔滨道里区一家饭店燃气爆炸，已致6人死亡。"),
    (HURT, 70, "道外区居民楼起火|哈尔滨市道外区一居民楼发生火灾，已造成35人死亡、60人受伤。"),
    (THREE, 50, "仓库起火|今天下午，道外区一仓库突发大火，目前已有16人遇难，消防正在救援。"),
    (COLLAPSED, 60, "工地坍塌|哈尔滨香坊区一在建工地今早坍塌，目前已导致11人死亡。"),
    (POISONED, 40, "学校食物中毒|今天，南岗区一学校学生午餐后集体中毒，食物中毒已造成7人死亡。"),
    (HOUSE, 20, "居民楼夜里着火|昨夜道外区一高层着火，居民楼火情已经造成10人死亡，消防彻夜搜救。"),
    (DINER, 68, "道里餐馆闪爆|今天傍晚，道里区一餐馆发生爆炸，已经有13人死亡，附近居民被疏散。"),
)


@pytest.mark.parametrize(("first", "hours", "told"), ANOTHER, ids=[told.partition("|")[0] for _, _, told in ANOTHER])
def test_what_a_first_report_says_is_no_word_of_rising_so_days_later_nothing_joins(
    first: str, hours: float, told: str
) -> None:
    assert not isinstance(verdict(told, hours, signed(first)), Join)


@pytest.mark.parametrize(("first", "told"), [(HOUSE, ANOTHER[0][2]), (HURT, ANOTHER[2][2])])
def test_a_toll_that_may_have_risen_is_put_before_a_person(first: str, told: str) -> None:
    found = verdict(told, 48, signed(first))
    assert isinstance(found, Ask)
    assert [incident for incident, _ in found.candidates] == ["0"]


def test_a_near_copy_joins_also_where_it_says_already() -> None:
    assert isinstance(verdict(THREE.replace("3人", "35人"), 20, signed(THREE)), Join)


def test_who_is_moved_to_safety_is_no_toll_that_rose() -> None:
    told = "道外区居民楼起火|道外区一居民楼今早发生火灾，12人死亡，累计疏散群众200人。"
    assert not isinstance(verdict(told, 48, signed(HOUSE)), Join)


CRASH = "延寿县大巴翻下路基4死6伤|20日5时，延寿县加信镇附近一辆大巴车翻下路基，造成4人死亡、6人受伤。"
ROSE = "延寿大巴翻车事故死亡人数升至6人|延寿县应急管理局通报，加信镇大巴车翻下路基事故两名伤者不治，死亡人数升至6人。"


def test_the_toll_of_a_crash_that_rose_the_next_day_is_of_that_crash() -> None:
    assert isinstance(verdict(ROSE, 24, signed(CRASH)), Join)


def test_it_is_not_where_the_district_the_words_or_the_toll_are_others() -> None:
    for told in (
        ROSE.replace("延寿", "方正"),
        ROSE.replace("升至6", "升至3"),
        "延寿县渔船出事死亡人数升至9人|延寿县通报，水库渔船出事，死亡人数升至9人，仍在打捞。",
    ):
        assert not isinstance(verdict(told, 24, signed(CRASH)), Join)


def test_with_another_fire_known_the_toll_goes_to_the_one_at_that_street() -> None:
    known = (
        signed("道外区景阳街一仓库起火2人死亡|道外区景阳街一仓库起火，造成2人死亡。", 0),
        signed("道外区宏图街居民楼起火|道外区宏图街一居民楼发生火灾，1人死亡。", 5),
    )
    found = verdict("景阳街火灾死亡人数升至5人|今晚道外区通报，景阳街仓库火灾死亡人数升至5人。", 20, *known)
    assert isinstance(found, Join)
    assert found.incident == "0"
