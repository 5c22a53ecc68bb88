"""Values as Excel takes them: text that stays text, times without a zone, and nothing that is too long for a cell."""

from __future__ import annotations

import re
from copy import copy
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Protection

from mfaaudit.reports.document import Cell
from mfaaudit.reports.plain import plain
from mfaaudit.reports.share import tenths_of_percent
from mfaaudit.reports.workbook.styles import FORMATS, Look
from mfaaudit.words import Unknown

LONGEST = 32_767
"""UTF-16 code units in a cell (Excel specifications and limits)."""
FIRST_YEAR = 1900
MOST_DIGITS = 15
"""Of a number; Excel makes zeros of those behind them."""
FORMULA_SIGNS = ("=", "+", "-", "@")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def text_for_excel(text: str) -> str:
    """The text without hidden characters, cut to what a cell holds; a cut says so."""
    # Excel would turn _x0041_ into the letter with that number.
    shown = _CODED.sub("_x005F_", plain(text))
    if len(shown) <= LONGEST // 2:
        return shown
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return shown
    mark = f" [cut: {len(text):,} characters in all; the rest is in users.parquet and the evidence]"
    return units[: 2 * (LONGEST - len(mark))].decode("utf-16-le", errors="ignore") + mark


def native(value: Cell) -> str | int | float | bool | datetime | None:
    """A value of a report as openpyxl takes it."""
    match value:
        case str():
            return text_for_excel(value)
        case Unknown():
            return f"NOT READ ({value.reason})"
        case bool():
            return value
        case int():
            return value if abs(value) < 10**MOST_DIGITS else str(value)
        case Fraction():
            return tenths_of_percent(value) / 1000
        case datetime():
            # Excel knows neither zones nor the centuries before 1900.
            naive = value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
            return naive if naive.year >= FIRST_YEAR else f"{naive:%Y-%m-%d %H:%M:%S}"
        case _:
            return value


def is_formula_like(value: object) -> bool:
    """Whether a spreadsheet would take the text for a formula, if a person typed it."""
    return isinstance(value, str) and value.lstrip().startswith(FORMULA_SIGNS)


def put(cell: Any, value: Cell) -> Any:
    """Gives a cell its value, text always as text."""
    cell.value = native(value)
    if isinstance(cell.value, str):
        cell.data_type = "s"
    return cell


def make(sheet: Any, value: Cell, look: Look) -> Any:
    """A new cell."""
    cell = WriteOnlyCell(sheet)
    style = _style_of(sheet, look, look.number_format or FORMATS.get(type(value)))
    setattr(cell, STYLE, copy(style))
    return put(cell, value)


class _Styles(NamedTuple):
    look: Look
    """Kept, so that no other look can come to have its identity."""
    by_format: dict[str | None, Any]


STYLE = "_style"
"""The attribute under which openpyxl keeps the style of a cell: numbers of the workbook's lists of styles."""
_STYLES: WeakKeyDictionary[Any, dict[int, _Styles]] = WeakKeyDictionary()
"""Of each workbook the styles of the looks that it has met: to put one together costs ten times as much as a cell."""


def _style_of(sheet: Any, look: Look, written: str | None) -> Any:
    styles = _STYLES.setdefault(sheet.parent, {}).setdefault(id(look), _Styles(look, {})).by_format
    if written not in styles:
        styles[written] = _dressed(sheet, look, written)
    return styles[written]


def _dressed(sheet: Any, look: Look, written: str | None) -> Any:
    cell = WriteOnlyCell(sheet)
    cell.font = look.font
    cell.alignment = look.alignment
    if look.fill is not None:
        cell.fill = look.fill
    if look.border is not None:
        cell.border = look.border
    if written is not None:
        cell.number_format = written
    if not look.locked:
        cell.protection = Protection(locked=False)
    cell.quotePrefix = look.quote
    return getattr(cell, STYLE)
