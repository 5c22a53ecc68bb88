"""One part of the report as a sheet: title, words, facts, charts, and its tables one beneath the other."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

from openpyxl.utils import get_column_letter

from mfaaudit.reports.document import Document, Section, Table, Tone
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.chart import ChartData, draw, rows_of
from mfaaudit.reports.workbook.rows import new_sheet, rows_of_table
from mfaaudit.reports.workbook.setup import prepare
from mfaaudit.reports.workbook.styles import HEADING, LABEL, LEAD, NOTE, TITLE, VALUE, toned
from mfaaudit.reports.workbook.table import close, header

NARROWEST = 14


class SectionSheet:
    """Writes one section; a table with more rows than a sheet holds goes on over further sheets."""

    def __init__(self, book: Any, document: Document, section: Section, data: ChartData, rows_per_sheet: int) -> None:
        self._book = book
        self._document = document
        self._section = section
        self._data = data
        self._limit = rows_per_sheet
        self._sheet: Any = None
        self._row = 0
        self._sheets = 0

    def write(self) -> None:
        """All of it."""
        only = self._section.tables[0] if len(self._section.tables) == 1 else None
        self._new_sheet(only)
        self._facts()
        for chart in self._section.charts:
            self._sheet.add_chart(draw(chart, self._data.place(chart)), f"A{self._row + 1}")
            for _ in range(rows_of(chart) + 1):
                self._add()
        for table in self._section.tables:
            self._table(table, alone=table is only)

    def _new_sheet(self, frozen: Table | None) -> None:
        self._sheets += 1
        section = self._section
        title = section.title if self._sheets == 1 else f"{section.title[:25]} ({self._sheets})"
        self._sheet = new_sheet(self._book, title)
        self._row = 0
        prepare(self._sheet, self._document, _widths(section))
        above = [make(self._sheet, title, TITLE)], *([make(self._sheet, line, LEAD)] for line in section.lead)
        if frozen is not None and not section.facts and not section.charts:
            head = len(above) + 2
            self._sheet.freeze_panes = f"{get_column_letter(frozen.key_columns + 1)}{head + 1}"
            self._sheet.print_title_rows = f"{head}:{head}"
        for number, row in enumerate(above):
            self._add(*row, height=TITLE.height if number == 0 else None)
        self._add()

    def _facts(self) -> None:
        for fact in self._section.facts:
            look = VALUE if fact.tone is Tone.PLAIN else toned(fact.tone, alignment=VALUE.alignment)
            self._add(
                make(self._sheet, fact.label, LABEL),
                make(self._sheet, fact.value, look),
                make(self._sheet, fact.note, NOTE),
            )
        if self._section.facts:
            self._add()

    def _table(self, table: Table, *, alone: bool) -> None:
        if not alone:
            self._add(make(self._sheet, table.title, HEADING), height=HEADING.height)
        if table.note:
            self._add(make(self._sheet, table.note, NOTE))
        rows = iter(table.rows())
        first = next(rows, None)
        if first is None:
            self._add(make(self._sheet, table.empty, LEAD))
            self._add()
            return
        part = 1
        while first is not None:
            head = self._row + 1
            self._add(*header(self._sheet, table))
            room = self._limit - self._row - 1
            part_of_rows = chain([first], islice(rows, max(0, room)))
            for row in rows_of_table(self._sheet, table.columns, part_of_rows, self._row + 1):
                self._row += 1
                self._sheet.append_ready(row)
            close(self._sheet, table, table.name if part == 1 else f"{table.name}_{part}", head, self._row)
            first = next(rows, None)
            part += 1
            if first is not None:
                self._new_sheet(table)
        self._add()

    def _add(self, *cells: Any, height: float | None = None) -> None:
        self._row += 1
        if height is not None:
            self._sheet.row_dimensions[self._row].height = height
        self._sheet.append(list(cells))
        # What has been written need not be remembered, or a long sheet would.
        self._sheet.row_dimensions.pop(self._row, None)


def _widths(section: Section) -> list[int]:
    # Tables that share a sheet share its columns.
    count = max((len(table.columns) for table in section.tables), default=3)
    widths = [
        max((table.columns[number].width for table in section.tables if number < len(table.columns)), default=NARROWEST)
        for number in range(count)
    ]
    labels = [len(fact.label) + 2 for fact in section.facts]
    widths[0] = max([widths[0], *labels])
    return widths
