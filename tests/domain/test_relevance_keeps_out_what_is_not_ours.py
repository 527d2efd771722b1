"""What is about our city and worth a look stays; the rest is left out with a reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from config.reading import CONFIG_DIR
from services.domain.post import Post
from services.domain.regions import Mention
from services.domain.relevance import Whereabouts, judge_relevance
from services.domain.signals import Hit, Signals
from services.wiring.machine import make_assessor

NOWHERE = Whereabouts()


def signals(**words: str) -> Signals:
    return Signals({name: [Hit(word, 0, len(word), 2.0)] for name, word in words.items()}, title_end=20)


@pytest.mark.parametrize("origin", ["hotline", "board", "mailbox", "manual", "drill"])
def test_what_comes_by_our_own_doors_is_ours(origin: str) -> None:
    assert judge_relevance("屋里很冷", origin, Signals(), NOWHERE).relevant


def test_the_reason_points_at_the_first_place_of_ours() -> None:
    named = (Mention("沈阳市", 0, 3, False), Mention("道里区", 4, 7, True), Mention("南岗区", 8, 11, True))
    reason = judge_relevance("沈阳市和道里区、南岗区", "board", Signals(), Whereabouts(True, mentions=named)).reason
    assert (reason.evidence, reason.start, reason.end) == ("文中点名道里区", 4, 7)


def test_our_city_is_ours_whatever_else_is_named() -> None:
    assert judge_relevance("文", "feed", Signals(), Whereabouts(True, ("沈阳市",))).relevant


@pytest.mark.parametrize("origin", ["hotline", "board", "mailbox", "manual", "drill"])
def test_what_comes_by_our_own_doors_is_ours_whatever_place_it_names(origin: str) -> None:
    assert judge_relevance("等上海的配件", origin, Signals(), Whereabouts(False, ("上海市",))).relevant


def test_another_city_is_not_ours_where_anybody_may_write() -> None:
    assert not judge_relevance("沈阳市停水", "push", Signals(), Whereabouts(False, ("沈阳市",))).relevant


def test_a_petitioner_who_only_mentions_another_city_stays() -> None:
    asked = signals(petition="领导", request="请求")
    text = "医保报销问题,请求领导解决。" + "老人情况如下。" * 20 + "我在沈阳打工。"
    assert judge_relevance(text, "push", asked, Whereabouts(False, ("沈阳市",))).relevant
    assert not judge_relevance("沈阳市医保问题", "push", asked, Whereabouts(False, ("沈阳市",))).relevant


@pytest.mark.parametrize(("name", "word"), [("advertisement", "优惠"), ("thanks", "锦旗"), ("noise", "夺冠")])
def test_noise_is_left_out_unless_somebody_complains(name: str, word: str) -> None:
    assert not judge_relevance("文", "board", signals(**{name: word}), NOWHERE).relevant
    assert judge_relevance("文", "board", signals(**{name: word, "complaint": "投诉"}), NOWHERE).relevant


def test_general_news_of_a_feed_is_left_out_and_a_petition_in_it_is_not() -> None:
    assert not judge_relevance("文", "feed", signals(livelihood="医保"), NOWHERE).relevant
    assert not judge_relevance("文", "feed", signals(petition="领导", complaint="违法"), NOWHERE).relevant
    assert judge_relevance("文", "feed", signals(letter="我家", complaint="没人管"), NOWHERE).relevant


def test_events_abroad_are_left_out() -> None:
    assert not judge_relevance("日本地震", "push", signals(foreign="日本", emergency="地震"), NOWHERE).relevant


@pytest.mark.parametrize("text", ["", " ", "。!?", "😀😀"])
def test_nothing_to_read_is_left_out(text: str) -> None:
    assert not judge_relevance(text, "hotline", Signals(), NOWHERE).relevant


def relevant(text: str, origin: str = "push") -> bool:
    at = datetime(2026, 11, 20, 4, tzinfo=UTC)
    return make_assessor(CONFIG_DIR).assess([Post("p", "微博", "", text, at, origin=origin)])[0].relevant


@pytest.mark.parametrize(
    "text",
    [
        "西游记里为什么是白龙马驮经?后面还有伏笔。",
        "为什么天是蓝的?",
        "我家猫半夜跑酷,一脚踩我脸上。",
        "宝宝十个月不会站正常吗?",
        "手机怎么截长屏?求助",
        "那首歌至今听着还是好听。",
    ],
)
def test_a_bare_word_of_talk_is_no_matter_of_a_citys_bodies(text: str) -> None:
    assert not relevant(text)


@pytest.mark.parametrize(
    "text",
    [
        "井盖缺了一角,用木棍插着。",
        "半夜有人偷着采砂,河道挖得全是坑。",
        "遛狗不牵绳,孩子吓得直哭。",
        "秸秆全在烧,呛得睁不开眼。",
        "办了预付卡的澡堂人去楼空。",
        "热企说管线是私改的,不给调。",
        "派出所和交警互相推。",
    ],
)
def test_a_bodys_field_with_something_wrong_in_it_is_a_matter_in_whatever_words(text: str) -> None:
    assert relevant(text)


@pytest.mark.parametrize("text", ["南岗区一家图书馆旁的路灯灭了。", "巴彦一粮库粉尘爆炸,死了12人。"])
def test_what_names_us_by_a_short_name_is_ours_in_a_feed_too(text: str) -> None:
    assert relevant(text, "feed")


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (Whereabouts(local=True, graded=True, grave=True), True),
        (Whereabouts(graded=True, grave=True), False),
        (Whereabouts(graded=True), False),
        (Whereabouts(False, ("沈阳市",), graded=True, grave=True), False),
        (Whereabouts(True, mentions=(Mention("哈尔滨", 0, 3, ours=True),), graded=True), True),
    ],
)
def test_a_grave_event_of_no_other_place_is_heard_in_a_feed_of_ours_whatever_words_tell_of_it(
    where: Whereabouts, kept: bool
) -> None:
    assert judge_relevance("哈尔滨的电影明星", "feed", signals(noise="电影"), where).relevant is kept
