"""One sheet: a title, then the words, facts, charts and tables of its parts, one beneath the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mfaaudit.reports.document import Chart, Document, Section
from mfaaudit.reports.workbook.chart import ChartData, draw, rows_of
from mfaaudit.reports.workbook.grid import Grid
from mfaaudit.reports.workbook.lines import PLAIN_ROW
from mfaaudit.reports.workbook.links import MOST_LINKS, may_link
from mfaaudit.reports.workbook.names import Names
from mfaaudit.reports.workbook.paper import Paper
from mfaaudit.reports.workbook.plan import PlannedSheet
from mfaaudit.reports.workbook.prose import EMPTY, Line, across, facts_as_lines, label_width, one
from mfaaudit.reports.workbook.styles import LEAD, NOTE, PART, WARNING
from mfaaudit.reports.workbook.table import TableWriter


class SheetWriter:
    """Writes one planned sheet."""

    def __init__(
        self, book: Any, document: Document, planned: PlannedSheet, names: Names, data: ChartData, limit: int
    ) -> None:
        self._planned = planned
        self._data = data
        self._grid = Grid(planned.tables, label_width(fact for part in planned.sections for fact in part.facts))
        self._paper = Paper(book, document, planned.title, self._grid, names, limit)
        self._tables = TableWriter(self._paper, self._grid, names, planned)

    def write(self) -> None:
        """All of it."""
        first, *others = self._planned.sections
        opening = [*self._paper.head(), *self._words(first, opens=True)]
        if not self._planned.has_charts:
            self._tables.freeze(opening)
        self._paper.add(*opening)
        self._draw(first)
        for section in others:
            self._paper.add(*self._words(section, opens=False))
            self._draw(section)
        self._paper.finish()

    def _words(self, section: Section, *, opens: bool) -> Iterator[Line]:
        sheet = self._paper.sheet
        if not opens or section.title != self._planned.title:
            yield one(sheet, section.title, PART)
        for line in section.lead:
            yield across(sheet, line, LEAD, self._grid)
        if opens and not may_link(self._planned.links):
            said = (
                f"Nothing on this sheet is a link: there would be {self._planned.links:,}, and Excel takes fewer than "
            )
            yield across(sheet, f"{said}{MOST_LINKS:,}.", WARNING, self._grid)
        yield EMPTY
        if section.facts:
            yield from facts_as_lines(sheet, section.facts, self._grid)
            yield EMPTY

    def _draw(self, section: Section) -> None:
        for chart in section.charts:
            self._chart(chart)
        for table in section.tables:
            self._tables.write(table)

    def _chart(self, chart: Chart) -> None:
        height = rows_of(chart)
        self._paper.fit(height + 3)
        sheet: Any = self._paper.sheet
        sheet.add_chart(draw(chart, self._data.place(chart)), f"A{self._paper.row + 1}")
        # Of a height that is written down, or what follows would slide beneath the chart.
        self._paper.add(*(Line(height=PLAIN_ROW) for _ in range(height)))
        self._paper.add(across(self._paper.sheet, chart.summary, NOTE, self._grid), EMPTY)
