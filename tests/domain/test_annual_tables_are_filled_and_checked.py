"""The three eras: every row there, filled from ledger and entries, checked by their rules, never repaired."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.layouts import REPORTS, layout_names, load_layout
from config.reading import BadConfig
from services.domain.report import (
    AnnualReport,
    BadFigure,
    EnteredFigure,
    IncidentFact,
    Layout,
    Office,
    PublicationFact,
    Standing,
    Unit,
    accept,
    fill,
)
from services.domain.report.filling import Year
from services.domain.vocabulary import PublicationForm

NOW = datetime(2016, 6, 1, tzinfo=UTC)
CITY = Unit("230100", "本市")
OFFICE = Office(CITY, (Unit("A", "甲局"), Unit("B", "乙局")))
OLD, TRIAL, NEW = (load_layout(name) for name in ("2014", "2019", "2021"))


def entry(cell: str, value: float | str | None, unit: str = "A", year: int = 2016, **more: str) -> EnteredFigure:
    number = None if value is None else Decimal(str(value))
    return EnteredFigure(unit, year, cell, number, "somebody", NOW, **more)


def filled(layout: Layout, *entries: EnteredFigure, unit: Unit = CITY, year: int = 2016) -> AnnualReport:
    incidents = [IncidentFact("i", "A", NOW)]
    told = [PublicationFact("i", "A", PublicationForm.PRESS_CONFERENCE, NOW, True)]
    before = Year(year - 1, entered=[e for e in entries if e.year == year - 1])
    now = Year(year, incidents, told, [e for e in entries if e.year == year])
    return fill(layout, OFFICE, unit, (before, now), NOW)


def standing(report: AnnualReport, rule: str) -> set[Standing]:
    return {f.standing for f in report.findings if f.rule == rule}


def test_there_is_a_layout_for_each_era() -> None:
    assert layout_names() == ["2014", "2019", "2021"]
    assert [(lo.first_year, lo.last_year) for lo in (OLD, TRIAL, NEW)] == [(2014, 2018), (2019, 2020), (2021, None)]


def test_the_2014_form_has_nine_parts_and_every_numbered_row() -> None:
    rows = [row for sheet in OLD.sheets() for row in sheet.rows if not row.internal]
    assert [row.num for row in rows if not row.parent] == list("一二三四五六七八九")
    assert len(rows) == 65
    assert len([row for row in rows if row.id.startswith("3.3.")]) == 14


def test_the_2021_form_counts_21_results_and_the_trial_form_19() -> None:
    for layout, leaves in ((NEW, 21), (TRIAL, 19)):
        total = next(rule for rule in layout.rules if rule.id == "A2")
        assert len(total.right) == leaves


def test_part_two_is_filled_from_the_ledger_and_the_rest_stays_blank() -> None:
    report = filled(OLD)
    assert report.cells["2.1"].value == 1
    assert report.cells["2.2.1"].value == report.cells["2.2.1.a"].value == 1
    assert report.cells["2.2.4"].value == 0
    assert report.cells["3.1"].value is None
    assert "1" not in report.cells


def test_the_city_is_the_sum_of_its_units_and_blank_only_where_all_are() -> None:
    report = filled(OLD, entry("3.1", 7), entry("3.1", 5, "B"), entry("3.1.1", 3, "B"))
    assert (report.cells["3.1"].value, report.cells["3.1.1"].value) == (12, 3)
    assert report.cells["3.1.2"].value is None
    assert filled(OLD, entry("3.1", 7), entry("3.1", 5, "B"), unit=OFFICE.units[1]).cells["3.1"].value == 5


def test_a_unit_outside_the_list_is_not_lost_from_the_total() -> None:
    assert filled(OLD, entry("3.1", 7), entry("3.1", 4, "230199")).cells["3.1"].value == 11


def test_press_conferences_without_an_incident_are_added_to_those_of_the_ledger() -> None:
    cell = filled(OLD, entry("2.2.1", 21)).cells["2.2.1"]
    assert (cell.value, cell.ledger, cell.entered) == (22, 1, 21)


def test_a_sum_that_does_not_add_up_is_reported_and_not_repaired() -> None:
    parts = [entry(f"3.1.{n}", n) for n in range(1, 5)]
    assert standing(filled(OLD, entry("3.1", 10), *parts), "R1") == {Standing.HOLDS}
    report = filled(OLD, entry("3.1", 11), *parts)
    assert standing(report, "R1") == {Standing.BROKEN}
    assert next(f.text for f in report.findings if f.rule == "R1") == (
        "收到申请数 为 11，应等于 当面申请数等 4 项之和 10，差 1"
    )
    assert report.cells["3.1"].value == 11
    assert standing(filled(OLD, *parts), "R1") == {Standing.UNCHECKED}


def test_an_inexact_figure_is_marked_in_every_total_and_never_checked_exactly() -> None:
    report = filled(OLD, entry("3.1", 10, bound="at_least"), *[entry(f"3.1.{n}", n) for n in range(1, 5)])
    assert report.cells["3.1"].bound == "at_least"
    assert standing(report, "R1") == {Standing.UNCHECKED}


def test_a_part_larger_than_its_whole_is_reported() -> None:
    assert Standing.BROKEN in standing(filled(OLD, entry("1.1", 5), entry("1.1.a", 6)), "R8")


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.lists(st.integers(0, 50), min_size=6, max_size=6), min_size=22, max_size=22), st.integers(0, 21))
def test_a_balanced_2021_table_passes_every_hard_rule_and_one_changed_cell_breaks_one(
    numbers: list[list[int]], changed: int
) -> None:
    leaves = next(rule for rule in NEW.rules if rule.id == "A2").right
    columns = ["natural", "company", "research", "charity", "legal", "other"]
    cells: dict[str, int] = {}
    for row, values in zip([*leaves, "t3.carry_out"], numbers, strict=True):
        cells |= {f"{row}.{c}": v for c, v in zip([*columns, "total"], [*values, sum(values)], strict=True)}
    for column in [*columns, "total"]:
        cells[f"t3.r7.{column}"] = sum(cells[f"{leaf}.{column}"] for leaf in leaves)
        cells[f"t3.carry_in.{column}"] = 0
        cells[f"t3.new.{column}"] = cells[f"t3.r7.{column}"] + cells[f"t3.carry_out.{column}"]
    good = filled(NEW, *[entry(c, v, year=2022) for c, v in cells.items()], year=2022)
    assert all(standing(good, rule) == {Standing.HOLDS} for rule in ("A1", "A2", "A3", "A4"))
    broken = cells | {f"{[*leaves, 't3.carry_out'][changed]}.natural": 51}
    bad = filled(NEW, *[entry(c, v, year=2022) for c, v in broken.items()], year=2022)
    assert any(Standing.BROKEN in standing(bad, rule) for rule in ("A1", "A2", "A3"))


def test_what_is_carried_in_is_what_last_year_carried_out() -> None:
    last = entry("t3.carry_out.total", 9, year=2021)
    assert Standing.HOLDS in standing(filled(NEW, last, entry("t3.carry_in.total", 9, year=2022), year=2022), "A5")
    assert Standing.BROKEN in standing(filled(NEW, last, entry("t3.carry_in.total", 8, year=2022), year=2022), "A5")


def test_a_fee_has_to_be_described_in_part_six() -> None:
    fee = entry("t2.8.fee.amount", 1.5, year=2022)
    assert standing(filled(NEW, fee, year=2022), "A8") == {Standing.BROKEN}
    told = entry("text.六", None, year=2022, text="收取信息处理费1.5万元。")
    assert standing(filled(NEW, fee, told, year=2022), "A8") == {Standing.HOLDS}


def test_a_unit_that_has_reported_leaves_nothing_blank_in_the_2021_form() -> None:
    report = filled(NEW, entry("t3.new.natural", 3, year=2022), year=2022)
    assert report.cells["t3.new.legal"].value == 0
    assert filled(NEW, year=2022).cells["t3.new.legal"].value is None


def test_since_2019_the_answers_are_told_in_part_one() -> None:
    report = filled(NEW, entry("text.一", None, text="主动公开……"), year=2016)
    assert "回应公众关注热点或重大舆情1次" in report.texts["一"]
    assert report.texts["一"].endswith("主动公开……")


def test_a_form_of_another_era_is_filled_with_a_remark() -> None:
    assert any("适用于 2014 至 2018 年度" in note for note in filled(OLD, year=2026).notes)
    assert not any("适用于" in note for note in filled(OLD).notes)


def test_a_row_whose_wording_nobody_has_seen_is_named_as_it_is_printed() -> None:
    [told] = [note for note in filled(OLD).notes if note.startswith("行名未经核实")]
    assert "政府公报公开政府信息数；政府网站公开政府信息数" in told


@pytest.mark.parametrize(
    ("figure", "reason"),
    [
        (entry("3.1", 1, "230100"), "相加"),
        (entry("2.1", 1), "台账"),
        (entry("2.2", 1), "没有这一格"),
        (entry("nothing", 1), "没有这一格"),
        (entry("3.1", -1), "负数"),
        (entry("3.1", 1.5), "整数"),
        (entry("3.1", "NaN"), "范围"),
        (entry("3.1", "1e300"), "范围"),
        (entry("3.1", 1, bound="roughly"), "约数"),
    ],
)
def test_what_may_not_be_entered_is_refused_with_the_reason(figure: EnteredFigure, reason: str) -> None:
    with pytest.raises(BadFigure, match=reason):
        accept(OLD, CITY.code, figure)


def test_amounts_of_money_take_decimals_and_changes_may_be_negative() -> None:
    accept(OLD, CITY.code, entry("8.4", 107.2))
    accept(TRIAL, CITY.code, entry("t2.5.licence.change", -3))


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda text: text.replace('parent = "3.1"', 'parent = "3.9"', 1), "3.1.1"),
        (lambda text: text.replace('id = "3.1.2"', 'id = "3.1.1"'), "3.1.1"),
        (lambda text: text.replace('left = ["3.1"]', 'left = ["3.7"]'), "rule.R1"),
        (lambda text: text.replace('level = "hard"', 'level = "firm"', 1), "rule.R1"),
        (lambda text: text.replace("answered_incidents", "answers", 1), "2.1"),
        (lambda text: text.replace('id = "2014"', 'id = "2015"'), "id"),
        (lambda text: text.replace("first_year", "frist_year"), "frist_year"),
    ],
)
def test_a_layout_that_points_nowhere_is_refused(tmp_path: Path, change: Callable[[str], str], key: str) -> None:
    text = (REPORTS / "2014.toml").read_text(encoding="utf-8")
    (tmp_path / "2014.toml").write_text(change(text), encoding="utf-8")
    with pytest.raises(BadConfig) as refusal:
        load_layout("2014", tmp_path)
    assert refusal.value.key == key
