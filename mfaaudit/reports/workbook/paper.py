"""The sheets that one planned sheet takes: one, or more where its rows are more than a sheet holds."""

from __future__ import annotations

from typing import Any

from openpyxl.utils import get_column_letter

from mfaaudit.reports.document import Document, Table
from mfaaudit.reports.workbook.grid import Grid
from mfaaudit.reports.workbook.names import COVER, Names
from mfaaudit.reports.workbook.prose import EMPTY, Line, leading, one, put
from mfaaudit.reports.workbook.setup import prepare
from mfaaudit.reports.workbook.stream import StreamSheet, new_sheet
from mfaaudit.reports.workbook.styles import TITLE

MOST_FROZEN = 210.0
"""Points of rows that stay in view; with more, a small screen would show nothing else."""
WIDEST_FROZEN = 100
"""Characters of columns that stay in view."""


class Paper:
    """Takes lines and ready rows, and knows how many there are."""

    sheet: StreamSheet

    def __init__(self, book: Any, document: Document, title: str, grid: Grid, names: Names, limit: int) -> None:
        self.title = names.sheet(title)
        self.row = 0
        """The number of the last row that was written."""
        self._first_title = self.title
        self._further_title = ""
        self._book = book
        self._document = document
        self._grid = grid
        self._names = names
        self.limit = limit
        """Rows of a sheet."""
        self._number = 1
        self._open()

    @property
    def room(self) -> int:
        """How many rows the sheet still takes."""
        return self.limit - self.row

    @property
    def further_title(self) -> str:
        """Of the sheet on which this one goes on."""
        if not self._further_title:
            self._further_title = self._names.further(self._first_title, self._number + 1)
        return self._further_title

    def go_on(self) -> None:
        """Ends this sheet and begins the next."""
        self.finish()
        self.title, self._further_title = self.further_title, ""
        self._number += 1
        self._open()

    def head(self) -> list[Line]:
        """The first lines of every sheet."""
        return [one(self.sheet, self.title, TITLE), leading(self.sheet, "Contents", COVER)]

    def add(self, *lines: Line) -> None:
        """Writes lines."""
        for line in lines:
            self.row += 1
            put(self.sheet, line, self.row)

    def fit(self, rows: int) -> None:
        """Goes on over the next sheet where this one does not take so many rows any more."""
        if self.room < rows:
            self.go_on()
            self.add(*self.head(), EMPTY)

    def add_ready(self, row: str) -> None:
        """Writes a row of a table."""
        self.row += 1
        self.sheet.append_ready(row)

    def freeze(self, table: Table, above: list[Line]) -> None:
        """Keeps the header and the first columns of the only table in view, beneath so much; before the first row."""
        if sum(line.points for line in above) > MOST_FROZEN:
            return
        columns = table.key_columns
        while columns > 1 and self._grid.between(1, columns) > WIDEST_FROZEN:
            columns -= 1
        self.sheet.freeze_panes = f"{get_column_letter(columns + 1)}{len(above) + 2}"

    def finish(self) -> None:
        """Says what of the sheet is printed."""
        self.sheet.print_area = f"A1:{get_column_letter(self._grid.printed)}{max(1, self.row)}"

    def _open(self) -> None:
        self.sheet = new_sheet(self._book, self.title)
        self.row = 0
        grid = self._grid
        prepare(self.sheet, self._document, grid.widths, pages_wide=grid.pages_wide, large=grid.is_large)
