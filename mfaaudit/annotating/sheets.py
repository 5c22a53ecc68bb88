"""The sheets of a workbook that hold findings, found by the name of the table or by its headings, wherever they are."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.utils import range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.table import Table
from openpyxl.xml.functions import fromstring

ExcelTable: Any = Table

FIRST_ROWS = 60
"""Among these the headings are looked for where no table is named."""
MOST_COLUMNS = 200
LAST_ROW = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Findings on a sheet."""

    title: str
    head: int
    """The row of the headings."""
    last: int
    """The last row that can hold a finding."""
    left: int
    right: int
    sheet: Any


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its cells as openpyxl reads them."""

    number: int
    cells: list[dict[str, Any]]


class Book:
    """An opened workbook."""

    def __init__(self, file: IO[bytes], archive: ZipFile) -> None:
        self._archive = archive
        with warnings.catch_warnings():
            # They are about what openpyxl would not write again; nothing is written.
            warnings.simplefilter("ignore")
            self._book: Any = load_workbook(file, read_only=True, keep_links=False)

    def says(self, word: str) -> bool:
        """Whether the properties or a cell of the first sheet hold a text."""
        if word in (self._book.properties.subject or ""):
            return True
        cover = next(iter(self._book.worksheets), None)
        rows = () if cover is None else self.rows(cover, last=FIRST_ROWS * 5)
        return any(word in str(cell["value"]) for row in rows for cell in row.cells)

    def places(self, name: str, headings: Mapping[str, str]) -> Iterator[Place]:
        """Where findings are: tables of this name, numbered or copied, and sheets that have the headings of one."""
        known = re.compile(rf"{re.escape(name)}[_0-9]*")
        for sheet in self._book.worksheets:
            tables = [one for one in self._tables(sheet) if known.fullmatch(one.displayName or "")]
            for table in tables:
                left, head, right, last = range_boundaries(table.ref)
                yield Place(
                    title=sheet.title,
                    head=head or 1,
                    last=(last or LAST_ROW) - (table.totalsRowCount or 0),
                    left=left or 1,
                    right=min(right or 1, MOST_COLUMNS),
                    sheet=sheet,
                )
            if not tables and (row := self._headed(sheet, headings)) is not None:
                yield Place(title=sheet.title, head=row, last=LAST_ROW, left=1, right=MOST_COLUMNS, sheet=sheet)

    def rows(self, sheet: Any, *, last: int = LAST_ROW, merged: list[str] | None = None) -> Iterator[Row]:
        """The rows that a sheet holds; the ranges of cells that are merged are added to `merged` after the last."""
        with warnings.catch_warnings(), self._archive.open(sheet._worksheet_path) as source:  # noqa: SLF001
            warnings.simplefilter("ignore")
            # The reader behind openpyxl's own rows: only it tells of merged cells, which come last, in the same pass.
            reader = WorkSheetParser(
                source,
                sheet._shared_strings,  # noqa: SLF001
                epoch=self._book.epoch,
                date_formats=self._book._date_formats,  # noqa: SLF001
                timedelta_formats=self._book._timedelta_formats,  # noqa: SLF001
            )
            for number, cells in reader.parse():
                if number <= last:
                    yield Row(number, cells)
                elif merged is None:
                    return
            if merged is not None and reader.merged_cells is not None:
                merged += [str(one.ref) for one in reader.merged_cells.mergeCell]

    def _headed(self, sheet: Any, headings: Mapping[str, str]) -> int | None:
        wanted = {folded(one) for one in headings.values()}
        for row in self.rows(sheet, last=FIRST_ROWS):
            if wanted <= {folded(cell["value"]) for cell in row.cells}:
                return row.number
        return None

    def _tables(self, sheet: Any) -> list[Any]:
        links = get_rels_path(sheet._worksheet_path)  # type: ignore[no-untyped-call] # noqa: SLF001
        if links not in self._archive.namelist():
            return []
        found: Any = get_dependents(self._archive, links)
        return [
            ExcelTable.from_tree(fromstring(self._archive.read(one.target)))
            for one in found.find(ExcelTable._rel_type)  # noqa: SLF001
        ]


def folded(heading: object) -> str:
    """A heading without what makes no difference to a person."""
    return " ".join(str(heading).casefold().split()) if isinstance(heading, str) else ""
