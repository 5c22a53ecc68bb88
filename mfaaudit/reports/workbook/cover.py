"""The first sheet: the conclusion, what it is about, where to read on, and the block to sign."""

from __future__ import annotations

from dataclasses import replace
from textwrap import wrap
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from mfaaudit.reports.document import Document, Tone
from mfaaudit.reports.workbook.cells import make
from mfaaudit.reports.workbook.rows import LINE_POINTS
from mfaaudit.reports.workbook.setup import prepare
from mfaaudit.reports.workbook.styles import (
    BOX,
    HEADER,
    HEADING,
    LABEL,
    LEAD,
    LINK,
    MIDDLE,
    NOTE,
    SUBTITLE,
    TITLE,
    VALUE,
    toned,
)

WIDTHS = (24, 44, 26, 22, 46)
WRAPPED_VALUE = replace(VALUE, alignment=Alignment(horizontal="left", vertical="top", wrap_text=True))
WRAPPED_NOTE = replace(NOTE, alignment=Alignment(vertical="top", wrap_text=True))
SIGN_OFF = ("", "Name", "Conclusion", "Date", "Signature")


def write_cover(book: Any, document: Document) -> None:
    """The sheet."""
    sheet = book.create_sheet("Cover")
    prepare(sheet, document, WIDTHS)
    rows = _Rows(sheet)
    rows.add(make(sheet, document.title, TITLE), height=TITLE.height)
    rows.add(make(sheet, document.subtitle, SUBTITLE), height=SUBTITLE.height)
    rows.add(make(sheet, document.classification, NOTE))
    rows.add()
    lines = len(wrap(document.statement, sum(WIDTHS) - 20))
    rows.across(make(sheet, document.statement, toned(document.statement_tone, MIDDLE)), 12 + LINE_POINTS * lines)
    rows.add()
    for fact in document.cover:
        look = WRAPPED_VALUE if fact.tone is Tone.PLAIN else toned(fact.tone, alignment=WRAPPED_VALUE.alignment)
        rows.fact(make(sheet, fact.label, LABEL), make(sheet, fact.value, look), make(sheet, fact.note, WRAPPED_NOTE))
    rows.add()
    _contents(rows, sheet, document)
    rows.add()
    _sign_off(rows, sheet, document)


class _Rows:
    """Appends rows and knows the number of the last one."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.last = 0

    def add(self, *cells: Any, height: float | None = None) -> None:
        self.last += 1
        if height is not None:
            self.sheet.row_dimensions[self.last].height = height
        self.sheet.append(list(cells))

    def fact(self, label: Any, value: Any, note: Any) -> None:
        # As high as the longer of the two needs: a cell with another beside it shows nothing beyond its edge.
        lines = max(
            len(wrap(str(one.value or ""), width)) for one, width in ((value, WIDTHS[1]), (note, sum(WIDTHS[2:])))
        )
        self.add(label, value, note, height=LINE_POINTS * lines if lines > 1 else None)
        self.sheet.merged_cells.add(f"C{self.last}:E{self.last}")

    def across(self, cell: Any, height: float) -> None:
        self.add(cell, height=height)
        self.sheet.merged_cells.add(f"A{self.last}:E{self.last}")


def _contents(rows: _Rows, sheet: Any, document: Document) -> None:
    rows.add(make(sheet, "Contents", HEADING), height=HEADING.height)
    for section in document.sections:
        link = make(sheet, section.title, LINK)
        link.hyperlink = Hyperlink(ref="A1", location=f"'{section.title}'!A1", display=section.title)
        rows.add(link, make(sheet, section.lead[0] if section.lead else "", LEAD))


def _sign_off(rows: _Rows, sheet: Any, document: Document) -> None:
    rows.add(make(sheet, "Sign-off", HEADING), height=HEADING.height)
    rows.across(
        make(
            sheet,
            "Who signs confirms to have read the sheets Summary, Completeness and Not evaluated, and states the "
            f"conclusion that they draw from them. Run id: {document.run_id}",
            LEAD,
        ),
        16,
    )
    rows.add(*(make(sheet, title, HEADER) for title in SIGN_OFF))
    first = rows.last + 1
    for one in document.sign_off:
        rows.add(make(sheet, one.role, BOX), *(make(sheet, None, BOX) for _ in SIGN_OFF[1:]), height=32)
    choices = DataValidation(
        type="list",
        formula1=f'"{",".join(document.conclusions)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Conclusion",
        error="Choose one of: " + ", ".join(document.conclusions),
    )
    choices.add(f"C{first}:C{rows.last}")
    sheet.data_validations.dataValidation.append(choices)
    dates = DataValidation(
        type="date",
        operator="greaterThan",
        formula1="36526",
        allow_blank=True,
        error="Write a date.",
        showErrorMessage=True,
    )
    dates.add(f"D{first}:D{rows.last}")
    sheet.data_validations.dataValidation.append(dates)
