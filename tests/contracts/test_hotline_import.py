"""`huiying import hotline FILE`: once, twice, with refused rows, and with a file that is none."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl

ROWS = "工单编号,标题,诉求内容,受理时间\n1,停水,停水三天,2026-11-20 08:05\n2,停电,整栋楼停电,2026-11-20 09:00\n"


def huiying(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HUIYING_DATA_DIR": str(data), "LANG": "C.UTF-8"}
    command = [sys.executable, "-c", "from services.cli import main; main()", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_an_export_comes_in_once_an_edit_is_an_edit_and_a_bad_row_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(ROWS, encoding="utf-8")
    first = huiying(tmp_path, "import", "hotline", str(file), "--json")
    assert first.returncode == 0, first.stderr
    assert counts(first) == {"new": 2, "edited": 0, "known": 0, "refused": 0}
    file.write_text(ROWS.replace("停水三天", "停水四天") + "3,缺正文,,\n", encoding="utf-8")
    second = huiying(tmp_path, "import", "hotline", str(file))
    assert second.returncode == 1
    assert second.stdout.splitlines() == [
        "拒收  export.csv 第 4 行，text：缺少正文",
        "新增 0 条，更新 1 条，已有 1 条，拒收 1 行",
    ]


def test_a_bad_line_of_json_lines_is_refused_by_its_number_and_the_others_come_in(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    lines = ['{"工单编号":"1","诉求内容":"停水三天"}', "", '{"工单编号":', '{"工单编号":"2","诉求内容":"整栋楼停电"}']
    file.write_text("\n".join(lines), encoding="utf-8")
    done = huiying(tmp_path, "import", "hotline", str(file))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "拒收  export.jsonl 第 3 行：不是 JSON",
        "新增 2 条，更新 0 条，已有 0 条，拒收 1 行",
    ]


def test_of_a_file_that_breaks_off_what_came_before_is_brought_in_and_the_end_is_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["工单编号", "诉求内容"])
    book.worksheets[0].append(["1", "停水三天"])
    book.save(tmp_path / "whole.xlsx")
    with zipfile.ZipFile(tmp_path / "whole.xlsx") as whole, zipfile.ZipFile(tmp_path / "export.xlsx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, whole.read(name).replace(b"</sheetData>", b""))
    done = huiying(tmp_path, "import", "hotline", str(tmp_path / "export.xlsx"))
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "未读完  export.xlsx：不是可读的 XLSX 文件（ParseError）；此前的 1 条已读入",
        "新增 1 条，更新 0 条，已有 0 条，拒收 0 行",
    ]


def test_a_file_that_is_no_export_is_one_line_and_exit_2(tmp_path: Path) -> None:
    file = tmp_path / "export.xlsx"
    file.write_bytes(b"not a workbook")
    for done in (
        huiying(tmp_path, "import", "hotline", str(file)),
        huiying(tmp_path, "import", "hotline", "missing.csv"),
    ):
        assert done.returncode == 2
        assert len(done.stderr.strip().splitlines()) == 1
