"""report.xlsx: the report as a workbook that a person can filter, print and sign."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from mfaaudit.bundle import private_file
from mfaaudit.reports.document import Document
from mfaaudit.reports.plain import plain

MOST_ROWS = 1_048_576
"""Rows of a sheet (Excel specifications and limits)."""


def write_workbook(document: Document, path: Path, rows_per_sheet: int = MOST_ROWS) -> None:
    """The file, for its owner only. Raises OutputProblem if it cannot be written."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    from mfaaudit.reports.workbook.archive import SteadyZip
    from mfaaudit.reports.workbook.chart import ChartData
    from mfaaudit.reports.workbook.cover import write_cover
    from mfaaudit.reports.workbook.sheet import SectionSheet

    created = document.created.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    with private_file(path) as file:
        book = Workbook(write_only=True)
        book.properties.title = f"{document.title}: {plain(document.subtitle)}"
        book.properties.subject = f"Run {document.run_id}"
        book.properties.creator = book.properties.lastModifiedBy = document.generator
        book.properties.category = document.classification
        book.properties.created = book.properties.modified = created
        write_cover(book, document)
        data = ChartData()
        for section in document.sections:
            SectionSheet(book, document, section, data, rows_per_sheet).write()
        data.write(book, document)
        with SteadyZip(file, created) as archive:
            ExcelWriter(book, archive).write_data()
