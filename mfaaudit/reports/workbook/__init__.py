"""report.xlsx: the report as a workbook that a person can filter, print and sign."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from mfaaudit.bundle import PART, private_file
from mfaaudit.reports.document import Document

MOST_ROWS = 1_048_576
"""Rows of a sheet (Excel specifications and limits)."""


def write_workbook(document: Document, path: Path, rows_per_sheet: int = MOST_ROWS) -> None:
    """The file, for its owner only. Raises OutputProblem if it cannot be written."""
    from openpyxl.writer.excel import ExcelWriter

    from mfaaudit.reports.workbook.archive import SteadyZip
    from mfaaudit.reports.workbook.book import new_book
    from mfaaudit.reports.workbook.chart import ChartData
    from mfaaudit.reports.workbook.cover import CoverWriter
    from mfaaudit.reports.workbook.names import COVER, Names
    from mfaaudit.reports.workbook.plan import sheets_of
    from mfaaudit.reports.workbook.sheet import SheetWriter

    created = document.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    sheets_in = path.with_name(f"{path.name}-sheets{PART}")
    with private_file(path) as file, new_book(document, created, sheets_in) as book:
        names, sheets = Names(), sheets_of(document)
        CoverWriter(book, document, sheets, names, COVER).write()
        data = ChartData(names)
        for planned in sheets:
            SheetWriter(book, document, planned, names, data, rows_per_sheet).write()
        data.write(book, document)
        with SteadyZip(file, created) as archive:
            ExcelWriter(book, archive).write_data()
