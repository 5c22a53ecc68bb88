"""The rows of a table as ready XML: the bytes that openpyxl would write, without an object for each cell.

A large tenant has millions of cells, and to make, check and write them one by one takes three times as long.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from textwrap import wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from openpyxl.compat import safe_string
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.xml.functions import fromstring

from mfaaudit.reports.document import Cell, Column, ColumnKind
from mfaaudit.reports.workbook.cells import is_formula_like, make, native
from mfaaudit.reports.workbook.styles import BODY, UNREAD
from mfaaudit.words import Unknown

LINE_POINTS, TALLEST = 15.0, 405.0
"""Heights in points; Excel draws no row that is higher than 409."""
REMEMBERED = 512
"""Values of a column that are looked up and not written again: words, states and rules come thousands of times."""


class TableSheet(WriteOnlyWorksheet):
    """A sheet of openpyxl that takes ready rows, too."""

    _writer: Any
    _values_to_row: Any

    def append_ready(self, row: Any) -> None:
        """A row that `rows_of_table` made."""
        self.append((row,))

    def _write_rows(self) -> Generator[None, Any, None]:
        # As openpyxl's own, but for the rows in a tuple, which are ready.
        xf = self._writer.xf.send(True)
        with xf.element("sheetData"):
            number = 1
            try:
                while True:
                    row = yield
                    if isinstance(row, tuple):
                        xf.write(*row)
                    else:
                        self._writer.write_row(xf, self._values_to_row(row, number), number)
                    number += 1
            except GeneratorExit:
                pass
        self._writer.xf.send(None)


def new_sheet(book: Any, title: str) -> TableSheet:
    """The next sheet of a book."""
    made = TableSheet(book, title)
    book._add_sheet(made)  # noqa: SLF001 the only way to give a book a sheet of another class
    return made


def rows_of_table(sheet: Any, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], first: int) -> Iterator[Any]:
    """The rows as XML, to append one after another; `first` is the number of the first of them."""
    slots = [_Slot(sheet, number, column) for number, column in enumerate(columns, 1)]
    for number, row in enumerate(rows, first):
        written = [slot.written(value) for slot, value in zip(slots, row, strict=True)]
        cells = [f'<c r="{slot.letter}{number}"{one.text}</c>' for slot, one in zip(slots, written, strict=True)]
        height = _height(max(one.lines for one in written))
        made = fromstring(f'<row r="{number}"{height}>{"".join(cells)}</row>')
        for place, one in enumerate(written):
            if one.empty:
                # Drawn with an end of its own, as openpyxl does.
                made[place].text = ""
        yield made


class _Written(NamedTuple):
    text: str
    """Of the cell, from after its coordinate to before its end."""
    lines: int
    """How many it needs."""
    empty: bool


class _Slot:
    """What all cells of one column have in common: a style is looked up once a column and not once a value."""

    def __init__(self, sheet: Any, number: int, column: Column) -> None:
        self._sheet = sheet
        self._look = look = BODY[column.kind]
        self.letter = get_column_letter(number)
        self.written = lru_cache(maxsize=REMEMBERED, typed=True)(self._write)
        self._width = column.width if column.kind is ColumnKind.LONG_TEXT else None
        self._plain = make(sheet, None, look)
        self._quoted = make(sheet, None, replace(look, quote=True))
        self._unread = make(sheet, None, UNREAD)

    def _write(self, value: Cell) -> _Written:
        cell, shown = self._cell(value), native(value)
        if isinstance(shown, str):
            kind, inside = "inlineStr", f"<is><t{_space(shown)}>{escape(shown)}</t></is>" if shown else ""
        elif shown is None:
            kind, inside = "n", ""
        else:
            kind = "b" if isinstance(shown, bool) else "n"
            number = to_excel(shown) if isinstance(shown, datetime) else shown  # type: ignore[no-untyped-call]
            inside = f"<v>{safe_string(number)}</v>"
        return _Written(f' s="{cell.style_id}" t="{kind}">{inside}', self._lines(shown), not inside)

    def _cell(self, value: Cell) -> Any:
        if isinstance(value, Unknown):
            return self._unread
        if isinstance(value, datetime) and self._look is not BODY[ColumnKind.TIME]:
            return make(self._sheet, value, self._look)
        return self._quoted if is_formula_like(value) else self._plain

    def _lines(self, shown: object) -> int:
        if self._width is None or not isinstance(shown, str) or len(shown) <= self._width:
            return 1
        return len(wrap(shown, self._width))


def _space(text: str) -> str:
    return "" if text == text.strip() else ' xml:space="preserve"'


def _height(lines: int) -> str:
    # Written down because no program agrees with another on the height of a row that does not say.
    return "" if lines <= 1 else f' ht="{min(TALLEST, lines * LINE_POINTS):g}" customHeight="1"'
