"""Programs wrap a list of petitions in whatever they like: it is found, or the document is refused in one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.usecases.collecting.contract import NotAFeed
from tests.contracts.test_hotline import HEADER, ROWS, rows_of
from tests.contracts.test_no_row_of_an_export_is_lost_without_a_word import written

RECORDS = [dict(zip(HEADER, row, strict=True)) for row in ROWS]


@pytest.mark.parametrize(
    "document",
    [
        {"code": 0, "data": {"rows": RECORDS, "total": 2}},
        {"columns": HEADER, "rows": RECORDS},
        {"columns": [{"name": name} for name in HEADER], "rows": RECORDS},
        {"errors": [], "rows": RECORDS},
        {"一月": RECORDS[:1], "二月": RECORDS[1:]},
        [{"page": 1, "rows": RECORDS[:1]}, {"page": 2, "rows": RECORDS[1:]}],
        {"result": [{"list": {"records": RECORDS}}]},
        {record[HEADER[0]]: record for record in RECORDS},
        [record | {"来电人": {"姓名": "某"}, "处理记录": [record | {HEADER[0]: "C1"}]} for record in RECORDS],
    ],
)
def test_the_list_of_records_is_found_wherever_it_stands(tmp_path: Path, document: object) -> None:
    posts, refused = rows_of(written(tmp_path / "a.json", json.dumps(document, ensure_ascii=False)))
    assert ([post.id for post in posts], refused) == ([row[0] for row in ROWS], [])


@pytest.mark.parametrize("document", [RECORDS[0] | {"来电人": {"姓名": "某"}}, {"code": 0, "data": RECORDS[0]}])
def test_a_document_that_is_one_record_is_that_record(tmp_path: Path, document: object) -> None:
    posts, refused = rows_of(written(tmp_path / "a.json", json.dumps(document, ensure_ascii=False)))
    assert ([post.id for post in posts], refused) == ([ROWS[0][0]], [])


@pytest.mark.parametrize(
    "document",
    [
        {"code": 0, "data": {"total": 2}},
        {"a": [{"x": 1}], "b": [{"y": 2}]},
        {"rows": [HEADER, *ROWS]},
        5,
    ],
)
def test_a_document_without_a_list_of_records_is_refused_in_one_sentence(tmp_path: Path, document: object) -> None:
    with pytest.raises(NotAFeed, match=r"JSON 中没有记录列表"):
        rows_of(written(tmp_path / "a.json", json.dumps(document, ensure_ascii=False)))


def test_an_answer_that_holds_no_record_yet_is_no_error(tmp_path: Path) -> None:
    assert rows_of(written(tmp_path / "a.json", '{"code": 0, "data": {"rows": []}}')) == ([], [])


def test_of_a_damaged_document_with_two_lists_the_records_are_read(tmp_path: Path) -> None:
    text = '{"columns": ["工单编号"], "rows": [{"工单编号": "1", "诉求内容": "停水"}, {"工单编号": }]}'
    posts, refused = rows_of(written(tmp_path / "a.json", text))
    assert ([post.id for post in posts], [str(row) for row in refused]) == (
        ["1"],
        ["a.json 第 1 行：不是 JSON，此后未读"],
    )
