"""Native charts over the sheet `Chart data`, which shows the numbers that they draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.utils import get_column_letter, quote_sheetname

from mfaaudit.reports.document import Chart, ChartKind, Document
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.setup import prepare
from mfaaudit.reports.workbook.styles import BARS, HEADER, HEADING, LEAD, LINE, PLAIN_BARS, TITLE, VALUE

DATA = "Chart data"
WIDTH_CM = 26.0
ROW_CM = 0.53
"""The height of a row as Excel draws it by default."""


@dataclass(slots=True)
class ChartData:
    """The numbers behind all charts, gathered while the sheets are written, and written as the last one."""

    charts: list[tuple[Chart, int]] = field(default_factory=list)
    next_row: int = 4

    def place(self, chart: Chart) -> int:
        """The row of the chart's header on the sheet of the data."""
        head = self.next_row + 1
        self.charts.append((chart, head))
        self.next_row = head + len(chart.categories) + 2
        return head

    def write(self, book: Any, document: Document) -> None:
        """The sheet."""
        sheet = book.create_sheet(DATA)
        prepare(sheet, document, (44, *(16,) * 6))
        sheet.row_dimensions[1].height = TITLE.height
        sheet.append([make(sheet, DATA, TITLE)])
        sheet.append([make(sheet, "The numbers that the charts of this workbook draw.", LEAD)])
        sheet.append([])
        for chart, _ in self.charts:
            sheet.append([make(sheet, chart.title, HEADING)])
            names = ["", *(one.name for one in chart.series)]
            sheet.append([make(sheet, name, HEADER) for name in names])
            for number, category in enumerate(chart.categories):
                values = [one.values[number] for one in chart.series]
                sheet.append([make(sheet, value, VALUE) for value in (category, *values)])
            sheet.append([])


def rows_of(chart: Chart) -> int:
    """How many rows of a sheet the chart covers."""
    if chart.kind is ChartKind.LINES:
        return 16
    return min(34, max(9, 6 + round(1.3 * len(chart.categories))))


def draw(chart: Chart, head: int) -> Any:
    """The chart over its numbers, whose header stands in row `head` of the data."""
    drawn: Any = _bars() if chart.kind is ChartKind.BARS else LineChart()
    drawn.title = chart.title
    drawn.width, drawn.height = WIDTH_CM, rows_of(chart) * ROW_CM
    drawn.legend.position = "b"
    if len(chart.series) == 1:
        drawn.legend = None
    last = head + len(chart.categories)
    sheet = quote_sheetname(DATA)
    for number, one in enumerate(chart.series, 2):
        letter = get_column_letter(number)
        values = Reference(range_string=f"{sheet}!${letter}${head}:${letter}${last}")
        series = Series(values, title_from_data=True)
        _colour(series, BARS.get(one.tone, PLAIN_BARS[number % len(PLAIN_BARS)]), chart.kind)
        drawn.series.append(series)
    drawn.set_categories(Reference(range_string=f"{sheet}!$A${head + 1}:$A${last}"))
    # Without these two Excel leaves the axes out.
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format = "#,##0"
    drawn.y_axis.title = chart.value_title or None
    drawn.y_axis.scaling.min = 0
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6_350))
    return drawn


def _bars() -> BarChart:
    drawn = BarChart()
    drawn.type = "bar"
    drawn.grouping = "stacked"
    drawn.overlap = 100
    drawn.gapWidth = 40
    # The first category on top, as in the table.
    drawn.x_axis.scaling.orientation = "maxMin"
    # ... which would put the numbers on top as well.
    drawn.y_axis.crosses = "max"
    return drawn


def _colour(series: Any, colour: str, kind: ChartKind) -> None:
    if kind is ChartKind.BARS:
        series.graphicalProperties.solidFill = colour
        series.graphicalProperties.line.solidFill = colour
        return
    series.smooth = False
    series.graphicalProperties.line.solidFill = colour
    series.graphicalProperties.line.width = 22_000
    series.marker.symbol = "circle"
    series.marker.size = 4
    series.marker.graphicalProperties.solidFill = colour
    series.marker.graphicalProperties.line.solidFill = colour
