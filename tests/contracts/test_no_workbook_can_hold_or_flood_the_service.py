"""An export that would take all time or memory is ended by its limit, named, and stays where it lies."""

from __future__ import annotations

import asyncio
import os
import re
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.adapters.hotline import HotlineDrop
from services.adapters.parsing.exchange import Task
from services.adapters.parsing.pool import Limits, ParsingPool
from tests.contracts.test_hotline import HEADER, LATER, NOW, ROWS, as_csv, as_xlsx, drop
from tests.contracts.test_no_row_of_an_export_is_lost_without_a_word import workbook

MIB = 1024 * 1024


@asynccontextmanager
async def reading(limits: Limits) -> AsyncIterator[tuple[HotlineDrop, ParsingPool]]:
    pool = ParsingPool(1, limits, of=Task.EXPORT)
    yield HotlineDrop(pool), pool
    await pool.close()


def put_in(path: Path, part: str, found: str, instead: str) -> Path:
    """The workbook with something else in one of its parts."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[part], count = re.subn(found.encode(), instead.encode(), parts[part], count=1)
    assert count == 1
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return path


def endless(path: Path, good: int = 1) -> Path:
    """Between two rows of a sheet lie 900 thousand million empty ones."""
    as_xlsx(path, [list(HEADER), *([f"A{n}", *ROWS[0][1:]] for n in range(good)), ["Z", *ROWS[0][1:]]])
    last = f'<row r="{good + 2}"'
    return put_in(path, "xl/worksheets/sheet1.xml", last, '<row r="900000000000"')


def flooding(path: Path, mebibytes: int) -> Path:
    """One cell that is a thousand times larger than the file."""
    as_xlsx(path, [list(HEADER), ["A1", "停水", "TEXT", "", ""]])
    return put_in(path, "xl/worksheets/sheet1.xml", "TEXT", "停" * (mebibytes * MIB // 3))


async def turns() -> int:
    """How often the loop comes round until it is told to stop."""
    count = 0
    try:
        while True:
            await asyncio.sleep(0.01)
            count += 1
    except asyncio.CancelledError:
        return count


async def test_a_workbook_that_never_ends_is_ended_and_the_file_beside_it_is_read(tmp_path: Path) -> None:
    endless(tmp_path / "1.xlsx")
    as_csv(tmp_path / "2.csv", [HEADER, ROWS[1]])
    async with reading(Limits(seconds=1.0)) as (box, pool):
        turning = asyncio.create_task(turns())
        taken = await box.take(drop(tmp_path), "", NOW + LATER)
        turning.cancel()
        assert await turning > 20, "the service went on"
        assert [entry.id for entry in taken.entries] == [ROWS[1][0]]
        assert taken.reasons == ("1.xlsx：解析超过 1 秒处理器时间，已终止，请分成几个较小的文件",)
        assert (pool.killed, pool.opened, pool.connected) == (1, 0, 0)
        assert taken.there is not None
        assert {name.split()[-1] for name in taken.there} == {"1.xlsx", "2.csv"}
        again = await box.take(drop(tmp_path), taken.cursor, NOW + LATER)
        assert (again.entries, again.reasons, again.there) == ((), (), taken.there), "told once, and never lost"


async def test_a_workbook_that_unpacks_into_all_memory_is_ended_by_its_limit(tmp_path: Path) -> None:
    assert flooding(tmp_path / "1.xlsx", 120).stat().st_size < MIB
    as_csv(tmp_path / "2.csv", [HEADER, ROWS[1]])
    async with reading(Limits(memory_mib=256)) as (box, pool):
        taken = await box.take(drop(tmp_path), "", NOW + LATER)
        assert [entry.id for entry in taken.entries] == [ROWS[1][0]]
        assert taken.reasons == ("1.xlsx：解析超出 256 MiB 内存限额，已终止，请分成几个较小的文件",)
        assert pool.peak_kib < 256 * 1024


async def test_what_came_before_the_end_is_kept_and_counted(tmp_path: Path) -> None:
    endless(tmp_path / "1.xlsx", good=250)
    async with reading(Limits(seconds=2.0)) as (box, _):
        heard: list[int] = []
        export = await box.read(drop(tmp_path), tmp_path / "1.xlsx", NOW, heard.append)
    assert [entry.id for entry in export.entries] == [f"A{n}" for n in range(200)]
    assert heard == [100, 100]
    assert export.ending.endswith("请分成几个较小的文件；此前的 200 条已读入")


async def test_every_form_of_export_is_read_far_away_as_it_is_here(tmp_path: Path) -> None:
    as_csv(tmp_path / "1.csv", [HEADER, *ROWS, ["", "无编号", "正文", "", ""]])
    as_xlsx(tmp_path / "2.xlsx", [list(HEADER), *([f"B{row[0]}", *row[1:]] for row in ROWS)])
    (tmp_path / "3.jsonl").write_text('{"工单编号": "C1", "诉求内容": "停水"}\n{"工单编号": }\n', encoding="utf-8")
    (tmp_path / "4.json").write_bytes(b"")
    async with reading(Limits()) as (box, pool):
        taken = await box.take(drop(tmp_path), "", NOW + LATER)
        assert (pool.killed, pool.opened, pool.connected) == (0, 0, 0)
    assert [entry.id for entry in taken.entries] == [ROWS[0][0], ROWS[1][0], *(f"B{row[0]}" for row in ROWS), "C1"]
    assert taken.reasons == ("1.csv 第 4 行，id：缺少编号", "3.jsonl 第 2 行：不是 JSON", "4.json：不是 JSON")


async def test_a_workbook_damaged_in_its_second_sheet_brings_the_rows_of_its_first(tmp_path: Path) -> None:
    path = workbook(tmp_path / "1.xlsx", 一月=[HEADER, ROWS[0]], 二月=[HEADER, ROWS[1]])
    put_in(path, "xl/worksheets/sheet2.xml", "</sheetData>", "")
    async with reading(Limits()) as (box, _):
        export = await box.read(drop(tmp_path), path, NOW)
    assert [entry.id for entry in export.entries] == [ROWS[0][0], ROWS[1][0]]
    assert export.ending == "不是可读的 XLSX 文件（ParseError）；此前的 2 条已读入"


def rows(count: int) -> Iterator[list[str]]:
    yield from ([f"2026112{n:06}", "停水", "停水三天" * 100, "2026-11-22", "道里区"] for n in range(count))


async def test_a_file_larger_than_a_pipe_and_one_that_is_gone_break_nothing(tmp_path: Path) -> None:
    as_csv(tmp_path / "1.csv", [HEADER, *rows(3_000)])
    async with reading(Limits()) as (box, _):
        export = await box.read(drop(tmp_path), tmp_path / "1.csv", NOW)
        assert (len(export.entries), export.ended) == (3_000, "")
        gone = await box.read(drop(tmp_path), tmp_path / "2.csv", NOW)
        assert "No such file" in gone.ended
        assert len((await box.read(drop(tmp_path), tmp_path / "1.csv", NOW)).entries) == 3_000


async def test_a_name_that_is_no_text_is_shown_all_the_same(tmp_path: Path) -> None:
    path = Path(os.fsdecode(str(tmp_path).encode() + b"/" + "工单.csv".encode("gbk")))
    as_csv(path, [HEADER, ["", *ROWS[0][1:]]])
    async with reading(Limits()) as (box, _):
        taken = await box.take(drop(tmp_path), "", NOW + LATER)
    assert taken.reasons == ("\\xb9\\xa4\\xb5\\xa5.csv 第 2 行，id：缺少编号",)
