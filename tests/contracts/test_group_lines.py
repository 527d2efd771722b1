"""`huiying group FILE`: every post is answered in the file's order, and a line that is no post is named."""

from __future__ import annotations

import json

import pytest

from config.gazetteer import load_gazetteer
from config.grouping import load_commonness, load_grouping
from services.adapters.automaton import leftmost_longest
from services.adapters.fingerprints import Fingerprints
from services.adapters.group_lines import group_lines
from services.domain.regions import Gazetteer
from services.usecases.ports import Unreadable


def group(*lines: str | bytes) -> list[dict[str, str | int]]:
    policy = load_grouping()
    signer = Fingerprints(Gazetteer(*load_gazetteer(), leftmost_longest), policy, load_commonness())
    read = [one.encode() if isinstance(one, str) else one for one in lines]
    return [json.loads(line) for line in group_lines(read, signer, policy)]


def post(number: int, title: str, text: str, day: int) -> str:
    at = f"2026-11-{day:02}T08:00:00+08:00"
    return json.dumps({"id": f"p{number}", "title": title, "text": text, "published_at": at}, ensure_ascii=False)


def test_answers_come_in_the_order_of_the_file_and_are_grouped_by_time() -> None:
    copy = "金色家园小区旁边的工地每天夜里施工到凌晨，老人孩子无法休息，多次反映没有结果。"
    found = group(
        post(1, "夜间施工", copy, 9), "", post(2, "公交改线", "请问几路车能到", 8), post(3, "夜间施工", copy, 7)
    )
    assert [line["id"] for line in found] == ["p1", "p2", "p3"]
    assert found[0]["incident"] == found[2]["incident"] != found[1]["incident"]


def test_posts_without_words_are_not_copies_of_each_other() -> None:
    found = group(post(1, "", "😀😀😀", 1), post(2, "", "！！！", 1), post(3, "", "", 1))
    assert len({line["incident"] for line in found}) == 3


def test_times_are_read_as_boards_write_them() -> None:
    times = ("2026-11-09T08:00:00", "2026/1/9 8:05:00", "2026-11-09 08:00", "2026-11-09T08:00:00Z", "2026/11/9")
    lines = [json.dumps({"id": number, "text": "请问", "published_at": at}) for number, at in enumerate(times)]
    assert [line["id"] for line in group(*lines)] == [0, 1, 2, 3, 4]
    with pytest.raises(Unreadable, match="line 1: published_at"):
        group('{"id": 1, "text": "请问", "published_at": "昨天"}')


def test_a_line_that_is_no_post_is_named_with_its_field() -> None:
    with pytest.raises(Unreadable, match=r"line 2: text:"):
        group(post(1, "a", "b", 1), '{"id": "x", "text": 5}')


def test_bytes_that_are_no_text_are_refused_and_never_guessed_at() -> None:
    with pytest.raises(Unreadable, match=r"line 2: .*utf-8"):
        group(post(1, "a", "b", 1), b'{"id": "x", "text": "\xbb\xf0\xd4\xd6"}')
