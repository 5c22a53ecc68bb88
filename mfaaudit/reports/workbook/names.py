"""Names that a workbook takes: of sheets, of tables and of the columns of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mfaaudit.reports.document import Column
from mfaaudit.reports.workbook.cells import text_for_excel

COVER, DATA = "Cover", "Chart data"
LONGEST_TITLE, LONGEST_NAME = 31, 255
TAKEN = "History"
"""A sheet that Excel makes itself."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_ADDRESS = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*(C[0-9]*)?|C[0-9]*", re.ASCII | re.IGNORECASE)
"""What a formula would read as a cell, a row or a column, in either way of writing them."""


class BadName(ValueError):
    """A part of the report is called what no sheet, table or column of a workbook may be called."""


class Names:
    """The names that one workbook has given; Excel takes two that differ in capitals alone for the same."""

    def __init__(self) -> None:
        self._sheets: dict[str, str] = {}
        self._tables: dict[str, str] = {}

    def sheet(self, title: str) -> str:
        """The title of a new sheet. Raises BadName."""
        if not title.strip() or len(title.encode("utf-16-le")) > 2 * LONGEST_TITLE:
            raise BadName(f"a sheet is called by 1 to {LONGEST_TITLE} characters, and not {title!r}")
        if _FORBIDDEN.search(title) or title[0] == "'" or title[-1] == "'":
            raise BadName(f"a sheet's name has none of []:*?/\\ and no apostrophe at its ends, as {title!r} has")
        if title.casefold() == TAKEN.casefold():
            raise BadName(f"Excel keeps the name {title!r} for a sheet of its own")
        return _new(self._sheets, title, "sheet")

    def further(self, title: str, number: int) -> str:
        """The title of a sheet on which another goes on."""
        mark = f" ({number})"
        return self.sheet(f"{title[: LONGEST_TITLE - 2 - len(mark)].rstrip()}{mark}")

    def table(self, name: str) -> str:
        """The name of a new table. Raises BadName."""
        if not _NAME.fullmatch(name) or len(name) > LONGEST_NAME:
            raise BadName(f"a table is called by letters and digits, a letter first, and not {name!r}")
        if _ADDRESS.fullmatch(name):
            raise BadName(f"a formula would take the name of the table {name!r} for the address of a cell")
        return _new(self._tables, name, "table")


def headings(columns: Sequence[Column]) -> list[str]:
    """What stands over the columns of one table, as Excel takes it. Raises BadName."""
    seen: dict[str, str] = {}
    for column in columns:
        heading = text_for_excel(column.heading)
        if not heading.strip() or len(heading) > LONGEST_NAME:
            raise BadName(f"a column is called by 1 to {LONGEST_NAME} characters, and not {heading[:60]!r}")
        _new(seen, heading, "column")
    return list(seen.values())


def _new(given: dict[str, str], name: str, what: str) -> str:
    if earlier := given.get(name.casefold()):
        raise BadName(f"there is a {what} {earlier!r} already; another cannot be called {name!r}")
    given[name.casefold()] = name
    return name
