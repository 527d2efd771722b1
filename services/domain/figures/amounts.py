"""Printed numbers as exact amounts: scale of the unit, bound, printed precision, rounding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

_SCALES = {"万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
ROUNDINGS = ("half_up", "half_even", "down", "up")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed number with its unit; `exact` is the number in the plain unit (23.8 万件 = 238000 件)."""

    printed: Decimal
    unit: str = ""
    bound: str = ""

    @property
    def scale(self) -> int:
        return _SCALES.get(self.unit[:1], 1)

    @property
    def plain_unit(self) -> str:
        return self.unit[1:] if self.scale > 1 else self.unit

    @property
    def exact(self) -> Fraction:
        return Fraction(self.printed) * self.scale

    @property
    def low(self) -> Fraction | None:
        """The least it can be; None where nothing is known."""
        return self.exact if self.bound in ("", "at_least") else None

    @property
    def high(self) -> Fraction | None:
        """The most it can be; None where nothing is known."""
        return self.exact if self.bound in ("", "at_most") else None

    def __str__(self) -> str:
        return f"{shown(self.printed)}{self.unit}"


def places(number: Decimal) -> int:
    """Decimals that carry information: 2 for 21.03, 1 for 21.90, 0 for 83.0."""
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(number: Fraction, decimals: int, rounding: str = "half_up") -> Decimal:
    """`number` with so many decimals. half_up goes away from zero on a tie, half_even to the even digit."""
    scaled = abs(number) * 10**decimals
    whole, rest = scaled.numerator // scaled.denominator, scaled - scaled.numerator // scaled.denominator
    tie, above = rest == Fraction(1, 2), rest > Fraction(1, 2)
    up = {
        "half_up": above or tie,
        "half_even": above or (tie and whole % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[rounding]
    digits = (whole + up) * (1 if number >= 0 else -1)
    return Decimal(digits).scaleb(-decimals)


def decimal(number: Fraction) -> Decimal:
    """A fraction that is a finite decimal, exactly; anything else to ten places."""
    return rounded(number, 10).normalize() + Decimal(0)


def shown(number: Decimal | Fraction) -> str:
    """For people: no exponent, no trailing zeros."""
    value = number if isinstance(number, Decimal) else decimal(number)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def mixed_units(amounts: Sequence[Amount]) -> str:
    """A remark where things of different kinds are counted together (人次 and 人); else empty."""
    units = sorted({a.plain_unit for a in amounts if a.unit})
    return f";注意单位不同:{'、'.join(units)}" if len(units) > 1 else ""


def total_low(parts: Sequence[Amount]) -> Fraction:
    """The least the parts can add up to; a part of which nothing is known counts as none."""
    return sum((p.low or Fraction(0) for p in parts), Fraction(0))
