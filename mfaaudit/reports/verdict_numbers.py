"""Counts of verdicts and the shares that follow from them, as every table and every file for programs gives them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mfaaudit.findings import Counts
from mfaaudit.reports.document import Cell, Column, ColumnKind
from mfaaudit.reports.share import tenths_of_percent

COLUMNS: Sequence[Column] = (
    Column(key="pass", title="Pass", kind=ColumnKind.NUMBER, width=10),
    Column(key="fail", title="Fail", kind=ColumnKind.NUMBER, width=10),
    Column(key="waived", title="Waived", kind=ColumnKind.NUMBER, width=10),
    Column(key="notEvaluated", title="Not evaluated", kind=ColumnKind.NUMBER, width=14),
    Column(key="notApplicable", title="Not applicable", kind=ColumnKind.NUMBER, width=14),
    Column(key="error", title="Error", kind=ColumnKind.NUMBER, width=10),
)
"""How many of each verdict; they add up to everybody."""

SHARES: Sequence[Column] = (
    Column(key="passShare", title="Pass share", kind=ColumnKind.PERCENT, width=12),
    Column(key="netShare", title="Net of waivers", kind=ColumnKind.PERCENT, width=14),
    Column(key="coverage", title="Coverage", kind=ColumnKind.PERCENT, width=12),
)
"""The shares that follow: strict, net of waivers, and how much was judged."""


def cells_of(counts: Counts) -> tuple[Cell, ...]:
    """What stands under COLUMNS, and after it under SHARES."""
    return (
        counts.pass_,
        counts.fail,
        counts.waived,
        counts.not_evaluated,
        counts.not_applicable,
        counts.error,
        counts.strict,
        counts.net,
        counts.coverage,
    )


def counts_json(counts: Counts) -> dict[str, int]:
    """The counts in the words of results.json."""
    return {
        "pass": counts.pass_,
        "fail": counts.fail,
        "waived": counts.waived,
        "notApplicable": counts.not_applicable,
        "notEvaluated": counts.not_evaluated,
        "error": counts.error,
    }


def shares_json(counts: Counts) -> dict[str, Any]:
    """The shares as percentages with one decimal, rounded down: 100 means all. None where there is none."""
    return {
        "strict": percent(counts.strict),
        "net": percent(counts.net),
        "coverage": percent(counts.coverage),
    }


def percent(share: Fraction | None) -> float | None:
    """A share as a percentage with one decimal, rounded down: 100 means all. None where there is none."""
    return None if share is None else tenths_of_percent(share) / 10
