"""Numerals with their bounds, and the figures of the measurement."""

import pytest

from services.domain.casualties.scoring import evaluate_casualties, label_value
from services.domain.numerals import halve_width, read_number, read_quantity


@pytest.mark.parametrize(
    ("words", "value", "bound"),
    [
        ("3", 3, ""),
        ("两", 2, ""),
        ("十二", 12, ""),
        ("一千零五十", 1050, ""),
        ("一万五", 15_000, ""),
        ("三百二", 320, ""),
        ("三二三", 323, ""),
        ("1,234", 1234, ""),
        ("1.2亿", 120_000_000, ""),
        ("三十余", 30, "at_least"),
        ("十几", 10, "at_least"),
        ("30多万", 300_000, "at_least"),
        ("数百", 100, "at_least"),
        ("上百", 100, "at_least"),
        ("至少4", 4, "at_least"),
        ("5000万以上", 50_000_000, "at_least"),
        ("近百", 100, "about"),
        ("约400", 400, "about"),
        ("七八十", 80, "about"),
        ("3至5", 5, "about"),
        ("不到10", 10, "at_most"),
        ("一亿两千万", 120_000_000, ""),
        ("三亿五千万", 350_000_000, ""),
        ("两万三千五百", 23_500, ""),
        ("十二亿六千万", 1_260_000_000, ""),
        ("两万亿", 2_000_000_000_000, ""),
        ("1亿2000万", 120_000_000, ""),
        ("1亿两千万", 120_000_000, ""),
        ("2万3千", 23_000, ""),
        ("3万5千余", 35_000, "at_least"),
        ("1千5百万", 15_000_000, ""),
        ("1万零500", 10_500, ""),
        ("一百零三", 103, ""),
        ("上亿", 100_000_000, "at_least"),
    ],
)
def test_a_numeral_keeps_its_value_and_its_bound(words: str, value: float, bound: str) -> None:
    quantity = read_quantity(words)
    assert quantity is not None
    assert (quantity.value, quantity.bound) == (value, bound)


@pytest.mark.parametrize("words", ["", "人", "余", "几", "三x", "abc"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert read_number(words) is None


def test_half_width_keeps_every_position() -> None:
    assert halve_width("死亡１２人，损失３．５％") == "死亡12人，损失3.5%"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("", 0),
        ("8人", 8),
        ("4死", 4),
        ("一男一女", 2),
        ("近40人", 40),
        ("最少13人受伤", 13),
        ("上百名", 100),
        ("３１", 31),
    ],
)
def test_a_printed_label_is_a_number(printed: str, value: int) -> None:
    assert label_value(printed) == value


def test_the_figures_count_right_false_and_missed() -> None:
    rows = [
        {"id": "a", "text": "火灾致3人死亡,5人受伤。", "deaths": "3人", "injured": "5人"},
        {"id": "b", "text": "火灾致3人死亡。", "deaths": "2人", "injured": ""},
        {"id": "c", "text": "没有造成人员伤亡。", "deaths": "", "injured": ""},
        {"id": "d", "text": "暖气不热。", "deaths": "1人", "injured": ""},
    ]
    figures = evaluate_casualties(rows)
    assert figures["deaths"] == {"precision": 0.5, "recall": 0.3333, "right": 1, "false": 1, "missed": 2}
    assert figures["injuries"] == {"precision": 1.0, "recall": 1.0, "right": 1, "false": 0, "missed": 0}
    assert figures["wrong"] == [(1, "deaths", 2, 3), (3, "deaths", 1, 0)]
