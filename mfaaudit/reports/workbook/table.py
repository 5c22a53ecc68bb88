"""One table on a sheet: a real Excel table, so that it filters, sorts and feeds a pivot table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from openpyxl.formatting.rule import DataBar, FormatObject, Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from mfaaudit.reports.document import Cell, Column, ColumnKind, Table
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.grid import BOLD, BUTTON, Grid
from mfaaudit.reports.workbook.inputs import ask
from mfaaudit.reports.workbook.lines import height_of, lines_of
from mfaaudit.reports.workbook.links import may_link
from mfaaudit.reports.workbook.names import Names, headings
from mfaaudit.reports.workbook.paper import Paper
from mfaaudit.reports.workbook.plan import PlannedSheet
from mfaaudit.reports.workbook.prose import EMPTY, Line, across, one
from mfaaudit.reports.workbook.rows import rows_of_table
from mfaaudit.reports.workbook.styles import (
    DATA_BAR,
    HEADER,
    HEADING,
    INPUT_HEADER,
    LEAD,
    NOTE,
    NUMBER_HEADER,
    TONES,
    WARNING,
    WORDS,
    Look,
    fill,
)

NUMBERS = (ColumnKind.NUMBER, ColumnKind.PERCENT)
LEAST_ROWS = 6
"""Rows that a table needs to begin on a sheet: its heading, its notes, its header, and a row."""


class TableWriter:
    """Writes the tables of one sheet; where rows are more than it holds, on and over further ones."""

    def __init__(self, paper: Paper, grid: Grid, names: Names, planned: PlannedSheet) -> None:
        self._paper = paper
        self._grid = grid
        self._names = names
        self._only = planned.only
        self._last = planned.last
        self._linked = may_link(planned.links)

    def freeze(self, above: list[Line]) -> None:
        """Keeps the header of the only table in view, if there is one; before the first row."""
        if self._only is not None:
            self._paper.freeze(self._only, [*above, *self._notes(self._only, 0, len(above))])

    def write(self, table: Table) -> None:
        """One table with what is said above it."""
        paper = self._paper
        rows = iter(table.rows())
        first = next(rows, None)
        if table is not self._only:
            paper.fit(LEAST_ROWS)
            paper.add(one(paper.sheet, table.title, HEADING))
        paper.add(*self._notes(table, 0, paper.row))
        if first is None:
            paper.add(across(paper.sheet, table.empty, LEAD, self._grid), EMPTY)
            return
        written, part = 0, 1
        while first is not None:
            name = self._names.table(table.name if part == 1 else f"{table.name}_{part}")
            written += self._part(table, name, chain([first], rows))
            first, part = next(rows, None), part + 1
            if first is not None:
                before = paper.title
                paper.go_on()
                above = paper.head()
                above.extend(self._notes(table, written, len(above), before))
                if table is self._only:
                    paper.freeze(table, above)
                paper.add(*above)
        paper.add(EMPTY)

    def _part(self, table: Table, name: str, rows: Iterator[Sequence[Cell]]) -> int:
        """As many rows as the sheet takes, as a table; how many they are."""
        paper, head = self._paper, self._paper.row + 1
        sheet, widths = paper.sheet, self._grid.widths[: len(table.columns)]
        paper.add(header(sheet, table, widths))
        if table is self._last:
            # Above what follows on further pages, which is nothing but its rows.
            sheet.print_title_rows = f"{head}:{head}"
        if self._grid.pages_wide > 1:
            sheet.print_title_cols = "A:A"
        part = islice(rows, max(1, paper.room))
        for row in rows_of_table(sheet, table.columns, part, head + 1, widths=widths, linked=self._linked):
            paper.add_ready(row)
        close(sheet, table, name, head, paper.row)
        return paper.row - head

    def _notes(self, table: Table, written: int, above: int, before: str = "") -> list[Line]:
        sheet = self._paper.sheet
        made = [across(sheet, table.note, NOTE, self._grid)] if table.note and not before else []
        room = self._paper.limit - above - len(made) - 1
        left = table.row_count - written
        if left > room or before:
            fitting = min(left, room - 1)
            said = [f"Rows {written + 1:,} to {written + fitting:,} of {table.row_count:,} of the table {table.title}."]
            said.extend([f"The rows before stand on the sheet {before}."] if before else [])
            said.extend([f"It goes on over the sheet {self._paper.further_title}."] if left > fitting else [])
            made.append(across(sheet, " ".join(said), WARNING, self._grid))
        return made


def header(sheet: Any, table: Table, widths: Sequence[float]) -> Line:
    """The row over the columns."""
    cells = [make(sheet, column.heading, _look(column)) for column in table.columns]
    pairs = zip(table.columns, widths, strict=True)
    lines = max(lines_of(column.heading, (width - BUTTON) / BOLD) for column, width in pairs)
    return Line(cells=cells, height=height_of(lines) or HEADER.height)


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
            tableColumns=[TableColumn(id=n, name=heading) for n, heading in enumerate(headings(table.columns), 1)],
            autoFilter=AutoFilter(ref=ref),
            tableStyleInfo=TableStyleInfo(name="TableStyleLight1", showRowStripes=False),
        )
    )
    for number, column in enumerate(table.columns, 1):
        letter = get_column_letter(number)
        cells = f"{letter}{first + 1}:{letter}{last}"
        _colour(sheet, column.kind, cells)
        if column.input is not None:
            ask(sheet, column.input, column.heading, cells)


def _look(column: Column) -> Look:
    if column.input is not None:
        return INPUT_HEADER
    return NUMBER_HEADER if column.kind in NUMBERS else HEADER


def _colour(sheet: Any, kind: ColumnKind, cells: str) -> None:
    for word, tone in WORDS.get(kind, {}).items():
        ink, ground = TONES[tone]
        look = DifferentialStyle(font=_bold(ink), fill=fill(ground))
        sheet.conditional_formatting.add(cells, Rule(type="cellIs", operator="equal", formula=[f'"{word}"'], dxf=look))
    if kind is ColumnKind.PERCENT:
        sheet.conditional_formatting.add(cells, Rule(type="dataBar", dataBar=_whole()))


def _bold(ink: str) -> Any:
    # Without a name and a size, which Excel does not take in a conditional format.
    return Font(color=ink, bold=True)


def _whole() -> DataBar:
    """From none to all, whatever the values are, so that bars of two tables compare."""
    ends = [FormatObject(type="num", val=0), FormatObject(type="num", val=1)]
    return DataBar(minLength=0, maxLength=100, cfvo=ends, color=f"FF{DATA_BAR}")
