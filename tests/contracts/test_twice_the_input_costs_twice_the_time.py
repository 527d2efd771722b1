"""Input made to be slow: twice as much of it costs about twice the time, not four times."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest

from services.adapters.feeds.plainness import is_plain
from services.adapters.hotline.records import read_records
from services.adapters.hotline.separated import read_separated
from services.adapters.lexicons import Lexicons
from services.domain.casualties.drills import is_drill
from services.domain.signals import WHOLE, Cue
from services.usecases.collecting.contract import NotAFeed

# Enough for the quadratic to be seen: it took seconds for these, and four times as long for twice as much.
SIZE = 20_000
TRIES = 5
ROUNDING = 0.02
"""Seconds of processor time below which nothing is said about growth."""
WORDS = Lexicons([Cue(WHOLE, "电动车"), Cue("duty:TLJ", "动车")])


def a_tag_without_an_end(size: int) -> object:
    return is_plain(f"<rss><channel><item><{'a' * size}</item></channel></rss>")


def empty_lines_behind_a_broken_record(size: int) -> object:
    with suppress(NotAFeed):
        return records('[{"a":1},{bad' + "\n" * size + "x]")
    return None


def records(text: str) -> list[Mapping[str, object]]:
    return [cells for _, numbered in read_records(text, bool) for _, cells, bad in numbered if not bad]


def cells_that_never_close(size: int) -> object:
    rows = "a,b\n" + '1,"2\n3,""4""\n' * (size // 20)
    return list(read_separated(rows.encode(), lambda names: {"a", "b"} <= set(names)))


def a_title_of_digits(size: int) -> object:
    return is_drill("爆炸演练" + "1" * size, "")


def words_inside_whole_words(size: int) -> object:
    return WORDS.find("电动车" * (size // 3), 0)


def seconds(reading: Callable[[int], object], size: int) -> float:
    taken = []
    for _ in range(TRIES):
        start = time.process_time()
        reading(size)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize(
    "reading",
    [
        a_tag_without_an_end,
        empty_lines_behind_a_broken_record,
        cells_that_never_close,
        a_title_of_digits,
        words_inside_whole_words,
    ],
)
def test_twice_the_input_costs_no_more_than_three_times_the_time(reading: Callable[[int], object]) -> None:
    assert seconds(reading, 2 * SIZE) < 3 * seconds(reading, SIZE) + ROUNDING


def test_the_record_behind_empty_lines_is_read() -> None:
    assert records('[{bad\n\n \n  {"a":1},\n\n{"b":2}]') == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("when", ["12345天前", "三个月前", "两年之前", "十几天前"])
def test_an_exercise_of_some_time_ago_is_over(when: str) -> None:
    assert not is_drill("", f"{when}开展消防演练，昨晚仓库起火，无人处置。")
