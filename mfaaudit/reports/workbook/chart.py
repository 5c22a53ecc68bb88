"""Native charts over the sheet `Chart data`, which shows the numbers that they draw."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.drawing.text import Font as DrawingFont
from openpyxl.utils import get_column_letter, quote_sheetname

from mfaaudit.reports.document import Chart, ChartKind, ColumnKind, Document
from mfaaudit.reports.plain import plain
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.names import COVER, DATA, Names
from mfaaudit.reports.workbook.prose import EMPTY, leading, one, put
from mfaaudit.reports.workbook.setup import prepare
from mfaaudit.reports.workbook.stream import new_sheet
from mfaaudit.reports.workbook.styles import (
    BARS,
    BODY,
    COUNT_FORMAT,
    GREY,
    HEADER,
    HEADING,
    INK,
    LEAD,
    LINE,
    NAME,
    PLAIN_BARS,
    TITLE,
)

WIDTH_CM = 26.0
ROW_CM = 0.529
"""The height of the rows beneath a chart, as it is written down."""
MOST_ROWS = 29
"""Of a chart, which then stands on one page together with the title of its sheet."""
STROKES = (("solid", "circle"), ("sysDash", "diamond"), ("dash", "square"), ("sysDot", "triangle"))
"""How lines differ beside their colours."""


@dataclass(slots=True)
class ChartData:
    """The numbers behind all charts, gathered while the sheets are written, and written as the last one."""

    names: Names
    charts: list[tuple[Chart, int]] = field(default_factory=list)
    next_row: int = 5

    def place(self, chart: Chart) -> int:
        """The row of the chart's header on the sheet of the data."""
        head = self.next_row + 1
        self.charts.append((chart, head))
        self.next_row = head + len(chart.categories) + 2
        return head

    def write(self, book: Any, document: Document) -> None:
        """The sheet, if there is any chart."""
        if not self.charts:
            return
        sheet = new_sheet(book, self.names.sheet(DATA))
        prepare(sheet, document, (44, *(16,) * 6))
        lead = one(sheet, "The numbers that the charts draw; nothing stands where nothing is known.", LEAD)
        above = (one(sheet, DATA, TITLE), leading(sheet, "Contents", COVER), lead, EMPTY)
        for row, line in enumerate(above, 1):
            put(sheet, line, row)
        for chart, _ in self.charts:
            sheet.append([make(sheet, chart.title, HEADING)])
            sheet.append([make(sheet, name, HEADER) for name in (None, *(series.name for series in chart.series))])
            for number, category in enumerate(chart.categories):
                values = [make(sheet, series.values[number], BODY[ColumnKind.NUMBER]) for series in chart.series]
                sheet.append([make(sheet, category, BODY[ColumnKind.TEXT]), *values])
            sheet.append([])


def rows_of(chart: Chart) -> int:
    """How many rows of a sheet the chart covers."""
    if chart.kind is ChartKind.LINES:
        return 18
    return min(MOST_ROWS, max(10, 7 + round(1.2 * len(chart.categories))))


def draw(chart: Chart, head: int) -> Any:
    """The chart over its numbers, whose header stands in row `head` of the data."""
    drawn: Any = _bars() if chart.kind is ChartKind.BARS else LineChart()
    drawn.title = _title(chart.title, 1200)
    drawn.width, drawn.height = WIDTH_CM, rows_of(chart) * ROW_CM
    drawn.roundedCorners = False
    # Nothing known is nothing drawn, and never a zero.
    drawn.display_blanks = "gap"
    drawn.legend.position = "b"
    drawn.legend.overlay = False
    if len(chart.series) == 1:
        drawn.legend = None
    last = head + len(chart.categories)
    sheet = quote_sheetname(DATA)
    toneless = 0
    for number, said in enumerate(chart.series):
        letter = get_column_letter(number + 2)
        values = Reference(range_string=f"{sheet}!${letter}${head}:${letter}${last}")
        series = Series(values, title_from_data=True)
        colour = BARS.get(said.tone) or PLAIN_BARS[toneless % len(PLAIN_BARS)]
        toneless += said.tone not in BARS
        if chart.kind is ChartKind.BARS:
            _as_bar(series, colour)
        else:
            _as_line(series, colour, number)
        drawn.series.append(series)
    drawn.set_categories(Reference(range_string=f"{sheet}!$A${head + 1}:$A${last}"))
    _axes(drawn, chart)
    return drawn


def _axes(drawn: Any, chart: Chart) -> None:
    # Without these two Excel leaves the axes out.
    drawn.x_axis.delete = drawn.y_axis.delete = False
    drawn.y_axis.number_format = COUNT_FORMAT
    drawn.y_axis.scaling.min = 0
    drawn.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill=LINE, w=6_350))
    if chart.value_title:
        drawn.y_axis.title = _title(chart.value_title, 900)
        drawn.y_axis.title.overlay = False
    drawn.title.overlay = False
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.txPr = RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=_letters(900)), endParaRPr=_letters(900))])
        axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=GREY, w=6_350))


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


def _as_bar(series: Any, colour: str) -> None:
    series.graphicalProperties.solidFill = colour
    # White between the parts of a bar, for a print without colour.
    series.graphicalProperties.line.solidFill = "FFFFFF"
    series.graphicalProperties.line.width = 6_350


def _as_line(series: Any, colour: str, number: int) -> None:
    dash, marker = STROKES[number % len(STROKES)]
    series.smooth = False
    series.graphicalProperties.line.solidFill = colour
    series.graphicalProperties.line.width = 22_000
    series.graphicalProperties.line.dashStyle = dash
    series.marker.symbol = marker
    series.marker.size = 5
    series.marker.graphicalProperties.solidFill = colour
    series.marker.graphicalProperties.line.solidFill = colour


def _title(text: str, size: int) -> Title:
    run = RegularTextRun(t=plain(text), rPr=_letters(size, bold=True))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_letters(size, bold=True)), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])))


def _letters(size: int, *, bold: bool = False) -> CharacterProperties:
    """Of a size in hundredths of a point."""
    return CharacterProperties(sz=size, b=bold, solidFill=INK, latin=DrawingFont(typeface=NAME))
