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
        "仓库火灾已致20人死亡|截至今晚，哈尔滨市道外区仓库火灾已致20人死亡，市领导到场指挥。",
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
