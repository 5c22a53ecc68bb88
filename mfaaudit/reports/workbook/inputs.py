"""Cells that a person fills in: what they look like, what may be chosen, and what is asked.

No sheet is protected. Protection without a password keeps nobody out, and in a protected sheet Excel neither sorts a
table nor lets it grow. These cells are marked as unlocked, though: whoever protects a sheet can still fill them in,
and them alone.
"""

from __future__ import annotations

from typing import Any

from openpyxl.worksheet.datavalidation import DataValidation

from mfaaudit.reports.document import Input
from mfaaudit.reports.workbook.styles import DATE_INPUT, INPUT, Look

LONGEST_LIST, LONGEST_TITLE, LONGEST_PROMPT = 255, 32, 255
"""Characters that Excel takes of a list in a cell, of the title over a prompt, and of the prompt."""
OLDEST = "36526"
"""The first of January 2000, as Excel counts days."""


class BadChoices(ValueError):
    """Words to choose from that no cell can offer."""


def look_of(given: Input) -> Look:
    """The look of the cells."""
    return DATE_INPUT if given.is_date else INPUT


def ask(sheet: Any, given: Input, title: str, cells: str) -> None:
    """Says in the range of cells what to write, and takes nothing else. Raises BadChoices."""
    made = DataValidation(
        allow_blank=True,
        showInputMessage=bool(given.prompt),
        promptTitle=_cut(title, LONGEST_TITLE),
        prompt=_cut(given.prompt, LONGEST_PROMPT),
        errorTitle=_cut(title, LONGEST_TITLE),
        sqref=cells,
    )
    if given.choices:
        made.type, made.formula1 = "list", f'"{_listed(given)}"'
        made.error = _cut("Choose one of: " + ", ".join(given.choices), LONGEST_PROMPT)
    elif given.is_date:
        made.type, made.operator, made.formula1 = "date", "greaterThan", OLDEST
        made.error = "Write a date, such as 2026-03-31."
    made.showErrorMessage = made.type is not None
    sheet.data_validations.append(made)


def _listed(given: Input) -> str:
    if any(not one.strip() or "," in one or '"' in one for one in given.choices):
        raise BadChoices(f"a word to choose has neither a comma nor a quotation mark: {given.choices!r}")
    listed = ",".join(given.choices)
    if len(listed.encode("utf-16-le")) > 2 * LONGEST_LIST:
        raise BadChoices(f"the words to choose from take at most {LONGEST_LIST} characters: {given.choices!r}")
    return listed


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."
