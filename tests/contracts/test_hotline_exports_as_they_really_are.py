"""Exports as offices really have them: full of commas, with a remark nobody named, cut rows, and one damaged file."""

from __future__ import annotations

import json
import random
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from services.adapters.hotline import HotlineDrop
from services.domain.source import Source, SourceKind
from services.usecases.collecting.contract import NotAFeed
from tests.collecting_kit import PlainReader
from tests.contracts.test_hotline import HEADER, NOW, ROWS, as_csv, as_xlsx, rows_of

LETTER = "您好，我是道里区居民，家住群力，自十月起，暖气一直不热，打过三次电话，每次都说，等等，再等等，至今无人上门。"


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_letter_full_of_commas_does_not_hide_the_columns(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [[f"A{n}", "暖气不热", LETTER, "2026-11-22 08:05", "道里区"] for n in range(50)]
    posts, refused = rows_of(as_csv(tmp_path / "a.csv", [HEADER, *rows], encoding, delimiter))
    assert (len(posts), refused) == (50, [])
    assert posts[0].text == LETTER


def test_a_header_with_chinese_commas_is_read_too(tmp_path: Path) -> None:
    posts, refused = rows_of(as_csv(tmp_path / "a.csv", [HEADER, *ROWS], "utf-8", "，"))
    assert (len(posts), refused) == (2, [])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_remark_without_a_heading_becomes_nobody_s_name_or_number(tmp_path: Path, form: str) -> None:
    rows = [
        ["标题", "诉求内容", "受理时间", ""],
        *(["停水", f"停水第{n}天", "2026-11-22", "已督办"] for n in (1, 2, 3)),
    ]
    path = as_csv(tmp_path / "a.csv", rows) if form == "csv" else as_xlsx(tmp_path / "a.xlsx", [list(r) for r in rows])
    posts, refused = rows_of(path)
    assert refused == []
    assert [post.text for post in posts] == ["停水第1天", "停水第2天", "停水第3天"]
    assert all("已督办" not in (post.id, post.author, post.url, post.vendor) for post in posts)


def test_what_is_no_record_becomes_no_petition(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[5, "abc", {"标题": "停水", "诉求内容": "停水三天"}]', encoding="utf-8")
    posts, refused = rows_of(path)
    assert [post.title for post in posts] == ["停水"]
    assert [row.number for row in refused] == [1, 2]


def test_a_row_cut_in_the_wrong_places_is_refused_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "工单编号,标题,诉求内容,受理时间\n1,暖气,不热,很冷,已经三天,2026-11-22\n2,停水,停水三天,2026-11-22\n", "utf-8"
    )
    posts, [refused] = rows_of(path)
    assert [post.id for post in posts] == ["2"]
    assert str(refused) == "a.csv 第 2 行：有 6 格，表头只有 4 列：内容里的分隔符可能没有加引号"


def test_in_a_workbook_a_remark_right_of_the_last_heading_costs_no_petition(tmp_path: Path) -> None:
    rows = [["工单编号", "标题", "诉求内容"], ["1", "路灯坏了", "路灯坏了请修", "已转办"], ["2", "停水", "停水三天"]]
    posts, refused = rows_of(as_xlsx(tmp_path / "a.xlsx", [list(row) for row in rows]))
    assert ([post.id for post in posts], refused) == (["1", "2"], [])
    assert "已转办" not in posts[0].text


def test_a_workbook_that_lies_about_its_size_or_begins_with_a_cover_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "封面"  # type: ignore[union-attr]  # a new workbook has a sheet
    sheet = book.create_sheet("明细")
    for row in (HEADER, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as lying:
        for name in whole.namelist():
            lying.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', whole.read(name)))
    posts, refused = rows_of(tmp_path / "a.xlsx")
    assert ([post.id for post in posts], refused) == (["2026112200001", "2026112200002"], [])


def test_a_damaged_workbook_is_refused_whatever_is_broken_in_it(tmp_path: Path) -> None:
    whole = as_xlsx(tmp_path / "whole.xlsx", [list(HEADER), *(list(row) for row in ROWS * 20)]).read_bytes()
    dice = random.Random(20261122)
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(8):
            damaged[dice.randrange(len(whole))] ^= 1 << dice.randrange(8)
        (tmp_path / "a.xlsx").write_bytes(damaged)
        with suppress(NotAFeed):  # some damage is in what nobody reads
            rows_of(tmp_path / "a.xlsx")


async def test_a_damaged_file_in_the_folder_stops_none_beside_it(tmp_path: Path) -> None:
    whole = as_xlsx(tmp_path / "2.xlsx", [list(HEADER), *(list(row) for row in ROWS)])
    packed = bytearray(whole.read_bytes())
    at = packed.index(b"xl/worksheets/sheet1.xml") + 60
    packed[at : at + 8] = b"\xff" * 8
    whole.write_bytes(packed)
    as_csv(tmp_path / "1.csv", [HEADER, ["A1", *ROWS[0][1:]]])
    as_csv(tmp_path / "3.csv", [HEADER, ["A3", *ROWS[1][1:]]])
    taken = await HotlineDrop(PlainReader()).take(
        Source("drop", str(tmp_path), kind=SourceKind.HOTLINE), "", NOW.replace(year=2099)
    )
    assert sorted(entry.id for entry in taken.entries) == ["A1", "A3"]
    assert [flag.partition("：")[0] for flag in taken.reasons] == ["2.xlsx"]


ROW = "{n},停水,{text},2026-11-22"


def numbered(texts: list[str]) -> str:
    return "\n".join(["工单编号,标题,诉求内容,受理时间", *(ROW.format(n=n, text=text) for n, text in enumerate(texts))])


@pytest.mark.parametrize("after", ["停水{n}天", '"停水{n}天，无人管"'], ids=["bare", "quoted"])
def test_a_quotation_mark_that_is_never_closed_costs_no_row(tmp_path: Path, after: str) -> None:
    texts = ["正常", '"他说停水三天无人管', *(after.format(n=n) for n in range(1000))]
    path = tmp_path / "a.csv"
    path.write_text(numbered(texts), "utf-8")
    posts, refused = rows_of(path)
    assert len(posts) == 1002
    assert [(row.number, row.reason) for row in refused] == [(3, "引号没有成对，已按单行读入，请核对")]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('"他说，\n"停水"三天"', '他说，\n停水"三天"'),
        ('"第一行\n第二行, 有逗号\n第三行"', "第一行\n第二行, 有逗号\n第三行"),
        ('"他说"停水"三天"', '他说停水"三天"'),
    ],
)
def test_a_petition_of_several_lines_or_with_odd_quotation_marks_stays_whole(
    tmp_path: Path, text: str, read: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(numbered(["正常", text, "正常"]), "utf-8")
    posts, refused = rows_of(path)
    assert ([post.text for post in posts], refused) == (["正常", read, "正常"], [])


@pytest.mark.parametrize(
    "document",
    [
        {"data": {"rows": [1, 2]}},
        {"code": 0, "data": {"total": 2, "page": {"list": [1, 2]}}},
        {"rows": [1, 2], "errors": []},
        {"first": [1], "more": {"second": [2]}},
    ],
)
def test_the_records_of_a_json_document_are_found_wherever_they_stand(tmp_path: Path, document: object) -> None:
    def filled(value: object) -> object:
        if isinstance(value, dict):
            return {name: filled(one) for name, one in value.items()}
        if isinstance(value, list):
            return [{"工单编号": f"J{n}", "标题": "停水", "诉求内容": f"停水{n}天"} for n in value]
        return value

    path = tmp_path / "a.json"
    path.write_text(json.dumps(filled(document), ensure_ascii=False), "utf-8")
    posts, refused = rows_of(path)
    assert ([post.id for post in posts], refused) == (["J1", "J2"], [])
