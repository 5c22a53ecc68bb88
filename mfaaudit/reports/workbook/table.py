"""One table on a sheet: a real Excel table, so that it filters, sorts and feeds a pivot table."""

from __future__ import annotations

from typing import Any

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo

from mfaaudit.reports.document import ColumnKind, Table
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.styles import HEADER, NUMBER_HEADER, TONES, WORDS, fill

NUMBERS = (ColumnKind.NUMBER, ColumnKind.PERCENT)


def header(sheet: Any, table: Table) -> list[Any]:
    """The row over the columns."""
    return [
        make(sheet, column.heading, NUMBER_HEADER if column.kind in NUMBERS else HEADER) for column in table.columns
    ]


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
