"""12345 exports come in whole, twice without duplicates, and every row that does not come in says why."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest

from services.adapters.hotline import Columns, HotlineDrop
from services.domain.intake import Channel
from services.domain.post import Post
from services.domain.source import Source, SourceKind
from services.usecases.collecting.contract import NotAFeed, RefusedRow
from services.usecases.collecting.harvest import fresh_entries, post_of
from tests.collecting_kit import PlainReader, read_here

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CHANNEL = Channel("hotline-12345", "hotline", NOW, "12345热线")
HEADER = ["工单编号", "标题", "诉求内容", "受理时间", "事发地址"]
ROWS = [
    ["2026112200001", "暖气不热", "室温只有十四度，请尽快解决", "2026-11-22 08:05", "南岗区"],
    ["2026112200002", "停水", "停水三天无人处理", "2026年11月21日 9时", "道里区"],
]


def rows_of(path: Path, columns: Columns | None = None) -> tuple[list[Post], list[RefusedRow]]:
    results = list(read_here(path, columns or Columns.configured(), CHANNEL))
    posts = [result for result in results if isinstance(result, Post)]
    return posts, [result for result in results if isinstance(result, RefusedRow)]


def as_csv(path: Path, rows: list[list[str]], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    lines = [delimiter.join(f'"{cell}"' for cell in row) for row in rows]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def as_xlsx(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_in_every_usual_dress_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    posts, refused = rows_of(as_csv(tmp_path / "a.csv", [HEADER, *ROWS], encoding, delimiter))
    assert refused == []
    assert [post.id for post in posts] == ["2026112200001", "2026112200002"]
    assert posts[0].published_at == datetime(2026, 11, 22, 0, 5, tzinfo=UTC)
    assert (posts[0].origin, posts[0].vendor, posts[0].text) == ("hotline", "12345热线", ROWS[0][2])


def test_xlsx_with_a_title_above_the_header_and_real_dates_is_read(tmp_path: Path) -> None:
    when = datetime(2026, 11, 22, 8, 5)  # noqa: DTZ001 - Excel knows no zones
    path = as_xlsx(tmp_path / "a.xlsx", [["12345工单明细"], [None], list(HEADER), ["A1", "停水", "三天", when, ""], []])
    posts, refused = rows_of(path)
    assert refused == []
    assert posts[0].published_at == datetime(2026, 11, 22, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize("lines", [False, True])
def test_json_lists_and_lines_are_read(tmp_path: Path, lines: bool) -> None:
    records = [dict(zip(HEADER, row, strict=True)) for row in ROWS]
    path = tmp_path / "a.json"
    listed = json.dumps({"total": 2, "rows": records}, ensure_ascii=False)
    path.write_text(
        "\n".join(json.dumps(r, ensure_ascii=False) for r in records) if lines else listed, encoding="utf-8"
    )
    assert len(rows_of(path)[0]) == 2


@pytest.mark.parametrize("lines", [False, True])
def test_a_character_that_json_should_not_have_costs_no_row(tmp_path: Path, lines: bool) -> None:
    texts = ("停水", "停\\ud800水", "停\x07水", "停\u2028水", "停\\u0000水")
    rows = [f'{{"工单编号": "{n}", "标题": "t", "诉求内容": "{one}"}}' for n, one in enumerate(texts)]
    path = tmp_path / "a.json"
    path.write_text("\n".join(rows) if lines else f"[{','.join(rows)}]", encoding="utf-8-sig")
    posts, refused = rows_of(path)
    assert refused == []
    assert {post.text.replace("\n", "") for post in posts} == {"停水"}


def as_json(path: Path, form: str, records: Sequence[str]) -> Path:
    """Records as a list on one line, a list over many lines, a list within a document, or one a line."""
    between = "\n" if form == "lines" else "," if form == "one line" else ",\n  "
    whole = between.join(records)
    shapes = {
        "lines": "{}",
        "one line": "[{}]",
        "many lines": "[\n  {}\n]",
        "within": '{{"total": 3, "rows": [\n  {}\n]}}',
    }
    path.write_text(shapes[form].format(whole), encoding="utf-8")
    return path


@pytest.mark.parametrize(("form", "line"), [("lines", 2), ("one line", 1), ("many lines", 3), ("within", 3)])
@pytest.mark.parametrize(
    "broken", ['{"工单编号": "2", "诉求内容": }', '{"工单编号": "2" "诉求内容": "停电"}', '{"工单编号": "2']
)
def test_a_broken_record_costs_itself_only_and_is_named(tmp_path: Path, form: str, line: int, broken: str) -> None:
    good = [f'{{"工单编号": "{n}", "标题": "停水", "诉求内容": "停水[三天]，{{无人}}处理"}}' for n in (1, 3)]
    posts, refused = rows_of(as_json(tmp_path / "a.json", form, [good[0], broken, good[1]]))
    if form == "one line" and not broken.endswith("}"):  # where such a record ends nobody can say
        assert [str(row) for row in refused] == ["a.json 第 1 行：不是 JSON，此后未读"]
    else:
        assert [post.id for post in posts] == ["1", "3"]
        assert [str(row) for row in refused] == [f"a.json 第 {line} 行：不是 JSON"]


def test_of_a_list_that_was_cut_off_everything_before_the_cut_is_read(tmp_path: Path) -> None:
    rows = json.dumps([dict(zip(HEADER, row, strict=True)) for row in ROWS], ensure_ascii=False)
    path = tmp_path / "a.json"
    path.write_text(rows[:-20], encoding="utf-8")
    posts, refused = rows_of(path)
    assert ([post.id for post in posts], [row.reason for row in refused]) == ([ROWS[0][0]], ["不是 JSON，此后未读"])


def test_a_list_of_nothing_but_damage_is_not_searched_for_ever(tmp_path: Path) -> None:
    path = as_json(tmp_path / "a.json", "one line", ['{"工单编号": "1", "诉求内容": "停水"}', *['{"a": }'] * 500])
    posts, refused = rows_of(path)
    assert (len(posts), len(refused)) == (1, 100)
    assert refused[-1].reason == "不是 JSON，此后未读"


def test_a_configured_mapping_wins_and_columns_can_be_joined(tmp_path: Path) -> None:
    header = ["序号", "事项", "描述", "地点"]
    columns = Columns.configured([("columns.id", "序号"), ("columns.title", "事项"), ("columns.text", "描述+地点")])
    posts, _ = rows_of(as_csv(tmp_path / "a.csv", [header, ["7", "停电", "整栋楼停电", "南岗区"]]), columns)
    assert (posts[0].id, posts[0].text) == ("7", "整栋楼停电\n地点：南岗区")


def test_every_refused_row_names_file_row_and_reason_and_the_rest_comes_in(tmp_path: Path) -> None:
    bad = [
        ["", "无编号", "正文", "", ""],
        ["3", "无正文", "", "", ""],
        ["4", "好", "好的", "", ""],
        ["4", "重复", "重复", "", ""],
    ]
    posts, refused = rows_of(as_csv(tmp_path / "b.csv", [HEADER, *ROWS, *bad]))
    assert [post.id for post in posts] == ["2026112200001", "2026112200002", "4"]
    assert [str(row) for row in refused] == [
        "b.csv 第 4 行，id：缺少编号",
        "b.csv 第 5 行，text：缺少正文",
        "b.csv 第 7 行，id：编号“4”在本文件中重复",
    ]


def test_a_number_whose_last_digits_excel_has_lost_is_refused(tmp_path: Path) -> None:
    path = as_xlsx(tmp_path / "a.xlsx", [list(HEADER), [20261122000000012345, "停水", "三天", "", ""]])
    _, refused = rows_of(path)
    assert "末尾位数已丢失" in refused[0].reason


def test_without_numbers_a_second_import_still_brings_the_same_posts(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "a.csv", [["标题", "内容"], ["停水", "三天无人处理"], ["停电", "整栋楼"]])
    first, second = rows_of(path)[0], rows_of(path)[0]
    assert [post.key for post in first] == [post.key for post in second]
    assert len({post.key for post in first}) == 2


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.csv", "甲,乙\n1,2\n".encode(), "表头"),
        ("a.csv", b"", "表头"),
        ("a.xlsx", b"not a workbook", "XLSX"),
        ("a.json", b'{"a": }', "JSON"),
        ("a.pdf", b"%PDF", "不支持"),
        ("a.csv", bytes(range(128, 256)) * 40, "编码"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(NotAFeed, match=reason):
        rows_of(path)


def test_a_misspelt_field_in_the_mapping_is_refused() -> None:
    with pytest.raises(NotAFeed, match="不存在"):
        Columns.configured([("columns.titel", "标题")])


def drop(place: Path) -> Source:
    return Source("hotline-12345", str(place), kind=SourceKind.HOTLINE, vendor="12345热线")


LATER = timedelta(days=3650)


async def test_a_dropped_file_is_taken_once_and_the_same_cursor_gives_the_same_again(tmp_path: Path) -> None:
    as_csv(tmp_path / "1.csv", [HEADER, ROWS[0]])
    box, now = HotlineDrop(PlainReader()), NOW + LATER
    first = await box.take(drop(tmp_path), "", now)
    assert [entry.id for entry in first.entries] == ["2026112200001"]
    assert (await box.take(drop(tmp_path), "", now)) == first
    assert (await box.take(drop(tmp_path), first.cursor, now)).entries == ()
    as_csv(tmp_path / "0.csv", [HEADER, ROWS[1]])
    second = await box.take(drop(tmp_path), first.cursor, now)
    assert [entry.id for entry in second.entries] == ["2026112200002"]


async def test_an_old_file_moved_in_later_is_not_overlooked(tmp_path: Path) -> None:
    as_csv(tmp_path / "new.csv", [HEADER, ROWS[0]])
    first = await HotlineDrop(PlainReader()).take(drop(tmp_path), "", NOW + LATER)
    os.utime(as_csv(tmp_path / "old.csv", [HEADER, ROWS[1]]), (1, 1))
    second = await HotlineDrop(PlainReader()).take(drop(tmp_path), first.cursor, NOW + LATER)
    assert [entry.id for entry in second.entries] == ["2026112200002"]


async def test_a_file_still_being_written_waits_and_a_broken_one_holds_up_nobody(tmp_path: Path) -> None:
    (tmp_path / "0.xlsx").write_bytes(b"broken")
    as_csv(tmp_path / "1.csv", [HEADER, ROWS[0]])
    changed = datetime.fromtimestamp((tmp_path / "0.xlsx").stat().st_ctime, UTC)
    assert (await HotlineDrop(PlainReader()).take(drop(tmp_path), "", changed)).entries == ()
    taken = await HotlineDrop(PlainReader()).take(drop(tmp_path), "", changed + timedelta(minutes=1))
    assert len(taken.entries) == 1
    assert any("0.xlsx" in reason for reason in taken.reasons)


async def test_a_folder_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(NotAFeed, match="不存在"):
        await HotlineDrop(PlainReader()).take(drop(tmp_path / "none"), "", NOW)


async def test_the_way_a_petition_took_is_kept_where_the_source_names_nobody(tmp_path: Path) -> None:
    as_csv(tmp_path / "1.csv", [[*HEADER, "诉求来源"], [*ROWS[0], "微信小程序"]])
    for vendor, kept in (("", "微信小程序"), ("12345热线", "12345热线")):
        source = replace(drop(tmp_path), vendor=vendor)
        taken = await HotlineDrop(PlainReader()).take(source, "", NOW + LATER)
        [fresh] = fresh_entries(taken.entries, {}, NOW)
        assert post_of(source, fresh, NOW).vendor == kept
