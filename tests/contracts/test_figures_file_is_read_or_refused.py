"""A file for `report check`: read with its exact digits, or refused with line, field and reason."""

from pathlib import Path

import pytest

from services.adapters.figures_file import BadFigures, check_file

GOOD = """\
figures:
  - {id: all, value: 1000, unit: 件, quote: 收到1000件}
  - {id: web, value: 902, unit: 件, name_zh: 网络}
  - {id: talks, value: 50000, unit: 人次, quote: 接待5万余人次}
  - {id: visits, value: 20, unit: 人次, bound: 以上}
relations:
  - {id: r1, kind: percent, members: {part: web, total: all, decimals: 2}, stated: 90.20, holds: false, note: ignored}
  - {id: r2, kind: percent, members: {part: web, total: all, decimals: 2}, stated: 90.25}
  - {id: r3, kind: sum, members: {parts: [talks, visits], total: 50020}, stated: null}
"""


def test_expected_verdicts_in_the_file_are_ignored(tmp_path: Path) -> None:
    found = check_file(written(tmp_path, GOOD))
    assert [v.as_json() | {"why": ""} for v in found] == [
        {"id": "r1", "verdict": "holds", "stated": 90.2, "why": ""},
        {"id": "r2", "verdict": "wrong", "stated": 90.25, "correct": 90.2, "why": ""},
        {"id": "r3", "verdict": "not_printed", "stated": None, "why": ""},
    ]


def test_a_bound_printed_in_the_quote_counts_as_declared(tmp_path: Path) -> None:
    text = GOOD.replace("[talks, visits], total: 50020", "[talks, all], total: 51000")
    assert check_file(written(tmp_path, text))[2].verdict == "not_printed"


@pytest.mark.parametrize(
    ("change", "line", "field"),
    [
        (("value: 902", "value: 9,021"), 3, "021"),
        (("value: 902", "value: '9,021'"), 3, "web.value"),
        (("value: 902", "value: yes"), 3, "web.value"),
        (("value: 902", "value: .inf"), 3, "web.value"),
        (("value: 902", "value: 1" + "0" * 30), 3, "web.value"),
        (("id: web", "id: all"), 3, "figures[2].id"),
        (("part: web, total: all, decimals: 2}, stated: 90.25", "part: web}, stated: 90.25"), 8, "r2.members.total"),
        (("kind: sum", "kind: summe"), 9, "r3.kind"),
        (("[talks, visits]", "[talks, nobody]"), 9, "r3.members.parts.1"),
        (("members: {parts: [talks, visits], total: 50020}", "members: 7"), 9, "r3.members"),
        (("stated: 90.25", "stated: plenty"), 8, "r2.stated"),
        (("relations:", "relation:"), 1, "relations"),
        (("  - {id: r2", "  - [id: r2"), 8, "-"),
        (("id: all, value", "id: all, id: all, value"), 2, "id"),
    ],
)
def test_bad_input_is_one_clear_line(tmp_path: Path, change: tuple[str, str], line: int, field: str) -> None:
    with pytest.raises(BadFigures) as refusal:
        check_file(written(tmp_path, GOOD.replace(*change)))
    message = str(refusal.value)
    assert "\n" not in message
    assert f"figures.yaml:{line}: " in message
    assert refusal.value.field.startswith(field)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"just words",
        b"- a list",
        b"figures: &a [{id: x, value: 1}]\nrelations: *a\n",
        b"relations: " + b"[" * 5000,
        b"!!python/object/apply:os.system ['true']",
    ],
)
def test_what_is_no_report_at_all_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "figures.yaml"
    path.write_bytes(content)
    with pytest.raises(BadFigures):
        check_file(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFigures):
        check_file(tmp_path / "nothing.yaml")


def written(folder: Path, text: str) -> Path:
    path = folder / "figures.yaml"
    path.write_text(text, encoding="utf-8")
    return path
