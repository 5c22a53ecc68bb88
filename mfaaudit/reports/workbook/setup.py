"""How a sheet is shown and printed; all of it has to be said before its first row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

from mfaaudit.reports.document import Document
from mfaaudit.reports.plain import plain

A3, A4 = 8, 9
LONG, SHORT = 120, 80
"""UTF-16 units of the texts at an edge of a page: with its codes, an edge takes no more than 255 in all."""


def prepare(
    sheet: Any,
    document: Document,
    widths: Sequence[float],
    *,
    pages_wide: int = 1,
    large: bool = False,
    one_page: bool = False,
) -> None:
    """Widths in characters, as wide as so many pages, and on each page what, of which run, and for whom it is."""
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "portrait" if one_page else "landscape"
    sheet.page_setup.paperSize = A3 if large else A4
    sheet.page_setup.fitToWidth = pages_wide
    sheet.page_setup.fitToHeight = 1 if one_page else 0
    sheet.page_setup.pageOrder = "overThenDown"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.7, bottom=0.7, header=0.3, footer=0.3)
    head, foot = sheet.oddHeader, sheet.oddFooter
    head.left.text, head.right.text = (
        edge(f"{document.title}: {document.subtitle}", LONG),
        edge(document.classification, SHORT),
    )
    foot.left.text, foot.center.text, foot.right.text = edge(f"run {document.run_id}", SHORT), "&A", "page &P of &N"
    for part in (head.left, head.right, foot.left, foot.center, foot.right):
        part.size = 8


def edge(text: str, most: int) -> str:
    """A text as it stands at the edge of a page."""
    shown = plain(text)
    while len(shown.replace("&", "&&").encode("utf-16-le")) > 2 * most:
        shown = shown[:-1]
    # A single & begins a code of Excel's.
    return shown.replace("&", "&&")
