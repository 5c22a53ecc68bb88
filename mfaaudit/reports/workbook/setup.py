"""How a sheet is shown and printed; all of it has to be said before its first row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from mfaaudit.reports.document import Document
from mfaaudit.reports.plain import plain

A4 = 9


def prepare(sheet: Any, document: Document, widths: Sequence[int]) -> None:
    """Widths in characters, landscape A4, as wide as one page, with a footer on every page."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.5, bottom=0.7, header=0.3, footer=0.3)
    sheet.oddFooter.left.text = _footer(f"{document.subtitle[:50]}   run {document.run_id}")
    sheet.oddFooter.center.text = _footer(document.classification)
    sheet.oddFooter.right.text = "&A   page &P of &N"
    sheet.oddFooter.left.size = sheet.oddFooter.center.size = sheet.oddFooter.right.size = 8


def _footer(text: str) -> str:
    # A single & begins a code of Excel's.
    return plain(text).replace("&", "&&")
