"""The book that holds the sheets: its properties, and the writing of every cell that has none of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils.indexed_list import IndexedList

from mfaaudit.bundle import make_private, remove
from mfaaudit.reports.document import Document
from mfaaudit.reports.plain import plain
from mfaaudit.reports.workbook.styles import font


@contextmanager
def new_book(document: Document, created: datetime, sheets_in: Path) -> Iterator[Any]:
    """An empty book that says what it is, of which run, made by which program; it names no person.

    While it is written its sheets stand in files in a folder of their own, which is gone afterwards.
    """
    book: Any = Workbook(write_only=True)
    book.sheets_in = sheets_in
    make_private(sheets_in)
    said = book.properties
    said.title = f"{document.title}: {plain(document.subtitle)}"
    said.subject = f"Run {document.run_id}"
    said.identifier = document.identifier or None
    said.category = said.keywords = document.classification
    said.creator = said.lastModifiedBy = document.generator
    said.created = said.modified = created
    # The first font is that of all cells without one, which is also what the widths of columns are counted in.
    book._fonts = IndexedList([font()])  # noqa: SLF001 openpyxl has no other door to it
    book._named_styles["Normal"].font = font()  # noqa: SLF001
    try:
        yield book
    finally:
        for sheet in book.worksheets:
            sheet.abandon()
        remove(sheets_in)
