"""Sums, comparisons and gaps."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from services.domain.figures.amounts import Amount, decimal, mixed_units, places, rounded, shown, total_low
from services.domain.figures.members import Members
from services.domain.figures.model import Outcome, Verdict


def sum_of_parts(m: Members) -> Verdict:
    """Exact, in the unit printed. 余/以上 figures never enter an exact sum, but can contradict one."""
    parts, total = m.amounts("parts"), m.amount("total") if m.has("total") else None
    if any(a.bound for a in [*parts, *([total] if total else [])]):
        return _bounded_sum(m, parts, total)
    printed = [p for p in (total.printed if total else None, m.stated()) if p is not None]
    correct = _added(parts, total)
    remark = mixed_units(parts)
    if not printed:
        return m.verdict(Outcome.NOT_PRINTED, f"合计没有印出,各项之和为 {shown(correct)}{remark}")
    if all(p == correct for p in printed):
        return m.verdict(Outcome.HOLDS, f"各项之和 {shown(correct)}{remark}")
    wrong = next(p for p in printed if p != correct)
    gap = shown(wrong - correct)
    return m.verdict(Outcome.WRONG, f"各项之和为 {shown(correct)},印为 {shown(wrong)},差 {gap}{remark}", correct)


def _added(parts: list[Amount], total: Amount | None) -> Decimal:
    """The sum in the total's unit; rounded as the total is printed only where the scales differ (件 into 万件)."""
    like = total or parts[0]
    exact = sum((p.exact for p in parts), Fraction(0)) / like.scale
    same_scale = all(p.scale == like.scale for p in parts)
    return decimal(exact) if same_scale or total is None else rounded(exact, places(total.printed))


def _bounded_sum(m: Members, parts: list[Amount], total: Amount | None) -> Verdict:
    low = total_low(parts)
    if total is not None and total.high is not None and low > total.high:
        return m.verdict(Outcome.INCONSISTENT, f"各项至少为 {shown(low)},已超过合计 {total}")
    return m.verdict(Outcome.NOT_PRINTED, "含约数(余、多、以上),不作精确加总")


def subset(m: Members) -> Verdict:
    """A part is not larger than its whole."""
    part, total = m.amount("part"), m.amount("total")
    text = f"{part}, 全部 {total}"
    if part.high is not None and total.low is not None and part.high <= total.low:
        return m.verdict(Outcome.HOLDS, f"部分 {text}")
    if part.low is not None and total.high is not None and part.low > total.high:
        return m.verdict(
            Outcome.WRONG, f"部分大于全部:部分 {text};部分最多为 {total}", decimal(total.exact / part.scale)
        )
    return m.verdict(Outcome.NOT_PRINTED, f"含约数,不能比较:部分 {text}")


def equal(m: Members) -> Verdict:
    return _compare(m, Outcome.WRONG)


def counted_twice(m: Members) -> Verdict:
    """The same thing counted twice must agree; which of the two is right the report does not say."""
    return _compare(m, Outcome.INCONSISTENT)


def _compare(m: Members, otherwise: Outcome) -> Verdict:
    a, b = m.amount("a"), m.amount("b")
    if a.bound or b.bound:
        return m.verdict(Outcome.NOT_PRINTED, f"含约数,不作精确比较:{a}、{b}")
    if a.exact == b.exact:
        return m.verdict(Outcome.HOLDS, f"两处均为 {a}{mixed_units([a, b])}")
    correct = decimal(a.exact / b.scale) if otherwise is Outcome.WRONG else None
    return m.verdict(otherwise, f"两处不一致:{a} 与 {b}", correct)


def undeclared_base(m: Members) -> Verdict:
    """The base that the shares of a column use must be printed somewhere."""
    parts, candidates = m.amounts("parts"), m.named("candidates")
    base = sum((p.exact for p in parts), Fraction(0))
    match = next((name for name, amount in candidates.items() if amount.exact == base), None) or _printed(m, base)
    if match is not None:
        return m.verdict(Outcome.HOLDS, f"各项之和 {shown(base)} 即 {match}")
    listed = "、".join(f"{name} {amount}" for name, amount in candidates.items())
    return m.verdict(Outcome.INCONSISTENT, f"各项之和 {shown(base)} 没有印出,与所列总数({listed})均不相同")


def _printed(m: Members, base: Fraction) -> str | None:
    """A figure of the report with this value in the unit of the parts."""
    unit = m.amounts("parts")[0].plain_unit
    amounts = {f.id: Amount(f.value, f.unit, f.bound) for f in m.document.figures.values() if not f.bound}
    return next((name for name, a in amounts.items() if a.exact == base and a.plain_unit == unit), None)


def gap(m: Members) -> Verdict:
    """A list that does not claim to be complete, or a total nobody printed: say what is missing, call nothing wrong."""
    parts = m.amounts("parts")
    added = sum((p.exact for p in parts), Fraction(0))
    if not m.has("total"):
        return m.verdict(Outcome.NOT_PRINTED, f"合计没有印出,各项之和为 {shown(added / parts[0].scale)}")
    total = m.amount("total")
    residual = total.exact - added
    text = f"所列之和 {shown(added / total.scale)},总数 {total}"
    if any(a.bound for a in [total, *parts]):
        return m.verdict(Outcome.NOT_PRINTED, f"{text};含约数,不作精确比较")
    if residual == 0:
        return m.verdict(Outcome.HOLDS, f"{text},没有差额")
    if residual < 0:
        return m.verdict(Outcome.INCONSISTENT, f"{text},所列多出 {shown(-residual / total.scale)}")
    return m.verdict(Outcome.NOT_PRINTED, f"{text},未说明的差额 {shown(residual / total.scale)}")


def stock_vs_flow(m: Members) -> Verdict:
    """A year's flow and a stock at its end: never subtracted, never divided."""
    flow, stock = ("、".join(map(str, m.amounts(field))) for field in ("flow", "stock"))
    return m.verdict(Outcome.NOT_PRINTED, f"当年发生数 {flow} 与期末存量 {stock} 口径不同,不相减也不相除")
