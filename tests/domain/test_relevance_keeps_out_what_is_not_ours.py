"""What is about our city and worth a look stays; the rest is left out with a reason."""

from __future__ import annotations

import pytest

from services.domain.relevance import Whereabouts, judge_relevance
from services.domain.signals import Hit, Signals

NOWHERE = Whereabouts()


def signals(**words: str) -> Signals:
    return Signals({name: [Hit(word, 0, len(word), 2.0)] for name, word in words.items()}, title_end=20)


@pytest.mark.parametrize("origin", ["hotline", "board", "mailbox", "manual", "drill"])
def test_what_comes_by_our_own_doors_is_ours(origin: str) -> None:
    assert judge_relevance("屋里很冷", origin, Signals(), NOWHERE).relevant


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
