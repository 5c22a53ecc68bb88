"""A value as a reader of the page sees it, and as the page sorts it."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction
from urllib.parse import quote

from mfaaudit.findings.results import WORST
from mfaaudit.reports.document import Cell, Column, ColumnKind
from mfaaudit.reports.plain import plain
from mfaaudit.reports.share import percent
from mfaaudit.words import Severity, Unknown

LONGEST = 2_000
"""Characters; a longer value is cut, and the cut says so."""
SHORT, NARROW, MIDDLE = 13, 22, 38
"""Widths of columns in characters, from which on they are drawn wider."""
_VERDICTS = {one.value: rank for rank, one in enumerate(reversed(WORST))}


def look(column: Column) -> str:
    """The class of a column's cells: numbers to the right, short words unbroken, room for long ones."""
    if column.kind in (ColumnKind.NUMBER, ColumnKind.PERCENT):
        name = "number"
    elif column.kind in (ColumnKind.TIME, ColumnKind.VERDICT, ColumnKind.SEVERITY) or column.width <= SHORT:
        name = "short"
    else:
        name = "narrow" if column.width <= NARROW else "middle" if column.width <= MIDDLE else "wide"
    return name if column.on_paper else f"{name} aside"


def words(value: Cell) -> str:
    """The value as text."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case Fraction():
            return percent(value)
        case datetime():
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        case Unknown():
            return f"NOT READ ({value.reason})"
        case str():
            shown = plain(value)
            return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} [cut: {len(shown):,} characters in all]"


def sort_key(value: Cell, kind: ColumnKind) -> float | None:
    """The number by which a value is sorted; None if it is sorted by its words."""
    match value:
        case bool() | None:
            return None
        case int() | Fraction():
            return float(value)
        case str() if kind is ColumnKind.SEVERITY:
            return float(Severity(value).rank)
        case str() if kind is ColumnKind.VERDICT:
            return float(_VERDICTS[value])
        case _:
            return None


def address(column: Column, value: Cell) -> str:
    """Where a reader finds more on a value; empty where there is nothing, and for any address but a secure one."""
    if not column.link.startswith("https://") or value is None or isinstance(value, Unknown) or value == "":
        return ""
    return column.link.replace("{}", quote(words(value), safe=""))
