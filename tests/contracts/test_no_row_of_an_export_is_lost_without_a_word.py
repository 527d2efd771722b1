"""A stray quotation mark, a second sheet, a wrapped list, a header in the middle: every petition is read or named."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import openpyxl
import pytest

from services.adapters.hotline import HotlineDrop
from services.domain.characters import tidy
from services.usecases.collecting.contract import NotAFeed
from tests.collecting_kit import PlainReader
from tests.contracts.test_hotline import HEADER, LATER, NOW, ROWS, as_csv, as_xlsx, drop, rows_of

TITLES = "工单编号,标题,诉求内容,受理时间\n"
PLAIN = [f"Q{n},停水,道里区停水第{n}天,2026-11-22\n" for n in range(3, 203)]


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def of_csv(tmp_path: Path, *lines: str) -> tuple[list[tuple[str, str]], list[str]]:
    posts, refused = rows_of(written(tmp_path / "a.csv", "".join((TITLES, *lines))))
    return [(post.id, post.text) for post in posts], [str(row) for row in refused]


@pytest.mark.parametrize(
    "behind",
    [
        [],
        ['Q900,停电,"整栋楼没电",2026-11-22\n'],
        ['Q900,停电,"整栋楼,没电",2026-11-22\n'],
        ['Q900,停电,他说"停电"两天,2026-11-22\n'],
        ['Q900,停电,水管接口是6",2026-11-22\n'],
        ['"Q900","停电","整栋楼没电","2026-11-22"\n'],
    ],
)
@pytest.mark.parametrize("between", [0, 1, 200])
def test_a_quotation_mark_that_never_closes_costs_no_row_behind_it(
    tmp_path: Path, behind: list[str], between: int
) -> None:
    open_cell = 'Q2,停水,"他说停水三天无人管,2026-11-22\n'
    posts, refused = of_csv(tmp_path, "Q1,停水,正常,2026-11-22\n", open_cell, *PLAIN[:between], *behind)
    expected = ["Q1", "Q2", *(f"Q{n}" for n in range(3, 3 + between)), *(["Q900"] if behind else [])]
    assert [name for name, _ in posts] == expected
    assert posts[1][1] == "他说停水三天无人管"
    assert refused == ["a.csv 第 3 行：引号没有成对，已按单行读入，请核对"]


@pytest.mark.parametrize("behind", [[], ['Q900,停电,"整栋楼没电",2026-11-22\n']])
def test_an_open_cell_whose_row_does_not_add_up_is_refused_by_its_line_alone(tmp_path: Path, behind: list[str]) -> None:
    posts, refused = of_csv(tmp_path, 'Q2,停水,"他说,停水,三天,2026-11-22\n', *PLAIN[:1], *behind)
    assert [name for name, _ in posts] == ["Q3", *(["Q900"] if behind else [])]
    assert refused == ["a.csv 第 2 行：引号没有成对，此行未读"]


@pytest.mark.parametrize("first", ["", "5", "A", "供热", "1" * 5000, "²"])
@pytest.mark.parametrize("second", ["", "6", "B", "停水", "2" * 5000, "³"])
def test_whatever_rows_begin_with_an_open_cell_loses_neither(tmp_path: Path, first: str, second: str) -> None:
    posts, refused = of_csv(tmp_path, f'{first},停水,"三天,2026-11-22\n', f'{second},停水,"四天",2026-11-22\n')
    read, told = "".join(text for _, text in posts), "".join(refused)
    assert "三天" in read or "第 2 行" in told
    assert "四天" in read or "第 3 行" in told or (not posts and "第 2 行" in told)  # of one record with the row above


def test_an_open_cell_in_every_row_loses_none(tmp_path: Path) -> None:
    posts, refused = of_csv(tmp_path, *(f'Q{n},停水,"停水第{n}天,2026-11-22\n' for n in range(300)))
    assert (len(posts), len(refused)) == (300, 300)


def test_letters_of_many_lines_and_marks_within_marks_are_read_as_before(tmp_path: Path) -> None:
    letter = "您好,\n我家停水,\n\n已经三天,无人处理,请来看看。\n谢谢"
    posts, refused = of_csv(
        tmp_path,
        f'Q1,停水,"{letter}",2026-11-22\n',
        'Q2,停水,"他说""停水""三天\n请处理",2026-11-22\n',
        'Q3,停水,"他说"停水"三天",2026-11-22\n',
        'Q4,"停"水","第一行\n第二行",2026-11-22\n',
        'Q5,停水,"第一行\n第二行",2026-11-22,,\n',
    )
    assert refused == []
    assert [text for _, text in posts] == [
        "您好,\n我家停水,\n已经三天,无人处理,请来看看。\n谢谢",
        '他说"停水"三天\n请处理',
        '他说停水"三天"',
        "第一行\n第二行",
        "第一行\n第二行",
    ]


LIKE_ROWS = ["\n2,3,4号楼都不热", "\n13812345678,张先生", "\n老人,小孩,都冷", "\n12,", "\n7,8号楼没水"]


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])
@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1", "问题如下：\n2,3,4号楼都不热，老人小孩受不了\n请尽快解决供热问题"),
        ("1", "都不热的有：\n2,3,4号楼"),
        ("20261122001", "孩子都冻感冒了，请回电：\n13812345678,张先生"),
        ("20261122001", "孩子都冻感冒了，请回电：\n13812345678,张先生,道里区"),
        ("A1", "都不热：\n3,4号楼\n5,6号楼\n7,8号楼"),
    ],
)
def test_lines_of_a_letter_that_look_like_rows_make_no_petitions(
    tmp_path: Path, number: str, text: str, quoting: int
) -> None:
    numbers = [int(one) if one.isdecimal() else one for one in (number, "2")]
    rows = [[numbers[0], "暖气不热", text], [numbers[1], "路灯", "学院路路灯坏了二十天，晚上很黑"]]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=quoting).writerows([HEADER[:3], *rows])  # type: ignore[arg-type]  # as below
    posts, refused = rows_of(tmp_path / "a.csv")
    assert ([(post.id, post.text) for post in posts], refused) == (
        [(str(row[0]), tidy(str(row[2]))) for row in rows],
        [],
    )


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("number", ["A{}", "{}", "20261122{:05}"])
def test_no_table_that_a_program_wrote_is_taken_for_a_broken_one(tmp_path: Path, number: str, quoting: int) -> None:
    dice = random.Random(20261122)
    words = ["停水", "三天", '"', "“他说”", ", ", ",", "\n", "14度", "3,5,7号楼", *LIKE_ROWS]
    rows = [
        [
            number.format(n),
            "停水",
            "".join(dice.choices(words, k=dice.randrange(1, 30))) + "。",
            "2026-11-22",
            "道里,南岗",
        ]
        for n in range(1, 500)
    ]
    with (tmp_path / "a.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=quoting).writerows([HEADER, *rows])  # type: ignore[arg-type]  # a constant of its own
    posts, refused = rows_of(tmp_path / "a.csv")
    assert (refused, [post.id for post in posts]) == ([], [row[0] for row in rows])
    assert [post.text for post in posts] == [tidy(row[2]) for row in rows]


def test_a_line_in_a_letter_that_looks_like_the_next_row_is_none_where_that_one_follows(tmp_path: Path) -> None:
    posts, refused = of_csv(
        tmp_path,
        '1,停水,"停水的有:\n2,8号楼,没水,三天\n谢谢",2026-11-22\n',
        "2,停电,整栋楼没电,2026-11-22\n",
        "3,停电,整栋楼没电,2026-11-22\n",
    )
    assert ([number for number, _ in posts], refused) == (["1", "2", "3"], [])


def test_rows_whose_quoted_cells_hold_delimiters_are_not_swallowed_either(tmp_path: Path) -> None:
    rows = [f'20261122{n:05},停水,"一楼,二楼,\n三楼",2026-11-22\n' for n in range(50)]
    posts, refused = of_csv(tmp_path, '2026112199999,停水,"他说停水,三天,2026-11-22\n', *rows)
    assert (len(posts), refused) == (50, ["a.csv 第 2 行：引号没有成对，此行未读"])


def test_a_refused_row_below_a_letter_of_many_lines_is_named_by_its_own_line(tmp_path: Path) -> None:
    _, refused = of_csv(tmp_path, 'Q1,停水,"一\n二\n三",2026-11-22\n', "Q2,缺正文,,\n")
    assert refused == ["a.csv 第 5 行，text：缺少正文"]


def workbook(path: Path, **sheets: list[list[str]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_every_sheet_with_a_header_is_read_and_one_without_is_named(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        模板=[HEADER],
        封面=[["12345 热线月报"], ["仅供内部使用"]],
        说明=[["填表说明"], ["工单编号", "不要改动"]],
        一月=[["一月工单"], HEADER, ROWS[0]],
        二月=[HEADER, ["", *ROWS[1][1:]], ROWS[1]],
        Sheet5=[],
    )
    posts, refused = rows_of(path)
    assert [post.id for post in posts] == [ROWS[0][0], ROWS[1][0]]
    assert [str(row) for row in refused] == [
        "a.xlsx 二月 第 2 行，id：缺少编号",
        "a.xlsx 说明 第 1 行：找不到表头：没有与列映射相符的一行",
    ]


def test_a_workbook_no_sheet_of_which_has_a_header_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotAFeed, match="找不到表头"):
        rows_of(workbook(tmp_path / "a.xlsx", 一=[["说明"]], 二=[]))


def test_a_workbook_with_macros_is_read_and_they_are_not(tmp_path: Path) -> None:
    posts, refused = rows_of(as_xlsx(tmp_path / "a.xlsx", [list(HEADER), list(ROWS[0])]).rename(tmp_path / "a.xlsm"))
    assert (len(posts), refused) == (1, [])


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_header_in_the_middle_is_no_petition_and_may_order_the_columns_anew(tmp_path: Path, form: str) -> None:
    turned = [HEADER[1], HEADER[0], *HEADER[2:]]
    second = [ROWS[1][1], ROWS[1][0], *ROWS[1][2:]]
    rows = [HEADER, ROWS[0], HEADER, ["Q5", *ROWS[0][1:]], turned, second]
    path = as_csv(tmp_path / "a.csv", rows) if form == "csv" else as_xlsx(tmp_path / "a.xlsx", [list(r) for r in rows])
    posts, refused = rows_of(path)
    assert (refused, [post.id for post in posts]) == ([], [ROWS[0][0], "Q5", ROWS[1][0]])


def test_a_number_that_was_kept_from_excel_is_that_number(tmp_path: Path) -> None:
    posts, refused = of_csv(tmp_path, '="0026112200001",停水,停水三天,2026-11-22\n')
    assert (posts, refused) == ([("0026112200001", "停水三天")], [])


def test_a_file_that_is_something_else_than_its_name_says_is_told_as_what_it_is(tmp_path: Path) -> None:
    renamed = as_xlsx(tmp_path / "a.xlsx", [list(HEADER), list(ROWS[0])]).rename(tmp_path / "a.csv")
    locked = tmp_path / "b.xlsx"
    locked.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    with pytest.raises(NotAFeed, match=r"请把扩展名改为 \.xlsx"):
        rows_of(renamed)
    with pytest.raises(NotAFeed, match="设了密码的工作簿"):
        rows_of(locked)


async def test_what_cannot_be_read_in_a_folder_is_named_with_what_to_do(tmp_path: Path) -> None:
    for name in ("a.xls", "b.et", "c.ods", "d.zip", "e.docx"):
        (tmp_path / name).write_bytes(b"whatever")
    for name in (".hidden.csv", "~$a.xlsx", "f.csv.part", "Thumbs.db"):  # what systems leave there is nobody's export
        (tmp_path / name).write_bytes(b"whatever")
    (tmp_path / "十一月").mkdir()
    as_csv(tmp_path / "十一月" / "1.csv", [HEADER, *ROWS])
    as_csv(tmp_path / "2.csv", [HEADER, ROWS[0]])
    taken = await HotlineDrop(PlainReader()).take(drop(tmp_path), "", NOW + LATER)
    assert [entry.id for entry in taken.entries] == [ROWS[0][0]]
    save_as = "请在表格软件中另存为 XLSX 或 CSV"
    assert sorted(taken.reasons) == [
        f"a.xls：不支持的文件类型“.xls”，{save_as}",
        f"b.et：不支持的文件类型“.et”，{save_as}",
        f"c.ods：不支持的文件类型“.ods”，{save_as}",
        "d.zip：不支持的文件类型“.zip”，请解压后使用其中的文件",
        "e.docx：不支持的文件类型“.docx”，请用 CSV、XLSX 或 JSON",
        "十一月：不读取子文件夹中的文件，请移到上一级文件夹",
    ]
    again = await HotlineDrop(PlainReader()).take(drop(tmp_path), taken.cursor, NOW + LATER)
    assert (again.reasons, again.there) == ((), taken.there)
