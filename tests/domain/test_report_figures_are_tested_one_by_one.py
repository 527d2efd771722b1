"""The checker tests every cell against its own numbers; it reports and never repairs."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.domain.figures import BadRelation, Document, Figure, Relation, Verdict, check
from services.domain.figures.amounts import rounded


def judge(kind: str, members: dict[str, Any], stated: Any = None, figures: dict[str, Any] | None = None) -> Verdict:
    """One relation over figures given as number, (number, unit) or (number, unit, bound)."""
    known = {}
    for name, raw in (figures or {}).items():
        value, unit, bound = (*raw, "", "")[:3] if isinstance(raw, tuple) else (raw, "", "")
        known[name] = Figure(name, Decimal(str(value)), unit, bound)
    printed = Decimal(str(stated)) if isinstance(stated, int | float) else stated
    return check(Document(known, (Relation("r", kind, exact(members), printed),)))[0]


def exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: exact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [exact(inner) for inner in value]
    return Decimal(str(value)) if isinstance(value, int | float) else value


VERDICTS = [
    ("sum", {"parts": [1, 2], "total": 3}, 3, "holds", None),
    ("sum", {"parts": [1, 2], "total": 4}, 4, "wrong", 3),
    ("sum", {"parts": [1, 2], "total": 3}, 4, "wrong", 3),
    ("sum", {"parts": [0.1, 0.2], "total": 0.3}, None, "holds", None),
    ("sum", {"parts": [1, 2]}, None, "not_printed", None),
    ("percent", {"part": 1, "total": 8, "decimals": 1, "rounding": "half_up"}, 12.5, "holds", None),
    ("percent", {"part": 1, "total": 8, "decimals": 0, "rounding": "half_up"}, 13, "holds", None),
    ("percent", {"part": 1, "total": 8, "decimals": 0, "rounding": "half_even"}, 13, "wrong", 12),
    ("percent", {"part": 1, "total": 8, "decimals": 0, "rounding": "half_even"}, 12, "holds", None),
    ("percent", {"part": 1, "total": 8, "decimals": 0, "rounding": "half_up"}, 12, "wrong", 13),
    ("percent", {"part": 29, "total": 8000, "decimals": 3, "rounding": "half_up"}, 0.363, "holds", None),
    ("percent", {"part": 219, "total": 1000, "decimals": 2, "rounding": "half_up"}, 21.9, "holds", None),
    ("percent", {"part": 2, "total": 3, "decimals": 0, "rounding": "half_up"}, 66.67, "holds", None),
    ("percent", {"part": 0, "total": 0, "decimals": 0}, 0, "inconsistent", None),
    ("percent", {"part": 1, "total": 4, "decimals": 0}, None, "not_printed", None),
    ("percent_column_sum", {"percents": [33.3, 33.3, 33.4]}, 100, "holds", None),
    ("percent_column_sum", {"percents": [33.3, 33.3, 33.3]}, 100, "holds", None),
    ("percent_column_sum", {"percents": [33.3, 33.3, 33.1]}, 100, "wrong", 99.7),
    ("percent_column_sum", {"percents": [90, 5.56, 4.17, 0.06]}, 100, "wrong", 99.79),
    ("subset", {"part": 3, "total": 3}, None, "holds", None),
    ("subset", {"part": 4, "total": 3}, None, "wrong", 3),
    ("equal", {"a": 4, "b": 4}, None, "holds", None),
    ("equal", {"a": 4, "b": 5}, None, "wrong", 4),
    ("inconsistent_count", {"a": 4, "b": 5}, None, "inconsistent", None),
    ("inconsistent_count", {"a": 5, "b": 5}, None, "holds", None),
    ("growth", {"now": 150, "before": 100, "rate": "+50%"}, 50, "holds", None),
    ("growth", {"now": 88, "before": 100, "rate": "-12%"}, 12, "holds", None),
    ("growth", {"now": 150, "before": 100, "rate": "+33%"}, 33, "wrong", 50),
    ("growth", {"now": 88, "before": 100, "rate": "下降12%"}, 12, "holds", None),
    ("growth", {"now": 88, "before": 100, "rate": "−12%"}, None, "holds", None),
    ("growth", {"now": 150, "before": 0, "rate": "+33%"}, 33, "inconsistent", None),
    ("growth", {"now": 3, "rate": "+50%"}, 50, "holds", None),
    ("growth", {"now": 3, "rate": "+60%"}, 60, "wrong", None),
    ("growth", {"now": 0, "rate": "-100%"}, None, "holds", None),
    ("growth", {"now": 5, "rate": "-200%"}, None, "wrong", None),
    ("implied_count", {"percent": 33.3, "total": 3}, 33.3, "holds", None),
    ("implied_count", {"percent": 34.3, "total": 3}, 34.3, "wrong", 33.3),
    ("enumeration_count", {"listed": ["甲", "乙"]}, 2, "holds", None),
    ("enumeration_count", {"listed": "甲、乙和丙"}, 2, "wrong", 3),
    ("enumeration_count", {"listed": "items 3–7", "stated": 5}, None, "holds", None),
    ("enumeration_count", {"listed": ["甲"] * 11}, "十一", "holds", None),
    ("enumeration_count", {"listed": ["甲"] * 20, "stated": "二十"}, None, "holds", None),
    ("enumeration_count", {"listed": ["甲"] * 9, "stated": "八"}, None, "wrong", 9),
    ("frequency", {"monthly": 12, "quarterly": 4, "half_yearly": 2, "daily_2016": 366}, None, "holds", None),
    ("frequency", {"daily_2017": 366}, None, "wrong", 365),
    ("undeclared_base", {"parts": [1, 2], "candidates": {"all": 3}}, None, "holds", None),
    ("undeclared_base", {"parts": [1, 2], "candidates": {"all": 4}}, None, "inconsistent", None),
    ("unexplained_residual", {"total": 9, "parts": [2, 3]}, None, "not_printed", None),
    ("partial_list", {"total": 9, "parts": [2, 3]}, 9, "not_printed", None),
    ("partial_list", {"total": 5, "parts": [2, 3]}, 5, "holds", None),
    ("partial_list", {"total": 4, "parts": [2, 3]}, 4, "inconsistent", None),
    ("missing_total", {"parts": [2, 3]}, None, "not_printed", None),
    ("plausibility", {"total": 200, "rate": 98}, None, "not_printed", None),
    ("stock_vs_flow", {"flow": 20, "stock": 90}, None, "not_printed", None),
    (
        "narrative_vs_figures",
        {"now": [118, 50], "growth": ["+18%", "0%"], "stated": "总量下降"},
        None,
        "inconsistent",
        None,
    ),
    ("narrative_vs_figures", {"now": [118, 50], "growth": ["+18%", "0%"], "stated": "总量上升"}, None, "holds", None),
    (
        "narrative_vs_figures",
        {"now": {"a": 50, "b": 118}, "growth": {"b": "18%", "a": "0%"}, "stated": "增加"},
        None,
        "holds",
        None,
    ),
    ("narrative_vs_figures", {"now": [100], "growth": ["+0.3%"], "stated": "持平"}, None, "holds", None),
    ("narrative_vs_figures", {"now": [118], "growth": ["+18%"], "stated": "总量平稳"}, None, "not_printed", None),
]


@pytest.mark.parametrize(("kind", "members", "stated", "verdict", "correct"), VERDICTS)
def test_each_kind_of_relation_has_its_verdict(
    kind: str, members: dict[str, Any], stated: Any, verdict: str, correct: float | None
) -> None:
    found = judge(kind, members, stated)
    assert (found.verdict, found.as_json().get("correct")) == (verdict, correct), found.why


def test_a_residual_is_named_in_words() -> None:
    assert "差额 4" in judge("unexplained_residual", {"total": 9, "parts": [2, 3]}).why
    assert "758" in judge("missing_total", {"parts": [32, 726]}).why


def test_inexact_figures_never_enter_an_exact_sum() -> None:
    figures = {"a": (20, "次", "at_least"), "b": (5, "次"), "all": (25, "次"), "few": (10, "次")}
    assert judge("sum", {"parts": ["a", "b"], "total": "all"}, 25, figures).verdict == "not_printed"
    assert judge("percent", {"part": "a", "total": "all", "decimals": 0}, 80, figures).verdict == "not_printed"


def test_more_than_the_total_contradicts_even_when_inexact() -> None:
    figures = {"a": (20, "次", "at_least"), "b": (5, "次"), "few": (10, "次")}
    assert judge("sum", {"parts": ["a", "b"], "total": "few"}, 10, figures).verdict == "inconsistent"
    assert judge("subset", {"part": "a", "total": "few"}, None, figures).verdict == "wrong"
    assert judge("subset", {"part": "few", "total": "a"}, None, figures).verdict == "holds"


def test_units_of_ten_thousand_are_converted_and_mixed_kinds_are_remarked() -> None:
    figures = {"a": (1.5, "万件"), "b": (5000, "件"), "all": (2, "万件"), "people": (5000, "人")}
    assert judge("sum", {"parts": ["a", "b"], "total": "all"}, 2, figures).verdict == "holds"
    assert judge("percent", {"part": "b", "total": "all", "decimals": 0}, 25, figures).verdict == "holds"
    assert "单位不同" in judge("sum", {"parts": ["b", "people"], "total": "all"}, None, figures).why


def test_a_base_printed_nowhere_is_the_sum_of_its_column() -> None:
    figures = {"x": Figure("x", Decimal(30)), "y": Figure("y", Decimal(70))}
    column = Relation("base", "undeclared_base", {"parts": ["x", "y"], "candidates": {"all": Decimal(120)}})
    cell = Relation("cell", "percent", {"part": "x", "total": "no.such.figure", "decimals": Decimal(0)}, Decimal(30))
    assert [v.verdict for v in check(Document(figures, (column, cell)))] == ["inconsistent", "holds"]


@pytest.mark.parametrize(
    ("kind", "members", "field"),
    [
        ("sums", {}, "kind"),
        ("sum", {"parts": []}, "members.parts"),
        ("sum", {"parts": ["nobody"], "total": 1}, "members.parts.0"),
        ("percent", {"part": 1, "total": 2, "decimals": 1.5}, "members.decimals"),
        ("percent", {"part": 1, "total": 2, "rounding": "nearest"}, "members.rounding"),
        ("growth", {"now": 1, "rate": "fast"}, "members.rate"),
        ("frequency", {"weekly": 52}, "members.weekly"),
        ("narrative_vs_figures", {"now": [1, 2, 3], "growth": ["1%", "2%"]}, "members.growth"),
    ],
)
def test_a_relation_that_cannot_be_read_is_refused_by_field(kind: str, members: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRelation) as refusal:
        judge(kind, members, 1)
    assert refusal.value.field == field


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 10**7), st.integers(1, 10**7), st.integers(0, 4))
def test_a_correctly_rounded_share_always_holds_and_its_neighbour_never(part: int, total: int, decimals: int) -> None:
    right = rounded(Fraction(part * 100, total), decimals)
    members = {"part": Decimal(part), "total": Decimal(total), "decimals": Decimal(decimals)}
    relations = tuple(
        Relation(str(n), "percent", members, right + n * Decimal(1).scaleb(-decimals)) for n in (0, 1, -1)
    )
    assert [v.verdict for v in check(Document({}, relations))] == ["holds", "wrong", "wrong"]


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 2))
def test_every_growth_that_really_happened_is_accepted_without_last_years_number(
    before: int, now: int, decimals: int
) -> None:
    rate = rounded(Fraction(now - before, before) * 100, decimals)
    relation = Relation("g", "growth", {"now": Decimal(now), "rate": rate, "decimals": Decimal(decimals)}, rate)
    assert check(Document({}, (relation,)))[0].verdict == "holds"
