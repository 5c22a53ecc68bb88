"""One table on a sheet: a real Excel table, so that it filters, sorts and feeds a pivot table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from textwrap import wrap
from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.workbook.cells import is_formula_like, make, put
from mfaaudit.reports.workbook.styles import BODY, HEADER, NUMBER_HEADER, TONES, UNREAD, WORDS, fill
from mfaaudit.words import Unknown

NUMBERS = (ColumnKind.NUMBER, ColumnKind.PERCENT)
LINE_POINTS, TALLEST = 15.0, 405.0
"""Heights in points; Excel draws no row that is higher than 409."""


def header(sheet: Any, table: Table) -> list[Any]:
    """The row over the columns."""
    return [
        make(sheet, column.heading, NUMBER_HEADER if column.kind in NUMBERS else HEADER) for column in table.columns
    ]


def body(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Iterator[list[Any]]:
    """The rows as cells, which are used again in the next row: write each before you ask for another."""
    slots = [_Slot(sheet, column) for column in columns]
    for row in rows:
        yield [slot.filled(value) for slot, value in zip(slots, row, strict=True)]


def height_of(columns: Sequence[Column], cells: Sequence[Any]) -> float | None:
    """The height in points that the wrapped text of a row needs; None for a row of one line.

    Written down because no program agrees with another on the height of a row that does not say.
    """
    lines = 1
    for column, cell in zip(columns, cells, strict=True):
        if column.kind is ColumnKind.LONG_TEXT and isinstance(cell.value, str) and len(cell.value) > column.width:
            lines = max(lines, len(wrap(cell.value, column.width)))
    return None if lines == 1 else min(TALLEST, lines * LINE_POINTS)


class _Slot:
    """The cells that one column uses, row after row: a style is looked up once a column and not once a value."""

    def __init__(self, sheet: Any, column: Column) -> None:
        look = BODY[column.kind]
        self._plain = make(sheet, None, look)
        self._quoted = make(sheet, None, replace(look, quote=True))
        self._unread = make(sheet, None, UNREAD)

    def filled(self, value: Cell) -> Any:
        if isinstance(value, Unknown):
            return put(self._unread, value)
        return put(self._quoted if is_formula_like(value) else self._plain, value)


def close(sheet: Any, table: Table, name: str, first: int, last: int) -> None:
    """Makes a table of the rows from the header in row `first` to row `last`."""
    width = get_column_letter(len(table.columns))
    ref = f"A{first}:{width}{last}"
    # The sheet's own add_table warns of missing columns even where they are given.
    sheet.tables.add(
        ExcelTable(
            displayName=name,
            name=name,
            ref=ref,
            tableColumns=[TableColumn(id=n, name=column.heading) for n, column in enumerate(table.columns, 1)],
            autoFilter=AutoFilter(ref=ref),
            tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
        )
    )
    for number, column in enumerate(table.columns, 1):
        letter = get_column_letter(number)
        _colour(sheet, column.kind, f"{letter}{first + 1}:{letter}{last}")


def _colour(sheet: Any, kind: ColumnKind, cells: str) -> None:
    if kind not in WORDS:
        return
    for word, tone in WORDS[kind].items():
        ink, ground = TONES[tone]
        look = DifferentialStyle(font=Font(color=ink, bold=True), fill=fill(ground))
        sheet.conditional_formatting.add(cells, Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=look))
