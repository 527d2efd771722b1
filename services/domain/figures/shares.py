"""Percentages and growth rates: every cell against its own numerator and denominator."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from services.domain.figures.amounts import Amount, mixed_units, places, rounded, shown
from services.domain.figures.members import Members
from services.domain.figures.model import Outcome, Verdict

_UP = ("上升", "增长", "增加", "提高", "上涨", "扩大", "增多", "increase", "rise", "rose", "grew", "up")
_DOWN = ("下降", "减少", "降低", "回落", "下滑", "缩小", "减退", "decrease", "fall", "fell", "declin", "down")
_FLAT = ("持平", "不变", "unchanged", "flat")


def percent(m: Members) -> Verdict:
    """part ÷ total, rounded as the cell is printed."""
    part, total, stated = m.amount("part"), m.amount("total"), m.stated()
    if part.bound or total.bound:
        return m.verdict(Outcome.NOT_PRINTED, f"含约数,不作精确核对:{part} ÷ {total}")
    if total.exact == 0:
        return m.verdict(Outcome.INCONSISTENT, "分母为 0,没有百分比可言")
    share = part.exact / total.exact * 100
    correct = rounded(share, m.decimals(stated), m.rounding())
    text = f"{part} ÷ {total} = {shown(rounded(share, 6))}%"
    if stated is None:
        return m.verdict(Outcome.NOT_PRINTED, f"百分比没有印出;{text}")
    if stated == correct:
        return m.verdict(Outcome.HOLDS, text)
    return m.verdict(Outcome.WRONG, f"{text},应为 {shown(correct)}%,印为 {shown(stated)}%", correct)


def column(m: Members) -> Verdict:
    """A column of shares adds to what is printed (100 where nothing is).

    Honest rounding moves a column by up to half a unit of its last decimal per cell, so that much is no error;
    and a column that adds up proves nothing about its cells.
    """
    cells = [a.printed for a in m.amounts("percents")]
    added, stated = sum(cells, Decimal(0)), m.stated()
    expected = Decimal(100) if stated is None else stated
    tolerance = Decimal(len(cells)) * Decimal(5).scaleb(-max(map(places, cells)) - 1)
    if added == expected:
        return m.verdict(Outcome.HOLDS, f"各项百分比之和 {shown(added)};合计相符不说明各项无误")
    text = f"各项百分比之和 {shown(added)},印为 {shown(expected)}"
    if expected == 100 and abs(added - expected) <= tolerance:
        return m.verdict(Outcome.HOLDS, f"{text};差额在四舍五入范围内")
    return m.verdict(Outcome.WRONG, text, added)


def implied_count(m: Members) -> Verdict:
    """Some whole number must reproduce a percentage printed without its count."""
    claimed = m.rate("percent", m.raw("percent"))
    total, stated = m.amount("total"), m.stated()
    printed = claimed if stated is None else stated
    if total.bound or total.exact == 0:
        return m.verdict(Outcome.NOT_PRINTED, f"总数 {total} 不能作为精确分母")
    decimals = m.decimals(printed)
    near = math.floor(Fraction(printed) * total.exact / 100)
    tried = {n: rounded(n * 100 / total.exact, decimals, m.rounding()) for n in range(max(0, near - 1), near + 3)}
    hits = [n for n, value in tried.items() if value == printed and n <= total.exact]
    if hits and claimed == printed:
        likely = min(hits, key=lambda n: abs(n - Fraction(printed) * total.exact / 100))
        return m.verdict(Outcome.HOLDS, f"{likely} ÷ {total} = {shown(printed)}%")
    if hits:
        return m.verdict(Outcome.INCONSISTENT, f"同一百分比两处不同:{shown(claimed)}% 与 {shown(printed)}%")
    nearest = min(tried.values(), key=lambda value: abs(value - printed))
    why = f"以 {total} 为分母,没有整数能得到 {shown(printed)}%,最接近的是 {shown(nearest)}%"
    return m.verdict(Outcome.WRONG, why, nearest)


def growth(m: Members) -> Verdict:
    """now against before; without `before`, some number of last year must round to the printed rate."""
    now, claimed, stated = m.amount("now"), m.rate("rate", m.raw("rate")), m.stated()
    # 下降12% is printed as 12 with the direction in words
    printed = claimed if stated is None or abs(stated) == abs(claimed) else stated
    if now.bound or (m.has("before") and m.amount("before").bound):
        return m.verdict(Outcome.NOT_PRINTED, "含约数,不作精确核对")
    if m.has("before"):
        return _grown(m, m.amount("before"), now, [claimed, printed])
    found = _priors(now, printed, m)
    if found is None:
        return m.verdict(Outcome.WRONG, f"没有任何上年数能由 {now} 得到 {shown(printed)}%")
    if printed != claimed:
        return m.verdict(Outcome.INCONSISTENT, f"同一增长率两处不同:{shown(claimed)}% 与 {shown(printed)}%")
    return m.verdict(Outcome.HOLDS, f"上年数没有印出;上年为 {shown(found)} 时增长率即为 {shown(printed)}%")


def _grown(m: Members, before: Amount, now: Amount, printed: list[Decimal]) -> Verdict:
    if before.exact == 0:
        return m.verdict(Outcome.INCONSISTENT, "上年数为 0,没有增长率可言")
    rate = (now.exact - before.exact) / before.exact * 100
    wrong = [p for p in printed if p != rounded(rate, m.decimals(p), m.rounding())]
    text = f"{before} → {now} 为 {shown(rounded(rate, 6))}%{mixed_units([before, now])}"
    if not wrong:
        return m.verdict(Outcome.HOLDS, text)
    correct = rounded(rate, m.decimals(wrong[0]), m.rounding())
    return m.verdict(Outcome.WRONG, f"{text},应为 {shown(correct)}%,印为 {shown(wrong[0])}%", correct)


def _priors(now: Amount, rate: Decimal, m: Members) -> Decimal | None:
    """Last year's number, as finely printed as this year's, that gives `rate`; the nearest to the exact quotient."""
    decimals = m.decimals(rate)
    unit: int = 10 ** places(now.printed)
    this_year = Fraction(now.printed) * unit
    for shift in (Fraction(0), Fraction(1, 2), Fraction(-1, 2)):
        factor = 1 + (Fraction(rate) + shift / 10**decimals) / 100
        near = math.floor(this_year / factor) if factor > 0 else 0
        for before in (near, near + 1, near - 1):
            if before > 0 and rounded((this_year - before) / before * 100, decimals, m.rounding()) == rate:
                return Decimal(before) / unit
    return None


def plausibility(m: Members) -> Verdict:
    """What a rate would mean on a total; nobody printed it, so nothing is judged."""
    total, rate = m.amount("total"), m.rate("rate", m.raw("rate"))
    follows = Fraction(rate) / 100 * Fraction(total.printed)
    return m.verdict(Outcome.NOT_PRINTED, f"{total} 的 {shown(rate)}% 约为 {shown(rounded(follows, 2))}{total.unit}")


def narrative(m: Members) -> Verdict:
    """Words about the whole against what the growth of its parts implies."""
    words = str(m.relation.members.get("stated") or m.relation.stated or "")
    implied, said = _implied_growth(m), _direction(words)
    text = f"由各项增长率推得整体变化约 {shown(implied)}%"
    if said is None:
        return m.verdict(Outcome.NOT_PRINTED, f"{text};文字没有说明方向:{words}")
    agrees = abs(implied) < 1 if said == 0 else said == (implied > 0) - (implied < 0)
    if agrees:
        return m.verdict(Outcome.HOLDS, f"{text},与文字相符:{words}")
    return m.verdict(Outcome.INCONSISTENT, f"{text},与文字不符:{words}")


def _implied_growth(m: Members) -> Decimal:
    """The growth of the whole in percent: each part's number of the year before follows from its rate."""
    now, rates = m.named("now"), m.rates("growth")
    if any(rate <= -100 for rate in rates.values()):
        raise m.bad("growth", "a rate of -100 % or less says nothing about the year before")
    if len(rates) == 1:
        rates = dict.fromkeys(now, next(iter(rates.values())))
    if set(rates) != set(now):
        raise m.bad("growth", "does not have one rate for each figure of `now`")
    this_year = sum((amount.exact for amount in now.values()), Fraction(0))
    before = sum((amount.exact / (1 + Fraction(rates[key]) / 100) for key, amount in now.items()), Fraction(0))
    return rounded((this_year - before) / before * 100, 1) if before else Decimal(0)


def _direction(words: str) -> int | None:
    """1 up, -1 down, 0 level, None where the words do not say."""
    for direction, signs in ((0, _FLAT), (-1, _DOWN), (1, _UP)):
        if any(sign in words for sign in signs):
            return direction
    return None
