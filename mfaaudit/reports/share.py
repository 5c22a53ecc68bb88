"""Shares, rounded down: 100 % means all."""

from __future__ import annotations

from fractions import Fraction


def tenths_of_percent(share: Fraction) -> int:
    """A share from 0 to 1 in thousandths, rounded down."""
    return 1000 * share.numerator // share.denominator


def percent(share: Fraction) -> str:
    """A share as text."""
    tenths = tenths_of_percent(share)
    return f"{tenths // 10}.{tenths % 10} %"
