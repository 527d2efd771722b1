"""属地: which places of ours a post names."""

from __future__ import annotations

import pytest

from config.gazetteer import load_gazetteer
from services.adapters.automaton import leftmost_longest
from services.domain.regions import Gazetteer, plain_matcher


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    names, rules = load_gazetteer()
    return Gazetteer(names, rules, leftmost_longest)


def codes(gazetteer: Gazetteer, text: str) -> list[str]:
    return [region.code for region in gazetteer.find("", text).regions]


def test_the_city_itself_is_named_only_where_nothing_finer_is(gazetteer: Gazetteer) -> None:
    assert codes(gazetteer, "哈尔滨今天有雪") == ["230100"]
    assert codes(gazetteer, "哈尔滨市道里区今天有雪") == ["230102"]


def test_offsets_count_in_title_and_text_joined_by_a_line_break(gazetteer: Gazetteer) -> None:
    reading = gazetteer.find("停水", "香坊区停水两天")
    joined = "停水\n香坊区停水两天"
    assert [(joined[r.start : r.end], r.evidence) for r in reading.reasons] == [("香坊区", "香坊区")]


def at_home(gazetteer: Gazetteer, text: str, local: bool) -> list[str]:
    joined = f"\n{text}"
    return [
        region.name
        for region in gazetteer.divisions_of(joined, leftmost_longest(gazetteer.terms)(joined), local).regions
    ]


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("群力这栋楼没有水", "道里区"),
        ("承德街的信号灯坏了", "道外区"),
        ("江北的公交太少", "松北区"),
        ("木兰客运站的车停了", "木兰县"),
        ("我市何时清雪", "哈尔滨市"),
    ],
)
def test_streets_and_quarters_need_no_city_at_our_own_doors(gazetteer: Gazetteer, text: str, district: str) -> None:
    assert at_home(gazetteer, text, local=True) == [district]


@pytest.mark.parametrize(
    "text", ["长春的承德街坏了灯", "便民利民的窗口", "楼道里没有灯", "平房漏雨", "市井街巷", "为人方正"]
)
def test_at_our_own_doors_a_word_stays_a_word_and_another_citys_street_its_own(gazetteer: Gazetteer, text: str) -> None:
    assert at_home(gazetteer, text, local=True) == []


def test_a_door_of_ours_is_known_by_its_name_as_a_source(gazetteer: Gazetteer) -> None:
    assert gazetteer.is_door("12345热线")
    assert not gazetteer.is_door("微博")


def test_another_city_is_elsewhere_and_no_place_leaves_it_open(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("", "北京市朝阳区发生火灾").home is False
    assert gazetteer.find("", "北京市朝阳区发生火灾").elsewhere == ("北京市", "朝阳区")
    assert gazetteer.find("", "小区停水了").home is None


def test_finer_places_are_read_without_a_list(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("投诉金色家园小区附近夜间施工", "").places == ("金色家园",)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("一水产批发市场着火", ("水产批发市场",)),
        ("某水产批发市场着火", ("水产批发市场",)),
        ("南直路一座水产批发市场着火", ("南直路", "水产批发市场")),
        ("一曼街积雪", ("一曼街",)),
        ("香坊一中学停课", ()),
        ("第一中学停课", ("第一中学",)),
        ("哈尔滨中学生获奖", ()),
        ("请关注松江学府业主", ("松江学府",)),
        ("松江学府延期交房", ("松江学府",)),
        ("群力松江学府项目停工", ("群力", "松江学府")),
        ("包工头跑路", ()),
        ("输电线路老化", ()),
        ("哈尔滨曲线路积水", ("曲线路",)),
    ],
)
def test_what_is_counted_or_only_ends_like_a_place_is_no_part_of_a_name(
    gazetteer: Gazetteer, text: str, places: tuple[str, ...]
) -> None:
    assert gazetteer.find("", text).places == places


def test_the_automaton_and_the_plain_matcher_find_the_same() -> None:
    terms = ["道里", "道里区", "街道里", "哈尔滨", "区"]
    text = "哈尔滨道里区的街道里有区别"
    assert list(leftmost_longest(terms)(text)) == list(plain_matcher(terms)(text))


@pytest.mark.parametrize("text", ["", "😀😀", "a" * 5000, "\ud800道里区", "道" * 5000, "ئۇيغۇر", "한국어"])
def test_any_text_gets_an_answer(gazetteer: Gazetteer, text: str) -> None:
    gazetteer.find(text, text)
