"""Who stands there says it in his own words: the number in another clause, heads of every kind."""

from __future__ import annotations

import pytest

from services.domain.casualties import read_casualties

DEAD = {
    "俩小伙下井清淤让沼气熏倒了,再没醒过来": 2,
    "矿上塌了,底下十五个人,一个都没上来": 15,
    "大客翻沟里了,车里十一口子,没一个喘气的": 11,
    "锅炉崩了,仨烧锅炉的当场没气了": 3,
    "煤烟子呛着了,爷仨身子都凉透了": 3,
    "楼塌了,门口白布单子铺了十二条": 12,
    "船翻了,捞上来六个,都没救过来": 6,
    "冷库着火,抬出来九个,瞳孔都散了": 9,
    "怼一块儿了,小两口都没了": 2,
    "仓库爆炸。车间里十四个工人。一个都没活下来。": 14,
}
MISSING = {
    "隧道塌了,二十八个人到现在没出来": 28,
    "渔船让风刮翻了,还有九个没找着": 9,
    "木材厂着火,点完名还有七个联系不上": 7,
    "冰排断了,冬捕队二十一人跟外头断了联系": 21,
}
HURT = {"玻璃幕墙掉下来,砸着四个,都缝针了": 4, "公交急刹车,摔了七个": 7}
ENDANGERED = {"泥石流把宿舍给糊上了,里头住着三十来号工人": 30, "吊篮断了,十五个刷墙的摔成一堆": 15}
NOBODY = (
    "江边死了一片鱼,得有几百条,是不是缺氧",
    "小区塌了一块地砖,反映三个月了没人管",
    "停电了,二十多户没暖气,孩子都冻感冒了",
    "消防出动十二人,把卡在树上的猫救了下来",
    "演唱会三千人一起喊,嗓子都炸了",
    "车祸,车上三十名乘客全部安全疏散",
    "昨晚补完了那部剧,矿难那集埋了四十多人",
    "听说死了十来个的音频系编造,发布者已被查处,当时没着火",
)


@pytest.mark.parametrize(("text", "number"), DEAD.items())
def test_the_dead_are_counted_in_the_words_of_those_who_saw_them(text: str, number: int) -> None:
    assert read_casualties("", text).casualties.deaths == number


@pytest.mark.parametrize(("text", "number"), MISSING.items())
def test_who_has_not_come_out_or_cannot_be_reached_is_missing(text: str, number: int) -> None:
    assert read_casualties("", text).casualties.missing == number


@pytest.mark.parametrize(("text", "number"), HURT.items())
def test_who_was_stitched_or_fell_is_hurt(text: str, number: int) -> None:
    assert read_casualties("", text).casualties.injuries == number


@pytest.mark.parametrize(("text", "number"), ENDANGERED.items())
def test_who_is_counted_in_a_calamity_and_not_said_to_be_safe_is_in_danger(text: str, number: int) -> None:
    reading = read_casualties("", text)
    counted = reading.casualties
    in_danger = reading.endangered.value if reading.endangered else 0
    assert number in (in_danger, counted.deaths, counted.missing, counted.injuries)


@pytest.mark.parametrize("text", NOBODY)
def test_figures_of_speech_animals_households_helpers_and_stories_count_nobody(text: str) -> None:
    reading = read_casualties("", text)
    counted = reading.casualties
    assert (counted.deaths or 0, counted.missing or 0, reading.endangered) == (0, 0, None)


def test_a_number_that_is_only_implied_is_about_right() -> None:
    assert read_casualties("", "仓库爆炸。车间里十四个工人。全没了。").casualties.bounds == {"deaths": "about"}


def test_where_a_bulletin_counts_the_words_of_bystanders_add_nothing() -> None:
    counted = read_casualties("", "火灾已造成3人死亡。邻居说抬出来十个,都没气了。").casualties
    assert counted.deaths == 3
