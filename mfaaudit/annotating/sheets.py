"""The sheets of a workbook that hold findings, found by the name of the table or by its headings, wherever they are."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from zipfile import ZipFile

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.table import Table
from openpyxl.xml.functions import fromstring

ExcelTable: Any = Table

FIRST_ROWS = 60
"""Among these the headings are looked for where no table is named."""
MOST_COLUMNS = 200
LAST_ROW = 1_048_576


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by its title, and the part that holds it."""

    title: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Findings on a sheet."""

    sheet: Sheet
    head: int
    """The row of the headings."""
    last: int
    """The last row that can hold a finding."""
    left: int
    right: int


class Row:
    """One row of a sheet, of which no more is read than somebody asks for, before the next one is."""

    def __init__(self, number: int, elements: Any, reader: _Reader) -> None:
        self.number = number
        self._elements = elements
        self._reader = reader

    def filled(self) -> dict[int, Any]:
        """Those cells that hold anything, by the number of their column; not yet read."""
        found = {}
        column = 0
        for one in self._elements:
            place = one.get("r")
            # A cell that does not say where it stands follows the one before it.
            column = column + 1 if place is None else self._reader.column_of(place)
            if len(one):
                found[column] = one
        return found

    def read(self, cell: Any) -> tuple[object, str]:
        """The value of a cell, and the letter that openpyxl has for what it is."""
        made: Any = self._reader.parse_cell(cell)
        return made["value"], made["data_type"]

    def values(self) -> dict[int, object]:
        """All values, by the number of their column."""
        return {column: self.read(cell)[0] for column, cell in self.filled().items()}


class _Reader(WorkSheetParser):
    """The reader behind openpyxl's own rows, which leaves the cells of a row for later: few of them are of interest.

    Only it tells of merged cells in the same pass.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._columns: dict[str, int] = {}

    def parse_row(self, row: Any) -> tuple[int, Any]:
        """The number of a row, and its cells as they were."""
        self.row_counter = int(row.get("r", self.row_counter + 1))
        self.col_counter = 0
        # The row itself is emptied before anybody sees it.
        return self.row_counter, list(row)

    def column_of(self, place: str) -> int:
        """The number of the column of a cell such as AB12."""
        letters = place.rstrip("0123456789")
        if letters not in self._columns:
            self._columns[letters] = column_index_from_string(letters)
        return self._columns[letters]


class Book:
    """An opened workbook."""

    def __init__(self, file: IO[bytes], archive: ZipFile) -> None:
        self._archive = archive
        # As openpyxl opens a book, but for its sheets: to learn their size, it would read each of them once more.
        self._opened: Any = ExcelReader(file, read_only=True, keep_links=False)
        with warnings.catch_warnings():
            # They are about what openpyxl would not write again; nothing is written.
            warnings.simplefilter("ignore")
            self._opened.read_manifest()
            self._opened.read_strings()
            self._opened.read_workbook()
            self._opened.read_properties()
            apply_stylesheet(archive, self._opened.wb)
        parts = frozenset(archive.namelist())
        self._sheets = [
            Sheet(one.name, link.target)
            for one, link in self._opened.parser.find_sheets()
            if link.target in parts and "chartsheet" not in link.Type
        ]

    def says(self, word: str) -> bool:
        """Whether the properties or a cell of the first sheet hold a text."""
        if word in (self._opened.wb.properties.subject or ""):
            return True
        rows = self.rows(self._sheets[0], last=FIRST_ROWS * 5) if self._sheets else ()
        return any(word in str(value) for row in rows for value in row.values().values())

    def places(self, name: str, headings: Mapping[str, str]) -> Iterator[Place]:
        """Where findings are: tables of this name, numbered or copied, and sheets that have the headings of one."""
        known = re.compile(rf"{re.escape(name)}[_0-9]*")
        for sheet in self._sheets:
            tables = [one for one in self._tables(sheet) if known.fullmatch(one.displayName or "")]
            for table in tables:
                left, head, right, last = range_boundaries(table.ref)
                yield Place(
                    sheet=sheet,
                    head=head or 1,
                    last=(last or LAST_ROW) - (table.totalsRowCount or 0),
                    left=left or 1,
                    right=min(right or 1, MOST_COLUMNS),
                )
            if not tables and (row := self._headed(sheet, headings)) is not None:
                yield Place(sheet=sheet, head=row, last=LAST_ROW, left=1, right=MOST_COLUMNS)

    def rows(self, sheet: Sheet, *, last: int = LAST_ROW, merged: list[str] | None = None) -> Iterator[Row]:
        """The rows that a sheet holds; the ranges of cells that are merged are added to `merged` after the last."""
        with warnings.catch_warnings(), self._archive.open(sheet.part) as source:
            warnings.simplefilter("ignore")
            book = self._opened.wb
            reader = _Reader(
                source,
                self._opened.shared_strings,
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001 kept nowhere else
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            for number, cells in reader.parse():
                if number <= last:
                    yield Row(number, cells, reader)
                elif merged is None:
                    return
            if merged is not None and reader.merged_cells is not None:
                merged += [str(one.ref) for one in reader.merged_cells.mergeCell]

    def _headed(self, sheet: Sheet, headings: Mapping[str, str]) -> int | None:
        wanted = {folded(one) for one in headings.values()}
        for row in self.rows(sheet, last=FIRST_ROWS):
            if wanted <= {folded(value) for value in row.values().values()}:
                return row.number
        return None

    def _tables(self, sheet: Sheet) -> list[Any]:
        links = get_rels_path(sheet.part)  # type: ignore[no-untyped-call]
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
