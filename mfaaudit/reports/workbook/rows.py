"""The rows of a table as ready XML: the bytes that openpyxl would write, without an object for each cell.

A large tenant has millions of cells, and to make, check and write them one by one takes four times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from mfaaudit.reports.document import Cell, Column, ColumnKind
from mfaaudit.reports.workbook.cells import is_formula_like, make, native
from mfaaudit.reports.workbook.inputs import look_of
from mfaaudit.reports.workbook.lines import SHORT, height_of, lines_of
from mfaaudit.reports.workbook.links import addressing
from mfaaudit.reports.workbook.styles import BODY, LINK, UNREAD, WRAPPED, Look
from mfaaudit.words import Unknown

REMEMBERED = 512
"""Values of a column that are looked up and not written again: words, states and rules come thousands of times."""


def rows_of_table(
    sheet: Any,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    first: int,
    *,
    widths: Sequence[float],
    linked: bool = True,
) -> Iterator[str]:
    """The rows as XML, to append one after another; `first` is the number of the first of them."""
    slots = [
        _Slot(sheet, number, column, width, linked=linked)
        for number, (column, width) in enumerate(zip(columns, widths, strict=True), 1)
    ]
    leading = [(place, slot) for place, slot in enumerate(slots) if slot.leads]
    for number, row in enumerate(rows, first):
        cells, most = [], 1
        for slot, value in zip(slots, row, strict=True):
            text, lines = slot.written(value)
            cells.append(f'<c r="{slot.letter}{number}"{text}</c>')
            most = max(most, lines)
        for place, slot in leading:
            if address := slot.address(row[place]):
                sheet.links.append((f"{slot.letter}{number}", address))
        yield f'<row r="{number}"{_height(most)}>{"".join(cells)}</row>'


class _Written(NamedTuple):
    text: str
    """Of the cell, from after its coordinate to before its end."""
    lines: int
    """How many it needs."""


class _Slot:
    """What all cells of one column have in common: a style is looked up once a column and not once a value."""

    def __init__(self, sheet: Any, number: int, column: Column, width: float, *, linked: bool) -> None:
        self.letter = get_column_letter(number)
        self.leads = linked and bool(column.link)
        self.address = addressing(column.link) if self.leads else _nowhere
        self.written = lru_cache(maxsize=REMEMBERED, typed=True)(self._write)
        self._sheet = sheet
        self._width = width
        self._is_prose = column.kind is ColumnKind.LONG_TEXT
        self._look = BODY[column.kind] if column.input is None else look_of(column.input)
        self._styles: dict[tuple[bool, ...], int] = {}

    def _write(self, value: Cell) -> _Written:
        shown = native(value)
        lines = self._lines(shown)
        if isinstance(shown, str):
            kind, inside = "inlineStr", f"<is><t{_space(shown)}>{escape(shown)}</t></is>" if shown else ""
        elif shown is None:
            kind, inside = "n", ""
        else:
            kind = "b" if isinstance(shown, bool) else "n"
            number = to_excel(shown) if isinstance(shown, datetime) else shown  # type: ignore[no-untyped-call]
            inside = f"<v>{safe_string(number)}</v>"
        return _Written(f' s="{self._style(value, wrapped=lines > 1)}" t="{kind}">{inside}', lines)

    def _style(self, value: Cell, *, wrapped: bool) -> int:
        leads = self.leads and self.address(value) is not None
        key = (isinstance(value, Unknown), isinstance(value, datetime), is_formula_like(value), leads, wrapped)
        if key not in self._styles:
            cell = make(self._sheet, value if isinstance(value, datetime) else None, self._dressed(*key))
            self._styles[key] = cell.style_id
        return self._styles[key]

    def _dressed(self, unread: bool, _: bool, quoted: bool, leads: bool, wrapped: bool) -> Look:
        look = UNREAD if unread else self._look
        if leads:
            look = replace(look, font=LINK.font)
        if wrapped:
            look = replace(look, alignment=WRAPPED)
        return replace(look, quote=True) if quoted else look

    def _lines(self, shown: object) -> int:
        if not isinstance(shown, str) or 2 * len(shown) <= self._width:
            return 1
        lines = lines_of(shown, self._width)
        return lines if self._is_prose else min(lines, SHORT)


def _nowhere(_: Cell) -> None:
    return None


def _space(text: str) -> str:
    return "" if text == text.strip() else ' xml:space="preserve"'


def _height(lines: int) -> str:
    height = height_of(lines)
    return "" if height is None else f' ht="{height:g}" customHeight="1"'
