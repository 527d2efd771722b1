"""`huiying group FILE`: every post is answered in the file's order, and a line that is no post is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer import Exit

from config.reading import CONFIG_DIR
from services.adapters.assess_lines import BadLine
from services.adapters.group_lines import Grouped, evaluate_lines, group_lines
from services.cli import machine
from services.usecases.ports import Unreadable
from services.wiring.machine import make_file_grouper


def answers(*lines: str | bytes) -> list[Grouped | BadLine]:
    read = [one.encode() if isinstance(one, str) else one for one in lines]
    return list(group_lines(read, make_file_grouper(CONFIG_DIR)))


def group(*lines: str | bytes) -> list[Grouped]:
    return [answer for answer in answers(*lines) if isinstance(answer, Grouped)]


def post(number: int, title: str, text: str, day: int) -> str:
    at = f"2026-11-{day:02}T08:00:00+08:00"
    return json.dumps({"id": f"p{number}", "title": title, "text": text, "published_at": at}, ensure_ascii=False)


def test_answers_come_in_the_order_of_the_file_and_are_grouped_by_time() -> None:
    copy = "金色家园小区旁边的工地每天夜里施工到凌晨，老人孩子无法休息，多次反映没有结果。"
    found = group(
        post(1, "夜间施工", copy, 9), "", post(2, "公交改线", "请问几路车能到", 8), post(3, "夜间施工", copy, 7)
    )
    assert [line.id for line in found] == ["p1", "p2", "p3"]
    assert found[0].incident == found[2].incident != found[1].incident


def test_a_file_is_grouped_as_the_service_groups() -> None:
    told = "1月{0}日{1}时许，哈尔滨市道里区一{2}发生火灾，火灾已被扑灭，造成{3}人死亡，起火原因正在调查。"
    fires = [("9", "居民楼", 3), ("21", "仓库", 12), ("15", "超市", 1)]
    found = group(*(post(n, "", told.format(n, *fire), n) for n, fire in enumerate(fires, 1)))
    assert len({line.incident for line in found}) == 3


def test_posts_without_words_are_not_copies_of_each_other() -> None:
    found = group(post(1, "", "😀😀😀", 1), post(2, "", "！！！", 1), post(3, "", "", 1))
    assert len({line.incident for line in found}) == 3


def test_times_are_read_as_boards_write_them() -> None:
    times = ("2026-11-09T08:00:00", "2026/1/9 8:05:00", "2026-11-09 08:00", "2026-11-09T08:00:00Z", "2026/11/9")
    lines = [json.dumps({"id": number, "text": "请问", "published_at": at}) for number, at in enumerate(times)]
    assert [line.id for line in group(*lines)] == [0, 1, 2, 3, 4]


def test_a_line_that_is_no_post_is_named_and_the_others_are_answered() -> None:
    found = answers(
        post(1, "a", "b", 1),
        '{"id": "x", "text": 5}',
        "",
        b'{"id": "x", "text": "\xbb\xf0\xd4\xd6"}',
        '{"id": 1, "text": "请问", "published_at": "昨天"}',
        '{"id": 1',
        post(2, "a", "b", 1),
    )
    bad = [(one.line, one.field) for one in found if isinstance(one, BadLine)]
    assert bad == [(2, "text"), (4, "-"), (5, "published_at"), (6, "-")]
    assert [one.id for one in found if isinstance(one, Grouped)] == ["p1", "p2"]
    assert [type(one) for one in found] == [Grouped, BadLine, BadLine, BadLine, BadLine, Grouped]


def test_the_command_names_bad_lines_on_stderr_and_ends_with_2(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "posts.jsonl"
    file.write_text("\n".join([post(1, "a", "b", 1), "{", post(2, "公交", "请问几路车能到", 2)]), encoding="utf-8")
    with pytest.raises(Exit) as stopped:
        machine.group(file)
    out, err = capfd.readouterr()
    assert stopped.value.exit_code == 2
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["p1", "p2"]
    assert err.splitlines()[0].startswith(f"huiying: {file}:2: -: ")
    assert err.splitlines()[1:] == ["huiying: 1 line(s) could not be read; the others were answered"]


def test_a_measured_file_must_be_whole() -> None:
    with pytest.raises(Unreadable, match=r"line 1: text:"):
        evaluate_lines([b'{"id": "x", "text": 5}'], {}, make_file_grouper(CONFIG_DIR))
